"""Latent planes: test inputs by two coordinates of their code, and what the decoder gives at each point."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from aedemo import checkpoints
from aedemo.checkpoints import LatentMap, Setting
from aedemo.models import VARIANTS
from aedemo.models.patchwise import Patchwise

GRID = 31  # places along each side of a decoded plane; 15 tiles show every second of them
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True, eq=False)
class Field:
    """A plane without an image in it, computed once for everybody.

    of:      the arguments of `field` that give it
    map:     the stored codes that it is made from
    titles:  what the coordinates are: units of the code ("z₁"), or its principal components ("PC 1")
    points:  (P, 2), or (P, 3) for a code of three numbers, which turns in space
    xs, ys:  (G,) places along both coordinates, rising
    decoded: float32 (G, G, C, H, W) in [0, 1], decoded[i, j] at (xs[j], ys[i]) with the rest of the code at its mean;
        in space (P, C, H, W), at each point; None of a model that cannot decode a pooled code
    """

    of: tuple[str, str, Setting, tuple[int, ...] | None]
    map: LatentMap
    titles: tuple[str, ...]
    points: np.ndarray
    xs: np.ndarray
    ys: np.ndarray
    decoded: np.ndarray | None


@dataclass(frozen=True)
class Plane:
    """A field with this image in it: one code an image, or one a patch of a photograph.

    codes: (K, M); marks: (K, 2) or (K, 3), where those lie
    """

    field: Field
    codes: Tensor
    marks: np.ndarray

    @property
    def map(self) -> LatentMap:
        return self.field.map


def plane(dataset: str, variant: str, x: Tensor, setting: Setting = 2, units: tuple[int, ...] | None = None) -> Plane:
    """The plane of a run and where the image x lies in it; x (1, C, H, W) as the model sees it.

    units: the coordinates, as indices into the code; None: all of a code of two or three, else its first two principal
    components.
    """
    shown = field(dataset, variant, setting, units)
    z = codes_of(dataset, variant, setting, x)
    return Plane(shown, z, coordinates(shown.map, z, units).numpy())


def codes_of(dataset: str, variant: str, setting: Setting, x: Tensor) -> Tensor:
    """(1, C, H, W) -> (K, M): the image's code, or a code for each patch of a photograph."""
    model = checkpoints.load(dataset, variant)[setting]
    return model.encode(x) if VARIANTS[variant].masks else Patchwise(model).encode(x)[0]


def coordinates(latent: LatentMap, z: Tensor, units: tuple[int, ...] | None) -> Tensor:
    """Codes (N, M) -> (N, 2 or 3) in a plane of the map; units as for `plane`."""
    units = _natural(latent) if units is None else units
    return (z - latent.mean) @ latent.axes[:2].T if units is None else z[:, list(units)]


@lru_cache(maxsize=24)
def field(dataset: str, variant: str, setting: Setting, units: tuple[int, ...] | None = None) -> Field:
    """The plane of a run; CheckpointError where no map of it is stored, ValueError for a unit that the map lacks."""
    of = (dataset, variant, setting, units)
    latent = checkpoints.load_latent_map(dataset, variant, setting)
    units = _natural(latent) if units is None else units
    kept = latent.units.tolist()
    if units is None:
        points, titles = latent.components[:, :2], ("PC 1", "PC 2")
    elif set(units) <= set(kept):
        points, titles = latent.codes[:, [kept.index(unit) for unit in units]], tuple(map(unit_title, units))
    else:
        raise ValueError(f"unit {units} of {dataset}/{variant} is not in its map; choose from {kept}")
    xs, ys = (_places(points[:, k]) for k in (0, 1))
    model = checkpoints.load(dataset, variant)[setting]
    decoded = None
    if VARIANTS[variant].decodes:
        decoded = model.decode(latent.codes if points.shape[1] == 3 else _codes_at(latent, xs, ys, units))
        decoded = decoded.clamp(0, 1).numpy()
        decoded = decoded if points.shape[1] == 3 else decoded.reshape(GRID, GRID, *decoded.shape[1:])
    return Field(of, latent, titles, points.numpy(), xs.numpy(), ys.numpy(), decoded)


def unit_title(unit: int) -> str:
    """0 -> "z₁"."""
    return "z" + str(unit + 1).translate(SUBSCRIPTS)


def _natural(latent: LatentMap) -> tuple[int, ...] | None:
    """The coordinates of a code that has two or three; of a longer one None, unless it varies along one line only."""
    if latent.latent_dim in (2, 3):
        return tuple(range(latent.latent_dim))
    return None if len(latent.axes) > 1 else tuple(latent.units[:2].tolist())


def _places(values: Tensor) -> Tensor:
    """GRID places from the lowest to the highest, a twentieth of the range beyond either end."""
    margin = 0.05 * (values.max() - values.min())
    if margin == 0:  # one image, or images that are all the same
        margin = torch.ones(())
    return torch.linspace(float(values.min() - margin), float(values.max() + margin), GRID)


def _codes_at(latent: LatentMap, xs: Tensor, ys: Tensor, units: tuple[int, ...] | None) -> Tensor:
    """The codes (G·G, M) of a grid over a plane: row i, column j is (xs[j], ys[i]), all else at its mean."""
    places = torch.stack([xs.repeat(len(ys)), ys.repeat_interleave(len(xs))], dim=1)
    if units is None:
        return latent.mean + places @ latent.axes[:2]
    z = latent.mean.repeat(len(places), 1)
    z[:, list(units)] = places
    return z
