"""Numbers of more than eight bits: scaled, never clipped; and large images: reduced to the means of their blocks."""

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import uploads
from tests.uploads.samples import DEEP, GREY, RAMP, assert_image, assert_near, chunk, filtered, raw_png, written


def floats(values: np.ndarray, **options) -> bytes:
    return written(Image.fromarray(values.astype(np.float32)), "TIFF", **options)


def of(values: np.ndarray) -> torch.Tensor:
    """What is expected to be read: grey values (H, W) as (3, H, W)."""
    return torch.from_numpy(values.astype(np.float32)).expand(3, -1, -1)


@pytest.mark.parametrize("data", DEEP.values(), ids=DEEP)
def test_every_deep_format_gives_the_same_ramp(data):
    assert_image(uploads.read(data))
    assert_near(uploads.read(data), of(RAMP), 1e-5)


STRETCHED = {  # the lowest and the highest of 16-bit values -> those shown as black and white
    "all": (0, 65535, 0, 65535),
    "most": (0, 40_000, 0, 65535),
    "a quarter and a little": (0, 16_400, 0, 65535),
    "14 bits": (0, 16_383, 0, 16_383),
    "12 bits": (0, 4095, 0, 4095),
    "most of 12 bits": (200, 3000, 0, 4095),
    "8 bits": (0, 200, 0, 255),
    "a few labels": (0, 5, 0, 7),
    "a narrow band": (30_000, 31_000, 30_000, 31_000),
    "a narrow band of 12 bits": (2000, 2200, 2000, 2200),
    "one value": (700, 700, 0, 1023),
    "nothing": (0, 0, 0, 65535),
}


def deep_file(kind: str, values: np.ndarray) -> bytes:
    """16-bit values (H, W) as grey or, in all channels alike, as colours."""
    if kind in ("PNG", "TIFF"):
        return written(Image.fromarray(values), kind)
    big = values.astype(">u2")[..., None]
    opaque = np.full_like(big, 65535)
    if kind == "PGM":
        return b"P5 16 24 65535\n" + big.tobytes()
    if kind == "PPM":
        return b"P6 16 24 65535\n" + big.repeat(3, 2).tobytes()
    number, channels = {
        "PNG, RGB": (2, [big] * 3),
        "PNG, LA": (4, [big, opaque]),
        "PNG, RGBA": (6, [big] * 3 + [opaque]),
    }[kind]
    return raw_png(16, 24, 16, number, filtered(np.concatenate(channels, axis=2).astype(">u2")))


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PNG, RGB", "PNG, LA", "PNG, RGBA", "PGM", "PPM"])
@pytest.mark.parametrize("case", STRETCHED.values(), ids=STRETCHED)
def test_values_that_use_a_small_part_of_16_bits_are_stretched_and_it_is_said(kind, case):
    lowest, highest, black, white = case
    values = (lowest + RAMP * (highest - lowest)).round().astype(np.uint16)
    data, stretched = deep_file(kind, values), white != 65535
    opened = uploads.open_image(data)
    upper_bytes_alone = not stretched and kind in ("PPM", "PNG, RGB", "PNG, LA", "PNG, RGBA")
    assert_near(opened.pixels, of((values - float(black)) / (white - black)), 1 / 255 if upper_bytes_alone else 1e-5)
    assert opened.stretched == stretched
    said = f"Values use a small part of their range: {black:,} is shown as black and {white:,} as white."
    assert opened.notes == ((said,) if stretched else ())
    as_it_is = uploads.open_image(data, stretch=False)
    assert_near(as_it_is.pixels, of(values / 65535), 1 / 255)
    assert not as_it_is.stretched and as_it_is.notes == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_a_dark_image_of_8_bits_stays_dark(kind):
    dark = written(Image.fromarray((RAMP * 20).round().astype(np.uint8)), kind)
    opened = uploads.open_image(dark)
    assert not opened.stretched and opened.notes == () and opened.pixels.max() < 0.09


def test_hidden_colours_are_not_in_the_range():
    """Where alpha is 0 lies the largest number; 12 bits are seen."""
    grey, alpha = (RAMP * 4095).round().astype(">u2"), np.full((24, 16), 65535, ">u2")
    grey[:2], alpha[:2] = 65535, 0
    expected = of(grey / 4095).clone()
    expected[:, :2] = 1
    data = raw_png(16, 24, 16, 4, filtered(np.stack([grey, alpha], axis=2).astype(">u2")))
    assert_near(uploads.read(data), expected, 1e-5)
    one = raw_png(16, 24, 16, 0, filtered(grey), extra=chunk(b"tRNS", b"\xff\xff"))
    assert_near(uploads.read(one), expected, 1e-5)


@pytest.mark.parametrize("channels", [2, 4])
def test_sixteen_bits_beside_alpha_keep_their_upper_eight(channels):
    colours = np.repeat(GREY.astype(">u2")[..., None], channels, 2)
    colours[..., -1] = 65535
    image = uploads.read(raw_png(16, 24, 16, {2: 4, 4: 6}[channels], filtered(colours)))
    assert_near(image, of(RAMP), 1 / 255)


def test_whole_numbers_of_32_bits_are_scaled_by_what_they_reach():
    wide = np.linspace(-1e6, 3e6, 384).reshape(24, 16).astype(np.int32)
    assert_near(uploads.read(written(Image.fromarray(wide), "TIFF")), of(RAMP), 1e-5)
    few = (RAMP * 6553.5).astype(np.int32)
    opened = uploads.open_image(written(Image.fromarray(few), "TIFF"), stretch=False)
    assert_near(opened.pixels, of(few / 65535), 1e-6)
    assert_near(uploads.read(written(Image.fromarray(few), "TIFF")), of(few / 8191), 1e-6)


FLOATS = {  # what is written -> what is read
    "0 to 1": (RAMP, RAMP),
    "0 to 0.25, which stays dark": (RAMP / 4, RAMP / 4),
    "0 to 300": (RAMP * 300, RAMP),
    "0 to 65535": (RAMP * 65535, RAMP),
    "-1 to 1": (RAMP * 2 - 1, RAMP),
    "-1 to 0": (RAMP - 1, RAMP / 2),
    "-50 to 150": (RAMP * 200 - 50, RAMP),
    "0 to 0.2, stretched": (RAMP / 5, RAMP),
    "280 to 310, stretched": (RAMP * 30 + 280, RAMP),
    "all that floats hold": ((RAMP * 2 - 1) * 3.4e38, RAMP),
    "next to nothing": (RAMP * 1e-40, RAMP * 0),
    "one number above 1": (np.full((24, 16), 7.0), RAMP * 0 + 1),
    "one number below 1": (np.full((24, 16), 0.5), RAMP * 0 + 0.5),
}


@pytest.mark.parametrize(("values", "expected"), FLOATS.values(), ids=FLOATS)
@pytest.mark.parametrize("options", [{}, {"compression": "tiff_lzw"}], ids=["plain", "LZW"])
def test_floats_are_shifted_and_scaled_into_what_is_seen(values, expected, options):
    image = uploads.read(floats(values, **options))
    assert_image(image)
    assert_near(image, of(expected), 1e-5)


@pytest.mark.parametrize("scale", [1, 300])
def test_what_is_no_number_is_black_and_changes_no_other(scale):
    values = RAMP * scale
    values[3, :5] = np.nan, np.inf, -np.inf, np.nan, np.inf
    expected = RAMP.copy()
    expected[3, :5] = 0
    assert_near(uploads.read(floats(values)), of(expected), 1e-5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_image_of_no_numbers_at_all_is_black(value):
    assert torch.equal(uploads.read(floats(np.full((24, 16), value))), torch.zeros(3, 24, 16))


# Reduction.

HEIGHT, WIDTH, FACTOR = 2063, 1471, 3  # neither a multiple of 3; in strips of 678 rows
ROWS, COLUMNS = np.mgrid[0:HEIGHT, 0:WIDTH] / HEIGHT
WAVES = np.stack([0.5 + 0.5 * np.sin(5 * ROWS + 3 * i) * np.cos(7 * COLUMNS - i) for i in range(4)], -1)  # (H, W, 4)


def block_means(values: np.ndarray, factor: int) -> torch.Tensor:
    """(H, W, C) -> (C, h, w): means over blocks, and over what there is of a block at the lower and right edges."""
    for axis in (0, 1):
        starts = np.arange(0, values.shape[axis], factor)
        counts = np.diff(np.append(starts, values.shape[axis]))
        shape = (-1, 1, 1) if axis == 0 else (1, -1, 1)
        values = np.add.reduceat(values.astype(np.float64), starts, axis) / counts.reshape(shape)
    return torch.from_numpy(values.astype(np.float32)).permute(2, 0, 1)


def eight(values: np.ndarray) -> np.ndarray:
    return (values * 255).round().astype(np.uint8)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_colours_are_reduced_to_the_means_of_their_blocks(kind):
    pixels = eight(WAVES[..., :3])
    image = uploads.read(written(Image.fromarray(pixels), kind, **({"compress_level": 1} if kind == "PNG" else {})))
    assert_image(image, 688, 491)
    assert_near(image, block_means(pixels / 255, FACTOR), 0.7 / 255)


def test_what_shows_through_is_reduced_by_its_weight():
    pixels = eight(WAVES)
    pixels[:, ::2, 3] = 0  # every second column is hidden, and black
    pixels[:, ::2, :3] = 0
    alpha = pixels[..., 3:] / 255
    image = uploads.read(written(Image.fromarray(pixels), "PNG", compress_level=1))
    assert_near(image, block_means(pixels[..., :3] / 255 * alpha + 1 - alpha, FACTOR), 2 / 255)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_reduced_without_rounding(kind):
    values = (WAVES[..., 0] * 65535).astype(np.uint16)
    options = {"compress_level": 1} if kind == "PNG" else {}
    image = uploads.read(written(Image.fromarray(values), kind, **options))
    assert_near(image, block_means(values[..., None] / 65535, FACTOR).expand(3, -1, -1), 1e-5)


def test_floats_are_scaled_after_their_reduction():
    """One number far out is a hot pixel: it does not turn the rest black beyond its share in the mean."""
    values = WAVES[..., 0].copy()
    values[1000, 1000] = 18
    means = block_means(values[..., None], FACTOR)
    assert means.max() > 2
    assert_near(uploads.read(floats(values)), (means / means.max()).expand(3, -1, -1), 1e-5)


def test_a_jpeg_reduces_itself_to_much_the_same():
    pixels = eight(WAVES[..., :3])
    image = uploads.read(written(Image.fromarray(pixels), "JPEG", quality=95))
    assert_image(image, 516, 368)  # by its decoder to a half, then by 2
    assert_near(image, block_means(pixels / 255, 4), 0.02)


@pytest.mark.parametrize(
    ("width", "height", "shape"),
    [(512, 512, (512, 512)), (513, 600, (300, 257)), (512, 3000, (3000, 512)), (1025, 1030, (344, 342))],
)
def test_the_shorter_side_is_divided_by_the_least_whole_number_that_will_do(width, height, shape):
    assert_image(uploads.read(raw_png(width, height, 1, 0, bytes((1 + -(-width // 8)) * height))), *shape)


def test_strips_join_without_a_seam():
    """A ramp from top to bottom rises as evenly where two strips meet as elsewhere."""
    values = np.linspace(0, 65535, 9973)[:, None].repeat(1999, 1).astype(np.uint16)
    image = uploads.read(written(Image.fromarray(values), "PNG", compress_level=1))
    rises = image[0, :-1].diff(dim=0)  # the last row is part of a block only
    assert image.shape[1] == 2494
    assert rises.max() - rises.min() < 2e-5 and (rises.std(1) < 1e-7).all()
