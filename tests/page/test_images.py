"""Arrays as pictures: sprites, and signed errors from blue through white to red."""

import numpy as np
import pytest

from aedemo.page.components import error_strip, strip, tiles
from aedemo.page.images import BLUE, RED, png, signed, sprite
from tests.page.slots import assert_shows, decoded

GENERATOR = np.random.default_rng(0)


def sheet(pictures: np.ndarray, **options) -> dict:
    return vars(sprite(pictures, **options))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 7, 21])
@pytest.mark.parametrize("side", [8, 28, 50])
def test_each_frame_is_where_the_page_looks_for_it(count, channels, side):
    pictures = GENERATOR.random((count, channels, side, side)).astype(np.float32)
    made = sheet(pictures)
    assert (made["frames"], made["width"], made["height"]) == (count, side, side)
    assert made["src"].startswith("data:image/png") and made["pixelated"] == (side <= 32)
    assert_shows(made, pictures)


def test_photographs_are_jpeg_and_no_frame_bleeds_into_the_next():
    """JPEG works in blocks of 8×8 pixels, which frames of 128×128 are made of."""
    black_and_white = np.stack([np.full((3, 128, 128), k % 2, np.float32) for k in range(9)])
    made = sheet(black_and_white)
    assert made["src"].startswith("data:image/jpeg") and not made["pixelated"]
    frames = decoded(made)
    assert [frame.min() for frame in frames[1::2]] == [255] * 4 and [frame.max() for frame in frames[::2]] == [0] * 5


def test_sides_that_are_no_multiples_of_eight_stay_lossless():
    assert sheet(np.zeros((2, 3, 60, 60)))["src"].startswith("data:image/png")


def test_values_outside_are_clamped_and_not_a_number_is_black():
    pictures = np.array([-3, 0, 0.5, 1, 7, np.nan], np.float32).reshape(1, 1, 2, 3)
    np.testing.assert_array_equal(decoded(sheet(pictures))[0, :, :, 0], [[0, 0, 128], [255, 255, 0]])


@pytest.mark.parametrize("shape", [(3, 8, 8), (1, 2, 8, 8), (0, 1, 8, 8), (1, 1, 0, 8)])
def test_other_shapes_are_named_with_the_one_needed(shape):
    with pytest.raises(ValueError, match=r"shape \(.*\); \(F, 1 or 3, H, W\) is needed"):
        sprite(np.zeros(shape))


def test_a_sprite_never_grows_larger_than_a_phone_can_decode():
    made = sheet(np.zeros((300, 1, 256, 256), np.float32))
    assert max(made["columns"] * 256, -(-300 // made["columns"]) * 256) <= 8192
    with pytest.raises(ValueError, match="8192"):
        sprite(np.zeros((9, 1, 8, 3000)), columns=9)


def test_signed_errors_run_from_blue_through_white_to_red():
    errors = np.array([-0.25, 0, 0.25, -9, 9, np.nan], np.float32).reshape(1, 1, 1, 6)
    blue, red, white = np.rint(255 * BLUE), np.rint(255 * RED), [255, 255, 255]
    colours = signed(errors, 0.25)[0, :, 0].T
    np.testing.assert_allclose(colours, [blue, white, red, blue, red, white], atol=1)
    assert signed(errors, 0.25).dtype == np.uint8


def test_colours_deepen_evenly_with_the_error_on_both_sides():
    errors = np.linspace(-1, 1, 101, dtype=np.float32).reshape(1, 1, 1, 101)
    colours = signed(errors, 1.0)[0, :, 0].T.astype(float)  # (101, 3)
    for side, end in ((colours[50::-1], BLUE), (colours[50:], RED)):
        expected = 255 * (1 - np.linspace(0, 1, 51)[:, None] * (1 - end))
        np.testing.assert_allclose(side, expected, atol=1.6)


def test_errors_are_averaged_over_channels():
    errors = np.array([0.3, 0, -0.3], np.float32).reshape(1, 3, 1, 1)
    np.testing.assert_array_equal(signed(errors, 0.5).ravel(), [255, 255, 255])
    assert signed(np.ones((2, 3, 4, 5)), 0.5).shape == (2, 3, 4, 5)


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_must_be_positive(limit):
    with pytest.raises(ValueError, match="a positive number is needed"):
        signed(np.zeros((1, 1, 8, 8)), limit)


def test_error_strips_of_one_limit_can_be_compared():
    errors = np.full((1, 1, 8, 8), 0.1, np.float32)
    same, other = error_strip(errors, 0.5), error_strip(errors, 0.25)
    assert same == error_strip(errors.copy(), 0.5) and same.sprite.src != other.sprite.src


def test_a_strip_takes_one_word_for_all_or_one_for_each():
    pictures = np.zeros((3, 1, 8, 8))
    assert strip(pictures, "one").big == ("one",) and strip(pictures, ["a", "b", "c"]).big == ("a", "b", "c")
    assert strip(pictures).small == ()


def test_tiles_refuse_a_picture_that_is_not_there():
    with pytest.raises(ValueError, match="names picture 3; there are 3"):
        tiles(np.zeros((3, 1, 8, 8)), [[(0, "a"), (3, "b")]])


def test_a_picture_is_written_lossless():
    picture = GENERATOR.random((3, 64, 64)).astype(np.float32)
    alone = {"src": png(picture), "width": 64, "height": 64, "columns": 1, "frames": 1}
    assert_shows(alone, picture[None])
