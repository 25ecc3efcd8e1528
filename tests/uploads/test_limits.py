"""What cannot be shown is refused before pixels are decoded, in one sentence on what is wrong and what to do."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, features

from aedemo import uploads
from tests.uploads.corrupt import claim
from tests.uploads.samples import (
    EVERY,
    EXPECTED,
    LOSSLESS,
    RGB,
    assert_image,
    assert_near,
    assert_refused,
    assert_sentence,
    bmp,
    chunk,
    filtered,
    image_or_sentence,
    needs_avif,
    raw_png,
    squeezed,
    written,
)

pytestmark = pytest.mark.filterwarnings("ignore:(Corrupt|Truncated|Image size|Metadata)")  # Pillow's, beside its errors
KINDS = ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", pytest.param("AVIF", marks=needs_avif)]
LOADERS = ["ImageFile.ImageFile", "WebPImagePlugin.WebPImageFile", "TiffImagePlugin.TiffImageFile"]
LOADERS += ["AvifImagePlugin.AvifImageFile"] if features.check("avif") else []


@pytest.fixture
def undecoded(monkeypatch):
    """No pixel may be decoded."""
    for loader in LOADERS:
        monkeypatch.setattr(f"PIL.{loader}.load", lambda self: pytest.fail("decoded"))


# Bytes.


@pytest.mark.parametrize(("size", "said"), [(20_000_001, "20.1"), (20_400_000, "20.4"), (3_000_000_000, "3000.0")])
def test_too_many_bytes_are_refused_without_reading_the_file(size, said, tmp_path, monkeypatch):
    path = tmp_path / "secret.png"
    with path.open("wb") as file:
        file.truncate(size)  # sparse: it takes no place
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("opened"))
    assert_refused(path, f"has {said} MB", "up to 20 MB")
    assert_refused(str(path), f"has {said} MB", "up to 20 MB")


def test_too_many_bytes_are_refused_without_looking_at_them(monkeypatch):
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("opened"))
    assert_refused(LOSSLESS["PNG"].ljust(20_000_001, b"\0"), "has 20.1 MB", "up to 20 MB")


def test_as_many_bytes_as_may_be_are_read():
    assert_image(uploads.read(LOSSLESS["PNG"].ljust(20_000_000, b"\0")))


def test_an_empty_file_is_refused_and_not_read(tmp_path, monkeypatch):
    (tmp_path / "secret.png").touch()
    monkeypatch.setattr(Path, "read_bytes", lambda self: pytest.fail("read"))  # of a device it would never end
    assert_refused(tmp_path / "secret.png", "empty", "choose it again")
    assert_refused(b"", "empty", "choose it again")


# Pixels.


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("width", "height"), [(10_000, 10_000), (7100, 7100), (16_000, 3126)])
def test_too_many_pixels_are_refused_before_they_are_decoded(kind, width, height, undecoded):
    small = written(RGB, kind, **({"lossless": True} if kind == "WEBP" else {}))
    name = {"WEBP": "WebP"}.get(kind, kind)
    assert_refused(claim(name, small, width, height), f"{width}×{height} pixels", "up to 50 million")


@pytest.mark.parametrize("side", [60_000, 2**31 - 1])
@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_no_number_of_pixels_is_too_large_to_be_refused(kind, side, undecoded):
    assert_refused(claim(kind, written(RGB, kind), side, side), "many pixels|pixels", "up to 50 million")


def test_as_many_pixels_as_may_be_are_read():
    rows = bytes((1 + 1250) * 5000)
    assert_image(uploads.read(raw_png(10_000, 5000, 1, 0, rows)), 500, 1000)
    assert_refused(raw_png(10_000, 5001, 1, 0, rows), "10000×5001 pixels", "up to 50 million")


SHAPES = {  # width, height: what is said, if anything
    (1, 1): "1×1 pixels.*at least 4×4",
    (3, 3): "3×3 pixels.*at least 4×4",
    (1, 10_000): "1×10000 pixels.*at least 4×4",
    (10_000, 1): "10000×1 pixels.*at least 4×4",
    (4, 81): "4×81 pixels.*too long a strip",
    (2000, 99): "2000×99 pixels.*too long a strip",
    (4, 4): None,
    (4, 80): None,
    (80, 4): None,
}


@pytest.mark.parametrize(("size", "said"), SHAPES.items(), ids=lambda value: str(value)[:12])
@pytest.mark.parametrize("kind", KINDS)
def test_a_image_has_a_shape_that_shows_something(kind, size, said):
    data = written(Image.new("RGB", size, (200, 100, 50)), kind)
    if said:
        return assert_refused(data, said)
    assert_image(uploads.read(data), *size[::-1])
    assert torch.isfinite(uploads.for_dataset(uploads.read(data), "photos")).all()


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (200, 100, 50)])
@pytest.mark.parametrize("kind", KINDS)
def test_one_colour_is_a_photograph_of_it_and_no_writing(kind, colour):
    image = uploads.read(written(Image.new("RGB", (60, 40), colour), kind))
    photo = uploads.for_dataset(image, "photos")
    assert_near(photo, torch.tensor(colour).div(255)[:, None, None].expand_as(photo), 0.03)
    for dataset in ("mnist", "fashion", "digits"):
        with pytest.raises(ValueError, match="Nothing found that stands out"):
            uploads.for_dataset(image, dataset)


# Files that are no images, or not whole.

ISO = ">I4s4sI4s4s"  # the first box of HEIC and AVIF: length, name, brand, version, and what else it is
WHOLE = LOSSLESS["PNG"]
WRONG_SUM = {  # of this chunk; its body as it was
    name: WHOLE[:end] + bytes([WHOLE[end] ^ 1]) + WHOLE[end + 1 :]
    for name, end in {"IDAT": WHOLE.index(b"IEND") - 5, "IEND": len(WHOLE) - 1}.items()
}
NONE = {  # what is brought -> what is said of it
    "one byte": (b"\x89", "no image"),
    "text": (b"hello, this is no image\n" * 40, "no image"),
    "SVG renamed": (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', "SVG", "PNG"),
    "SVG with a preamble": (b'<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg width="9"></svg>', "SVG", "PNG"),
    "another XML": (b'<?xml version="1.0"?><office/>', "XML", "PNG"),
    "HTML": (b"<html><body>404</body></html>", "no image"),
    "PDF": (b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n", "PDF", "PNG"),
    "EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n", "PostScript", "PNG"),
    "HEIC": (struct.pack(ISO, 24, b"ftyp", b"heic", 0, b"mif1", b"heic") + bytes(99), "HEIC", "JPEG"),
    "HEIC of a still": (struct.pack(ISO, 24, b"ftyp", b"mif1", 0, b"mif1", b"heic") + bytes(99), "HEIC", "JPEG"),
    "HEIC of a burst": (struct.pack(ISO, 24, b"ftyp", b"hevc", 0, b"msf1", b"hevc") + bytes(99), "HEIC", "JPEG"),
    "JPEG 2000": (written(RGB, "JPEG2000"), "JPEG 2000", "PNG"),
    "zeros": (bytes(5000), "no image"),
    "signature only": (b"\x89PNG\r\n\x1a\n", "no image"),
    "PNG with a broken body": (LOSSLESS["PNG"].replace(b"IDAT", b"IDAX"), "no image"),
    "PNG with a wrong sum": (LOSSLESS["PNG"][:30] + b"\1" + LOSSLESS["PNG"][31:], "no image"),
    "PNG with a short header": (LOSSLESS["PNG"][:11] + b"\1" + LOSSLESS["PNG"][12:], "no image"),
    "PNG with a wrong sum of its pixels": (WRONG_SUM["IDAT"], "no image"),
    "PNG with a wrong sum of its end": (WRONG_SUM["IEND"], "no image"),
    "PNG without rows": (raw_png(24, 16, 8, 2, b""), "no image"),
    "size zero": (raw_png(0, 5, 1, 0, bytes(99)), "no image"),
    "BMP packed in an unknown way": (bmp(16, 24, 99, bytes(384)), "no image"),
}


@pytest.mark.parametrize("case", NONE.values(), ids=NONE)
def test_what_is_no_image_is_one_sentence_that_says_what_to_do(case):
    data, *said = case
    assert_refused(data, *said)


def test_what_is_no_image_is_one_sentence_without_its_path(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(NONE["SVG renamed"][0])
    assert_refused(path, "SVG")


DETAILED = Image.fromarray(np.random.default_rng(0).integers(0, 256, (160, 240, 3), dtype=np.uint8))


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("kind", [*KINDS, "PROGRESSIVE", "LZW", "ANIMATED", "APNG"])
def test_what_did_not_arrive_whole_is_refused(kind, part):
    options = {
        "PROGRESSIVE": ("JPEG", {"progressive": True}),
        "LZW": ("TIFF", {"compression": "tiff_lzw"}),
        "ANIMATED": ("WEBP", {"save_all": True, "append_images": [RGB.resize(DETAILED.size)]}),
        "APNG": ("PNG", {"save_all": True, "append_images": [RGB.resize(DETAILED.size)]}),
    }.get(kind, (kind, {}))
    data = written(DETAILED, options[0], **options[1])
    assert_image(uploads.read(data), 160, 240)
    assert_refused(data[: int(part * len(data))], "not all of it arrived", "bring a whole PNG")


@pytest.mark.parametrize(
    "options",
    [{}, {"progressive": True}, {"optimize": True}, {"restart_marker_rows": 1}, {"restart_marker_blocks": 1}],
    ids=lambda options: " ".join(options) or "plain",
)
@pytest.mark.parametrize("scale", [1, 9], ids=["small", "reduced"])
def test_a_jpeg_without_its_end_marker_is_whole_and_one_cut_before_is_not(options, scale):
    detailed = DETAILED.resize((240 * scale, 160 * scale))
    data = written(detailed, "JPEG", quality=75, **options)
    assert torch.equal(uploads.read(data[:-2]), uploads.read(data))
    for part in (0.5, 0.95, 0.999):
        assert_refused(data[: int(part * len(data))], "not all of it arrived")
    if "restart_marker_blocks" in options and scale == 1:  # cut where a restart is due
        assert_refused(data[: data.index(b"\xff\xd3", len(data) // 2)], "not all of it arrived")


EXIF = Image.Exif()
EXIF[0x0112] = 3
EXIF_3 = b"%8d\n" % len(EXIF.tobytes()) + EXIF.tobytes().hex().encode()


def with_chunks(*chunks: bytes) -> bytes:
    """A PNG with these before its pixels."""
    return raw_png(16, 24, 8, 2, filtered(np.asarray(RGB)), extra=b"".join(chunks))


def wrong(data: bytes) -> bytes:
    """A chunk with a wrong checksum."""
    return data[:-1] + bytes([data[-1] ^ 1])


MEGABYTES = squeezed(100_000_000)
GAMMA = struct.pack(">I", 100_000)  # which would make it lighter
PASSED_OVER = {
    "a large text": chunk(b"tEXt", b"a\0" + bytes(2_000_000)),
    "a compressed text of 100 MB": chunk(b"zTXt", b"a\0\0" + MEGABYTES),
    "an international text of 100 MB": chunk(b"iTXt", b"a\0\1\0\0\0" + MEGABYTES),
    "metadata of 100 MB": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + MEGABYTES),
    "EXIF of 100 MB": chunk(b"zTXt", b"Raw profile type exif\0\0" + MEGABYTES),
    "a thousand texts": chunk(b"zTXt", b"a\0\0" + squeezed(1_000_000)) * 1000,
    "a text with a wrong checksum": wrong(chunk(b"tEXt", b"a\0b")),
    "a gamma with a wrong checksum": wrong(chunk(b"gAMA", GAMMA)),
    "a profile with a wrong checksum": wrong(chunk(b"iCCP", b"x\0\0" + MEGABYTES)),
    "a time": chunk(b"tIME", bytes(7)),
    "an unknown chunk": chunk(b"quXx", bytes(99)),
}


@pytest.mark.parametrize("extra", PASSED_OVER.values(), ids=PASSED_OVER)
def test_what_changes_no_pixel_of_a_png_is_passed_over(extra):
    assert_near(uploads.read(with_chunks(extra)), EXPECTED, 1e-6)


@pytest.mark.parametrize(
    "extra",
    [
        chunk(b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<x tiff:Orientation="3"/>'),
        chunk(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n" + EXIF_3)),
        chunk(b"tEXt", b"Raw profile type exif\0\nexif\n" + EXIF_3),
    ],
    ids=["XMP", "compressed", "plain"],
)
def test_a_text_that_says_how_the_camera_was_held_is_read(extra):
    assert_near(uploads.read(with_chunks(extra)), EXPECTED.flip(1, 2), 1e-6)


@pytest.mark.parametrize("name", EVERY)
def test_a_file_cut_anywhere_is_a_image_or_one_sentence(name):
    data = EVERY[name]
    for end in range(0, len(data), max(1, len(data) // 40)):
        image_or_sentence(data[:end])


@pytest.mark.parametrize(
    "uri", ["data:", "data:image/png;base64,", "data:image/png;base64,####", "data:,plain", "data:;base64,é", ""]
)
def test_a_broken_text_is_one_sentence(uri):
    with pytest.raises(ValueError) as error:
        uploads.from_data_uri(uri)
    assert_sentence(error.value)
