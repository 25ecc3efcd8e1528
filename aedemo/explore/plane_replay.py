"""How the plane of the deep code unfolded while its network was trained: the replay that is stored beside the run."""

from __future__ import annotations

from dataclasses import dataclass

from aedemo import checkpoints, datasets
from aedemo.checkpoints import TrainingReplay
from aedemo.explore.minima import AT

VARIANT = "deep"


@dataclass(frozen=True)
class PlaneReplay:
    """A stored replay, and what it is set against.

    pca_error: the test error of PCA with as many components as the code has numbers
    ahead: the first of the steps from which on the test error stays below that; None where the last is above
    peak: the step at which the learning rate is highest
    shape: of the inputs, (C, H, W); classes: names of the labels
    """

    replay: TrainingReplay
    pca_error: float
    ahead: int | None
    peak: int
    shape: tuple[int, int, int]
    classes: tuple[str, ...]


def has_plane_replay(dataset: str) -> bool:
    """Whether a replay is stored that is of the run that is stored."""
    return checkpoints.has_replay(dataset, VARIANT, AT)


def plane_replay(dataset: str) -> PlaneReplay:
    """The replay of the deep run with M = 2; CheckpointError where there is none that can be read."""
    row, pca = datasets.get(dataset), checkpoints.load(dataset, "pca")
    replay, pca_error = checkpoints.load_replay(dataset, VARIANT, AT), pca.header(AT).metrics["test_error"]
    above = [step for step, error in zip(replay.steps, replay.test_errors, strict=True) if error >= pca_error]
    later = [int(step) for step in replay.steps if not above or step > above[-1]]
    recipe = checkpoints.load(dataset, VARIANT).header(AT).recipe
    peak = round(recipe["warmup"] * recipe["steps"])
    return PlaneReplay(replay, pca_error, min(later, default=None), peak, row.shape, row.classes)
