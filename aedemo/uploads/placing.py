"""Ink is cropped, fitted into the box of a data set and put in its middle; images get another size."""

from __future__ import annotations

import math

import torch
from skimage.measure import label
from torch import Tensor
from torch.nn import functional as F

from aedemo.uploads.step import NOTHING_FOUND

INK = 0.3  # of the brightest: what counts as ink when it is measured
SMALLEST, LARGEST = 160, 1024  # shorter sides below the one are enlarged, longer ones to at most the other
TIE = 1e-4  # of a pixel: two places nearer to one another than this are equally good


def crop_to_ink(x: Tensor) -> Tensor:
    """The smallest rectangle of x (1, H, W) with all its ink but for specks, (1, h, w)."""
    top, left, bottom, right = ink_box(x)
    return x[:, top:bottom, left:right]


def ink_box(x: Tensor) -> tuple[int, int, int, int]:
    """top, left, bottom, right of all ink in x (1, H, W) but for specks; ValueError where there is none.

    A speck is a connected piece with less than a fiftieth of the largest one's pixels.
    """
    pieces = torch.from_numpy(label(x[0].numpy() > INK))
    sizes = torch.bincount(pieces.flatten())
    sizes[0] = 0
    ink = (sizes >= 0.02 * sizes.max().clamp_min(1))[pieces]
    if not ink.any():
        raise ValueError(NOTHING_FOUND)
    rows, columns = (ink.any(axis).nonzero().flatten().tolist() for axis in (1, 0))
    return rows[0], columns[0], rows[-1] + 1, columns[-1] + 1


def fit_box(x: Tensor, box: int, widths: tuple[int, int] | None = None) -> Tensor:
    """(1, h, w) resized so that its longer side has `box` pixels, its proportions kept.

    widths: instead, its height has them, and a width below the first or above the second becomes that.
    """
    height, width = x.shape[-2:]
    if widths is not None:
        return resize(x, (box, min(max(round(box * width / height), widths[0]), widths[1])))
    scale = box / max(height, width)
    return resize(x, (max(1, round(scale * height)), max(1, round(scale * width))))


def centre(x: Tensor, side: int, by_mass: bool) -> Tensor:
    """x (1, h, w), no larger than the field, on a black field (1, side, side), moved by whole pixels.

    by_mass: its centre of mass comes to the middle, at side / 2, as MNIST's were put (LeCun et al. 1998), so far as
    nothing is cut off; else the middle of its rectangle.
    """
    field, mass = torch.zeros(1, side, side), x.sum()
    corner = []
    for axis, length in enumerate(x.shape[-2:]):
        weights = x[0].sum(1 - axis) if by_mass and mass > 0 else torch.ones(length)
        middle = float((weights * torch.arange(length)).sum() / weights.sum())
        aim = side / 2 if by_mass and mass > 0 else (side - 1) / 2
        place = math.floor(aim - middle + 0.5 - TIE)  # symmetric ink ties: rounding errors must not move it
        corner.append(min(max(place, 0), side - length))
    top, left = corner
    field[:, top : top + x.shape[1], left : left + x.shape[2]] = x
    return field


def resize(image: Tensor, size: tuple[int, int]) -> Tensor:
    """(C, H, W) -> (C, *size), bilinear with antialiasing, clamped to [0, 1]."""
    return F.interpolate(image[None], size, mode="bilinear", antialias=True)[0].clamp(0, 1)


def enlarged(image: Tensor) -> Tensor:
    """An image of few pixels with more, smoothly: what is a stroke, a speck or a line is told by widths in pixels."""
    height, width = image.shape[-2:]
    times = min(math.ceil(SMALLEST / min(height, width)), LARGEST // max(height, width))
    return resize(image, (times * height, times * width)) if times > 1 else image
