"""Picture files of any kind as tensors, within bounds of bytes, pixels and memory; whatever is wrong is one sentence.

The size that a file claims is looked at before a pixel is decoded. Then pixels are taken in strips and reduced there,
so that a large photograph never stands in memory as floats: no model here sees more than 128×128 of them.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

MOST_BYTES, MOST_PIXELS = 20_000_000, 50_000_000
MOST_MEMORY = 310_000_000  # bytes, while one picture is decoded and reduced
MOST_SCANS = 100  # of a progressive JPEG, which is gone through once for each; programs write some ten
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
    **dict.fromkeys(
        (b"ftyphe", b"ftypmif1", b"ftypmsf1"),  # heic, heix, hevc, heim, …
        "This is a HEIC photograph, which few programs read: export it as a JPEG first.",
    ),
}
KEPT_BYTES = {"WEBP": 18, "AVIF": 12}  # a pixel: these decoders keep several whole copies, as measured
ORIENTATION, WIDTH, HEIGHT, BITS_PER_SAMPLE, SAMPLES_PER_PIXEL = 274, 256, 257, 258, 277  # tags of EXIF and TIFF
ROWS_PER_STRIP, TILE_WIDTH, TILE_LENGTH = 278, 322, 323
RUN_LENGTHS = (1, 2)  # BMPs that Pillow unpacks in Python, ten million pixels a second


def read(source: str | Path | bytes) -> Tensor:
    """A picture file, by path or as bytes, as float32 (3, H, W) in [0, 1], reduced until the shorter side is ≤ 512.

    The first picture of an animation or of several pages; turned upright by its EXIF tag; transparency laid on white;
    16 bits divided by 65535, floats by their largest value where that is above 1, and shifted where some are negative.
    Raises ValueError, with a sentence for the person who brought it, for anything else than a picture of up to 20 MB
    and 50 million pixels, at least 4 pixels wide and high, at most 20 times as long as wide, and decoded within 310 MB
    of memory: a WebP has up to 16 million pixels then, an AVIF 25. Raises OSError where no file has this path.
    """
    size = len(source) if isinstance(source, bytes) else Path(source).stat().st_size
    if size > MOST_BYTES:
        upwards = -(-size // 100_000) / 10  # never "20.0 MB; up to 20 MB"
        raise ValueError(f"This file has {upwards:.1f} MB; bring a picture of up to {MOST_BYTES / 1e6:.0f} MB.")
    if size == 0:
        raise ValueError("This file is empty: choose it again, or bring another.")
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    refused = None
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            refused = _refusal(*image.size) or _too_dear(image, data)
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


def _too_dear(image: Image.Image, data: bytes) -> str | None:
    """What is said of a picture whose decoder would take too much memory or time, whatever its size."""
    scans = len(re.findall(rb"\xff\xda\0[\x08\x0a\x0c\x0e]", data)) if image.info.get("progressive") else 0
    slow = image.format == "BMP" and image.info.get("compression") in RUN_LENGTHS and image.width * image.height > 1e7
    if not slow and scans <= MOST_SCANS and _memory(image) <= MOST_MEMORY:
        return None
    what = f"{image.format} of {image.width}×{image.height} pixels"
    return f"This {what} takes too much memory or time: make it smaller, or save it as a plain JPEG."


def _memory(image: Image.Image) -> int:
    """Bytes that decoding and reducing take, at most."""
    pixels = image.width * image.height
    kept = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16B": 2}.get(image.mode, 4)  # a pixel, by Pillow
    reduced = 24 * pixels // _factor(image) ** 2
    if image.format == "TIFF":  # whole strips or tiles are unpacked beside the picture, and a lying one is turned
        tags = image.tag_v2
        strip = tags[WIDTH] * min(tags[HEIGHT], tags.get(ROWS_PER_STRIP, tags[HEIGHT]))
        block = tags[TILE_WIDTH] * tags[TILE_LENGTH] if TILE_WIDTH in tags else strip
        bits = tags.get(BITS_PER_SAMPLE, (1,))
        bits = max(sum(bits), bits[0] * tags.get(SAMPLES_PER_PIXEL, 1))
        return pixels * kept * (1 + (tags.get(ORIENTATION, 1) > 1)) + block * bits // 8 + reduced
    if image.info.get("progressive"):  # all coefficients, until the last scan is in
        return pixels * 2 * len(image.getbands()) + reduced
    return pixels * KEPT_BYTES.get(image.format, kept) + reduced


def _hint(data: bytes) -> str:
    start = data[:300].lower()
    return next((words for mark, words in HINTS.items() if mark.lower() in start), NO_PICTURE)


def _factor(image: Image.Image) -> int:
    return -(-min(image.size) // KEPT_SIDE)


def _to_tensor(image: Image.Image) -> Tensor:
    factor = _factor(image)
    # A JPEG decodes itself at a half, a quarter or an eighth, for less time and memory.
    image.draft(None, (image.width // factor, image.height // factor))
    image.load()
    values = np.concatenate(list(_reduced(image, _factor(image))))
    if values.shape[2] == 1:
        values = _scaled(values, image.mode)
    picture = torch.from_numpy(values).clamp_(0, 1).permute(2, 0, 1)
    upright = TURNS.get(_orientation(image), lambda x: x)(picture)
    return upright.expand(3, -1, -1).contiguous()


def _orientation(image: Image.Image) -> int:
    """How a loaded picture still has to be turned: not at all if it is a TIFF, which Pillow turns as it loads it."""
    try:
        return image.getexif().get(ORIENTATION, 1)
    except Exception:  # notes that cannot be read spoil no picture
        return 1


def _reduced(image: Image.Image, factor: int) -> Iterator[np.ndarray]:
    """The picture in strips, each the mean over blocks of factor × factor: float32 (h, w, 3), or (h, w, 1) unscaled."""
    deep = image.mode in ("I", "F") or image.mode.startswith("I;16")
    rows = max(factor, 1_000_000 // image.width // factor * factor)
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        if deep:
            yield np.asarray(Image.fromarray(_numbers(strip)).reduce(factor))[..., None]
        elif image.has_transparency_data:
            rgba = strip.convert("RGBA").convert("RGBa")  # times alpha, so that hidden colours do not shine through
            part = np.asarray(rgba.reduce(factor), dtype=np.float32) / 255
            yield part[..., :3] + 1 - part[..., 3:]
        else:
            yield np.asarray(strip.convert("RGB").reduce(factor), dtype=np.float32) / 255


def _numbers(strip: Image.Image) -> np.ndarray:
    """Part of a picture of 16 bits, 32 bits or floats as finite float32, unscaled; what is transparent is white."""
    numbers = np.nan_to_num(np.asarray(strip, dtype=np.float32), posinf=0, neginf=0)
    if strip.mode.startswith("I;16") and "transparency" in strip.info:
        numbers[numbers == strip.info["transparency"]] = 65535
    return numbers


def _scaled(values: np.ndarray, mode: str) -> np.ndarray:
    """16-bit, 32-bit or float values to [0, 1]: 16 bits by 65535, the others by what they reach."""
    low = min(0.0, float(values.min()))
    white = max(65535.0 if mode.startswith("I") else 1.0, float(values.max()))
    return (values / 2 - low / 2) / (white / 2 - low / 2)  # halves: the range from low to white may be no float32


TURNS: dict[int, Callable[[Tensor], Tensor]] = {  # EXIF's orientation -> how (C, H, W) is turned or mirrored upright
    2: lambda x: x.flip(2),
    3: lambda x: x.flip(1, 2),
    4: lambda x: x.flip(1),
    5: lambda x: x.transpose(1, 2),
    6: lambda x: x.rot90(-1, (1, 2)),
    7: lambda x: x.transpose(1, 2).flip(1, 2),
    8: lambda x: x.rot90(1, (1, 2)),
}
