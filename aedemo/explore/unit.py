"""One unit of a sparse code: when it is active, what excites it most, and what it adds to a reconstruction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.explore.filmstrips import ImageMetrics
from aedemo.explore.gallery import find, gallery
from aedemo.explore.network import STEPS
from aedemo.explore.sparse import START_WEIGHT
from aedemo.models.patchwise import Patchwise, patchify

MAX_EXCITING, BINS = 9, 24


@dataclass(frozen=True)
class UnitView:
    """A unit of the network trained with one λ.

    weight: λ; position: which of the sweep's it is; unit: its index of K; name: λ and unit, as a link has them
    filter: float32 (1, C, h, w), its decoder column, scaled to [-1, 1]
    activation: in this image; of a photograph the mean over its patches
    values: the 21 activations that the traversal sets; own: which of them is this image's
    traversal: float32 (21, C, H, W), the image decoded with the unit at each value; psnr: (21,) of each, in dB
    counts: (BINS,) of test images in which the unit is active, by activation from 0 to the last value
    examples, inactive: how many test images (or patches) there are, and in how many of them the unit is inactive
    exciting: float32 (k, C, h, w), k ≤ 9, those that excite it most; exciting_by: (k,) their activations
    """

    weight: float
    position: int
    unit: int
    filter: np.ndarray
    activation: float
    values: tuple[float, ...]
    own: int
    traversal: np.ndarray
    psnr: tuple[float, ...]
    counts: np.ndarray
    examples: int
    inactive: int
    exciting: np.ndarray
    exciting_by: tuple[float, ...]

    @property
    def name(self) -> str:
        return unit_name(self.weight, self.unit)


def unit_name(weight: float, unit: int) -> str:
    """ "0.1:212": unit 212 of the network with λ = 0.1."""
    return f"{weight:g}:{unit}"


def sparse_unit(dataset: str, image: str, name: str = "") -> UnitView:
    """One unit on one image.

    name: as `unit_name` writes it; of none, or one that this data set does not have, the strongest in this image at the
    λ that the tab begins with.
    """
    x = find(dataset, image)
    sweep = checkpoints.load(dataset, "sparse")
    weight, unit = _parsed(name, sweep)
    model = sweep[weight]
    z = Patchwise(model).encode(x)  # (1, P, K)
    means = z.mean((0, 1))
    if unit is None:
        unit = int(means.argmax())
    own = float(means[unit])
    examples = _examples(dataset)
    active = model.activation(examples, unit)
    exciting_by, exciting = active.topk(min(MAX_EXCITING, len(active)))
    exciting = exciting[: max(1, int((exciting_by > 0).sum()))]
    values, place = steps(0.0, max(float(active.max()), own) or 1.0, own)
    traversal = decoded_at(Patchwise(model), z, unit, values, *x.shape[2:])
    column = model.decoder[0].columns()[:, unit].view(1, *model.input_shape)
    return UnitView(
        weight=weight,
        position=sweep.values.index(weight),
        unit=unit,
        filter=(column / column.abs().max()).numpy(),
        activation=own,
        values=values,
        own=place,
        traversal=traversal.numpy(),
        psnr=tuple(ImageMetrics(traversal, x).psnr.tolist()),
        counts=np.histogram(active[active > 0].numpy(), BINS, (0, max(values)))[0],
        examples=len(active),
        inactive=int((active == 0).sum()),
        exciting=examples[exciting].numpy(),
        exciting_by=tuple(active[exciting].tolist()),
    )


def _parsed(name: str, sweep: checkpoints.Sweep) -> tuple[float, int | None]:
    """λ and the unit; of a name that means nothing here, the λ that the tab begins with and None."""
    weight, _, unit = name.partition(":")
    found = next((value for value in sweep.values if f"{value:g}" == weight), None)
    if found is not None and unit.isdecimal() and int(unit) < sweep.header(found).metrics["units"]:
        return found, int(unit)
    return sweep.nearest(START_WEIGHT), None


@lru_cache(maxsize=4)
def _examples(dataset: str) -> Tensor:
    """What the unit is tried on, float32 (N, C, h, w): test images, or all patches of the gallery's photographs."""
    row = datasets.get(dataset)
    if not row.patchwise:
        return checkpoints.test_images(dataset).images
    size = row.shape[1]
    whole = (item.image[:, : item.image.shape[1] // size * size, : item.image.shape[2] // size * size]
             for item in gallery(dataset))  # fmt: skip
    return torch.cat([patchify(photograph[None], size)[0] for photograph in whole])


def decoded_at(model: Patchwise, z: Tensor, unit: int, values: Sequence[float], height: int, width: int) -> Tensor:
    """The code z (1, P, K) of an image with z_unit at each of the values, decoded: (F, C, height, width).

    Where an image is cut into P patches, the unit has the value in all of them.
    """
    codes = z.expand(len(values), *z.shape[1:]).clone()  # (F, P, K)
    codes[..., unit] = torch.as_tensor(values, dtype=z.dtype)[:, None]
    return torch.cat([model.decode(code, height, width) for code in codes.split(1)])


def steps(low: float, high: float, own: float) -> tuple[tuple[float, ...], int]:
    """Evenly spaced values from low to high, the one nearest to `own` replaced by it; and which one that is."""
    values = np.linspace(low, high, STEPS)
    place = int(np.abs(values - own).argmin())
    values[place] = own
    return tuple(values.tolist()), place
