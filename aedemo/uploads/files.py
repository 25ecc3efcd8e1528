"""Image files of any kind as tensors, within bounds of bytes, pixels and memory; whatever is wrong is one sentence.

TIFFs of more than 8 bits are read by tiff.py, everything else by decoding.py. Both give samples, reduced while they are
read, since no model here sees more than 128×128 pixels. samples.py makes shades of them, and colour.py sRGB.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, UnidentifiedImageError
from torch import Tensor

from aedemo.uploads import colour, decoding, limits, png, tiff
from aedemo.uploads.samples import Samples, scale


@dataclass(frozen=True)
class OpenedImage:
    """An image file that was read.

    pixels: float32 (3, H, W) in [0, 1], upright, sRGB
    notes: sentences on what was done to its values and colours, beside reading them
    stretched: values that use a small part of their range go from black to white; `stretch=False` leaves them dark
    """

    pixels: Tensor
    notes: tuple[str, ...] = ()
    stretched: bool = False


def read(source: str | Path | bytes) -> Tensor:
    """The pixels of `open_image`, float32 (3, H, W) in [0, 1]."""
    return open_image(source).pixels


def open_image(source: str | Path | bytes, stretch: bool = True) -> OpenedImage:
    """An image file, by path or as bytes, reduced until its shorter side is ≤ 512.

    The first image of an animation or of several pages; turned upright by its EXIF tag; transparency laid on white;
    colours converted to sRGB. Whole numbers are divided by the largest of their depth, floats by their largest where
    that is above 1, and shifted where some are negative.
    stretch: where values of more than 8 bits use less than a quarter of that range, they are shown from black to white.
    Raises ValueError, with a sentence for the person who brought it, for anything else than an image of up to 20 MB
    and 50 million pixels, at least 4 pixels wide and high, at most 20 times as long as wide, and decoded within 310 MB
    of memory: a WebP has up to 16 million pixels then, an AVIF 25. Raises OSError where no file has this path.
    """
    try:
        limits.check_bytes(len(source) if isinstance(source, bytes) else Path(source).stat().st_size)
        data = source if isinstance(source, bytes) else Path(source).read_bytes()
    except limits.Refused as error:
        raise ValueError(str(error)) from error
    try:
        return _finished(_samples(data), stretch)
    except limits.Refused as error:
        raise ValueError(str(error)) from error
    except Image.DecompressionBombError as error:
        raise ValueError("This image has too many pixels; bring one of up to 50 million.") from error
    except Exception as error:  # a corrupt file raises whatever its decoder met: OSError, ValueError, struct.error, …
        raise ValueError(limits.hint(data)) from error


def open_data_uri(uri: str, stretch: bool = True) -> OpenedImage:
    """An image that travels as text, `data:image/png;base64,…`, as `open_image` reads it."""
    try:
        data = base64.b64decode(uri.partition(",")[2], validate=True)
    except ValueError as error:
        raise ValueError("The image's text is not whole: choose or upload it again.") from error
    return open_image(data, stretch)


def from_data_uri(uri: str) -> Tensor:
    """The pixels of `open_data_uri`, float32 (3, H, W) in [0, 1]."""
    return open_data_uri(uri).pixels


def to_data_uri(data: bytes) -> str:
    """The bytes of a file as text for `from_data_uri`."""
    return f"data:application/octet-stream;base64,{base64.b64encode(data).decode('ascii')}"


def _samples(data: bytes) -> Samples:
    if data.startswith(png.SIGNATURE):
        data = png.without_notes(data)
    tags = tiff.read_tags(data)
    if tags is not None and tiff.is_deep(tags):
        return tiff.read(tags, data)
    try:
        return decoding.decode(data)
    except UnidentifiedImageError:
        if tags is None:
            raise
    return tiff.read(tags, data)


def _finished(samples: Samples, stretch: bool) -> OpenedImage:
    shades, of_scale, stretched = scale(samples, stretch)
    colours, of_colour = colour.to_srgb(shades, samples.encoding)
    if samples.alpha is not None:
        colours = colours * samples.alpha + 1 - samples.alpha
    planes = np.stack([colours[..., channel] for channel in range(colours.shape[2])])  # in half the time of permute
    pixels = torch.from_numpy(planes).clamp_(0, 1)
    pixels = TURNS.get(samples.orientation, lambda x: x)(pixels).expand(3, -1, -1).contiguous()
    return OpenedImage(pixels, tuple(filter(None, (of_scale, of_colour))), stretched)


TURNS: dict[int, Callable[[Tensor], Tensor]] = {  # EXIF's orientation -> how (C, H, W) is turned or mirrored upright
    2: lambda x: x.flip(2),
    3: lambda x: x.flip(1, 2),
    4: lambda x: x.flip(1),
    5: lambda x: x.transpose(1, 2),
    6: lambda x: x.rot90(-1, (1, 2)),
    7: lambda x: x.transpose(1, 2).flip(1, 2),
    8: lambda x: x.rot90(1, (1, 2)),
}
