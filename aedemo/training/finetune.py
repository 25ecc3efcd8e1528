"""The masked autoencoder's decoder is thrown away: what is its encoder worth to somebody with few labels?

Three protocols learn the classes from the same labelled images, all on whole images:

    probe      the encoder stays as it is; scikit-learn's logistic regression on its codes
    finetuned  fresh output layers on the encoder, and gradient descent on all weights
    scratch    the same network, from random weights and so for more steps where labels are few

He et al., Masked autoencoders are scalable vision learners (2022), section 4; Bishop and Bishop (2024), 19.1.5.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import islice
from pathlib import Path

import torch
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo import datasets
from aedemo.models.classifier import Classifier
from aedemo.models.masked import Masked
from aedemo.training.fit import as_floats, one_cycle, precision, read_state, write_state
from aedemo.training.labelled import Labelled, draw

PART = 500  # images in one forward pass
SAVE_EVERY = 60  # seconds between two resume points: a step takes 10 ms on an accelerator and seconds on a CPU


@dataclass(frozen=True)
class FineTuning:
    """The numbers of one data set, but for the steps the same from the encoder and from random weights.

    few, full: gradient steps with some labels of each class, and with all labels
    scratch:   instead of `few` from random weights, which need more until they have learned what the labels can teach
    beta2:     how slowly AdamW's mean of squared gradients forgets
    warmup:    the fraction of the steps in which the learning rate rises
    layer_decay: the learning rate of a trained layer, as a fraction of that of the layer above it; layers of random
               weights all have the whole rate
    patch_dropout: the fraction of the patches, others at each step, that a gradient step does not see; it costs that
               much less and regularizes (Liu et al., PatchDropout: economizing vision transformers, 2023)
    C:         scikit-learn's C of the probe, on codes of unit spread
    bfloat16:  forward pass in mixed precision, where the machine computes faster in it
    dtype:     how the weights are stored (checkpoints/weights.py)
    """

    few: int = 300
    full: int = 1500
    scratch: int = 1200
    batch_size: int = 64
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.05
    beta2: float = 0.999
    warmup: float = 0.1
    layer_decay: float = 0.65
    patch_dropout: float = 0.0
    C: float = 1.0
    bfloat16: bool = False
    dtype: str = "int8"


def hyperparameters_of(dataset: str, steps: int | None = None) -> FineTuning:
    """The numbers of a data set, its own or those of the one whose recipes it has; steps: instead of theirs."""
    numbers = FineTuning(**datasets.get(datasets.get(dataset).recipes or dataset).fine_tuning)
    return numbers if steps is None else replace(numbers, few=steps, full=steps, scratch=steps)


@dataclass(frozen=True)
class Experiment:
    """An encoder, and what is learned and measured with it.

    encoder:  a trained masked autoencoder, which is left as it is
    compiled: gradient steps go through torch.compile, which needs a C++ compiler
    """

    encoder: Masked
    train: Labelled
    test: Labelled
    numbers: FineTuning
    device: str = "cpu"
    compiled: bool = False

    def fit(self, protocol: str, labels: int | None, seed: int, resume: Path | None = None) -> Classifier:
        """Learn by gradient descent, "finetuned" or from "scratch", from `labels` images per class (None: all).

        The seed draws the images, the fresh weights and the batches. Where `resume` is a path, the state is kept
        there meanwhile, and a run that was stopped goes on from it. The model stays on the device, in eval mode.
        """
        torch.manual_seed(seed)
        start = {"finetuned": Classifier.from_encoder, "scratch": Classifier.like}[protocol]
        model = start(self.encoder, len(self.train.classes)).to(self.device)
        numbers, layer_decay = self.numbers, self.numbers.layer_decay if protocol == "finetuned" else 1.0
        few = numbers.few if protocol == "finetuned" else numbers.scratch
        steps = numbers.full if labels is None else few
        data = draw(self.on_device if labels is None else self.train, labels, seed)
        return descend(model, data, numbers, steps, seed, layer_decay, resume, self.compiled)

    def accuracy(self, protocol: str, labels: int | None, seed: int, resume: Path | None = None) -> float:
        """The test accuracy in [0, 1] after learning in one of the three protocols."""
        if protocol == "probe":
            return self.probe(labels, seed)
        return accuracy(self.fit(protocol, labels, seed, resume), self.test)

    def probe(self, labels: int | None, seed: int) -> float:
        """The accuracy of a logistic layer on the encoder's codes."""
        (codes, test_codes), drawn = self.codes, self.train
        drawn = draw(Labelled(codes, drawn.labels, drawn.classes), labels, seed)
        scale, mean = drawn.images.std(0).clamp_min(1e-6), drawn.images.mean(0)
        layer = LogisticRegression(C=self.numbers.C, max_iter=300)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is part of the recipe
            layer.fit(((drawn.images - mean) / scale).numpy(), drawn.labels.numpy())
        return round(float(layer.score(((test_codes - mean) / scale).numpy(), self.test.labels.numpy())), 6)

    @cached_property
    def codes(self) -> tuple[Tensor, Tensor]:
        """The encoder's codes of all training and test images, (N, width)."""
        model = Classifier.from_encoder(self.encoder, len(self.train.classes)).to(self.device).eval()
        train, test = (outputs(model.encode, split.images, self.device) for split in (self.train, self.test))
        return train, test

    @cached_property
    def on_device(self) -> Labelled:
        """All training images where the model learns, brought there once."""
        return Labelled(self.train.images.to(self.device), self.train.labels.to(self.device), self.train.classes)


def descend(
    model: Classifier,
    data: Labelled,
    numbers: FineTuning,
    steps: int,
    seed: int,
    layer_decay: float,
    resume: Path | None = None,
    compiled: bool = False,
) -> Classifier:
    """Gradient descent on the cross-entropy over all weights of a model, on the device where it lies.

    Images, batches and masks lie there too, and nothing is read back from it: an accelerator never waits for the CPU.
    """
    device = model.mean.device
    images, labels = data.images.to(device), data.labels.to(device)
    layers = _layers(model.train(), numbers.learning_rate, layer_decay)
    optimizer = torch.optim.AdamW(layers, betas=(0.9, numbers.beta2), weight_decay=numbers.weight_decay, fused=True)
    generator = torch.Generator(device).manual_seed(seed)
    state = {"model": model, "optimizer": optimizer, "schedule": one_cycle(optimizer, steps, numbers.warmup)}
    first, saved = read_state(resume, state, generator), time.monotonic()
    loss_of = _compiled() if compiled else cross_entropy
    batches = _batches(len(labels), numbers.batch_size, steps, seed, device)
    for step, chosen in enumerate(islice(batches, first, None), first):
        visible = _visible(len(chosen), model.num_patches, numbers.patch_dropout, generator)
        with precision(numbers.bfloat16, device):
            loss = loss_of(model, as_floats(images[chosen]), labels[chosen], visible)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        state["schedule"].step()
        if resume and step + 1 < steps and time.monotonic() - saved >= SAVE_EVERY:
            write_state(resume, state, generator, step + 1)
            saved = time.monotonic()
    if resume:
        resume.unlink(missing_ok=True)
    return model.eval()


def cross_entropy(model: Classifier, x: Tensor, labels: Tensor, visible: Tensor | None) -> Tensor:
    """The loss of images x (N, C, H, W) with labels (N,); visible: as `Classifier.forward` takes it. A scalar."""
    return F.cross_entropy(model(x, visible).float(), labels)


@cache
def _compiled() -> Callable[..., Tensor]:
    """One compiled loss for all models: each has the same layers, so only the first has to be compiled."""
    return torch.compile(cross_entropy)


def _visible(count: int, patches: int, dropout: float, generator: torch.Generator) -> Tensor | None:
    """Indices (N, kept) of the patches that each image shows in this step; None where all are shown."""
    if not dropout:
        return None
    order = torch.rand((count, patches), generator=generator, device=generator.device).argsort(1)
    return order[:, : max(1, round((1 - dropout) * patches))]


def _layers(model: Classifier, learning_rate: float, layer_decay: float) -> list[dict]:
    """The weights by layer, each with its learning rate, from the output layers down."""
    layers = [
        [model.fc_norm, model.head, model.norm],
        *([block] for block in reversed(model.blocks)),
        [model.patch_embed],
    ]
    weights = [[weight for part in layer for weight in part.parameters()] for layer in layers]
    return [{"params": layer, "lr": learning_rate * layer_decay**depth} for depth, layer in enumerate(weights)]


def _batches(count: int, batch_size: int, steps: int, seed: int, device: torch.device) -> Iterator[Tensor]:
    """Indices of each step's images: permutations one after another, of which an incomplete rest is dropped."""
    generator = torch.Generator().manual_seed(seed)
    per_epoch = max(1, count // batch_size)
    for step in range(steps):
        if step % per_epoch == 0:
            order = torch.randperm(count, generator=generator).to(device)
        yield order[step % per_epoch * batch_size :][:batch_size]


@torch.no_grad()
def outputs(model: Callable[[Tensor], Tensor], images: Tensor, device: str | torch.device) -> Tensor:
    """The outputs of a function of images, computed part by part and brought to the CPU."""
    return torch.cat([model(as_floats(part.to(device))).cpu() for part in images.split(PART)])


def accuracy(model: Classifier, data: Labelled) -> float:
    """The accuracy of a classifier in [0, 1], rounded to six digits."""
    named = outputs(model, data.images, model.mean.device).argmax(1)
    return round(float((named == data.labels).double().mean()), 6)
