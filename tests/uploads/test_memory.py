"""Large images are read within bounds of memory and time; what is too large is refused before it is decoded.

Memory is measured in fresh processes (measure.py), in MB of 2²⁰ bytes above what they held before. Time is theirs, not
the clock's, since others may be at work on the machine.
"""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, features

from aedemo.uploads.limits import MAX_SHORT_SIDE
from tests.uploads.corrupt import claim
from tests.uploads.samples import SENTENCE, bmp, chunk, many_scans, needs_avif, raw_png, squeezed, tiff, written

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory is measured as Linux counts it")
MAX_GROWN, MAX_SECONDS = 300, 2
CORRUPT = 300
LYING = Image.Exif()
LYING[0x0112] = 6


def flat_png(width: int, height: int, colour: int, channels: int, bits: int = 8) -> bytes:
    """A PNG of zeros, whatever their number, in few KB and without an image in memory."""
    rows = squeezed(height * (1 + -(-width * channels * bits // 8)))
    head = raw_png(width, height, bits, colour, b"").partition(b"IDAT")[0][:-4]
    return head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def grey_jpeg(width: int, height: int) -> bytes:
    """Not flat: noise in every block."""
    noise = np.random.default_rng(0).integers(0, 256, (64, width), dtype=np.uint8)
    return written(Image.fromarray(np.tile(noise, (height // 64, 1))), "JPEG", quality=30)


def flat(mode: str, width: int, height: int, kind: str, **options) -> bytes:
    return written(Image.new(mode, (width, height)), kind, **options)


def deep_tiff(shape: tuple[int, ...], dtype: str, **options) -> bytes:
    stream = io.BytesIO()
    options = {"photometric": "rgb", "compression": "zlib", "rowsperstrip": 8, "metadata": None} | options
    tifffile.imwrite(stream, np.zeros(shape, dtype), **options)
    return stream.getvalue()


def webp(width: int, height: int) -> bytes:
    """A lossless WebP of one colour needs no bytes for its pixels, only for its size: 34 bytes in all."""
    return claim("WebP", flat("RGBA", 16, 16, "WEBP", lossless=True), width, height)


LARGE = {
    "PNG, 49 megapixels": lambda: flat_png(7000, 7000, 2, 3),
    "PNG with alpha, 30 megapixels": lambda: flat_png(6000, 5000, 6, 4),
    "PNG, as long as may be": lambda: flat_png(1024, 20_480, 2, 3),
    "grey JPEG, 48 megapixels": lambda: grey_jpeg(8000, 6016),
    "progressive JPEG, 48 megapixels": lambda: flat(
        "RGB", 8000, 6000, "JPEG", progressive=True, subsampling=0, optimize=False
    ),
    "GIF, 49 megapixels": lambda: flat("P", 7000, 7000, "GIF", transparency=1),
    "TIFF that lies, 24 megapixels": lambda: flat("RGB", 6000, 4000, "TIFF", compression="tiff_lzw", exif=LYING),
    "TGA, 49 megapixels": lambda: flat("RGB", 7000, 7000, "TGA", compression="tga_rle"),
    "WebP, 16.8 megapixels": lambda: webp(4096, 4096),
    "AVIF, 24 megapixels": lambda: flat("RGB", 6000, 4000, "AVIF", speed=10),
}
HALF = {  # half as large as may be, since they are slow: within half of the memory and half of the time
    "TIFF of floats, 25 megapixels": lambda: flat("F", 5000, 5000, "TIFF", compression="tiff_lzw"),
    "PNG, few of 16 bits, 12 megapixels": lambda: flat_png(4000, 3000, 2, 3, bits=16),
    "JPEG without its end, 24 megapixels": lambda: grey_jpeg(6000, 4032)[:-2],
    "TIFF of 16-bit planes, 18 megapixels": lambda: deep_tiff((3, 4200, 4200), "u2", planarconfig="separate"),
    "TIFF of doubles in tiles, 6 megapixels": lambda: deep_tiff((2800, 2100, 3), "f8", tile=(256, 256)),
}
REFUSED = {  # what is small as a file and large as an image, or slow; pixels that nobody may come to are left out
    "PNG of 100 megapixels": lambda: flat_png(10_000, 10_000, 0, 1, bits=1),
    "PNG of 10 gigapixels": lambda: raw_png(100_000, 100_000, 1, 0, b""),
    "WebP of 34 bytes": lambda: webp(7000, 7000),
    "TIFF of one strip": lambda: tiff(7000, 7000, (8, 8, 8, 8), b"", _259=8, _338=2),
    "TIFF of one tile much larger than itself": lambda: tiff(100, 100, (8,), b"", _259=8, _322=20_000, _323=20_000),
    "TIFF that lies": lambda: tiff(7000, 7000, (8, 8, 8), b"", _259=8, _274=6, _278=100),
    "progressive JPEG, CMYK": lambda: claim("JPEG", flat("CMYK", 16, 16, "JPEG", progressive=True), 7000, 7000),
    "JPEG of a thousand scans": lambda: many_scans(7000, 7000, 1000),
    "PPM in digits, 49 megapixels": lambda: b"P3 7000 7000 255\n",
    "TIFF of tiny tiles": lambda: tiff(1000, 1000, (16,), b"", _322=4, _323=4, _324=(0,) * 62_500, _325=(32,) * 62_500),
    "TIFF of doubles in one tile": lambda: tiff(7000, 7000, (64,), b"", _259=8, _322=7008, _323=7008, _339=3),
    "BMP of run lengths": lambda: bmp(7000, 7000, 1, b"\1\0\0\0" * 7000),
}


@pytest.fixture(scope="module")
def measured(tmp_path_factory) -> dict[str, dict]:
    """Name of a file -> what measure.py says of it; and of the corrupt ones together, under "corrupt"."""
    folder, paths = tmp_path_factory.mktemp("large"), {}
    for name, make in (LARGE | HALF | REFUSED).items():
        if features.check("avif") or "AVIF" not in name:
            paths[name] = folder / str(len(paths))
            paths[name].write_bytes(make())
    command = [sys.executable, "-m", "tests.uploads.measure", str(CORRUPT), *map(str, paths.values())]
    root, settings = Path(__file__).parents[2], os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=root, env=settings)
    assert done.returncode == 0, done.stderr
    return dict(zip([*paths, "corrupt"], map(json.loads, done.stdout.splitlines()), strict=True))


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=needs_avif if "AVIF" in name else ()) for name in LARGE | HALF]
)
def test_a_large_image_is_read_within_300_mb(name, measured):
    result = measured[name]
    print(result)
    assert isinstance(result["answer"], list), result["answer"]
    channels, *sides = result["answer"]
    assert channels == 3 and MAX_SHORT_SIDE / 2 < min(sides) <= MAX_SHORT_SIDE
    share = 0.5 if name in HALF else 1
    assert result["grown"] < share * MAX_GROWN
    assert result["seconds"] < share * MAX_SECONDS


@pytest.mark.parametrize("name", REFUSED)
def test_a_bomb_is_refused_before_it_bursts(name, measured):
    result = measured[name]
    assert isinstance(result["answer"], str), result["answer"]
    assert SENTENCE.match(result["answer"])
    assert "50 million" in result["answer"] if "PNG" in name else "smaller" in result["answer"]
    assert result["grown"] < 30
    assert result["seconds"] < 0.5


def test_corrupt_files_are_images_or_one_sentence_each_at_little_cost(measured):
    """Each answer is looked at in corrupt.py; a wrong one ends the process."""
    result = measured["corrupt"]
    print(result)
    assert result["images"] + result["sentences"] >= CORRUPT
    assert result["images"] > CORRUPT / 10 and result["sentences"] > CORRUPT / 3 and result["claims"] > CORRUPT / 3
    assert result["seconds"] < MAX_SECONDS, result["slowest"]
    assert result["grown"] < MAX_GROWN
