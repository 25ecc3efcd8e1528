"""One image in every format that people bring, files that Pillow does not write, and what must hold of an answer."""

from __future__ import annotations

import io
import re
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, features

from aedemo import uploads

SENTENCE = re.compile(r"^[A-Z][^\n]{20,200}\.$")
COLOURS = np.array([[[250, 10, 20], [10, 240, 30]], [[20, 30, 230], [200, 100, 0]], [[90, 91, 92], [0, 255, 128]]])
RGB = Image.fromarray(np.kron(COLOURS, np.ones((8, 8, 1))).astype(np.uint8))  # 3 × 2 fields of 8 × 8 pixels, all unlike
EXPECTED = torch.from_numpy(np.asarray(RGB).astype(np.float32) / 255).permute(2, 0, 1)  # (3, 24, 16)
RAMP = np.linspace(0, 1, 24 * 16).reshape(24, 16)
BLANK = Image.new("RGB", RGB.size)
LYING = {  # EXIF's orientation -> what the camera did to the upright image
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
needs_avif = pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")


def written(image: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def animated(kind: str, **options) -> bytes:
    """RGB, and then something else."""
    return written(RGB, kind, save_all=True, append_images=[BLANK] * 3, **options)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def raw_png(width: int, height: int, bits: int, colour: int, rows: bytes, interlaced: int = 0, extra=b"") -> bytes:
    """A PNG written by hand: sizes and depths that Pillow does not write, or a size that the rows do not fill."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, interlaced))
    body = chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + header + extra + body


def filtered(rows: np.ndarray) -> bytes:
    """The rows of a PNG, none of them filtered."""
    return b"".join(b"\0" + row.tobytes() for row in rows)


def adam7(pixels: np.ndarray) -> bytes:
    """The rows of an interlaced PNG: seven coarse images, each between the pixels of those before."""
    passes = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
    return b"".join(filtered(pixels[top::down, left::across]) for top, left, down, across in passes)


def tiff(width: int, height: int, bits: tuple[int, ...], body: bytes, **tags: int | tuple[int, ...]) -> bytes:
    """A little-endian TIFF written by hand: one strip, or whatever the tags say, each by its number: _322=64."""
    own = {int(name[1:]): value for name, value in tags.items()}
    photometric = 2 if len(bits) > 2 else 1
    entries = {256: width, 257: height, 258: bits, 259: 1, 262: photometric, 277: len(bits)} | own
    place, count = (324, 325) if 322 in own else (273, 279)
    entries |= {place: 0, count: len(body)} | ({} if 322 in own else {278: height}) | own
    head = 8 + 2 + 12 * len(entries) + 4
    beside = b"".join(_packed(value) for value in entries.values() if len(_packed(value)) > 4)
    entries[place] = own.get(place, head + len(beside))
    listed, beside = b"", b""
    for tag, value in sorted(entries.items()):
        data = _packed(value)
        long = len(data) > 4
        field = struct.pack("<I", head + len(beside)) if long else data.ljust(4, b"\0")
        listed += struct.pack("<HHI", tag, *((3, len(value)) if isinstance(value, tuple) else (4, 1))) + field
        beside += data if long else b""
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + listed + bytes(4) + beside + body


def _packed(value: int | tuple[int, ...]) -> bytes:
    return struct.pack(f"<{len(value)}H", *value) if isinstance(value, tuple) else struct.pack("<I", value)


def bmp(width: int, height: int, compression: int, body: bytes) -> bytes:
    """A BMP of eight bits, whose body may be run lengths."""
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, compression, len(body), 0, 0, 256, 0)
    palette = bytes(1024)
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + palette + body


def many_scans(width: int, height: int, scans: int) -> bytes:
    """A grey progressive JPEG whose scans, 60 bytes each, say nothing and are a walk over all its blocks each."""

    def segment(marker: int, body: bytes) -> bytes:
        return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body

    blocks = -(-width // 8) * -(-height // 8)
    frame = segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    one_code = bytes([1] + [0] * 15)  # the bit 0 means: for DC, no change; for AC, nothing in so many blocks
    tables = segment(0xC4, b"\0" + one_code + b"\0") + segment(0xC4, b"\x10" + one_code + b"\xe0")
    flat = segment(0xDA, b"\1\1\0\0\0\0") + bytes(-(-blocks // 8))
    nothing = segment(0xDA, b"\1\1\0\1\x3f\0") + bytes(-(-blocks // 16384) * 15 // 8 + 1)
    return b"\xff\xd8" + segment(0xDB, b"\0" + b"\1" * 64) + frame + tables + flat + nothing * scans + b"\xff\xd9"


def squeezed(count: int) -> bytes:
    """`count` zeros by zlib, a thousandth of that, made in parts."""
    packer, part = zlib.compressobj(1), bytes(1 << 24)
    out = [packer.compress(part[: min(len(part), count - done)]) for done in range(0, count, len(part))]
    return b"".join(out) + packer.flush()


def page(height: int = 60, width: int = 80, ground: float = 0.0, ink: float = 1.0) -> torch.Tensor:
    """(1, H, W) with one upright stroke, 20 × 6."""
    x = torch.full((1, height, width), ground)
    x[:, 20:40, 30:36] = ink
    return x


def plane(height: int, width: int, a: float, across: float, down: float) -> torch.Tensor:
    """(1, H, W): `a` in the middle, changed by `across` and `down` at the edges."""
    return a + across * torch.linspace(-1, 1, width)[None, None] + down * torch.linspace(-1, 1, height)[None, :, None]


PIXELS = np.asarray(RGB)
SIXTEEN = (257 * PIXELS.astype(int)).astype(">u2")
GREY = (RAMP * 65535).round().astype(np.uint16)
LOSSLESS = {
    "PNG": written(RGB, "PNG"),
    "PNG, 16 bits a colour": raw_png(16, 24, 16, 2, filtered(SIXTEEN)),
    "PNG, interlaced": raw_png(16, 24, 8, 2, adam7(PIXELS), interlaced=1),
    "PNG with alpha": written(RGB.convert("RGBA"), "PNG"),
    "PNG palette": written(RGB.quantize(8), "PNG"),
    "APNG": animated("PNG"),
    "GIF": written(RGB.quantize(8), "GIF"),
    "GIF, interlaced": written(RGB.quantize(8), "GIF", interlace=1),
    "GIF, animated": animated("GIF"),
    "WebP": written(RGB, "WEBP", lossless=True),
    "WebP, animated": animated("WEBP", lossless=True),
    "TIFF": written(RGB, "TIFF"),
    "TIFF, LZW": written(RGB, "TIFF", compression="tiff_lzw"),
    "TIFF, deflate": written(RGB, "TIFF", compression="tiff_adobe_deflate"),
    "TIFF of pages": animated("TIFF", compression="tiff_lzw"),
    "TIFF, 16 bits a colour": tiff(16, 24, (16, 16, 16), SIXTEEN.astype("<u2").tobytes()),
    "PPM": written(RGB, "PPM"),
    "PPM in digits": b"P3 16 24 255\n" + b" ".join(b"%d" % value for value in PIXELS.flat),
    "PPM up to 510": b"P6 16 24 510\n" + (PIXELS * 2.0).astype(">u2").tobytes(),
    "TGA": written(RGB, "TGA"),
    "TGA, run lengths": written(RGB, "TGA", compression="tga_rle"),
    "PCX": written(RGB, "PCX"),
    "BMP": written(RGB, "BMP"),
    "BMP with alpha": written(RGB.convert("RGBA"), "BMP"),
}
LOSSY = {
    "JPEG": written(RGB, "JPEG", quality=95),
    "JPEG, progressive": written(RGB, "JPEG", quality=95, progressive=True),
    "JPEG, CMYK": written(RGB.convert("CMYK"), "JPEG", quality=95),
    "MPO": written(RGB, "MPO", quality=95, save_all=True, append_images=[BLANK]),
    "WebP, lossy": written(RGB, "WEBP", quality=95),
} | ({"AVIF": written(RGB, "AVIF", quality=95)} if features.check("avif") else {})
DEEP = {
    "PNG, 16 bits": written(Image.fromarray(GREY), "PNG"),
    "PPM, 16 bits of grey": written(Image.fromarray(GREY), "PPM"),
    "PPM, 16 bits of grey in digits": b"P2 16 24 65535\n" + b" ".join(b"%d" % value for value in GREY.flat),
    "PPM of floats": written(Image.fromarray(RAMP.astype(np.float32)), "PPM"),
    "TIFF, 16 bits": written(Image.fromarray(GREY), "TIFF"),
    "TIFF, 16 bits, LZW": written(Image.fromarray(GREY), "TIFF", compression="tiff_lzw"),
    "TIFF, 16 bits, big-endian": written(Image.frombytes("I;16B", (16, 24), GREY.astype(">u2").tobytes()), "TIFF"),
    "TIFF of floats": written(Image.fromarray(RAMP.astype(np.float32)), "TIFF"),
    "TIFF of floats, deflate": written(
        Image.fromarray(RAMP.astype(np.float32)), "TIFF", compression="tiff_adobe_deflate"
    ),
}
EVERY = LOSSLESS | LOSSY | DEEP


def assert_image(image: torch.Tensor, height: int = 24, width: int = 16) -> None:
    assert image.dtype == torch.float32 and image.shape == (3, height, width)
    assert torch.isfinite(image).all() and image.min() >= 0 and image.max() <= 1


def assert_near(image: torch.Tensor, expected: torch.Tensor, atol: float) -> None:
    torch.testing.assert_close(image, expected, atol=atol, rtol=0)


def assert_sentence(error: ValueError, *words: str) -> None:
    """For a person: one sentence with these words (regular expressions) in order, and nothing of the machine."""
    text = str(error)
    assert type(error) is ValueError and SENTENCE.match(text), text
    assert re.search(".*".join(words), text), text
    assert "/" not in text and "BytesIO" not in text and "\\" not in text, text


def assert_refused(source, *words: str) -> None:
    with pytest.raises(ValueError) as error:
        uploads.read(source)
    assert_sentence(error.value, *words)


def image_or_sentence(data: bytes) -> torch.Tensor | None:
    """What `read` makes of the bytes, a right image, or None after one sentence; anything else fails."""
    try:
        image = uploads.read(data)
    except ValueError as error:
        assert_sentence(error)
        return None
    assert min(image.shape[1:]) >= 1
    assert_image(image, *image.shape[1:])
    return image
