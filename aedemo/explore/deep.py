"""The Deep tab: nonlinear PCA beside PCA, the latent planes of both, and what other seeds found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aedemo import checkpoints, datasets
from aedemo.explore.gallery import find
from aedemo.explore.minima import Start, starts
from aedemo.explore.plane import Plane, plane
from aedemo.explore.tracks import Track, bottlenecks, pca_track, sweep_track


@dataclass(frozen=True)
class DeepView:
    """Everything that the bottleneck slider scrubs through, and the two planes at M = 2.

    values: (F,) the M that exist; dimension: D
    deep, pca: tracks of F frames
    deep_error, pca_error: (F,) squared error a picture (or patch) on the test split
    stack_values: the M of the deeper stack; stack: its track, a frame for each of those; stack_error: theirs
    starts: of the deep network and of the stack, one for each seed that they were trained from
    classes: names of the labels in the maps
    patchwise: True where each mark is a patch and colours say more than classes
    """

    values: tuple[int, ...]
    dimension: int
    clean: np.ndarray
    deep: Track
    pca: Track
    deep_error: tuple[float, ...]
    pca_error: tuple[float, ...]
    stack_values: tuple[int, ...]
    stack: Track | None
    stack_error: tuple[float, ...]
    starts: tuple[tuple[Start, ...], ...]
    deep_plane: Plane
    pca_plane: Plane
    classes: tuple[str, ...]
    patchwise: bool


def deep(dataset: str, picture: str, seed: int = 0) -> DeepView:
    """One image through every bottleneck; the seed changes nothing here."""
    x = find(dataset, picture)
    row = datasets.get(dataset)
    sweep, pca = checkpoints.load(dataset, "deep"), checkpoints.load(dataset, "pca")
    values = bottlenecks(dataset)
    stack = checkpoints.load(dataset, "stack") if "stack" in checkpoints.available()[dataset] else None
    stacked = tuple(m for m in values if stack and m in stack.values)
    return DeepView(
        values=values,
        dimension=row.dimension,
        clean=x.numpy(),
        deep=sweep_track(sweep, x, values),
        pca=pca_track(dataset, x, values),
        deep_error=tuple(sweep.header(m).figures["test_error"] for m in values),
        pca_error=tuple(pca.header(m).figures["test_error"] for m in values),
        stack_values=stacked,
        stack=sweep_track(stack, x, stacked) if stacked else None,
        stack_error=tuple(stack.header(m).figures["test_error"] for m in stacked),
        starts=tuple(starts(dataset, variant) for variant in ("deep", "stack")),
        deep_plane=plane(dataset, "deep", x),
        pca_plane=plane(dataset, "pca", x),
        classes=row.classes,
        patchwise=row.patchwise,
    )
