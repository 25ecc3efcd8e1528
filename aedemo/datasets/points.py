"""Points in two and three dimensions, to watch a network learn them: curves, sheets and ellipses, one row each.

Each set is drawn without noise, moved to mean 0 and divided by one number, so that its shape stays and its coordinates
have variance 1 on average. Then noise is added: a field of normal numbers, which the noise level only scales.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

TRAIN_POINTS, TEST_POINTS = 1000, 500
MAX_NOISE = 0.5
SEED = 0  # of the points: training runs on the same ones, whatever their own seed

# (count, seed) -> points (count, D), colours (count,), coordinates on the curve or sheet (count, 1 or 2) or None
Draw = Callable[[int, int], tuple[np.ndarray, np.ndarray, np.ndarray | None]]


@dataclass(frozen=True)
class PointSet:
    """One row of POINT_SETS."""

    name: str
    title: str
    dimension: int  # D, 2 or 3
    draw: Draw


@dataclass(frozen=True, eq=False)
class Points:
    """A point set at one noise level.

    train, test: float32 (1000, D) and (500, D)
    colours:     float32 (1000,) in [0, 1], where each training point lies on its curve or sheet, or its half
    coordinates: float32 (1000, 1 or 2), those of training points on an open curve or sheet; None of the other sets
    """

    train: np.ndarray
    test: np.ndarray
    colours: np.ndarray
    coordinates: np.ndarray | None


@lru_cache(maxsize=32)
def load_points(name: str, noise: float = 0.0) -> Points:
    """The points of a set with noise of this standard deviation, in units of their own.

    Raises ValueError for an unknown name, or a noise outside [0, 0.5].
    """
    row = get_point_set(name)
    if not 0 <= noise <= MAX_NOISE:
        raise ValueError(f"noise must lie between 0 and {MAX_NOISE:g}, got {noise!r}")
    count = TRAIN_POINTS + TEST_POINTS
    x, colours, coordinates = row.draw(count, SEED)
    train = x[:TRAIN_POINTS]
    x = (x - train.mean(0)) / np.sqrt(train.var(0).mean())
    x = (x + noise * np.random.default_rng(SEED).standard_normal(x.shape)).astype(np.float32)
    colours = colours[:TRAIN_POINTS]
    colours = (colours - colours.min()) / np.ptp(colours)
    return Points(
        train=x[:TRAIN_POINTS],
        test=x[TRAIN_POINTS:],
        colours=colours.astype(np.float32),
        coordinates=None if coordinates is None else coordinates[:TRAIN_POINTS].astype(np.float32),
    )


def get_point_set(name: str) -> PointSet:
    """The row of POINT_SETS with this name; ValueError lists the names that exist."""
    if name not in POINT_SETS:
        raise ValueError(f"point set {name!r} is unknown; choose one of {', '.join(POINT_SETS)}")
    return POINT_SETS[name]


def _moons(count: int, seed: int):
    from sklearn.datasets import make_moons  # scikit-learn takes longer to import than these points to draw

    x, label = make_moons(count, random_state=seed)
    return x, label, None


def _spiral(count: int, seed: int):
    """The Swiss roll from its side."""
    x, along, coordinates = _swiss_roll(count, seed)
    return x[:, [0, 2]], along, coordinates[:, :1]


def _ring(count: int, seed: int):
    from sklearn.datasets import make_circles

    x, _ = make_circles((count, 0), random_state=seed)
    return x, np.arctan2(x[:, 1], x[:, 0]), None


def _s_curve(count: int, seed: int):
    from sklearn.datasets import make_s_curve

    x, along = make_s_curve(count, random_state=seed)
    return x, along, np.stack([along, x[:, 1]], 1)


def _swiss_roll(count: int, seed: int):
    from sklearn.datasets import make_swiss_roll

    x, along = make_swiss_roll(count, random_state=seed)
    return x, along, np.stack([along, x[:, 1]], 1)


def _sphere(count: int, seed: int):
    x = np.random.default_rng(seed).standard_normal((count, 3))
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    return x, x[:, 2], None


def _gaussian(*stds: float) -> Draw:
    """Normal points with these standard deviations along axes that are tilted against the coordinates' own."""

    def draw(count: int, seed: int):
        axes, _ = np.linalg.qr(np.random.default_rng(1).standard_normal((len(stds), len(stds))))
        z = np.random.default_rng(seed).standard_normal((count, len(stds)))
        return (z * stds) @ axes.T, z[:, 0].clip(-2.5, 2.5), None

    return draw


POINT_SETS = {
    row.name: row
    for row in (
        PointSet("moons", "Moons", 2, _moons),
        PointSet("spiral", "Spiral", 2, _spiral),
        PointSet("ring", "Ring", 2, _ring),
        PointSet("ellipse", "Tilted ellipse", 2, _gaussian(1.0, 0.3)),
        PointSet("s-curve", "S-curve", 3, _s_curve),
        PointSet("swiss-roll", "Swiss roll", 3, _swiss_roll),
        PointSet("sphere", "Sphere", 3, _sphere),
        PointSet("ellipsoid", "Tilted ellipsoid", 3, _gaussian(1.0, 0.6, 0.2)),
    )
}
