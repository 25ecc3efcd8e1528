"""How ink is told apart from its ground, step by step: what each step does to numbers."""

import pytest
import torch

from aedemo.pictures.framing import LEAST_CONTRAST, grey, ground_is_light, separate_ink, shading
from tests.pictures.samples import assert_near, page, plane

# Grey.


@pytest.mark.parametrize(("channel", "weight"), [(0, 0.299), (1, 0.587), (2, 0.114)])
def test_grey_weighs_red_green_and_blue_as_television_did(channel, weight):
    colour = torch.zeros(3, 2, 2)
    colour[channel] = 0.5
    assert_near(grey(colour), torch.full((1, 2, 2), weight / 2), 1e-7)


def test_what_is_grey_already_stays_and_white_is_exactly_white(generator):
    x = torch.rand(1, 9, 7, generator=generator)
    assert_near(grey(x.expand(3, -1, -1)), x, 1e-6)
    assert grey(torch.ones(3, 99, 99)).max() <= 1


# Ground.


@pytest.mark.parametrize(
    ("ground", "ink", "light"),
    [(1.0, 0.0, True), (0.0, 1.0, False), (0.9, 0.2, True), (0.2, 0.9, False), (0.4, 0.1, True), (0.6, 0.9, False)],
)
def test_ground_is_light_where_it_is_lighter_than_the_middle_of_all_there_is(ground, ink, light):
    """Paper that a camera shows as grey, 0.4, is still paper."""
    assert ground_is_light(page(ground=ground, ink=ink)) is light


def test_ink_may_reach_the_border_as_long_as_most_of_it_is_paper():
    x = torch.ones(1, 20, 20)
    x[:, :9] = 0  # 20 + 2 · 8 of 80 at the border
    assert ground_is_light(x)
    x[:, :13] = 0
    assert not ground_is_light(x)


def test_most_of_the_border_decides_however_dark_the_rest():
    x = torch.full((1, 20, 20), 0.55)
    x[:, :7] = 0  # a third
    x[:, 10, 10] = 1
    assert ground_is_light(x)


@pytest.mark.parametrize(("value", "light"), [(0.0, False), (0.3, False), (0.7, True), (1.0, True)])
def test_a_page_without_contrast_is_light_above_a_half(value, light, generator):
    noise = 0.9 * LEAST_CONTRAST * (torch.rand(1, 30, 30, generator=generator) - 0.5)
    assert ground_is_light(value + noise) is light


# Light from one side.


@pytest.mark.parametrize(("height", "width"), [(60, 80), (512, 683), (3, 500), (2, 2), (1, 9), (9, 1), (1, 1)])
def test_shading_is_a_plane_exactly(height, width):
    x = plane(height, width, 0.6, 0.3, -0.2)
    assert_near(shading(x), x, 2e-6)


def test_shading_looks_at_the_border_only():
    x = plane(60, 80, 0.6, 0.3, -0.2)
    written_on = torch.where(page() > 0, torch.tensor(0.0), x)
    assert_near(shading(written_on), x, 2e-6)


def test_shading_is_the_best_plane_by_least_squares(generator):
    x = torch.rand(1, 7, 9, generator=generator)
    border = torch.ones(7, 9, dtype=torch.bool)
    border[1:-1, 1:-1] = False
    rest = (x - shading(x))[0]
    down, across = torch.meshgrid(torch.linspace(-1, 1, 7), torch.linspace(-1, 1, 9), indexing="ij")
    for direction in (torch.ones(7, 9), down, across):  # what is left is orthogonal to every plane
        assert abs(float((rest * direction)[border].sum())) < 1e-5


# Ink apart from its ground.


@pytest.mark.parametrize("strokes", [True, False])
@pytest.mark.parametrize(("ground", "ink"), [(0.0, 1.0), (0.2, 0.7), (0.45, 0.55)])
def test_ground_becomes_0_and_ink_becomes_1(strokes, ground, ink):
    assert_near(separate_ink(page(ground=ground, ink=ink), strokes), page(), 1e-5)


def test_ground_becomes_0_and_ink_1_under_light_from_one_side():
    """Ink adds to what is there, paper turned over: the plane is taken off both."""
    lit = plane(60, 80, 0.3, 0.2, -0.1) + 0.3 * page()
    assert_near(separate_ink(lit, strokes=True), page(), 1e-4)
    assert (separate_ink(lit, strokes=False) - page()).abs().mean() > 0.2  # who keeps shading keeps this too


def test_strokes_are_as_dark_as_their_median_and_things_keep_their_shading():
    x = page()
    x[:, 20:40, 30:36] = torch.linspace(0.5, 1, 20)[None, :, None]
    strokes, thing = separate_ink(x, strokes=True), separate_ink(x, strokes=False)
    assert (strokes[0, 30:40, 30:36] == 1).all() and strokes[0, 20, 30] < 0.75
    assert_near(thing, x / x.flatten().quantile(0.999), 0.02)


@pytest.mark.parametrize(("strokes", "least"), [(True, 0.95), (False, 0.9)])  # a thing is measured by its brightest
def test_noise_on_the_ground_hardly_remains(strokes, least, generator):
    noisy = (page(ground=0.2, ink=0.8) + 0.02 * torch.randn(1, 60, 80, generator=generator)).clamp(0, 1)
    clear = separate_ink(noisy, strokes)
    assert clear[page() == 0].mean() < 0.01 and clear[page() > 0].mean() > least


@pytest.mark.parametrize("strokes", [True, False])
@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_a_blank_page_is_black(strokes, value, generator):
    noise = 0.9 * LEAST_CONTRAST * (torch.rand(1, 60, 80, generator=generator) - 0.5)
    assert not separate_ink(torch.full((1, 60, 80), value), strokes).any()
    assert not separate_ink(value + noise, strokes).any()


def test_a_blank_page_is_black_in_whatever_light():
    assert not separate_ink(plane(60, 80, 0.5, 0.3, 0.15), strokes=True).any()
