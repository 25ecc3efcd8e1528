"""Arrays -> what a canvas can show: all frames of a filmstrip in one lossless image, as bytes and as a data-URI."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
from PIL import Image, ImageOps

SIDE_LIMIT = 8192  # of a sprite in pixels: what every phone's browser decodes
PIXEL_LIMIT = 32  # up to this side, an image is shown as pixels; above, as a photograph
BLOCK = 8  # the side of JPEG's blocks
MAX_COPY, COPY_QUALITIES = 150_000, (90, 80, 60)  # bytes; of JPEG


@dataclass(frozen=True)
class Sprite:
    """F images of `width` x `height` in rows of `columns`.

    data: the file's bytes, of the type media_type
    address: where the page finds them, if not in the payload
    """

    data: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    columns: int
    frames: int
    pixelated: bool
    address: str | None = None

    @property
    def src(self) -> str:
        """The address, or the bytes themselves as a data-URI."""
        return self.address or f"data:{self.media_type};base64,{base64.b64encode(self.data).decode('ascii')}"

    def to_payload(self, source: Source = attrgetter("src")) -> dict[str, Any]:
        """Ready for JSON; source: what is written as `src`, for those who send the bytes beside the JSON."""
        numbers = {name: getattr(self, name) for name in ("width", "height", "columns", "frames", "pixelated")}
        return {"src": source(self), **numbers}


Source = Callable[[Sprite], Any]


def sprite(images: np.ndarray, pixelated: bool | None = None, columns: int | None = None, exact: bool = True) -> Sprite:
    """One image with all frames.

    images: float (F, C, H, W) in [0, 1], C = 1 or 3, clamped for display.
    pixelated: shown without smoothing; by itself for sides of up to 32, as 8x8 and 28x28.
    columns: frames in a row; by itself about square.
    exact: lossless; otherwise photographs are JPEG where their sides are whole blocks of it, so that no frame bleeds.
    """
    frames = to_bytes(images)
    count, height, width, _ = frames.shape
    if pixelated is None:
        pixelated = shown_as_pixels(images)
    image, columns = sheet(frames, columns)
    if exact or pixelated or height % BLOCK or width % BLOCK:
        data, media_type = lossless(image, pixelated)
    else:
        data, media_type = written(image, "JPEG", quality=92, subsampling=0), "image/jpeg"
    return Sprite(data, media_type, width, height, columns, count, pixelated)


def sheet(frames: np.ndarray, columns: int | None = None) -> tuple[np.ndarray, int]:
    """uint8 (F, H, W, C) -> all of them in rows, uint8 (rows * H, columns * W, C), and how many there are in a row."""
    count, height, width, channels = frames.shape
    if columns is None:
        columns = max(1, min(count, round(math.sqrt(count * height / width)), SIDE_LIMIT // width))
    rows = math.ceil(count / columns)
    if rows * height > SIDE_LIMIT or columns * width > SIDE_LIMIT:
        raise ValueError(
            f"a sprite of {columns * width} x {rows * height} pixels; sides of up to {SIDE_LIMIT} are shown"
        )
    cells = np.zeros((rows * columns, height, width, channels), np.uint8)
    cells[:count] = frames
    cells = cells.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return cells.reshape(rows * height, columns * width, channels), columns


def shown_as_pixels(images: np.ndarray) -> bool:
    """Whether images (F, C, H, W) are so small that they are shown without smoothing."""
    return max(images.shape[2:]) <= PIXEL_LIMIT


def png(image: np.ndarray) -> str:
    """One image, float (C, H, W) in [0, 1], as a lossless data-URI: the identity of an image somebody brought."""
    _, height, width = image.shape
    data = written(to_bytes(image[None])[0], "PNG", compress_level=4)
    return Sprite(data, "image/png", width, height, 1, 1, False).src


def reduced_copy(image: np.ndarray) -> str:
    """float (3, H, W) in [0, 1] -> a data-URI of at most 150 kB: what the page sends again in place of the file.

    Lossless where that surely fits; else a JPEG of the best quality that fits, at last with fewer pixels. At quality 90
    it has half as many bytes again as a WebP, a smaller error, and is made and read in a fifth of the time.
    """
    if image.size <= MAX_COPY:
        return png(image)
    pixels = _pixels(image)
    while True:
        for quality in COPY_QUALITIES:
            data = saved(pixels, "JPEG", quality=quality, subsampling=0)
            if len(data) <= MAX_COPY:
                return f"data:image/jpeg;base64,{base64.b64encode(data).decode('ascii')}"
        pixels = pixels.reduce(2)


def tile(image: np.ndarray, side: int = 64) -> np.ndarray:
    """float (C, H, W) in [0, 1], as it is inside a square, grey beside it: uint8 (3, side, side)."""
    whole = _pixels(image)
    few = max(whole.size) <= side
    fitted = ImageOps.contain(whole, (side, side), Image.Resampling.NEAREST if few else Image.Resampling.BOX)
    sheet = Image.new("RGB", (side, side), (128, 128, 128))
    sheet.paste(fitted.convert("RGB"), ((side - fitted.width) // 2, (side - fitted.height) // 2))
    return np.asarray(sheet).transpose(2, 0, 1)


def to_bytes(images: np.ndarray) -> np.ndarray:
    """float (F, C, H, W) in [0, 1], or uint8 already -> uint8 (F, H, W, C), NaN black."""
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[1] not in (1, 3) or 0 in images.shape:
        raise ValueError(f"images have shape {images.shape}; (F, 1 or 3, H, W) is needed")
    if images.dtype != np.uint8:
        images = images * np.float32(255) + np.float32(0.5)
        images = np.fmin(np.fmax(images, 0, out=images), 255, out=images).astype(np.uint8)  # of NaN and 0, the 0
    count, channels, height, width = images.shape
    frames = np.empty((count, height, width, channels), np.uint8)
    for channel in range(channels):  # faster than to copy the transposed whole
        frames[..., channel] = images[:, channel]
    return frames


def lossless(image: np.ndarray, pixelated: bool) -> tuple[bytes, str]:
    """A sheet uint8 (H, W, C) as a file, and its type: PNG of small images, WebP of photographs.

    WebP is two thirds of PNG there. More effort takes twice the time for some 4 % fewer bytes; less effort a quarter of
    the time, for up to a third more bytes of a soft photograph.
    """
    if pixelated:
        return written(image, "PNG", compress_level=4), "image/png"
    return written(image, "WEBP", lossless=True, method=1, quality=20), "image/webp"


def written(image: np.ndarray, kind: str, **options: Any) -> bytes:
    """uint8 (H, W, 1 or 3) as a file of a format that Pillow writes."""
    grey = image.shape[2] == 1
    return saved(Image.fromarray(np.ascontiguousarray(image[..., 0] if grey else image)), kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """An image as a file of a format that Pillow writes."""
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _pixels(image: np.ndarray) -> Image.Image:
    """float (C, H, W) in [0, 1], or uint8 already -> grey or RGB."""
    pixels = to_bytes(image[None])[0]
    return Image.fromarray(np.ascontiguousarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels))
