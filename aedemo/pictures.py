"""Whatever a person brings becomes a picture that the models know: float32 (C, H, W) in [0, 1]."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

from aedemo import datasets

PHOTO_SIDE = 128  # of a photograph on the tabs: 16×16 patches, large enough to be seen one by one
MOST_BYTES, MOST_PIXELS = 20_000_000, 50_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")  # not all that Pillow knows: EPS, for one, calls Ghostscript


def read(source: str | Path | bytes) -> Tensor:
    """A picture file, by path or as bytes, as float32 (3, H, W) in [0, 1].

    Turned upright by its EXIF tag, transparency laid on white, 16 bits scaled to [0, 1]. Raises ValueError, with a
    sentence for the person who brought it, for anything else than a picture of up to 20 MB and 50 million pixels.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if len(data) > MOST_BYTES:
        raise ValueError(f"This file has {len(data) / 1e6:.0f} MB; bring a picture of up to {MOST_BYTES / 1e6:.0f} MB.")
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height <= MOST_PIXELS:
                return _to_tensor(ImageOps.exif_transpose(image))
    except Image.DecompressionBombError as error:
        raise ValueError("This picture has too many pixels; bring one of up to 50 million.") from error
    except Exception as error:  # a spoilt file raises whatever its decoder met: OSError, ValueError, struct.error, …
        raise ValueError("This file is no picture that can be read: bring a whole PNG, JPEG, WebP or GIF.") from error
    raise ValueError(f"This picture has {width}×{height} pixels; bring one of up to 50 million.")


def for_dataset(picture: Tensor, dataset: str) -> Tensor:
    """A picture (3, H, W) as the models of a data set see it: the middle square, resized, grey where they know grey.

    Grey sets have light ink on a dark ground: a picture whose border is light is inverted. Photographs become
    (3, 128, 128), of which dense variants see 8×8 patches.
    """
    row = datasets.get(dataset)
    square = middle_square(picture)
    if row.patchwise:
        return resize(square, PHOTO_SIDE)
    grey = (square * torch.tensor([0.299, 0.587, 0.114])[:, None, None]).sum(0, keepdim=True)
    small = resize(grey, row.shape[1])
    # Judged in the small picture, so that one that went through here before is never turned over again.
    border = torch.cat([small[0, 0], small[0, -1], small[0, :, 0], small[0, :, -1]])
    return 1 - small if border.median() > 0.5 else small


def middle_square(picture: Tensor) -> Tensor:
    """The largest square in the middle of (C, H, W)."""
    height, width = picture.shape[-2:]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[..., top : top + side, left : left + side]


def resize(picture: Tensor, side: int) -> Tensor:
    """(C, H, W) -> (C, side, side), bilinear with antialiasing, clamped to [0, 1]."""
    return F.interpolate(picture[None], (side, side), mode="bilinear", antialias=True)[0].clamp(0, 1)


def from_data_uri(uri: str) -> Tensor:
    """A picture that travels as text, `data:image/png;base64,…`, as float32 (3, H, W) in [0, 1]."""
    try:
        data = base64.b64decode(uri.partition(",")[2], validate=True)
    except ValueError as error:
        raise ValueError("The picture's text is not whole: choose or upload it again.") from error
    return read(data)


def _to_tensor(image: Image.Image) -> Tensor:
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        values = np.asarray(image, dtype=np.float32)
        return _scaled(values, 65535 if image.mode.startswith("I") else None)
    rgba = np.asarray(image.convert("RGBA"), dtype=np.float32) / 255
    alpha = rgba[..., 3:]
    return torch.from_numpy(rgba[..., :3] * alpha + 1 - alpha).permute(2, 0, 1).contiguous()


def _scaled(values: np.ndarray, white: float | None) -> Tensor:
    """16-bit and float values as grey, divided by what is white: 65535, or the largest value where that is above 1."""
    values = np.nan_to_num(values, posinf=0, neginf=0)
    values = values / (white or max(1.0, float(values.max(initial=0))))
    return torch.from_numpy(values.clip(0, 1)).expand(3, -1, -1).contiguous()
