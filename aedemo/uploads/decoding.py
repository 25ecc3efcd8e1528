"""Image files as Pillow decodes them, reduced in strips, so that a large photograph is never in memory as floats."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from PIL import Image

from aedemo.uploads import limits
from aedemo.uploads.colour import Encoding
from aedemo.uploads.samples import SMALL_PART, Samples, reduce_rows, used_range

# Not all of Pillow's: EPS, say, calls Ghostscript, JPEG 2000 takes any memory, and others run slowly in Python.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "PPM", "TGA", "PCX")
STRIP = 1_000_000  # pixels that are floats at once
LOWER = {  # how Pillow unpacks the upper bytes of 16 bits -> the lower ones; LA as R, G of grey and B, A of alpha
    "RGB;16B": "RGB;16L",
    "RGBA;16B": "RGBA;16L",
    "LA;16B": "RGBA",
}
JPEG_END = b"\xff\xd9"


def decode(data: bytes) -> Samples:
    """The samples of a file in one of FORMATS. Raises Refused for its size or cost, and whatever Pillow raises."""
    try:
        return _decode(data)
    except OSError as error:
        if not (data.startswith(b"\xff\xd8") and "truncated" in str(error) and _lacks_only_its_end(data)):
            raise
    return _decode(data + JPEG_END)


def _decode(data: bytes) -> Samples:
    samples, packing, maximum = _eight_bits(data)
    if packing is None:
        return samples
    return replace(samples, **_sixteen_bits(data, packing), bits=16, high=maximum or 65535.0)


def _eight_bits(data: bytes) -> tuple[Samples, str | None, float | None]:
    """What Pillow makes of a file; how 16 bits are packed, where the lower 8 that it drops matter; what is white."""
    with _open(data) as image:
        limits.check_size(*image.size)
        limits.check_cost(image, data)
        image.draft(None, _drafted(image))
        maximum, packing = _unpacked_in_c(image), image.tile[0].args if image.tile else None
        image.load()
        if image.mode in ("I", "F") or image.mode.startswith("I;16"):
            return _numbers(image, maximum), None, maximum
        samples = _colours(image, maximum)
        if packing not in LOWER or 2 * limits.memory(image) > limits.MAX_MEMORY:
            return samples, None, maximum
        low, high = used_range(samples)
        upper_suffice = high - low >= SMALL_PART
        return samples, None if upper_suffice else packing, maximum


def _open(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _drafted(image: Image.Image) -> tuple[int, int]:
    """The size that a JPEG may decode itself at, for less time and memory: a half, a quarter or an eighth."""
    factor = limits.reduction_factor(*image.size)
    return image.width // factor, image.height // factor


def _unpacked_in_c(image: Image.Image) -> float | None:
    """Let a PNM that Pillow scales in Python be unpacked unscaled; returns the number that is white in it."""
    if image.format != "PPM" or image.tile[0].codec_name != "ppm":
        return None
    mode, maximum = image.tile[0].args
    packing = mode if maximum <= 255 else "I;16B" if mode == "L" else f"{mode};16B"
    image.tile = [image.tile[0]._replace(codec_name="raw", args=packing)]
    return float(maximum)


def _strips(image: Image.Image, pixels: int = STRIP) -> Iterator[Image.Image]:
    factor = limits.reduction_factor(*image.size)
    rows = max(factor, pixels // image.width // factor * factor)
    for top in range(0, image.height, rows):
        yield image.crop((0, top, image.width, min(top + rows, image.height)))


def _numbers(image: Image.Image, maximum: float | None) -> Samples:
    """Grey of 16 bits, 32 bits or floats; what is no finite number is 0, and one number may be transparent."""
    key = image.info.get("transparency") if image.mode.startswith("I;16") else None

    def rows() -> Iterator[np.ndarray]:
        for strip in _strips(image):
            numbers = np.nan_to_num(np.asarray(strip, dtype=np.float32), posinf=0, neginf=0)[..., None]
            opaque = numbers != key
            yield numbers if key is None else np.concatenate([numbers * opaque, opaque], axis=2, dtype=np.float32)

    values = reduce_rows(rows(), limits.reduction_factor(*image.size))
    bits = 0 if image.mode == "F" else 32 if image.mode == "I" and image.format != "PPM" else 16
    return Samples(
        values=values[..., :1],
        alpha=None if key is None else values[..., 1:],
        bits=bits,
        high=(maximum or 65535.0) if bits else 1.0,
        orientation=_orientation(image),
        encoding=_encoding(image),
    )


def _colours(image: Image.Image, maximum: float | None) -> Samples:
    """Anything of 8 bits a channel, as RGB or CMYK, with alpha where something shows through."""
    factor, transparent = limits.reduction_factor(*image.size), image.has_transparency_data
    parts = []
    for strip in _strips(image):
        if transparent:
            strip = strip.convert("RGBA").convert("RGBa")  # times alpha, so that hidden colours do not shine through
        elif image.mode != "CMYK":
            strip = strip.convert("RGB")
        parts.append(np.asarray(strip.reduce(factor)) / np.float32(255))
    values = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return Samples(
        values=values[..., :3] if transparent else values,
        alpha=values[..., 3:] if transparent else None,
        high=1.0 if maximum is None else maximum / (255 if maximum <= 255 else 65535),
        orientation=_orientation(image),
        encoding=_encoding(image),
    )


def _sixteen_bits(data: bytes, packing: str) -> dict[str, np.ndarray | None]:
    """The values, and alpha or None, of a file whose colours have 16 bits, of which Pillow keeps the upper 8."""
    with _open(data) as upper, _open(data) as lower:
        for image in (upper, lower):
            _unpacked_in_c(image)
        lower.tile = [lower.tile[0]._replace(args=LOWER[packing])]
        upper.load()
        lower.load()
        key = upper.info.get("transparency")

        def rows() -> Iterator[np.ndarray]:
            for parts in zip(_strips(upper, STRIP // 8), _strips(lower, STRIP // 8), strict=True):
                high, low = (np.asarray(part, dtype=np.float32) for part in parts)
                whole = low[..., ::2] * 256 + low[..., 1::2] if packing == "LA;16B" else high * 256 + low
                if key is not None:
                    whole = np.concatenate([whole, 65535.0 * (whole != key).any(axis=2, keepdims=True)], axis=2)
                alpha = whole[..., -1:] / 65535 if whole.shape[2] in (2, 4) else None
                yield whole if alpha is None else np.concatenate([whole[..., :-1] * alpha, alpha], 2, dtype=np.float32)

        values = reduce_rows(rows(), limits.reduction_factor(*upper.size))
    if values.shape[2] in (2, 4):
        return {"values": values[..., :-1], "alpha": values[..., -1:]}
    return {"values": values, "alpha": None}


def _lacks_only_its_end(data: bytes) -> bool:
    """Whether a JPEG without its end marker has all its pixels: then what follows them changes none.

    Where pixels are missing, libjpeg takes what comes next for them, after a restart marker if one is due.
    """
    body, checksums = data.rstrip(b"\xff"), {_checksum(data + JPEG_END)}
    for seed in (0, 1):
        noise = np.random.default_rng(seed).integers(0, 255, 2048, dtype=np.uint8).tobytes()
        restarts = b"".join(b"\xff" + bytes([0xD0 + number]) + noise for number in range(8))
        checksums.add(_checksum(body + noise + restarts + JPEG_END))
    return len(checksums) == 1


def _checksum(data: bytes) -> int:
    with _open(data) as image:
        limits.check_cost(image, data, decodes=4)
        full = limits.memory(image) + 4 * image.width * image.height
        if not image.info.get("progressive") or full > limits.MAX_MEMORY:
            image.draft(None, _drafted(image))  # else a late scan of fine detail shows at full size only
        image.load()
        result = 0
        for strip in _strips(image):
            result = zlib.crc32(strip.tobytes(), result)
        return result


def _orientation(image: Image.Image) -> int:
    """How a loaded image still has to be turned: not at all if it is a TIFF, which Pillow turns as it loads it."""
    try:
        return image.getexif().get(limits.ORIENTATION, 1)
    except Exception:  # metadata that cannot be read spoil no image
        return 1


def _encoding(image: Image.Image) -> Encoding:
    profile = image.info.get("icc_profile")
    if image.format != "PNG" or "srgb" in image.info:
        return Encoding(profile)
    return Encoding(profile, image.info.get("gamma"), image.info.get("chromaticity"))
