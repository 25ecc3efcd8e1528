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
    left: fraction of the variance of the first seed's codes that the best affine map of these does not explain; None of
        the first itself, and of so few codes that such a map fits whatever they are
    """

    variant: str
    seed: int
    points: np.ndarray
    labels: np.ndarray
    colours: np.ndarray
    errors: tuple[tuple[int, float], ...]
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
        first, left = (codes, None) if first is None else (first, unexplained(codes, first))
        shown = slice(None, None, -(-len(plane.labels) // MAX_POINTS))
        parts = (plane.codes[shown].numpy(), plane.labels[shown].numpy(), plane.colours[shown].numpy())
        found.append(SeedRun(variant, seed, *parts, tuple(sorted(errors)), left))
    return tuple(found)


def unexplained(codes: np.ndarray, target: np.ndarray) -> float | None:
    """The fraction of the variance of target (P, M) that no affine map of codes (P, M), of the same inputs, explains.

    None of fewer than MIN_CODES inputs.
    """
    if len(codes) < MIN_CODES:
        return None
    left = target - LinearRegression().fit(codes, target).predict(codes)
    return float(np.square(left).sum() / max(np.square(target - target.mean(0)).sum(), 1e-12))


def _seed_of(name: str) -> int:
    return int(name.partition("-seed")[2] or 0)
