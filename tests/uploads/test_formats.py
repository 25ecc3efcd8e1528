"""Whatever a person brings becomes a right image: formats, transparency, orientation."""

import struct

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import uploads
from aedemo.page.sprites import png
from tests.uploads.samples import (
    BLANK,
    EXPECTED,
    GREY,
    LOSSLESS,
    LOSSY,
    LYING,
    RGB,
    SIXTEEN,
    assert_image,
    assert_near,
    chunk,
    filtered,
    needs_avif,
    raw_png,
    written,
)


@pytest.mark.parametrize("data", LOSSLESS.values(), ids=LOSSLESS)
def test_every_lossless_format_gives_the_same_image(data):
    """Of animations and pages, the first: the others are black."""
    assert_image(uploads.read(data))
    assert_near(uploads.read(data), EXPECTED, 1e-6)


@pytest.mark.parametrize("source", [str, lambda path: path], ids=["str", "Path"])
def test_a_file_may_be_named(source, tmp_path):
    path = tmp_path / "my image.png"
    path.write_bytes(LOSSLESS["PNG"])
    assert_near(uploads.read(source(path)), EXPECTED, 1e-6)


def test_the_name_of_a_file_does_not_matter(tmp_path):
    path = tmp_path / "image.jpg"
    path.write_bytes(LOSSLESS["GIF"])
    assert_near(uploads.read(path), EXPECTED, 1e-6)


@pytest.mark.parametrize("name", [*LOSSY, *([] if "AVIF" in LOSSY else [pytest.param("AVIF", marks=needs_avif)])])
def test_lossy_formats_come_near(name):
    image = uploads.read(LOSSY[name])
    assert_image(image)
    # Each field's mean: chroma bleeds over its borders.
    means, expected = (p.unflatten(1, (3, 8)).unflatten(3, (2, 8)).mean((2, 4)) for p in (image, EXPECTED))
    assert_near(means, expected, 0.1)


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_grey_has_three_equal_channels(mode):
    ramp = np.linspace(0, 255, 24 * 16).reshape(24, 16)
    image = uploads.read(written(Image.fromarray(ramp).convert("L").convert(mode), "PNG"))
    assert_image(image)
    assert torch.equal(image[0], image[1]) and torch.equal(image[0], image[2])
    if mode != "1":  # which is black and white only
        assert_near(image, torch.from_numpy(ramp / 255).float().expand(3, -1, -1), 0.01)


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "RGBX", "P", "RGBA"])
def test_a_tiff_may_hold_its_colours_as_it_likes(mode):
    image = RGB.quantize(8) if mode == "P" else RGB.convert(mode)
    assert_near(uploads.read(written(image, "TIFF")), EXPECTED, 0.1 if mode == "LAB" else 1e-6)


# Transparency.


@pytest.mark.parametrize(("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF")])
def test_transparency_lies_on_white_and_hides_what_is_under_it(mode, kind):
    rgba = RGB.convert("RGBA")
    rgba.putalpha(Image.fromarray(np.repeat(np.uint8([0, 128, 255]), 8)[:, None].repeat(16, 1)))  # a third each
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    image = uploads.read(written(rgba.convert(mode), kind, **options))
    assert_image(image)
    assert torch.all(image[:, :8] == 1)
    opaque = EXPECTED if mode == "RGBA" else uploads.read(written(RGB.convert("L"), "PNG"))
    assert_near(image[:, 16:], opaque[:, 16:], 1e-6)
    assert_near(image[:, 8:16], 128 / 255 * opaque[:, 8:16] + 1 - 128 / 255, 1 / 255)


def test_white_that_shows_through_is_white_on_white():
    alphas = np.arange(256, dtype=np.uint8).reshape(16, 16)
    white = np.concatenate([np.full((16, 16, 3), 255, np.uint8), alphas[..., None]], -1)
    assert_image(uploads.read(written(Image.fromarray(white), "PNG")), 16, 16)
    assert_near(uploads.read(written(Image.fromarray(white), "PNG")), torch.ones(3, 16, 16), 1e-6)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_colour_of_the_palette_may_be_transparent(kind):
    palette = RGB.quantize(8)
    image = uploads.read(written(palette, kind, transparency=int(palette.getpixel((0, 0)))))
    assert torch.all(image[:, :8, :8] == 1)
    assert_near(image[:, 8:], EXPECTED[:, 8:], 1e-6)


def test_each_colour_of_a_palette_may_have_its_own_alpha():
    palette = RGB.quantize(6)
    alphas = {
        palette.getpixel((8 * column, 8 * row)): 50 * (2 * row + column) for row in range(3) for column in range(2)
    }
    image = uploads.read(written(palette, "PNG", transparency=bytes(alphas[i] for i in range(6))))
    alpha = torch.tensor([[0.0, 50], [100, 150], [200, 250]]).div(255).kron(torch.ones(8, 8))
    assert_near(image, alpha * EXPECTED + 1 - alpha, 1 / 255)


@pytest.mark.parametrize("bits", [8, 16])
def test_one_colour_of_a_png_may_be_transparent(bits):
    """Its tRNS chunk names it: of 16 bits, where only that number is meant and none that looks the same."""
    colour = SIXTEEN[0, 0].tobytes() if bits == 16 else struct.pack(">3H", *(SIXTEEN[0, 0] // 257))
    rows = SIXTEEN if bits == 16 else (SIXTEEN // 257).astype(np.uint8)
    image = uploads.read(raw_png(16, 24, bits, 2, filtered(rows), extra=chunk(b"tRNS", colour)))
    assert torch.all(image[:, :8, :8] == 1)
    assert_near(image[:, 8:], EXPECTED[:, 8:], 1e-6)


def test_one_grey_of_sixteen_bits_may_be_transparent():
    rows = filtered(GREY.astype(">u2"))
    image = uploads.read(raw_png(16, 24, 16, 0, rows, extra=chunk(b"tRNS", struct.pack(">H", int(GREY[5, 7])))))
    expected = torch.from_numpy(GREY / 65535).float().expand(3, -1, -1).clone()
    expected[:, 5, 7] = 1
    assert_near(image, expected, 1e-6)


# How the camera was held: the file holds the image lying, and says so.

HELD = {
    "JPEG": {"quality": 100, "subsampling": 0},
    "MPO": {"quality": 100, "subsampling": 0, "save_all": True, "append_images": [BLANK]},
    "PNG": {},
    "WEBP": {"lossless": True},
    "TIFF": {},
    "TIFF, LZW": {"compression": "tiff_lzw"},
    "AVIF": {"quality": 100, "subsampling": "4:4:4"},
}


@pytest.mark.parametrize("orientation", LYING)
@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs_avif if kind == "AVIF" else ()) for kind in HELD])
def test_a_photograph_is_turned_upright(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = RGB.transpose(LYING[orientation])
    image = uploads.read(written(lying, kind.partition(",")[0], exif=exif, **HELD[kind]))
    assert_image(image)
    assert_near(image, EXPECTED, 0.02)


def test_a_large_photograph_is_turned_upright_too():
    """Reduced by its own decoder on the way, to an eighth."""
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = RGB.resize((3200, 4800), Image.Resampling.NEAREST).transpose(LYING[6])
    image = uploads.read(written(lying, "JPEG", exif=exif))
    assert_image(image, 600, 400)
    assert_near(image.unflatten(1, (24, 25)).unflatten(3, (16, 25)).mean((2, 4)), EXPECTED, 0.15)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_near(uploads.read(written(RGB, "PNG", exif=exif)), EXPECTED, 1e-6)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 100, "subsampling": 0})],
    ids=["PNG", "WebP", "JPEG"],
)
def test_notes_that_cannot_be_read_spoil_no_image(kind, options):
    data = written(RGB, kind, exif=b"Exif\0\0not a word of this is true", **options)
    assert_near(uploads.read(data), EXPECTED, 0.02)


# As text.


@pytest.mark.parametrize("channels", [1, 3])
def test_a_image_travels_as_text_and_back(channels, generator):
    bytes_ = torch.randint(256, (channels, 9, 7), generator=generator) / 255
    assert_near(uploads.from_data_uri(png(bytes_.numpy())), bytes_.expand(3, -1, -1), 1e-6)


@pytest.mark.parametrize("name", ["JPEG", "TIFF", "GIF"])
def test_any_file_travels_as_text(name):
    data = (LOSSLESS | LOSSY)[name]
    assert torch.equal(uploads.from_data_uri(uploads.to_data_uri(data)), uploads.read(data))
