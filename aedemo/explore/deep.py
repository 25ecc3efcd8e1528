"""The Deep tab: nonlinear PCA beside PCA, the latent planes of both, and what other seeds found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aedemo import checkpoints, datasets
from aedemo.explore.filmstrips import Filmstrip, bottlenecks, pca_filmstrip, sweep_filmstrip
from aedemo.explore.gallery import find
from aedemo.explore.minima import SeedRun, starts
from aedemo.explore.plane import Plane, plane


@dataclass(frozen=True)
class DeepView:
    """Everything that the bottleneck slider scrubs through, and the two planes at M = 2.

    values: (F,) the M that exist; dimension: D
    deep, pca: filmstrips of F frames
    deep_error, pca_error: (F,) squared error per image (or patch) on the test split
    deeper_values: the M of the deeper network; deeper: its filmstrip, a frame for each of those; deeper_error: theirs
    starts: of the deep network and of the deeper one, one for each seed that they were trained from
    classes: names of the labels in the maps
    patchwise: True where each mark is a patch and colours say more than classes
    """

    values: tuple[int, ...]
    dimension: int
    clean: np.ndarray
    deep: Filmstrip
    pca: Filmstrip
    deep_error: tuple[float, ...]
    pca_error: tuple[float, ...]
    deeper_values: tuple[int, ...]
    deeper: Filmstrip | None
    deeper_error: tuple[float, ...]
    starts: tuple[tuple[SeedRun, ...], ...]
    deep_plane: Plane
    pca_plane: Plane
    classes: tuple[str, ...]
    patchwise: bool


def deep(dataset: str, image: str, seed: int = 0) -> DeepView:
    """One image through every bottleneck; the seed changes nothing here."""
    x = find(dataset, image)
    row = datasets.get(dataset)
    sweep, pca = checkpoints.load(dataset, "deep"), checkpoints.load(dataset, "pca")
    values = bottlenecks(dataset)
    deeper = checkpoints.load(dataset, "deeper") if checkpoints.has_runs(dataset, "deeper") else None
    deeper_values = tuple(m for m in values if deeper and m in deeper.values)
    return DeepView(
        values=values,
        dimension=row.dimension,
        clean=x.numpy(),
        deep=sweep_filmstrip(sweep, x, values),
        pca=pca_filmstrip(dataset, x, values),
        deep_error=tuple(sweep.header(m).metrics["test_error"] for m in values),
        pca_error=tuple(pca.header(m).metrics["test_error"] for m in values),
        deeper_values=deeper_values,
        deeper=sweep_filmstrip(deeper, x, deeper_values) if deeper_values else None,
        deeper_error=tuple(deeper.header(m).metrics["test_error"] for m in deeper_values),
        starts=tuple(starts(dataset, variant) for variant in ("deep", "deeper")),
        deep_plane=plane(dataset, "deep", x),
        pca_plane=plane(dataset, "pca", x),
        classes=row.classes,
        patchwise=row.patchwise,
    )
