"""Whatever a person brings becomes a right picture: formats, depths, transparency, orientation, shapes."""

import io
import struct
import zlib

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import datasets, pictures
from aedemo.page.images import png

COLOURS = np.array([[[250, 10, 20], [10, 240, 30]], [[20, 30, 230], [200, 100, 0]], [[90, 91, 92], [0, 255, 128]]])
RGB = Image.fromarray(np.kron(COLOURS, np.ones((8, 8, 1))).astype(np.uint8))  # 3 × 2 fields of 8 × 8 pixels, all unlike
EXPECTED = torch.from_numpy(np.asarray(RGB).astype(np.float32) / 255).permute(2, 0, 1)  # (3, 24, 16)


def written(image: Image.Image, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def assert_picture(picture: torch.Tensor, height: int = 24, width: int = 16) -> None:
    assert picture.dtype == torch.float32 and picture.shape == (3, height, width)
    assert torch.isfinite(picture).all() and picture.min() >= 0 and picture.max() <= 1


def raw_png(width: int, height: int, bits: int, colour: int, rows: bytes) -> bytes:
    """A PNG written by hand: sizes and depths that Pillow does not write, or a size that the rows do not fill."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    chunks = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


SIXTEEN = b"".join(b"\0" + (257 * row.astype(int)).astype(">u2").tobytes() for row in np.asarray(RGB))
LOSSLESS = {
    "PNG": written(RGB, "PNG"),
    "PNG, 16 bits a colour": raw_png(16, 24, 16, 2, SIXTEEN),
    "PNG with alpha": written(RGB.convert("RGBA"), "PNG"),
    "PNG palette": written(RGB.quantize(8), "PNG"),
    "GIF": written(RGB.quantize(8), "GIF"),
    "WebP": written(RGB, "WEBP", lossless=True),
    "TIFF": written(RGB, "TIFF"),
    "BMP": written(RGB, "BMP"),
}


@pytest.mark.parametrize("data", LOSSLESS.values(), ids=LOSSLESS)
def test_every_lossless_format_gives_the_same_picture(data):
    assert_picture(pictures.read(data))
    torch.testing.assert_close(pictures.read(data), EXPECTED, atol=1e-6, rtol=0)


@pytest.mark.parametrize("source", [str, lambda path: path], ids=["str", "Path"])
def test_a_file_may_be_named(source, tmp_path):
    path = tmp_path / "my picture.png"
    path.write_bytes(LOSSLESS["PNG"])
    torch.testing.assert_close(pictures.read(source(path)), EXPECTED)


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("JPEG", "YCbCr")])
def test_lossy_formats_come_near(kind, mode):
    picture = pictures.read(written(RGB.convert(mode), kind, quality=95))
    assert_picture(picture)
    # Each field's mean: chroma bleeds over its borders.
    means, expected = (p.unflatten(1, (3, 8)).unflatten(3, (2, 8)).mean((2, 4)) for p in (picture, EXPECTED))
    torch.testing.assert_close(means, expected, atol=0.1, rtol=0)


@pytest.mark.parametrize("mode", ["L", "1", "LA", "I;16"])
def test_grey_has_three_equal_channels(mode):
    ramp = np.linspace(0, 255, 24 * 16).reshape(24, 16)
    grey = Image.fromarray((ramp * 257).astype(np.uint16)) if mode == "I;16" else Image.fromarray(ramp).convert("L")
    grey = grey if mode == "I;16" else grey.convert(mode)
    picture = pictures.read(written(grey, "PNG"))
    assert_picture(picture)
    assert torch.equal(picture[0], picture[1]) and torch.equal(picture[0], picture[2])
    if mode != "1":  # which is black and white only
        expected = torch.from_numpy(ramp / 255).float().expand(3, -1, -1)
        torch.testing.assert_close(picture, expected, atol=0.01, rtol=0)


def test_sixteen_bits_are_scaled_by_sixteen_bits_however_dark():
    """A dark picture of 16 bits stays dark: its largest value is no white."""
    for brightest in (40_000, 3000, 200):
        values = np.linspace(0, brightest, 24 * 16).reshape(24, 16).astype(np.uint16)
        picture = pictures.read(written(Image.fromarray(values), "PNG"))
        assert picture.max().item() == pytest.approx(brightest / 65535, abs=1e-4)


@pytest.mark.parametrize("values", [np.linspace(0, 1, 384), np.r_[np.nan, np.inf, -np.inf, np.linspace(0, 1, 381)]])
def test_a_tiff_of_floats_is_a_picture(values):
    image = Image.fromarray(values.reshape(24, 16).astype(np.float32))
    picture = pictures.read(written(image, "TIFF"))
    assert_picture(picture)
    assert picture[0, -1, -1] == 1 and picture.mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparency_lies_on_white_and_hides_what_is_under_it(mode):
    rgba = RGB.convert("RGBA")
    rgba.putalpha(Image.fromarray(np.repeat(np.uint8([0, 128, 255]), 8)[:, None].repeat(16, 1)))  # a third each
    image = {"RGBA": rgba, "LA": rgba.convert("LA"), "P": RGB.quantize(8)}[mode]
    options = {"transparency": int(image.getpixel((0, 0)))} if mode == "P" else {}
    picture = pictures.read(written(image, "PNG", **options))
    assert_picture(picture)
    if mode == "P":
        assert torch.all(picture[:, :8, :8] == 1)
        return torch.testing.assert_close(picture[:, 8:], EXPECTED[:, 8:], atol=1e-6, rtol=0)
    assert torch.all(picture[:, :8] == 1)
    opaque = EXPECTED if mode == "RGBA" else pictures.read(written(RGB.convert("L"), "PNG"))
    torch.testing.assert_close(picture[:, 16:], opaque[:, 16:], atol=0.01, rtol=0)
    half = 128 / 255 * opaque[:, 8:16] + 1 - 128 / 255
    torch.testing.assert_close(picture[:, 8:16], half, atol=0.01, rtol=0)


@pytest.mark.parametrize(("orientation", "turn"), [(3, 180), (6, 270), (8, 90)])
def test_a_photograph_is_turned_upright(orientation, turn):
    """The camera writes how it was held: the file holds the picture lying."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    lying = RGB.rotate(-turn, expand=True)
    data = written(lying, "JPEG", exif=exif, quality=95, subsampling=0)
    assert_picture(pictures.read(data))
    torch.testing.assert_close(pictures.read(data), EXPECTED, atol=0.1, rtol=0)


def test_an_animation_shows_its_first_picture():
    data = written(RGB, "GIF", save_all=True, append_images=[Image.new("RGB", RGB.size)] * 3)
    assert_picture(pictures.read(data))
    torch.testing.assert_close(pictures.read(data), EXPECTED, atol=0.02, rtol=0)


@pytest.mark.parametrize("dataset", datasets.DATASETS)
@pytest.mark.parametrize(("height", "width"), [(300, 200), (64, 64), (1, 1), (3, 500), (8, 8), (2000, 9)])
def test_each_data_set_gets_its_own_shape(dataset, height, width, generator):
    row = datasets.get(dataset)
    side = pictures.PHOTO_SIDE if row.patchwise else row.shape[1]
    picture = pictures.for_dataset(torch.rand(3, height, width, generator=generator), dataset)
    assert picture.dtype == torch.float32 and picture.shape == (row.shape[0], side, side)
    assert picture.min() >= 0 and picture.max() <= 1
    if row.patchwise:
        assert side % row.shape[1] == 0


def test_an_unknown_data_set_lists_those_that_exist():
    with pytest.raises(ValueError, match=", ".join(datasets.DATASETS)):
        pictures.for_dataset(EXPECTED, "imagenet")


@pytest.mark.parametrize("dataset", ["digits", "mnist", "fashion"])
def test_dark_ink_on_light_paper_is_turned_into_light_on_dark(dataset):
    paper = torch.ones(3, 280, 280)
    paper[:, 70:210, 105:175] = 0.1
    ink_on_dark = pictures.for_dataset(1 - paper, dataset)
    assert ink_on_dark[0, 0, 0] == 0 and ink_on_dark.max() > 0.7
    torch.testing.assert_close(pictures.for_dataset(paper, dataset), ink_on_dark)


def test_photographs_are_never_turned_over():
    torch.testing.assert_close(pictures.for_dataset(torch.ones(3, 50, 50), "photos"), torch.ones(3, 128, 128))


def test_the_square_is_cut_before_resizing_and_can_be_moved():
    wide = torch.zeros(3, 40, 100)
    wide[:, :, 30:70] = 1
    assert torch.all(pictures.square(wide) == 1) and pictures.square(wide).shape == (3, 40, 40)
    assert pictures.square(wide.transpose(1, 2)).shape == (3, 40, 40)
    ramp = torch.arange(100.0).expand(3, 40, 100)
    for across, first in ((0, 0), (0.5, 30), (1, 60), (0.1, 6)):
        assert torch.equal(pictures.square(ramp, across, 0.9), ramp[:, :, first : first + 40])
        assert torch.equal(pictures.square(ramp.mT, 0.9, across), ramp.mT[:, first : first + 40])
    for outside in ((-0.1, 0), (0, 1.01), (float("nan"), 0)):
        with pytest.raises(ValueError, match="between 0 and 1"):
            pictures.square(wide, *outside)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_travels_as_text_and_back(channels, generator):
    bytes_ = torch.randint(256, (channels, 9, 7), generator=generator) / 255
    torch.testing.assert_close(pictures.from_data_uri(png(bytes_.numpy())), bytes_.expand(3, -1, -1), atol=1e-6, rtol=0)
