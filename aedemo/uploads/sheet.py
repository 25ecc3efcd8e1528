"""Writing on a sheet, of which only the shape counts: strokes apart from paper, its rules, the desk and the light."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from skimage.filters import apply_hysteresis_threshold, threshold_otsu
from torch import Tensor

from aedemo.datasets import Framing
from aedemo.uploads.boxes import Box, gather, pieces
from aedemo.uploads.frame import Frame
from aedemo.uploads.lines import smoothed, without_lines
from aedemo.uploads.morphology import opened
from aedemo.uploads.placing import crop_to_ink, enlarged
from aedemo.uploads.step import MIN_CONTRAST, NOTHING_FOUND, Step, border, dark_ground, grey, is_light
from aedemo.uploads.strokes import with_stroke_width

TINY = 64  # an image with a shorter side below this has no room for a desk: all of it is the digit
WIDEST = 1 / 4  # of the shorter side: what is wider is no stroke
SMALLEST = 0.03, 0.35  # of the shorter side, of the largest digit: a smaller piece is no digit
EDGE = 0.1  # of the image: what lies wholly in this strip along a side is a hole or a mark
HAIR, BROAD, ROUND = 0.01, 0.17, 0.25  # half the width of strokes, of a digit's diagonal: at least; at the border; dots
DOT = 0.12  # of the shorter side: the diagonal of the largest hole
FAINT = 0.35  # what is fainter at the border is a shadow, or what is left of a rule
STRIP = 0.16  # of the image: what lies wholly in this strip and reaches the border is a part of the desk
ASIDE, ABOVE = 0.05, 0.25  # of a digit's diagonal: how far apart its own pieces are, beside and above one another


class Sheet:
    """Writing in an image (3, H, W), dark on light or light on dark.

    light: whether its ground is, see `on_light_ground`
    steps: on the way to strokes that are bright on 0, the last (1, H, W)
    """

    def __init__(self, image: Tensor, framing: Framing, light: bool) -> None:
        self.framing = framing
        self.tiny = min(image.shape[-2:]) < TINY
        image = enlarged(image)
        self.steps = dark_ground(image, light)
        x = self.steps[-1].image[0].numpy()
        ink = (x - border(self.steps[-1].image).median().numpy()).clip(0) if self.tiny else x - background(x)
        self._add("flattened", ink)
        smooth = smoothed(ink)
        least = faintest(smooth)
        plain = without_lines(ink, smooth, least)
        if (plain != ink).any():
            self._add("lines removed", plain)
            smooth = smoothed(plain)
        self._add("noise removed", np.where(smooth > least, plain, 0))

    def _add(self, name: str, x: np.ndarray) -> None:
        self.steps.append(Step(name, torch.from_numpy(x.astype(np.float32))[None]))

    def frames(self) -> tuple[Frame, ...]:
        """Around each digit, the best first; none where there is nothing."""
        x = self.steps[-1].image[0].numpy()
        mask = strong(x)
        found = digits(mask)
        if self.tiny:
            return (Frame.whole(),) if found else ()
        return tuple(Frame.around(digit, x.shape) for digit in found if is_written(digit, mask, x))

    def inside(self, frame: Frame) -> list[Step]:
        """The steps from there to strokes that reach 1, cropped, as thick as the data set has them."""
        ink = frame.cut(self.steps[-1].image)
        if ink.max() < MIN_CONTRAST:
            raise ValueError(NOTHING_FOUND)
        clear = (ink / full(ink)).clamp(0, 1)
        done = [Step("contrast", clear), Step("cropped", crop_to_ink(clear))]
        if self.framing.stroke is not None:
            strokes = with_stroke_width(done[-1].image, self.framing.box, self.framing.stroke)
            if strokes is not done[-1].image:
                done.append(Step("stroke width", crop_to_ink(strokes)))
        return done


def on_light_ground(image: Tensor, frame: Frame | None) -> bool:
    """Whether writing in an image (3, H, W) is dark on light, in the frame and as much again around it, or in all."""
    around = grey((frame.grown(0.5) if frame else Frame.whole()).cut(enlarged(image)))
    return is_light(around, around)


def background(x: np.ndarray) -> np.ndarray:
    """What lies under the bright strokes of x (H, W): a morphological opening with a square that fits into none."""
    side = max(3, round(WIDEST * min(x.shape)))
    return np.minimum(opened(smoothed(x), side, side), x)


def faintest(smooth: np.ndarray) -> float:
    """What exceeds the noise of smoothed strokes (H, W) without their background."""
    ground = np.median(smooth)
    noise = 1.4826 * np.median(np.abs(smooth - ground))
    # Bold writing in a small image is no minority, and would count as noise: half of what stands out always exceeds it.
    return float(max(min(ground + 6 * noise, (ground + smooth.max()) / 2), ground + MIN_CONTRAST))


def strong(x: np.ndarray) -> np.ndarray:
    """Strokes in x (H, W), told by Otsu's threshold (1979) from what else is no background: bool (H, W)."""
    values = x[x > 0]
    if len(values) == 0 or np.ptp(values) == 0:
        return x > 0
    threshold = threshold_otsu(values)
    return apply_hysteresis_threshold(ndimage.gaussian_filter(x, 0.7), 0.7 * threshold, threshold)


def full(ink: Tensor) -> float:
    """How bright full strokes are: the median of what lies above Otsu's threshold."""
    values = ink[ink > 0]
    bright = values[values > threshold_otsu(values.numpy())] if values.max() > values.min() else values
    return float(bright.median())


def digits(mask: np.ndarray) -> list[Box]:
    """The digits in mask (H, W), large and central ones first, each with all its pieces.

    What touches the border is none, and no hole along it is, unless there is nothing else.
    """
    size = mask.shape
    found = [box for box in pieces(mask)[1] if box.extent >= 2]
    least = SMALLEST[0] * min(size)
    inner = [box for box in found if not (_touches(box, size) or _in_strip(box, size, EDGE))]
    if not any(box.extent > 2 * least for box in inner):
        inner = [box for box in found if not _along_a_side(box, size)]
    inner.sort(key=lambda box: -_rank(box, size))
    if not inner or inner[0].extent < least:
        return []
    least = max(least, SMALLEST[1] * inner[0].extent)
    digits = []
    while inner and inner[0].extent >= least:
        digit, inner = gather(inner[0], inner[1:], _belongs)
        digits.append(digit)
        inner = [box for box in inner if box.extent >= least] + [box for box in inner if box.extent < least]
    return sorted(digits, key=lambda box: -_rank(box, size))


def is_written(digit: Box, mask: np.ndarray, ink: np.ndarray) -> bool:
    """Whether a digit is made of strokes: it is no hole, and at the border of ink (H, W) no shadow or strip of desk."""
    inside = slice(digit.top, digit.bottom), slice(digit.left, digit.right)
    piece = mask[inside]
    half_width = ndimage.distance_transform_edt(np.pad(piece, 1)).max() / digit.extent
    if half_width < HAIR:
        return False
    if not _touches(digit, mask.shape):
        return half_width < ROUND or digit.extent > DOT * min(mask.shape)
    faint = np.median(ink[inside][piece]) < FAINT
    return not faint and half_width <= BROAD and not _in_strip(digit, mask.shape, STRIP)


def _rank(box: Box, size: tuple[int, int]) -> float:
    return box.extent * (1 - 0.4 * box.off_middle(size))


def _belongs(piece: Box, digit: Box) -> bool:
    """Whether a piece is part of a digit: over or under it, or very near beside it, and more than a speck."""
    down, across = piece.gaps(digit)
    size = max(piece.extent, digit.extent)
    if piece.extent < 0.04 * size:
        return False
    over = across < -0.3 * min(piece.right - piece.left, digit.right - digit.left)
    return down <= ABOVE * size if over else max(down, across) <= ASIDE * size


def _touches(box: Box, size: tuple[int, int]) -> bool:
    height, width = size
    return box.top == 0 or box.left == 0 or box.bottom == height or box.right == width


def _in_strip(box: Box, size: tuple[int, int], share: float) -> bool:
    """Whether it lies wholly in the strip along one side, so wide a share of the image."""
    height, width = size
    down, across = share * height, share * width
    return box.bottom < down or box.right < across or box.top > height - down or box.left > width - across


def _along_a_side(box: Box, size: tuple[int, int]) -> bool:
    """Whether it lies along most of one side, and not of the other: a strip of the desk."""
    height, width = size
    down, across = box.bottom - box.top > 0.8 * height, box.right - box.left > 0.8 * width
    return (down and (box.left == 0) != (box.right == width)) or (across and (box.top == 0) != (box.bottom == height))
