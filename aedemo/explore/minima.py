"""Local minima: the same network trained from three seeds, as maps of its code at M = 2 and errors at each M."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LinearRegression

from aedemo import checkpoints

AT = 2  # the bottleneck whose planes are shown
MAX_POINTS = 500  # in a small plane
MIN_CODES = 30  # codes that an affine map of the plane, of six numbers, can be told by


@dataclass(frozen=True)
class SeedRun:
    """A network trained from one seed: its code at M = 2, and how well it reconstructs the test inputs.

    points: (P, 2), codes of at most 500 test inputs; labels: (P,); colours: (P, 3) in [0, 1]
    errors: the test error at each M that was trained from this seed, as (M, error)
    aligned: (P, 2), the codes after the best affine map onto those of the first seed, which the next layer could undo
    left: fraction of the variance of the first seed's codes that the best affine map of these does not explain
    Both are None of the first itself, and of so few codes that such a map fits whatever they are.
    """

    variant: str
    seed: int
    points: np.ndarray
    labels: np.ndarray
    colours: np.ndarray
    errors: tuple[tuple[int, float], ...]
    aligned: np.ndarray | None
    left: float | None


def starts(dataset: str, variant: str) -> tuple[SeedRun, ...]:
    """One for each seed whose map at M = 2 is stored, that whose weights are kept before the others."""
    maps = checkpoints.latent_maps(dataset, variant)
    found, first = [], None
    for seed in sorted({_seed_of(name) for name in maps}):
        if (plane := maps.get(f"{AT:03d}-seed{seed}" if seed else f"{AT:03d}")) is None:
            continue
        errors = [(latent.latent_dim, latent.test_error) for name, latent in maps.items() if _seed_of(name) == seed]
        codes = plane.codes.double().numpy()
        aligned = None if first is None else align(codes, first)
        left = None if aligned is None else unexplained(aligned, first)
        first = codes if first is None else first
        shown = slice(None, None, -(-len(plane.labels) // MAX_POINTS))
        parts = (plane.codes[shown].numpy(), plane.labels[shown].numpy(), plane.colours[shown].numpy())
        aligned = None if aligned is None else aligned[shown].astype(np.float32)
        found.append(SeedRun(variant, seed, *parts, tuple(sorted(errors)), aligned, left))
    return tuple(found)


def align(codes: np.ndarray, target: np.ndarray) -> np.ndarray | None:
    """codes (P, M) after the affine map that brings them nearest to target (P, M), codes of the same inputs.

    None of fewer than MIN_CODES inputs.
    """
    return None if len(codes) < MIN_CODES else LinearRegression().fit(codes, target).predict(codes)


def unexplained(predicted: np.ndarray, target: np.ndarray) -> float:
    """The fraction of the variance of target (P, M) that a prediction of it does not explain: 1 - R²."""
    return float(np.square(target - predicted).sum() / max(np.square(target - target.mean(0)).sum(), 1e-12))


def _seed_of(name: str) -> int:
    return int(name.partition("-seed")[2] or 0)
