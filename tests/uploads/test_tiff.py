"""TIFFs as microscopes, scanners and numpy write them: written by tifffile or by hand, their pixels known."""

import io

import numpy as np
import pytest
import tifffile  # which comes with scikit-image
import torch
from PIL import Image

from aedemo import uploads
from tests.uploads.samples import LYING, PIXELS, RAMP, RGB, assert_near, assert_refused, tiff, written

SHADES = np.tile(PIXELS, (3, 4, 1))[:70, :61] / 255  # (70, 61, 3), neither a multiple of a tile nor of a strip
SHADES[0, 0], SHADES[0, 1] = 0, 1
GREY = SHADES.mean(axis=2)
GREY16 = (RAMP * 65535).round().astype("<u2")


def of(shades: np.ndarray) -> torch.Tensor:
    """(H, W) or (H, W, 3) as (3, H, W)."""
    x = torch.from_numpy(shades.astype(np.float32))
    return x.expand(3, -1, -1) if x.ndim == 2 else x.permute(2, 0, 1)


def numbers(shades: np.ndarray, dtype: str) -> np.ndarray:
    """Shades in [0, 1] over all that the type holds; signed ones from the most negative."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return shades.astype(kind)
    limits = np.iinfo(kind)
    return (np.round(shades * (int(limits.max) - int(limits.min))) + limits.min).astype(kind)


def by_tifffile(values: np.ndarray, **options) -> bytes:
    stream = io.BytesIO()
    tifffile.imwrite(stream, values, metadata=None, **options)
    return stream.getvalue()


TYPES = ["u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8"]
BLOCKS = {"strip": {}, "strips": {"rowsperstrip": 7}, "tiles": {"tile": (32, 16)}}
PACKINGS = {"plain": {}, "deflate": {"compression": "zlib"}, "differences": {"compression": "zlib", "predictor": 2}}


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=BLOCKS)
@pytest.mark.parametrize("packing", PACKINGS.values(), ids=PACKINGS)
def test_every_depth_sign_order_and_packing_gives_the_same_image(dtype, order, blocks, packing):
    if dtype[0] == "f" and "predictor" in packing:
        packing = {"compression": "zlib"}  # tifffile writes no others
    options, atol = {"byteorder": order, **blocks, **packing}, 0.003 if dtype[1:] in "12" else 1e-6
    chunky, planar = numbers(SHADES, dtype), numbers(SHADES.transpose(2, 0, 1), dtype)
    assert_near(uploads.read(by_tifffile(chunky, photometric="rgb", **options)), of(SHADES), atol)
    assert_near(
        uploads.read(by_tifffile(planar, photometric="rgb", planarconfig="separate", **options)), of(SHADES), atol
    )
    for photometric, shades in {"minisblack": GREY, "miniswhite": 1 - GREY}.items():
        assert_near(
            uploads.read(by_tifffile(numbers(shades, dtype), photometric=photometric, **options)), of(GREY), atol
        )


@pytest.mark.parametrize("dtype", ["u1", "u2", "f4"])
def test_a_big_tiff_is_read(dtype):
    data = by_tifffile(numbers(SHADES, dtype), photometric="rgb", bigtiff=True, byteorder="<")
    assert_near(uploads.read(data), of(SHADES), 1e-6)
    data = by_tifffile(numbers(SHADES, dtype), photometric="rgb", bigtiff=True, byteorder=">")
    assert_refused(data, "BigTIFF with big-endian numbers", "ordinary TIFF")


def strip_of(rows: np.ndarray, packing: str) -> bytes:
    """Bytes (H, n) as the one strip that Pillow makes of them."""
    data = written(Image.fromarray(rows), "TIFF", compression=packing)
    with Image.open(io.BytesIO(data)) as image:
        ((start,), (size,)) = image.tag_v2[273], image.tag_v2[279]
    return data[start : start + size]


@pytest.mark.parametrize(("number", "packing"), [(5, "tiff_lzw"), (32773, "packbits"), (50000, "zstd")])
def test_what_libtiff_unpacks_is_read(number, packing):
    body = strip_of(GREY16.view(np.uint8).reshape(24, -1), packing)
    assert_near(uploads.read(tiff(16, 24, (16,), body, _259=number)), of(GREY16 / 65535), 1e-6)


def test_differences_of_floats_are_undone():
    """Technical Note 3: all first bytes of a row, then all second ones, …; each byte less the one before it."""
    bytes_ = RAMP.astype(">f4").view(np.uint8).reshape(24, 16, 4).swapaxes(1, 2).reshape(24, 64)
    differences = np.diff(bytes_, axis=1, prepend=np.uint8(0))
    data = tiff(16, 24, (32,), strip_of(differences, "tiff_lzw"), _259=5, _317=3, _339=3)
    assert_near(uploads.read(data), of(RAMP), 1e-6)


@pytest.mark.parametrize("bits", [10, 12, 14, 24])
def test_numbers_of_any_depth_are_read(bits):
    whole = np.round(RAMP * (2**bits - 1)).astype(int)
    rows = np.packbits((whole[..., None] >> np.arange(bits)[::-1] & 1).reshape(24, -1).astype(np.uint8), axis=1)
    assert_near(uploads.read(tiff(16, 24, (bits,), rows.tobytes())), of(RAMP), 2**-bits + 1e-6)
    lowest_bit_first = np.packbits(np.unpackbits(rows, axis=1).reshape(24, -1, 8)[..., ::-1], axis=2)
    assert_near(uploads.read(tiff(16, 24, (bits,), lowest_bit_first.tobytes(), _266=2)), of(RAMP), 2**-bits + 1e-6)


@pytest.mark.parametrize("extra", [0, 1, 2])
def test_alpha_lies_on_white_as_its_kind_says(extra):
    """ExtraSamples: 0 is anything, 1 alpha that the colours are multiplied by, 2 alpha beside them."""
    alpha = np.linspace(0, 1, 61)[None, :, None] * np.ones((70, 1, 1))
    held = SHADES * alpha if extra == 1 else SHADES
    data = np.concatenate([held, alpha], axis=2).astype("<f4").tobytes()
    expected = SHADES if extra == 0 else SHADES * alpha + 1 - alpha
    assert_near(uploads.read(tiff(61, 70, (32,) * 4, data, _338=(extra,), _339=(3,) * 4)), of(expected), 1e-5)


def test_ink_of_sixteen_bits_is_taken_off_white():
    data = numbers(np.concatenate([1 - SHADES, np.full((70, 61, 1), 0.25)], axis=2), "u2").astype("<u2").tobytes()
    assert_near(uploads.read(tiff(61, 70, (16,) * 4, data, _262=5)), of(SHADES * 0.75), 1e-4)


@pytest.mark.parametrize("orientation", LYING)
def test_a_deep_image_is_turned_upright(orientation):
    lying = np.asarray(RGB.transpose(LYING[orientation])).astype("<u2") * 257
    data = tiff(*lying.shape[1::-1], (16,) * 3, lying.tobytes(), _274=orientation)
    assert_near(uploads.read(data), of(PIXELS / 255), 1e-6)


@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=BLOCKS)
def test_a_large_one_is_reduced_to_the_means_of_its_blocks(blocks):
    values = np.random.default_rng(0).integers(0, 65536, (1030, 1100, 3), dtype=np.uint16)
    whole = values[:1029, :1098] / 65535
    expected = whole.reshape(343, 3, 366, 3, 3).mean((1, 3))
    image = uploads.read(by_tifffile(values, photometric="rgb", compression="zlib", **blocks))
    assert_near(image[:, :343, :366], of(expected), 1e-5)


STRIP16 = GREY16.tobytes()
REFUSED = {  # what is brought -> what is said of it
    "complex numbers": (by_tifffile(RAMP.astype("c8")), "complex numbers", "magnitude"),
    "palette of 16 bits": (tiff(16, 24, (16,), STRIP16, _262=3), "palette indices", "RGB or grey"),
    "raw data of a camera": (tiff(16, 24, (16,), STRIP16, _262=32803), "raw camera data", "RGB or grey"),
    "deep JPEG": (tiff(16, 24, (16,), STRIP16, _259=7), "16-bit samples, compressed by JPEG", "without compression"),
    "unknown packing": (tiff(16, 24, (16,), STRIP16, _259=999), "compressed by method 999", "without compression"),
    "channels unlike": (tiff(16, 24, (8, 16, 16), STRIP16 * 3), "channels that differ", "one depth"),
    "floats of 24 bits": (tiff(16, 24, (24,), STRIP16 * 2, _339=3), "24-bit numbers of a kind", "16-bit or float TIFF"),
    "truncated": (tiff(16, 24, (16,), STRIP16[:-2]), "not all of it arrived", "whole PNG"),
    "truncated, packed": (
        tiff(16, 24, (16,), strip_of(GREY16.view(np.uint8).reshape(24, -1), "tiff_lzw")[:99], _259=5),
        "not all of it arrived",
    ),
    "too few strips": (tiff(16, 24, (16,), STRIP16, _278=4), "not all of it arrived"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_is_not_read_is_called_what_it_is(case):
    data, *words = case
    assert_refused(data, *words)
