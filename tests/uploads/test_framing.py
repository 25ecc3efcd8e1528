"""Grey, and whether the ground is light; a thing apart from its ground: what these do to numbers."""

import pytest
import torch

from aedemo.uploads.step import MIN_CONTRAST, grey, ground_is_light
from aedemo.uploads.thing import separate
from tests.uploads.samples import assert_near, page

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
    noise = 0.9 * MIN_CONTRAST * (torch.rand(1, 30, 30, generator=generator) - 0.5)
    assert ground_is_light(value + noise) is light


# A thing apart from its ground.


@pytest.mark.parametrize(("ground", "ink"), [(0.0, 1.0), (0.2, 0.7), (0.45, 0.55)])
def test_ground_becomes_0_and_what_is_brightest_becomes_1(ground, ink):
    assert_near(separate(page(ground=ground, ink=ink)), page(), 1e-5)


def test_things_keep_their_shading():
    x = page()
    x[:, 20:40, 30:36] = torch.linspace(0.5, 1, 20)[None, :, None]
    assert_near(separate(x), x / x.flatten().quantile(0.999), 0.02)


def test_noise_on_the_ground_hardly_remains(generator):
    noisy = (page(ground=0.2, ink=0.8) + 0.02 * torch.randn(1, 60, 80, generator=generator)).clamp(0, 1)
    clear = separate(noisy)
    assert clear[page() == 0].mean() < 0.01 and clear[page() > 0].mean() > 0.9
