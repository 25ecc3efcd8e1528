"""The traversal of one unit: the rest of an image's code stays, this unit runs through its range, all is decoded."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.checkpoints import Setting, setting_name
from aedemo.explore.filmstrips import Filmstrip, filmstrip
from aedemo.explore.gallery import find
from aedemo.explore.mapped import mapped_inputs
from aedemo.explore.network import STEPS, code_limits, handle, patch_of_most_contrast, unit_spread
from aedemo.models.patchwise import Patchwise


@dataclass(frozen=True)
class Traversal:
    """values: (STEPS,) of the unit, rising; own: which of them is the image's; decoded: STEPS frames, one for each."""

    values: tuple[float, ...]
    own: int
    decoded: Filmstrip


def traversal(dataset: str, image: str, variant: str, run: str, unit: int, point: int | None = None) -> Traversal:
    """The traversal of a unit, counted from 0, of a run, by its file's name, from the code of an image.

    Of a photograph in patches it is that of the patch with the most contrast. point: a test input by its index in the
    latent maps, in place of the image. ValueError for a run, a unit or a point that is not there.
    """
    setting, model = _run(dataset, variant, run)
    x, z = _image_and_code(dataset, variant, setting, model, image, point)
    if not 0 <= unit < z.shape[1]:
        raise ValueError(f"unit is {unit}; {dataset}/{variant} at {run} has units 0 to {z.shape[1] - 1}")
    own = float(z[0, unit])
    ends = handle(code_limits(model), unit_spread(dataset, variant, setting), unit, own)
    values = torch.linspace(ends.low, ends.high, STEPS)
    values[ends.own] = own
    codes = z.repeat(STEPS, 1)
    codes[:, unit] = values
    return Traversal(tuple(values.tolist()), ends.own, filmstrip(model.decode(codes), x))


def _run(dataset: str, variant: str, run: str) -> tuple[Setting, nn.Module]:
    sweep = checkpoints.load(dataset, variant)
    names = {setting_name(setting): setting for setting in sweep.values}
    if run not in names:
        raise ValueError(f"{dataset}/{variant} has no run {run!r}; choose one of {', '.join(names)}")
    model = sweep[names[run]]
    if all(layer.kind != "code" for layer in model.layers):
        raise ValueError(f"{variant} has a code for each patch and none whose units could be moved")
    return names[run], model


def _image_and_code(
    dataset: str, variant: str, setting: Setting, model: nn.Module, image: str, point: int | None
) -> tuple[Tensor, Tensor]:
    """(1, C, h, w), what the network sees, and its code (1, M)."""
    if point is None:
        x = find(dataset, image)
        patch = Patchwise(model).patches(x)[:, patch_of_most_contrast(model, x)]
        return patch, model.encode(patch)
    found = checkpoints.load_latent_map(dataset, variant, setting)
    if not 0 <= point < len(found.labels):
        raise ValueError(f"point is {point}; the maps of {dataset} have 0 to {len(found.labels) - 1}")
    x, _ = mapped_inputs(dataset, (point,))
    return x, found.codes[point][None] if found.whole else model.encode(x)
