"""Picture files of any kind as tensors, within bounds of bytes, pixels and memory; whatever is wrong is one sentence.

The size that a file claims is looked at before a pixel is decoded. Then pixels are taken in strips and reduced there,
so that a large photograph never stands in memory as floats: no model here sees more than 128×128 of them.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

MOST_BYTES, MOST_PIXELS = 20_000_000, 50_000_000
LEAST_SIDE, MOST_ELONGATED = 4, 20
KEPT_SIDE = 512  # the shorter side of a picture, reduced by a whole number, has at most this many pixels
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")  # not all of Pillow's: EPS, say, calls Ghostscript
NO_PICTURE = (
    "This file is no picture that can be read, or not all of it arrived: bring a whole PNG, JPEG, WebP, GIF, TIFF, BMP"
    " or AVIF."
)
HINTS = {  # how other files begin, and what their owners can do
    b"<svg": "This is an SVG, a drawing in words: save it as a PNG first.",
    b"<?xml": "This is a drawing or a text in XML, no picture: save it as a PNG first.",
    b"%PDF": "This is a PDF: save its page as a PNG first.",
    b"%!PS": "This is a PostScript file: save it as a PNG first.",
    b"ftyphei": "This is a HEIC photograph, which few programs read: export it as a JPEG first.",
    b"ftypmif1": "This is a HEIC photograph, which few programs read: export it as a JPEG first.",
}


def read(source: str | Path | bytes) -> Tensor:
    """A picture file, by path or as bytes, as float32 (3, H, W) in [0, 1], reduced until the shorter side is ≤ 512.

    The first picture of an animation or of several pages; turned upright by its EXIF tag; transparency laid on white;
    16 bits divided by 65535, floats by their largest value where that is above 1, and shifted where some are negative.
    Raises ValueError, with a sentence for the person who brought it, for anything else than a picture of up to 20 MB
    and 50 million pixels, at least 4 pixels wide and high and at most 20 times as long as wide.
    """
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"This file has {size / 1e6:.0f} MB; bring a picture of up to {MOST_BYTES / 1e6:.0f} MB.")
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if size == 0:
        raise ValueError("This file is empty: choose it again, or bring another.")
    refused = None
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            refused = _refusal(*image.size)
            if refused is None:
                return _to_tensor(image)
    except Image.DecompressionBombError as error:
        raise ValueError("This picture has too many pixels; bring one of up to 50 million.") from error
    except Exception as error:  # a spoilt file raises whatever its decoder met: OSError, ValueError, struct.error, …
        raise ValueError(_hint(data)) from error
    raise ValueError(refused)


def from_data_uri(uri: str) -> Tensor:
    """A picture that travels as text, `data:image/png;base64,…`, as float32 (3, H, W) in [0, 1]."""
    try:
        data = base64.b64decode(uri.partition(",")[2], validate=True)
    except ValueError as error:
        raise ValueError("The picture's text is not whole: choose or upload it again.") from error
    return read(data)


def to_data_uri(data: bytes) -> str:
    """The bytes of a file as text for `from_data_uri`."""
    return f"data:application/octet-stream;base64,{base64.b64encode(data).decode('ascii')}"


def _refusal(width: int, height: int) -> str | None:
    """What is wrong with a picture of this size, if anything."""
    size, short, long = f"{width}×{height}", min(width, height), max(width, height)
    if width * height > MOST_PIXELS:
        return f"This picture has {size} pixels; bring one of up to 50 million."
    if short < LEAST_SIDE:
        return f"This picture has {size} pixels, too few to show anything; bring one of at least 4×4."
    if long > MOST_ELONGATED * short:
        return f"This picture has {size} pixels, too long a strip; cut out the part that matters and bring that."
    return None


def _hint(data: bytes) -> str:
    start = data[:300].lower()
    return next((words for mark, words in HINTS.items() if mark.lower() in start), NO_PICTURE)


def _to_tensor(image: Image.Image) -> Tensor:
    orientation = image.getexif().get(0x0112, 1)
    factor = -(-min(image.size) // KEPT_SIDE)
    # A JPEG decodes itself at a half, a quarter or an eighth, for less time and memory.
    image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    values = np.concatenate(list(_reduced(image, -(-min(image.size) // KEPT_SIDE))))
    if values.shape[2] == 1:
        values = _scaled(values, image.mode)
    picture = torch.from_numpy(values).permute(2, 0, 1)
    upright = TURNS.get(orientation, lambda x: x)(picture)
    return upright.expand(3, -1, -1).clamp(0, 1).contiguous()


def _reduced(image: Image.Image, factor: int) -> Iterator[np.ndarray]:
    """The picture in strips, each the mean over blocks of factor × factor: float32 (h, w, 3), or (h, w, 1) unscaled."""
    deep = image.mode in ("I", "F") or image.mode.startswith("I;16")
    rows = max(factor, 1_000_000 // image.width // factor * factor)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        if deep:
            numbers = np.nan_to_num(np.asarray(strip, dtype=np.float32), posinf=0, neginf=0)
            yield np.asarray(Image.fromarray(numbers).reduce(factor))[..., None]
        elif image.has_transparency_data:
            rgba = strip.convert("RGBA").convert("RGBa")  # times alpha, so that hidden colours do not shine through
            part = np.asarray(rgba.reduce(factor), dtype=np.float32) / 255
            yield part[..., :3] + 1 - part[..., 3:]
        else:
            yield np.asarray(strip.convert("RGB").reduce(factor), dtype=np.float32) / 255


def _scaled(values: np.ndarray, mode: str) -> np.ndarray:
    """16-bit, 32-bit or float values to [0, 1]: 16 bits by 65535, the others by what they reach."""
    values = np.nan_to_num(values, posinf=0, neginf=0)
    low = min(0.0, float(values.min()))
    white = max(65535.0 if mode.startswith("I") else 1.0, float(values.max()))
    return (values - low) / (white - low)


TURNS: dict[int, Callable[[Tensor], Tensor]] = {  # EXIF's orientation -> how (C, H, W) is turned or mirrored upright
    2: lambda x: x.flip(2),
    3: lambda x: x.flip(1, 2),
    4: lambda x: x.flip(1),
    5: lambda x: x.transpose(1, 2),
    6: lambda x: x.rot90(-1, (1, 2)),
    7: lambda x: x.transpose(1, 2).flip(1, 2),
    8: lambda x: x.rot90(1, (1, 2)),
}
