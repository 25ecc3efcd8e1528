"""Arrays as images: lossless sprites, and who gives their address."""

import numpy as np
import pytest

from aedemo.page.components import frames_of, tiles
from aedemo.page.sprites import png, sprite
from tests.page.slots import assert_shows, decoded, exact

GENERATOR = np.random.default_rng(0)


def sheet(images: np.ndarray, **options) -> dict:
    return sprite(images, **options).to_payload()


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 7, 21])
@pytest.mark.parametrize("side", [8, 28, 50])
def test_each_frame_is_where_the_page_looks_for_it(count, channels, side):
    images = GENERATOR.random((count, channels, side, side)).astype(np.float32)
    made = sheet(images)
    assert (made["frames"], made["width"], made["height"]) == (count, side, side)
    assert made["pixelated"] == (side <= 32)
    np.testing.assert_array_equal(decoded(made), np.broadcast_to(rounded(images), (count, side, side, 3)))


def rounded(images: np.ndarray) -> np.ndarray:
    return (images * 255 + 0.5).astype(np.uint8).transpose(0, 2, 3, 1)


def test_where_a_gallery_may_lose_something_no_frame_bleeds_into_the_next():
    """JPEG works in blocks of 8×8 pixels, which frames of 128×128 are made of."""
    black_and_white = np.stack([np.full((3, 128, 128), k % 2, np.float32) for k in range(9)])
    made = sheet(black_and_white, exact=False)
    assert made["src"].startswith("data:image/jpeg") and not made["pixelated"]
    frames = decoded(made)
    assert [frame.min() for frame in frames[1::2]] == [255] * 4 and [frame.max() for frame in frames[::2]] == [0] * 5
    assert exact(sheet(black_and_white)) and exact(sheet(np.zeros((2, 3, 60, 60)), exact=False))


def test_the_bytes_may_travel_beside_the_json():
    made = sprite(GENERATOR.random((2, 3, 8, 8)))
    assert made.to_payload(lambda one: one.data)["src"] is made.data
    assert made.to_payload() == {**made.to_payload(lambda one: ""), "src": made.src}


def test_values_outside_are_clamped_and_not_a_number_is_black():
    images = np.array([-3, 0, 0.5, 1, 7, np.nan], np.float32).reshape(1, 1, 2, 3)
    np.testing.assert_array_equal(decoded(sheet(images))[0, :, :, 0], [[0, 0, 128], [255, 255, 0]])


@pytest.mark.parametrize("shape", [(3, 8, 8), (1, 2, 8, 8), (0, 1, 8, 8), (1, 1, 0, 8)])
def test_other_shapes_are_named_with_the_one_needed(shape):
    with pytest.raises(ValueError, match=r"shape \(.*\); \(F, 1 or 3, H, W\) is needed"):
        sprite(np.zeros(shape))


def test_a_sprite_never_grows_larger_than_a_phone_can_decode():
    made = sheet(np.zeros((300, 1, 256, 256), np.float32))
    assert max(made["columns"] * 256, -(-300 // made["columns"]) * 256) <= 8192
    with pytest.raises(ValueError, match="8192"):
        sprite(np.zeros((9, 1, 8, 3000)), columns=9)


def test_a_strip_takes_one_word_for_all_or_one_for_each():
    images = np.zeros((3, 1, 8, 8))
    assert frames_of(images, "one").big == ("one",) and frames_of(images, ["a", "b", "c"]).big == ("a", "b", "c")
    assert frames_of(images).small == ()


def test_tiles_refuse_a_image_that_is_not_there():
    with pytest.raises(ValueError, match="names image 3; there are 3"):
        tiles(np.zeros((3, 1, 8, 8)), [[(0, "a"), (3, "b")]])


def test_a_image_is_written_lossless():
    image = GENERATOR.random((3, 64, 64)).astype(np.float32)
    alone = {"src": png(image), "width": 64, "height": 64, "columns": 1, "frames": 1}
    assert_shows(alone, image[None])
