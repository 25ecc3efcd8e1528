"""The Training tab: a small network trained while one watches, as a replay of snapshots.

`prepare` computes what training does not change: the examples, PCA's reconstruction and the network's shape.
`replay` trains and yields a snapshot (explore/snapshots.py) at some 80 steps; verdicts.py says what they show, and
replay_bytes.py packs them for a browser. Gradient descent is `training.fit`'s, step by step, with a constant learning
rate and without clipping, so that the last snapshot is of the model that `fit` returns.
"""

from __future__ import annotations

import itertools
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn

from aedemo.corruption import NOISES, corrupt
from aedemo.datasets.examples import Examples, load_examples
from aedemo.datasets.points import MAX_NOISE, POINT_SETS
from aedemo.explore.projections import Projections, project
from aedemo.explore.snapshots import Snapshot, chart_of, measure
from aedemo.models.dense import ACTIVATIONS, Deep, Deeper, Denoising, Linear, Shallow, Sparse
from aedemo.training.fit import descend
from aedemo.training.recipes import Recipe
from aedemo.training.replay import snapshot_steps

DATA = (*POINT_SETS, "digits", "custom")
BOTTLENECKED = ("linear", "shallow", "deep", "deeper")  # the variants whose code has M numbers
WIDE = ("sparse", "denoising")  # those whose code has as many units as the hidden layer of the others
# The settings that mean something for some variants alone: which.
USED_BY = {
    "latent_dim": BOTTLENECKED,
    "hidden": ("deep", "deeper", *WIDE),
    "activation": ("deep", "deeper"),
    "sparsity_weight": ("sparse",),
    "corruption": ("denoising",),
    "level": ("denoising",),
}
OPTIMIZERS = ("sgd", "momentum", "adam")
MOMENTUM = 0.9
STACK_LAYERS = 2  # hidden layers on each side of the deeper network
SPREAD = 88  # steps on the logarithmic axis; rounding leaves some 80 of them
BOUNDS = {
    "noise": (0.0, MAX_NOISE),
    "latent_dim": (1, 30),
    "hidden": (4, 256),
    "sparsity_weight": (0.0, 2.0),
    "learning_rate": (1e-5, 10.0),
    "batch_size": (1, 1000),
    "seed": (0, 9999),
    "steps": (1, 5000),
}
_seeding = threading.Lock()  # weights are begun from torch's global generator


@dataclass(frozen=True)
class TrainingSettings:
    """All that a training run depends on, besides a user's own images.

    data:      a point set, "digits", or "custom" for user images
    noise:     standard deviation of the points' noise; of images it is not used
    latent_dim: M, at most D of points; sparse and denoising have `hidden` units in their code instead
    activation: of deep and deeper
    sparsity_weight: λ of sparse
    corruption, level: what denoising sees, and how much of it
    Raises ValueError with a sentence where one lies outside its bounds.
    """

    data: str = "s-curve"
    noise: float = 0.0
    variant: str = "deep"
    latent_dim: int = 2
    hidden: int = 64
    activation: str = "tanh"
    sparsity_weight: float = 0.1
    corruption: str = "gaussian"
    level: float = 0.2
    optimizer: str = "adam"
    learning_rate: float = 0.01
    batch_size: int = 128
    seed: int = 0
    steps: int = 2000

    def __post_init__(self):
        choices = {
            "data": DATA,
            "variant": (*BOTTLENECKED, *WIDE),
            "activation": tuple(ACTIVATIONS),
            "corruption": tuple(NOISES),
            "optimizer": OPTIMIZERS,
        }
        for name, known in choices.items():
            if getattr(self, name) not in known:
                raise ValueError(f"{name} is {getattr(self, name)!r}; choose one of {', '.join(known)}")
        bounds = BOUNDS | {"level": (0.0, NOISES[self.corruption].highest)}
        if self.data in POINT_SETS:
            bounds["latent_dim"] = (1, POINT_SETS[self.data].dimension)
        for name, (low, high) in bounds.items():
            value = getattr(self, name)
            kind = int if isinstance(low, int) else (int, float)
            if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
                whole = "a whole number " if kind is int else ""
                raise ValueError(f"{name} must be {whole}from {low:g} to {high:g}, got {value!r}")

    @property
    def wide(self) -> bool:
        """True where the code has as many units as `hidden` says, and no bottleneck."""
        return self.variant in WIDE

    def recipe(self) -> Recipe:
        """The numbers that `training.fit` takes."""
        return Recipe(
            values=(),
            optimizer="adamw" if self.optimizer == "adam" else "sgd",
            momentum=MOMENTUM if self.optimizer == "momentum" else 0.0,
            schedule="constant",
            max_norm=None,
            steps=self.steps,
            batch_size=self.batch_size,
            learning_rate=self.learning_rate,
        )

    def program(self) -> dict[str, object]:
        """What stands on the top of programs/training.py, by its name there."""
        return {name.upper(): value for name, value in vars(self).items()}

    def build(self, shape: tuple[int, int, int]) -> nn.Module:
        """The network before its first step; the seed decides its weights."""
        makers = {
            "linear": partial(Linear, latent_dim=self.latent_dim),
            "shallow": partial(Shallow, latent_dim=self.latent_dim),
            "deep": partial(Deep, latent_dim=self.latent_dim, hidden=self.hidden, activation=self.activation),
            "deeper": partial(
                Deeper,
                latent_dim=self.latent_dim,
                hidden=self.hidden,
                layers=STACK_LAYERS,
                activation=self.activation,
            ),
            "sparse": partial(Sparse, latent_dim=self.hidden, sparsity_weight=self.sparsity_weight),
            "denoising": partial(Denoising, latent_dim=self.hidden, noise=self.corruption, level=self.level),
        }
        with _seeding, torch.random.fork_rng(devices=[]):
            torch.manual_seed(self.seed)
            return makers[self.variant](shape)


@dataclass(frozen=True, eq=False)
class Setup:
    """What a replay is set against, and what does not move in it.

    seen_train, seen_test: what the network is measured on: the examples, for denoising corrupted by one fixed field
    pca: PCA of the training examples, and its errors on the same
    pca_chart: `chart` of a snapshot, of PCA's code with M components
    """

    settings: TrainingSettings
    examples: Examples
    seen_train: Tensor
    seen_test: Tensor
    pca: Projections
    pca_chart: float | None


@dataclass(frozen=True, eq=False)
class Replay:
    """A training run as far as it has come.

    diverged: the step after which its error was not finite, if any; then there are no later snapshots
    """

    setup: Setup
    snapshots: tuple[Snapshot, ...]
    diverged: int | None = None

    @property
    def last(self) -> Snapshot | None:
        """The snapshot after the last step; None where the run has not come so far."""
        ended = self.snapshots and self.snapshots[-1].step == self.setup.settings.steps
        return self.snapshots[-1] if ended else None

    def pca_error(self, snapshot: Snapshot) -> float:
        """The training error of PCA that a snapshot's is compared with."""
        return float(self.setup.pca.train_errors[snapshot.components])


@dataclass(frozen=True)
class Diverged:
    """The last item of a replay whose error is not finite any more after this many steps."""

    step: int


def prepare(settings: TrainingSettings, images: Tensor | None = None) -> Setup:
    """The examples of a training run and PCA's reconstruction; images: the user's, as `load_examples` takes them.

    Raises ValueError where there are images and the data are others, or none and the data are custom.
    """
    if (images is None) == (settings.data == "custom"):
        raise ValueError("user images belong to the data set custom, and only to it")
    examples = load_examples(settings.data, settings.noise, images)
    seen = (examples.train, examples.test)
    if settings.variant == "denoising":
        seen = tuple(corrupt(x, settings.corruption, settings.level, settings.seed) for x in seen)
    pca = project(examples, *seen)
    codes = (examples.moving.flatten(1).double().numpy() - pca.mean) @ pca.components[: settings.latent_dim].T
    return Setup(settings, examples, *seen, pca, chart_of(examples, torch.from_numpy(codes)))


def replay(setup: Setup) -> Iterator[Snapshot | Diverged]:
    """Train, and yield a snapshot at each of `snapshot_steps`, the first before the first step.

    The same setup gives the same snapshots. Who stops asking stops the training. Where the error stops being finite,
    `Diverged` is the last item.
    """
    settings, train = setup.settings, setup.examples.train
    model = settings.build(tuple(train.shape[1:]))
    at = set(snapshot_steps(settings.steps, SPREAD))
    before_each_step = descend(model, train, settings.recipe(), settings.seed, torch.device("cpu"))
    for step, loss in itertools.chain(before_each_step, [(settings.steps, 0.0)]):  # and after the last
        snapshot = measure(setup, model, step) if step in at and math.isfinite(loss) else None
        if snapshot is not None:
            yield snapshot
        elif step in at or not math.isfinite(loss):
            yield Diverged(step)
            return


def record(setup: Setup) -> Replay:
    """The whole replay at once."""
    items = tuple(replay(setup))
    if isinstance(items[-1], Diverged):
        return Replay(setup, items[:-1], items[-1].step)
    return Replay(setup, items)
