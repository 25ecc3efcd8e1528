"""Transfer: the masked autoencoder without its decoder, as the encoder of an image classifier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from aedemo import checkpoints, datasets
from aedemo.explore.masked import START_RATIO, model_image

FEW = 30  # labels per class, where the protocols to learn differ most


@dataclass(frozen=True)
class Learned:
    """One protocol to learn the classes, "finetuned", "probe" or "scratch".

    labels: (L,) how many images per class had a label, None = all of them, as far as it is trained
    accuracies: (L,) the test accuracies with each number of labels, one per seed that is trained
    """

    protocol: str
    labels: tuple[int | None, ...]
    accuracies: tuple[tuple[float, ...], ...]

    @property
    def means(self) -> tuple[float, ...]:
        """(L,) over the seeds."""
        return tuple(sum(shares) / len(shares) for shares in self.accuracies)

    @property
    def seeds(self) -> tuple[int, int]:
        """The smallest and the largest number of seeds."""
        counts = [len(shares) for shares in self.accuracies]
        return min(counts, default=0), max(counts, default=0)

    def at(self, labels: int | None) -> tuple[float, ...]:
        """The accuracies with a number of labels; none where it is not trained."""
        return dict(zip(self.labels, self.accuracies, strict=True)).get(labels, ())


@dataclass(frozen=True)
class EncoderView:
    """What the classifier says of an image, and what the encoder was worth.

    classes: its names; probabilities: (C,) for this image, summing to 1; accuracy: on all test images
    kept: the mask ratio that the encoder in the classifier was trained at
    ratio: the mask ratio of the shown encoder; labels: how many images per class had one, None = all of them
    protocols: one curve each, over those of `labels` that are trained; complete: whether nothing is left to train
    steps: how many gradient steps were gone: with some labels from the encoder, from random weights, with all labels
    ratios: (R,) those that encoders were trained at; few: labels per class, None where all were tried alone
    pretraining: (R,) how many gradient steps those encoders were pre-trained for, 0 where that is unknown
    by_ratio: (2, 2, R) mean accuracies after fine-tuning and of the probe, with `few` labels per class and with all;
        NaN where it is not trained
    compared: the data sets whose encoders were trained at several ratios
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    accuracy: float
    kept: float
    ratio: float
    labels: tuple[int | None, ...]
    protocols: tuple[Learned, ...]
    complete: bool
    steps: tuple[int, int, int]
    ratios: tuple[float, ...]
    pretraining: tuple[int, ...]
    few: int | None
    by_ratio: np.ndarray
    compared: tuple[str, ...]


def encoder(dataset: str, image: str, ratio: float = START_RATIO) -> EncoderView | None:
    """One image through the classifier, and the metrics of encoders trained at a mask ratio, the nearest there is.

    None where no classifier is stored for this data set.
    """
    datasets.get(dataset)
    if not checkpoints.has_classifier(dataset):
        return None
    header, model = checkpoints.classifier_header(dataset), checkpoints.load_classifier(dataset)
    with torch.no_grad():
        probabilities = model.probabilities(model_image(dataset, image))[0]
    ratios = header.ratios
    shown = min(ratios, key=lambda trained: abs(trained - ratio))
    labels = header.label_counts
    protocols = (("finetuned", shown), ("probe", shown), ("scratch", None))
    few = FEW if FEW in labels else labels[0]
    return EncoderView(
        classes=header.classes,
        probabilities=probabilities.numpy(),
        accuracy=header.accuracy,
        kept=header.ratio,
        ratio=shown,
        labels=labels,
        protocols=tuple(_learned(header, protocol, at) for protocol, at in protocols),
        complete=header.complete,
        steps=tuple(header.recipe[name] for name in ("few", "scratch", "full")),
        ratios=ratios,
        pretraining=tuple(_pretraining_steps(dataset, trained) for trained in ratios),
        few=few,
        by_ratio=np.array(
            [
                [[_mean(header, protocol, n, r) for r in ratios] for n in (few, None)]
                for protocol in ("finetuned", "probe")
            ]
        ),
        compared=tuple(name for name in datasets.DATASETS if _compared(name)),
    )


def _learned(header: checkpoints.ClassifierHeader, protocol: str, ratio: float | None) -> Learned:
    found = {row.labels: row.accuracies for row in header.metrics if (row.protocol, row.ratio) == (protocol, ratio)}
    labels = tuple(count for count in header.label_counts if count in found)
    return Learned(protocol, labels, tuple(found[count] for count in labels))


def _pretraining_steps(dataset: str, ratio: float) -> int:
    """Of the stored encoder; 0 where it is not there or does not say."""
    if not checkpoints.has_runs(dataset, "masked"):
        return 0
    sweep = checkpoints.load(dataset, "masked")
    return sweep.header(ratio).recipe.get("steps", 0) if ratio in sweep.values else 0


def _mean(header: checkpoints.ClassifierHeader, protocol: str, labels: int | None, ratio: float) -> float:
    rows = (row.mean for row in header.metrics if (row.protocol, row.ratio, row.labels) == (protocol, ratio, labels))
    return next(rows, float("nan"))


def _compared(dataset: str) -> bool:
    try:
        return len(checkpoints.classifier_header(dataset).ratios) > 1
    except checkpoints.CheckpointError:  # it has none, or a corrupt one: no reason to say nothing of this one
        return False
