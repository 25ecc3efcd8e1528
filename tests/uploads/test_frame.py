"""The rectangle of an image that is shown to the models: its pixels, and squares."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aedemo.uploads import Frame

RAMP = torch.arange(100.0).expand(3, 40, 100)
TOP_LEFT, WHOLE = Frame(0, 0, 0.5, 0.25), Frame(0, 0, 1, 1)


@pytest.mark.parametrize(
    "sides", [(0.5, 0, 0.5, 1), (0, 0.6, 1, 0.5), (-0.01, 0, 1, 1), (0, 0, 1, 1.01), (float("nan"), 0, 1, 1)]
)
def test_what_is_no_rectangle_inside_the_image_is_refused_with_the_values(sides):
    with pytest.raises(ValueError, match="between 0 and 1, left < right and top < bottom, not"):
        Frame(*sides)


def test_a_frame_cuts_out_fractions_of_width_and_height():
    assert torch.equal(WHOLE.cut(RAMP), RAMP)
    assert torch.equal(TOP_LEFT.cut(RAMP), RAMP[:, :10, :50])
    assert torch.equal(Frame(0.25, 0.5, 0.75, 1).cut(RAMP), RAMP[:, 20:, 25:75])


@settings(deadline=None, derandomize=True)
@given(st.data(), st.integers(1, 700), st.integers(1, 700))
def test_pixels_come_back_from_their_frame_even_with_four_decimals(data, height, width):
    """Links have four decimals; with more than 5,000 pixels they would not say which one."""
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    bottom, right = data.draw(st.integers(top + 1, height)), data.draw(st.integers(left + 1, width))
    frame = Frame.of_pixels(top, left, bottom, right, (height, width))
    rounded = Frame(*(round(side, 4) for side in (frame.left, frame.top, frame.right, frame.bottom)))
    for same in (frame, rounded):
        assert same.pixels((height, width)) == (slice(top, bottom), slice(left, right))


@pytest.mark.parametrize("size", [(1, 1), (1, 9), (5, 3)])
def test_at_least_one_pixel_is_in_every_frame(size):
    for frame in (Frame(0, 0, 1e-6, 1e-6), Frame(1 - 1e-6, 1 - 1e-6, 1, 1), Frame(0.5, 0.5, 0.50001, 0.50001)):
        assert frame.cut(torch.ones(3, *size)).shape == (3, 1, 1)


@pytest.mark.parametrize(("across", "first"), [(0, 0), (0.5, 30), (1, 60), (0.1, 6)])
def test_the_square_is_the_largest_and_can_be_moved(across, first):
    assert torch.equal(Frame.square(40, 100, across, 0.9).cut(RAMP), RAMP[:, :, first : first + 40])
    assert torch.equal(Frame.square(100, 40, 0.9, across).cut(RAMP.mT), RAMP.mT[:, first : first + 40])


@pytest.mark.parametrize("outside", [(-0.1, 0), (0, 1.01), (float("nan"), 0)])
def test_a_square_outside_the_image_is_refused(outside):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Frame.square(40, 100, *outside)


def test_any_frame_has_a_largest_square_in_its_middle():
    assert torch.equal(Frame(0.2, 0, 0.8, 0.5).cut_square(RAMP), RAMP[:, :20, 40:60])
    assert torch.equal(Frame(0.2, 0, 0.3, 1).cut_square(RAMP), RAMP[:, 15:25, 20:30])
