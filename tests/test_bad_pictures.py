"""Whatever a person brings: a right picture, or one sentence; nothing else."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from aedemo import pictures
from tests.test_pictures import LOSSLESS, RGB, assert_picture, raw_png, written

SENTENCE = re.compile(r"^[A-Z][^\n]{20,200}\.$")


def assert_refused(data) -> None:
    with pytest.raises(ValueError) as error:
        pictures.read(data)
    assert type(error.value) is ValueError
    assert SENTENCE.match(str(error.value)), str(error.value)
    assert "/" not in str(error.value) and "BytesIO" not in str(error.value)


def test_too_many_bytes_are_refused_with_the_number():
    with pytest.raises(ValueError, match=r"has 21 MB.*up to 20 MB"):
        pictures.read(LOSSLESS["PNG"] + b"\0" * 21_000_000)


@pytest.mark.parametrize(
    ("width", "height"), [(10_000, 10_000), (7100, 7100), (60_000, 60_000), (2**31 - 1, 2**31 - 1)]
)
def test_too_many_pixels_are_refused_before_they_are_decoded(width, height, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ValueError, match="50 million") as error:
        pictures.read(raw_png(width, height, 1, 0, bytes(99)))
    assert SENTENCE.match(str(error.value))


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill="red"/></svg>'
JUNK = {
    "empty": b"",
    "one byte": b"\x89",
    "text": b"hello, this is no picture\n" * 40,
    "SVG renamed": SVG,
    "HTML": b"<html><body>404</body></html>",
    "zeros": b"\0" * 5000,
    "signature only": b"\x89PNG\r\n\x1a\n",
    "half a PNG": LOSSLESS["PNG"][: len(LOSSLESS["PNG"]) // 2],
    "half a JPEG": (jpeg := written(RGB.resize((160, 240)), "JPEG"))[: len(jpeg) // 2],
    "half a GIF": LOSSLESS["GIF"][: len(LOSSLESS["GIF"]) // 2],
    "half a WebP": LOSSLESS["WebP"][: len(LOSSLESS["WebP"]) // 2],
    "PNG with a broken body": LOSSLESS["PNG"].replace(b"IDAT", b"IDAX"),
    "size zero": raw_png(0, 5, 1, 0, bytes(99)),
    "PNG with a short header": LOSSLESS["PNG"][:11] + b"\1" + LOSSLESS["PNG"][12:],
    "PPM with letters for its size": b"P6\nab 24 255\n" + bytes(24 * 16 * 3),
    "PDF": b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n",
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\nshowpage\n",
}


@pytest.mark.parametrize("data", JUNK.values(), ids=JUNK)
def test_junk_is_one_sentence(data):
    assert_refused(data)


def test_junk_in_a_file_is_one_sentence_without_its_path(tmp_path):
    path = tmp_path / "secret.png"
    path.write_bytes(SVG)
    assert_refused(path)


changes = st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(LOSSLESS)), changes, st.integers(0, 60))
def test_a_spoilt_file_is_a_picture_or_one_sentence(name, changes, cut):
    data = bytearray(LOSSLESS[name])
    for place, byte in changes:
        data[int(place**3 * len(data))] = byte  # most of them near the beginning, where headers are
    try:
        picture = pictures.read(bytes(data[: len(data) - cut]))
    except ValueError as error:
        assert type(error) is ValueError and SENTENCE.match(str(error)), str(error)
    else:
        assert_picture(picture, *picture.shape[1:])


@pytest.mark.parametrize(
    "uri", ["data:", "data:image/png;base64,", "data:image/png;base64,####", "data:,plain", "data:;base64,é"]
)
def test_a_broken_text_is_one_sentence(uri):
    with pytest.raises(ValueError) as error:
        pictures.from_data_uri(uri)
    assert type(error.value) is ValueError and SENTENCE.match(str(error.value))
