"""Whatever a person brings becomes a right picture: formats, transparency, orientation."""

import struct

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import pictures
from aedemo.page.images import png
from tests.pictures.samples import (
    BLANK,
    EXPECTED,
    GREY,
    LOSSLESS,
    LOSSY,
    LYING,
    RGB,
    SIXTEEN,
    assert_near,
    assert_picture,
    chunk,
    filtered,
    needs_avif,
    raw_png,
    written,
)


@pytest.mark.parametrize("data", LOSSLESS.values(), ids=LOSSLESS)
def test_every_lossless_format_gives_the_same_picture(data):
    """Of animations and pages, the first: the others are black."""
    assert_picture(pictures.read(data))
    assert_near(pictures.read(data), EXPECTED, 1e-6)


@pytest.mark.parametrize("source", [str, lambda path: path], ids=["str", "Path"])
def test_a_file_may_be_named(source, tmp_path):
    path = tmp_path / "my picture.png"
    path.write_bytes(LOSSLESS["PNG"])
    assert_near(pictures.read(source(path)), EXPECTED, 1e-6)


def test_the_name_of_a_file_does_not_matter(tmp_path):
    path = tmp_path / "picture.jpg"
    path.write_bytes(LOSSLESS["GIF"])
    assert_near(pictures.read(path), EXPECTED, 1e-6)


@pytest.mark.parametrize("name", [*LOSSY, *([] if "AVIF" in LOSSY else [pytest.param("AVIF", marks=needs_avif)])])
def test_lossy_formats_come_near(name):
    picture = pictures.read(LOSSY[name])
    assert_picture(picture)
    # Each field's mean: chroma bleeds over its borders.
    means, expected = (p.unflatten(1, (3, 8)).unflatten(3, (2, 8)).mean((2, 4)) for p in (picture, EXPECTED))
    assert_near(means, expected, 0.1)


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_grey_has_three_equal_channels(mode):
    ramp = np.linspace(0, 255, 24 * 16).reshape(24, 16)
    picture = pictures.read(written(Image.fromarray(ramp).convert("L").convert(mode), "PNG"))
    assert_picture(picture)
    assert torch.equal(picture[0], picture[1]) and torch.equal(picture[0], picture[2])
    if mode != "1":  # which is black and white only
        assert_near(picture, torch.from_numpy(ramp / 255).float().expand(3, -1, -1), 0.01)


@pytest.mark.parametrize("mode", ["CMYK", "LAB", "RGBX", "P", "RGBA"])
def test_a_tiff_may_hold_its_colours_as_it_likes(mode):
    image = RGB.quantize(8) if mode == "P" else RGB.convert(mode)
    assert_near(pictures.read(written(image, "TIFF")), EXPECTED, 0.1 if mode == "LAB" else 1e-6)


# Transparency.


@pytest.mark.parametrize(("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "TIFF")])
def test_transparency_lies_on_white_and_hides_what_is_under_it(mode, kind):
    rgba = RGB.convert("RGBA")
    rgba.putalpha(Image.fromarray(np.repeat(np.uint8([0, 128, 255]), 8)[:, None].repeat(16, 1)))  # a third each
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    picture = pictures.read(written(rgba.convert(mode), kind, **options))
    assert_picture(picture)
    assert torch.all(picture[:, :8] == 1)
    opaque = EXPECTED if mode == "RGBA" else pictures.read(written(RGB.convert("L"), "PNG"))
    assert_near(picture[:, 16:], opaque[:, 16:], 1e-6)
    assert_near(picture[:, 8:16], 128 / 255 * opaque[:, 8:16] + 1 - 128 / 255, 1 / 255)


def test_white_that_shows_through_is_white_on_white():
    alphas = np.arange(256, dtype=np.uint8).reshape(16, 16)
    white = np.concatenate([np.full((16, 16, 3), 255, np.uint8), alphas[..., None]], -1)
    assert_picture(pictures.read(written(Image.fromarray(white), "PNG")), 16, 16)
    assert_near(pictures.read(written(Image.fromarray(white), "PNG")), torch.ones(3, 16, 16), 1e-6)


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_colour_of_the_palette_may_be_transparent(kind):
    image = RGB.quantize(8)
    picture = pictures.read(written(image, kind, transparency=int(image.getpixel((0, 0)))))
    assert torch.all(picture[:, :8, :8] == 1)
    assert_near(picture[:, 8:], EXPECTED[:, 8:], 1e-6)


def test_each_colour_of_a_palette_may_have_its_own_alpha():
    image = RGB.quantize(6)
    alphas = {image.getpixel((8 * column, 8 * row)): 50 * (2 * row + column) for row in range(3) for column in range(2)}
    picture = pictures.read(written(image, "PNG", transparency=bytes(alphas[i] for i in range(6))))
    alpha = torch.tensor([[0.0, 50], [100, 150], [200, 250]]).div(255).kron(torch.ones(8, 8))
    assert_near(picture, alpha * EXPECTED + 1 - alpha, 1 / 255)


@pytest.mark.parametrize("bits", [8, 16])
def test_one_colour_of_a_png_may_be_transparent(bits):
    """Its tRNS chunk names it: of 16 bits, where only that number is meant and none that looks the same."""
    colour = SIXTEEN[0, 0].tobytes() if bits == 16 else struct.pack(">3H", *(SIXTEEN[0, 0] // 257))
    rows = SIXTEEN if bits == 16 else (SIXTEEN // 257).astype(np.uint8)
    picture = pictures.read(raw_png(16, 24, bits, 2, filtered(rows), extra=chunk(b"tRNS", colour)))
    assert torch.all(picture[:, :8, :8] == 1)
    assert_near(picture[:, 8:], EXPECTED[:, 8:], 1e-6)


def test_one_grey_of_sixteen_bits_may_be_transparent():
    rows = filtered(GREY.astype(">u2"))
    picture = pictures.read(raw_png(16, 24, 16, 0, rows, extra=chunk(b"tRNS", struct.pack(">H", int(GREY[5, 7])))))
    expected = torch.from_numpy(GREY / 65535).float().expand(3, -1, -1).clone()
    expected[:, 5, 7] = 1
    assert_near(picture, expected, 1e-6)


# How the camera was held: the file holds the picture lying, and says so.

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
    picture = pictures.read(written(lying, kind.partition(",")[0], exif=exif, **HELD[kind]))
    assert_picture(picture)
    assert_near(picture, EXPECTED, 0.02)


def test_a_large_photograph_is_turned_upright_too():
    """Reduced by its own decoder on the way, to an eighth."""
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = RGB.resize((3200, 4800), Image.Resampling.NEAREST).transpose(LYING[6])
    picture = pictures.read(written(lying, "JPEG", exif=exif))
    assert_picture(picture, 600, 400)
    assert_near(picture.unflatten(1, (24, 25)).unflatten(3, (16, 25)).mean((2, 4)), EXPECTED, 0.15)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_near(pictures.read(written(RGB, "PNG", exif=exif)), EXPECTED, 1e-6)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("PNG", {}), ("WEBP", {"lossless": True}), ("JPEG", {"quality": 100, "subsampling": 0})],
    ids=["PNG", "WebP", "JPEG"],
)
def test_notes_that_cannot_be_read_spoil_no_picture(kind, options):
    data = written(RGB, kind, exif=b"Exif\0\0not a word of this is true", **options)
    assert_near(pictures.read(data), EXPECTED, 0.02)


# As text.


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_travels_as_text_and_back(channels, generator):
    bytes_ = torch.randint(256, (channels, 9, 7), generator=generator) / 255
    assert_near(pictures.from_data_uri(png(bytes_.numpy())), bytes_.expand(3, -1, -1), 1e-6)


@pytest.mark.parametrize("name", ["JPEG", "TIFF", "GIF"])
def test_any_file_travels_as_text(name):
    data = (LOSSLESS | LOSSY)[name]
    assert torch.equal(pictures.from_data_uri(pictures.to_data_uri(data)), pictures.read(data))
