"""One thing on a plain ground, whose shading counts: without a head above it, a price tag, or a caption."""

from __future__ import annotations

import numpy as np
import torch
from scipy import ndimage
from skimage.color import rgb2ycbcr
from skimage.filters import threshold_otsu
from skimage.measure import label
from torch import Tensor

from aedemo.uploads.boxes import Box, gather, pieces
from aedemo.uploads.frame import Frame
from aedemo.uploads.morphology import dilated
from aedemo.uploads.placing import enlarged
from aedemo.uploads.step import MIN_CONTRAST, NOTHING_FOUND, Step, border, dark_ground, grey, ground_is_light

FAINTEST = 0.06  # of the range of a channel: what differs more from the ground is a thing
SKIN = ((77, 127), (133, 173))  # Cb and Cr of skin, light or dark, in YCbCr (Chai and Ngan 1999)
SOLID = 1 / 50  # of the shorter side: what is thinner is a strap, a string or a handle
NEAR = 0.04  # of the thing's diagonal: a piece so near is part of it
SMALLEST = 0.35  # of the best thing, or of the skin: what is smaller is no thing of its own
CORNER = 4  # pixels around what is solid belong to it
MAX_THINGS = 5  # things are found in one image


class Thing:
    """A thing in an image (3, H, W), dark on light or light on dark.

    steps: on the way to a thing that is bright on a dark ground, the last (1, H, W)
    """

    def __init__(self, image: Tensor) -> None:
        image = enlarged(image)
        self.steps = dark_ground(image, ground_is_light(grey(image)))
        smooth = ndimage.gaussian_filter(image.numpy(), (0, 1, 1), mode="nearest")
        self.mask = foreground(smooth)
        self.skin = skin(smooth, self.mask)

    def frames(self) -> tuple[Frame, ...]:
        """Around each thing, the best first; none where there is nothing."""
        found = things(self.mask, self.skin)
        return tuple(Frame.around(around(thing), self.mask.shape) for thing in found)

    def inside(self, frame: Frame) -> list[Step]:
        """The steps from there to the best thing in the frame, from 0 to 1 and cropped."""
        x, part = self.steps[-1].image, frame.pixels(self.mask.shape)
        found = things(self.mask[part], self.skin[part])
        if not found or x.max() - x.min() < MIN_CONTRAST:
            raise ValueError(NOTHING_FOUND)
        thing = np.zeros_like(self.mask)
        thing[part] = found[0]
        others = dilated(self.mask & ~thing, 3, "diamond") & ~thing
        done = []
        if others.any():
            done.append(Step("others removed", torch.where(torch.from_numpy(others), border(x).median(), x)))
            x = done[-1].image
        clear = separate(x)
        box = around(thing)
        return [*done, Step("contrast", clear), Step("cropped", clear[:, box.top : box.bottom, box.left : box.right])]


def foreground(smooth: np.ndarray) -> np.ndarray:
    """Which pixels of a smooth image (3, H, W) differ from its ground, the median of its border: bool (H, W)."""
    edge = np.concatenate([smooth[:, 0], smooth[:, -1], smooth[..., 0], smooth[..., -1]], axis=1)
    ground = np.median(edge, axis=1, keepdims=True)
    noise = 1.4826 * np.median(np.abs(edge - ground))
    return np.abs(smooth - ground[..., None]).max(0) > max(FAINTEST, 6 * noise)


def separate(x: Tensor) -> Tensor:
    """The ground of x (1, H, W) becomes 0 and the brightest of the thing 1, which keeps its shading.

    Otsu's threshold (1979) tells the two apart; ground is what the darker part hardly exceeds.
    """
    threshold = threshold_otsu(x.numpy())
    ground, full = _subsample(x[x <= threshold]).quantile(0.9), _subsample(x[x > threshold]).quantile(0.99)
    return ((x - ground) / (full - ground)).clamp(0, 1)


def skin(smooth: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Which pixels of mask (H, W) have the colour of skin, in patches larger than a detail: bool (H, W)."""
    _, *colour = rgb2ycbcr(smooth, channel_axis=0)
    found = mask.copy()
    for channel, (low, high) in zip(colour, SKIN, strict=True):
        found &= (channel > low) & (channel < high)
    return _opened(found)


def things(mask: np.ndarray, person: np.ndarray) -> list[np.ndarray]:
    """The things among the pixels of mask (H, W), large and central ones first, bool (H, W) each.

    person (H, W): skin, which is part of none, unless there is hardly anything else.
    """
    dressed = _things(mask & ~dilated(person, 2, "diamond"), person)
    if dressed and dressed[0].sum() >= SMALLEST * person.sum():
        return dressed
    return _things(mask, np.zeros_like(mask))


def _things(mask: np.ndarray, person: np.ndarray) -> list[np.ndarray]:
    """Pieces that are near one another, without those that touch a person (hair, hands) or hang on a string."""
    solid = _opened(mask)
    labels, rest = pieces(solid if solid.any() else mask)
    rest.sort(key=lambda box: -_rank(box, mask.shape))
    on_person = np.unique(labels[dilated(person, 4, "diamond")])
    found: list[Box] = []
    while rest and len(found) < MAX_THINGS and (not found or rest[0].area >= SMALLEST * found[0].area):
        thing, rest = gather(rest[0], rest[1:], lambda box, thing: _near(box, thing) and box.labels[0] not in on_person)
        found.append(thing)
    return [_with_details(np.isin(labels, thing.labels), mask, solid) for thing in found]


def _with_details(thing: np.ndarray, mask: np.ndarray, solid: np.ndarray) -> np.ndarray:
    """The thing with the thin parts that begin there and end nowhere else: straps, and no string with a tag."""
    thing = mask & dilated(thing, CORNER, "diamond")  # what the disk did not reach
    thin = label(mask & ~solid & ~thing)
    own = np.unique(thin[dilated(thing, 2, "diamond")])
    elsewhere = dilated(solid & ~thing, 2, "diamond")
    elsewhere[[0, -1]] = elsewhere[:, [0, -1]] = True  # it goes on outside the frame
    return thing | np.isin(thin, np.setdiff1d(own, [*np.unique(thin[elsewhere]), 0]))


def around(mask: np.ndarray) -> Box:
    """The smallest box around all of mask (H, W)."""
    rows, columns = (np.flatnonzero(mask.any(axis)).tolist() for axis in (1, 0))
    return Box(rows[0], columns[0], rows[-1] + 1, columns[-1] + 1, (), int(mask.sum()))


def _rank(box: Box, size: tuple[int, int]) -> float:
    return box.area * max(1 - 0.7 * box.off_middle(size), 0.05)


def _near(box: Box, thing: Box) -> bool:
    return max(box.gaps(thing)) < NEAR * thing.extent


def _opened(mask: np.ndarray) -> np.ndarray:
    """mask (H, W) without all that a disk does not fit into; it goes on beyond the border."""
    radius = max(3, round(SOLID / 2 * min(mask.shape)))
    return mask & dilated(~dilated(~mask, radius, "disk"), radius, "disk")


def _subsample(values: Tensor) -> Tensor:
    return values[:: max(1, len(values) // 100_000)]  # quantile sorts
