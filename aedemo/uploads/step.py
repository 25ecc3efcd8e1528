"""A step on the way from an image to what models see, and the first two: grey, and dark on the outside."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

MIN_CONTRAST = 1 / 32  # below it there is ground and no ink
NOTHING_FOUND = "Nothing found that stands out: take more light or a darker pen, or move the frame over what you mean."


@dataclass(frozen=True)
class Step:
    """One stage on the way to the models: what was done, in a word or two, and the image then, (C, H, W)."""

    name: str
    image: Tensor


def grey(image: Tensor) -> Tensor:
    """(3, H, W) -> luminance (1, H, W), with the weights of ITU-R BT.601."""
    return torch.tensordot(torch.tensor([[0.299, 0.587, 0.114]]), image, 1).clamp(0, 1)


def dark_ground(image: Tensor, light: bool) -> list[Step]:
    """An image (3, H, W) made grey, and inverted where its ground is light."""
    x = grey(image)
    return [Step("grey", x), Step("inverted", 1 - x)] if light else [Step("grey", x)]


def ground_is_light(x: Tensor) -> bool:
    """Whether the border of x (1, H, W) is mostly light: ink on paper, which MNIST has the other way round."""
    return is_light(border(x), x)


def is_light(ground: Tensor, x: Tensor) -> bool:
    """Whether most of the ground, any values of x, is light.

    Light is what lies above the middle between the darkest and the lightest, since a camera shows white paper as grey.
    """
    middle = (x.min() + x.max()) / 2 if x.max() - x.min() >= MIN_CONTRAST else 0.5
    return bool(ground.median() > middle)


def border(x: Tensor) -> Tensor:
    """The outermost pixels of x (1, H, W), in a row."""
    return torch.cat([x[0, 0], x[0, -1], x[0, :, 0], x[0, :, -1]])
