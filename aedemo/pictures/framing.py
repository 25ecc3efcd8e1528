"""What is done to a picture until the models of a data set see it, step by step, as the data set itself was made."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from skimage.filters import threshold_otsu
from skimage.measure import label
from torch import Tensor
from torch.nn import functional as F

from aedemo import datasets
from aedemo.pictures.frame import Frame

PHOTO_SIDE = 128  # of a photograph on the tabs: 16×16 patches, large enough to be seen one by one
LEAST_CONTRAST = 1 / 32  # below it there is ground and no ink
INK = 0.3  # of the brightest: what counts as ink when it is measured
NOTHING_FOUND = (
    "Nothing found that stands out: bring an image with more contrast, or a frame around something dark or light."
)
TIE = 1e-4  # of a pixel: two places nearer to one another than this are equally good


@dataclass(frozen=True)
class Step:
    """One stage on the way to the models: what was done, in a word or two, and the picture then, (C, H, W)."""

    name: str
    picture: Tensor


def for_dataset(image: Tensor, dataset: str, frame: Frame | None = None) -> Tensor:
    """An image (3, H, W) as the models of a data set see it: the last of its `steps`."""
    return steps(image, dataset, frame)[-1].picture


def propose(image: Tensor, dataset: str) -> tuple[Frame, ...]:
    """Where in an image (3, H, W) the thing stands that the models of a data set shall see: the best guess first.

    Of photographs it is one frame, the largest square in the middle. Raises ValueError where nothing stands out.
    """
    row = datasets.get(dataset)
    size = image.shape[-2:]
    if row.framing is None:
        return (Frame.square(*size),)
    x = grey(image)
    if tuple(size) == row.shape[1:] and x.max() - x.min() >= LEAST_CONTRAST:
        return (Frame(0, 0, 1, 1),)
    clear = separate_ink(1 - x if ground_is_light(x) else x, row.framing.strokes)
    return (Frame.of_pixels(*ink_box(clear), size),)


def steps(image: Tensor, dataset: str, frame: Frame | None = None) -> tuple[Step, ...]:
    """All that happens to an image (3, H, W) in [0, 1] until the models of a data set see it, in order.

    frame: the part that they see; None is the first that `propose` gives.
    Photographs: the square in the middle of the frame, resized to (3, 128, 128), of which dense variants see 8×8
    patches. Sets of single things on a dark ground: grey, turned over where the ground is light, ground and ink told
    apart, cropped to the ink, fitted into the data set's box and centred, as the data set itself was made. An image
    that already has the data set's size is only made grey and dark on the outside. The last step has 256 grey levels,
    as in a file, so that the page, which keeps it as a PNG, and a program see the same numbers.
    Raises ValueError for an unknown data set, and where nothing stands out in the frame.
    """
    row = datasets.get(dataset)
    side = PHOTO_SIDE if row.patchwise else row.shape[1]
    frame = frame or propose(image, dataset)[0]
    if row.framing is None:
        done = [Step("square", frame.cut_square(image))]
        if row.shape[0] == 1:
            done.append(Step("grey", grey(done[-1].picture)))
        done.append(Step(f"{side}×{side}", resize(done[-1].picture, (side, side))))
    else:
        done = [Step("grey", grey(image))]
        if ground_is_light(done[-1].picture):
            done.append(Step("inverted", 1 - done[-1].picture))
        if image.shape[-2:] != (side, side) or frame != Frame(0, 0, 1, 1):
            done += _framed(done[-1].picture, side, row.framing, frame)
    last = done.pop()
    return (*done, Step(last.name, (last.picture * 255).round() / 255))


def _framed(x: Tensor, side: int, framing: datasets.Framing, frame: Frame) -> list[Step]:
    clear = Step("ink apart", separate_ink(x, framing.strokes))
    cropped = Step("cropped", crop_to_ink(frame.cut(clear.picture)))
    fitted = Step(f"fits {framing.box}×{framing.box}", fit_box(cropped.picture, framing.box, framing.widths))
    words = "centred by mass" if framing.by_mass else "centred"
    return [clear, cropped, fitted, Step(words, centre(fitted.picture, side, framing.by_mass))]


def grey(picture: Tensor) -> Tensor:
    """(3, H, W) -> luminance (1, H, W), with the weights of ITU-R BT.601."""
    return (picture * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True).clamp(0, 1)


def ground_is_light(x: Tensor) -> bool:
    """Whether the border of x (1, H, W) is mostly light: ink on paper, which MNIST has the other way round.

    Light is what lies above the middle between the darkest and the lightest, since a camera shows white paper as grey.
    """
    border = torch.cat([x[0, 0], x[0, -1], x[0, :, 0], x[0, :, -1]])
    middle = (x.min() + x.max()) / 2 if x.max() - x.min() >= LEAST_CONTRAST else 0.5
    return bool(border.median() > middle)


def separate_ink(x: Tensor, strokes: bool) -> Tensor:
    """The ground of x (1, H, W) becomes 0 and its ink reaches 1; a picture without ink becomes black.

    Otsu's threshold (1979) tells the two apart; ground is what the darker part hardly exceeds. Where only strokes
    count, light that falls from one side is taken off first, and ink is the median of the lighter part; else ink is
    its brightest, which keeps shading.
    """
    if strokes:
        x = x - shading(x)
    if x.max() - x.min() < LEAST_CONTRAST:
        return torch.zeros_like(x)
    threshold = threshold_otsu(x.numpy())
    ground = _subsample(x[x <= threshold]).quantile(0.9)
    ink = _subsample(x[x > threshold]).quantile(0.5 if strokes else 0.99)
    return ((x - ground) / (ink - ground)).clamp(0, 1)


def shading(x: Tensor) -> Tensor:
    """The plane a + b·column + c·row that fits the border of x (1, H, W) best: paper lit from one side, (1, H, W)."""
    height, width = x.shape[-2:]
    rows, columns = torch.meshgrid(torch.linspace(-1, 1, height), torch.linspace(-1, 1, width), indexing="ij")
    places = torch.stack([torch.ones_like(rows), columns, rows], dim=-1)  # (H, W, 3)
    border = torch.ones(height, width, dtype=torch.bool)
    border[1:-1, 1:-1] = False
    plane = torch.linalg.lstsq(places[border], x[0][border][:, None]).solution[:, 0]
    return (places @ plane)[None]


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


def resize(picture: Tensor, size: tuple[int, int]) -> Tensor:
    """(C, H, W) -> (C, *size), bilinear with antialiasing, clamped to [0, 1]."""
    return F.interpolate(picture[None], size, mode="bilinear", antialias=True)[0].clamp(0, 1)


def _subsample(values: Tensor) -> Tensor:
    return values[:: max(1, len(values) // 100_000)]  # quantile sorts
