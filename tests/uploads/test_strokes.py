"""Strokes: how thick they are, made as thick as a data set's; ruled lines that go."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from aedemo import checkpoints, datasets
from aedemo.uploads.lines import smoothed, without_lines
from aedemo.uploads.placing import crop_to_ink, fit_box
from aedemo.uploads.sheet import background
from aedemo.uploads.strokes import THICK, THIN, stroke_width, with_stroke_width


@pytest.mark.parametrize("width", [1, 3, 7, 15])
def test_a_bar_is_as_wide_as_it_is(width):
    mask = np.zeros((60, 200), bool)
    mask[20 : 20 + width, 20:180] = True
    assert stroke_width(mask) == pytest.approx(width, abs=0.35)
    assert stroke_width(mask.T) == pytest.approx(width, abs=0.35)


def test_where_there_is_nothing_strokes_have_no_width():
    assert stroke_width(np.zeros((5, 9), bool)) == 0


def test_the_width_in_the_data_sets_row_is_that_of_its_test_images():
    images = checkpoints.test_images("mnist").images[::10]
    large = F.interpolate(images, scale_factor=8, mode="bicubic")[:, 0].numpy() > 0.5
    widths = np.array([stroke_width(mask) / 8 for mask in large])
    mean = datasets.get("mnist").framing.stroke
    assert mean == pytest.approx(widths.mean(), abs=0.05)
    assert ((widths >= THIN * mean) & (widths <= THICK * mean)).mean() > 0.97


def bar(width: int) -> torch.Tensor:
    """A cross of bars so wide, 200 × 200."""
    x = torch.zeros(1, 200, 200)
    x[:, 100 - width // 2 : 100 - width // 2 + width] = 1
    x[:, :, 100 - width // 2 : 100 - width // 2 + width] = 1
    return x


@pytest.mark.parametrize("width", [3, 6, 70])
def test_thin_and_thick_strokes_get_the_mean_width(width):
    fitted = fit_box(crop_to_ink(with_stroke_width(bar(width), 20, 2.44)), 20 * 8)[0].numpy()
    assert stroke_width(fitted > 0.5) / 8 == pytest.approx(2.44, abs=0.35)


@pytest.mark.parametrize("width", [12, 24, 40])
def test_strokes_as_the_data_set_has_them_stay_as_they_are(width):
    x = bar(width)
    assert with_stroke_width(x, 20, 2.44) is x


def ruled(slope: float, squared: bool) -> np.ndarray:
    """Lines 2 pixels thick, 30 apart, over 300 × 400 pixels, half as bright as ink."""
    rows, columns = np.indices((300, 400))
    lines = (rows + slope * columns) % 30 < 2
    if squared:
        lines |= (columns - slope * rows) % 30 < 2
    return 0.5 * lines.astype(np.float32)


@pytest.mark.parametrize("squared", [False, True])
@pytest.mark.parametrize("slope", [0, 0.03, -0.08])
def test_lines_go_and_strokes_across_them_stay(slope, squared):
    stroke = np.zeros((300, 400), np.float32)
    stroke[60:240, 180:200] = stroke[60:80, 120:260] = 1
    ink = np.maximum(ruled(slope, squared), stroke)
    left = without_lines(ink, smoothed(ink), 1 / 32)
    assert left[stroke == 1].min() > 0.9
    assert (left[stroke == 0] > 0.1).mean() < 0.01


def test_a_digit_one_is_no_ruled_line():
    one = np.zeros((300, 400), np.float32)
    one[60:240, 200:203] = 1
    assert np.array_equal(without_lines(one, smoothed(one), 1 / 32), one)


def test_the_background_is_what_strokes_lie_on():
    columns = np.indices((200, 300))[1]
    sheet = (0.1 + 0.2 * (columns > 200)).astype(np.float32)  # a hard shadow
    inked = sheet.copy()
    inked[50:150, 80:95] += 0.6
    away = np.abs(columns - 200) > 4
    assert np.abs(background(inked) - sheet)[away].max() < 0.01
