"""Many files at once become small images of one shape, within bounds that are checked before pixels are decoded."""

import io
import time
import zipfile

import pytest
import torch
from PIL import Image

from aedemo import uploads
from aedemo.uploads.collection import MAX_FILES
from aedemo.uploads.frame import Frame
from aedemo.uploads.limits import MAX_BYTES
from tests.uploads.samples import RGB, SENTENCE, written

COLOUR, GREY = written(RGB, "PNG"), written(RGB.convert("L"), "PNG")


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def refused(files: dict[str, bytes]) -> str:
    with pytest.raises(ValueError) as error:
        uploads.read_collection(files)
    return str(error.value)


def test_each_image_is_its_middle_square_at_16_by_16():
    found = uploads.read_collection({"a.png": COLOUR, "b.jpg": written(RGB, "JPEG")})
    assert found.images.shape == (2, 3, 16, 16) and found.images.dtype == torch.float32 and found.skipped == ()
    expected = uploads.resize(Frame.whole().cut_square(uploads.read(COLOUR)), (16, 16))
    torch.testing.assert_close(found.images[0], expected, atol=0.5 / 255 + 1e-6, rtol=0)


def test_images_are_grey_where_all_are():
    assert uploads.read_collection({"a": GREY, "b": GREY}).images.shape == (2, 1, 16, 16)
    assert uploads.read_collection({"a": GREY, "b": COLOUR}).images.shape == (2, 3, 16, 16)


def test_a_zip_counts_as_its_files():
    inside = {"in/a.png": COLOUR, "in/.hidden": b"x", "__MACOSX/in/._a.png": b"x", "notes.txt": b"no image"}
    found = uploads.read_collection({"mine.zip": packed(inside), "b.png": COLOUR})
    assert torch.equal(found.images[0], found.images[1]) and len(found.images) == 2
    assert [name for name, _ in found.skipped] == ["notes.txt"]


def test_what_cannot_be_taken_is_a_sentence():
    assert "more than 200 files" in refused({f"{k}.png": GREY for k in range(MAX_FILES + 1)})
    assert "more than 200 files" in refused({"a.zip": packed({f"{k}.png": GREY for k in range(MAX_FILES + 1)})})
    assert "20 MB" in refused({"a.png": bytes(MAX_BYTES), "b.png": b"x"})
    assert refused({"a.txt": b"hello"}).startswith("None of these files is an image")
    for files in ({}, {"a.zip": packed({})}, {"a.zip": b"PK\x03\x04" + bytes(100)}):
        assert SENTENCE.match(refused(files))


def test_a_zip_that_unpacks_to_more_is_refused_while_it_is_unpacked():
    bomb = packed({"a.bmp": bytes(3 * MAX_BYTES)})
    assert len(bomb) < 100_000 and "when they are unpacked" in refused({"a.zip": bomb})
    many = packed({f"{k}.bmp": bytes(MAX_BYTES // 3) for k in range(9)})
    assert "when they are unpacked" in refused({"a.zip": many})


def test_many_large_images_are_refused_before_the_pixels_are_decoded():
    large = written(Image.new("L", (7000, 7000)), "PNG")
    started = time.process_time()
    words = refused({f"{k}.png": large for k in range(100)})
    assert "million pixels" in words and time.process_time() - started < 10


def test_a_damaged_or_encrypted_zip_is_a_sentence():
    whole = packed({"a.png": COLOUR, "b.png": COLOUR})
    flagged = bytearray(packed({"a.png": COLOUR}))
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        flagged[flagged.index(mark) + flag] |= 1  # says that it is encrypted
    torn = bytearray(packed({"a.png": COLOUR}, zipfile.ZIP_STORED))
    torn[60] ^= 255  # its checksum is then another
    for data in (whole[: len(whole) // 2], bytes(flagged), bytes(torn)):
        assert "damaged, encrypted" in refused({"a.zip": data})
