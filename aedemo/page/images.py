"""Arrays -> what an <img> or a canvas can show: sprites (all frames in one picture) as data-URIs."""

from __future__ import annotations

import base64
import io
import math
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

SIDE_LIMIT = 8192  # of a sprite in pixels: what every phone's browser decodes
PIXEL_LIMIT = 32  # up to this side, a picture is shown as pixels; above, as a photograph
MAX_COPY, COPY_QUALITIES = 150_000, (90, 75, 60)  # bytes; of WebP
BLUE, RED = np.array([33, 102, 172]) / 255, np.array([178, 24, 43]) / 255  # the ends of ColorBrewer's RdBu


@dataclass(frozen=True)
class Sprite:
    """F pictures of `width` x `height` in rows of `columns`, as one data-URI."""

    src: str
    width: int
    height: int
    columns: int
    frames: int
    pixelated: bool


def sprite(pictures: np.ndarray, pixelated: bool | None = None, columns: int | None = None) -> Sprite:
    """One picture with all frames.

    pictures: float (F, C, H, W) in [0, 1], C = 1 or 3, clamped for display.
    pixelated: shown without smoothing; by itself for sides of up to 32, as 8x8 and 28x28.
    columns: frames in a row; by itself about square.
    Photographs become JPEG with full colour resolution when sides are multiples of 8, since JPEG's own 8x8
    blocks then coincide with frames and patches and bleed nowhere; everything else becomes PNG.
    """
    frames = _bytes(pictures)  # (F, H, W, 3)
    count, height, width, _ = frames.shape
    if pixelated is None:
        pixelated = max(height, width) <= PIXEL_LIMIT
    if columns is None:
        columns = max(1, min(count, round(math.sqrt(count * height / width)), SIDE_LIMIT // width))
    rows = math.ceil(count / columns)
    if rows * height > SIDE_LIMIT or columns * width > SIDE_LIMIT:
        raise ValueError(
            f"a sprite of {columns * width} x {rows * height} pixels; sides of up to {SIDE_LIMIT} are shown"
        )
    sheet = np.zeros((rows * columns, height, width, 3), np.uint8)
    sheet[:count] = frames
    sheet = sheet.reshape(rows, columns, height, width, 3).swapaxes(1, 2).reshape(rows * height, columns * width, 3)
    photo = not pixelated and height % 8 == 0 and width % 8 == 0
    grey = pictures.shape[1] == 1
    return Sprite(_data_uri(sheet[..., 0] if grey else sheet, photo), width, height, columns, count, pixelated)


def png(picture: np.ndarray) -> str:
    """One picture, float (C, H, W) in [0, 1], as a lossless data-URI: the identity of a picture somebody brought."""
    image = _bytes(picture[None])[0]
    return _data_uri(image[..., 0] if picture.shape[0] == 1 else image, photo=False)


def reduced_copy(image: np.ndarray) -> str:
    """float (3, H, W) in [0, 1] -> a data-URI of at most 150 kB: what the page sends again in place of the file.

    Lossless where that surely fits; else a WebP of the best quality that fits, at last with fewer pixels.
    """
    pixels = Image.fromarray(_bytes(image[None])[0])
    if image.size <= MAX_COPY:
        return _data_uri(np.asarray(pixels), photo=False)
    while True:
        for quality in COPY_QUALITIES:
            stream = io.BytesIO()
            pixels.save(stream, "WEBP", quality=quality, method=2)
            if stream.tell() <= MAX_COPY:
                return f"data:image/webp;base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"
        pixels = pixels.reduce(2)


def tile(picture: np.ndarray, side: int = 64) -> np.ndarray:
    """float (C, H, W) in [0, 1], as it is inside a square, grey beside it: uint8 (3, side, side)."""
    image = Image.fromarray(_bytes(picture[None])[0])
    few = max(image.size) <= side
    fitted = ImageOps.contain(image, (side, side), Image.Resampling.NEAREST if few else Image.Resampling.BOX)
    sheet = Image.new("RGB", (side, side), (128, 128, 128))
    sheet.paste(fitted, ((side - fitted.width) // 2, (side - fitted.height) // 2))
    return np.asarray(sheet).transpose(2, 0, 1)


def signed(errors: np.ndarray, limit: float) -> np.ndarray:
    """Error maps in colour: signed float (F, C, H, W) -> uint8 (F, 3, H, W), which `sprite` takes as it is.

    Averaged over channels; blue at -limit, white at 0, red at +limit. Pictures compared share one limit.
    """
    if not limit > 0:
        raise ValueError(f"limit is {limit}; a positive number is needed")
    # A table of 511 colours and a look-up: several times faster than mixing colours for each pixel.
    steps = np.linspace(-1, 1, 511)[:, None]
    table = 255 * (1 - np.abs(steps) * (1 - np.where(steps < 0, BLUE, RED))) + 0.5  # (511, 3)
    mean = errors.mean(axis=1, dtype=np.float32)  # (F, H, W)
    index = np.nan_to_num(np.clip(mean * np.float32(255 / limit), -255, 255)) + np.float32(255.5)
    return table.astype(np.uint8)[index.astype(np.int16)].transpose(0, 3, 1, 2)


def _bytes(pictures: np.ndarray) -> np.ndarray:
    """float (F, C, H, W) in [0, 1], or uint8 already -> uint8 (F, H, W, 3), grey repeated, not-a-number black."""
    pictures = np.asarray(pictures)
    if pictures.ndim != 4 or pictures.shape[1] not in (1, 3) or 0 in pictures.shape:
        raise ValueError(f"pictures have shape {pictures.shape}; (F, 1 or 3, H, W) is needed")
    if pictures.dtype != np.uint8:
        pictures = (np.nan_to_num(np.clip(pictures, 0, 1)) * 255 + 0.5).astype(np.uint8)
    frames = pictures.transpose(0, 2, 3, 1)
    return np.repeat(frames, 3, axis=3) if frames.shape[3] == 1 else frames


def _data_uri(image: np.ndarray, photo: bool) -> str:
    """uint8 (H, W) or (H, W, 3) -> data:image/…;base64,…"""
    stream = io.BytesIO()
    if photo:
        Image.fromarray(image).save(stream, "JPEG", quality=92, subsampling=0)
    else:
        Image.fromarray(image).save(stream, "PNG", compress_level=4)
    kind = "jpeg" if photo else "png"
    return f"data:image/{kind};base64,{base64.b64encode(stream.getvalue()).decode('ascii')}"
