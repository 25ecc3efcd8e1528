"""Where ink comes to stand: cropped, fitted into a box and centred; and the sizes of photographs."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aedemo import datasets
from aedemo.uploads.placing import INK, centre, crop_to_ink, fit_box, resize
from tests.uploads.samples import assert_near, page, plane

# Cropped.


def test_the_smallest_rectangle_with_all_ink_is_cut_out():
    assert torch.equal(crop_to_ink(page()), torch.ones(1, 20, 6))
    x = page()
    x[:, 50, 70] = 1  # less than a fiftieth of 120: a speck
    x[:, 5, 2:4] = 1
    assert crop_to_ink(x).shape == (1, 20, 6)
    x[:, 50, 68:71] = 1  # 3 of 120 are no speck: the dot on an i
    assert torch.equal(crop_to_ink(x), x[:, 20:51, 30:71])


def test_ink_touches_at_corners_too():
    x = torch.zeros(1, 40, 40)
    x[:, 5:20, 5:20] = 1
    x[0, range(20, 35), range(20, 35)] = 1  # a tail as thin as a hair, and no specks
    assert torch.equal(crop_to_ink(x), x[:, 5:35, 5:35])


def test_ink_is_what_exceeds_a_threshold():
    x = page()
    x[:, 20:40, 36] = 0.31
    x[:, 20:40, 29] = 0.29
    assert torch.equal(crop_to_ink(x), x[:, 20:40, 30:37])


@pytest.mark.parametrize("value", [0.0, 0.15])
def test_where_there_is_no_ink_nothing_can_be_cropped(value):
    with pytest.raises(ValueError, match=r"^Nothing found that stands out"):
        crop_to_ink(torch.full((1, 9, 7), value))


@pytest.mark.parametrize("corner", [(0, 0), (0, 7), (9, 0), (9, 7)])
def test_ink_may_lie_at_the_edge(corner):
    x = torch.zeros(1, 10, 8)
    x[(0, *corner)] = 1
    assert torch.equal(crop_to_ink(x), torch.ones(1, 1, 1))


# Fitted and centred.


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 900), st.integers(1, 900), st.sampled_from([8, 20, 28]))
def test_the_longer_side_fills_the_box_and_the_other_keeps_its_proportion(height, width, box):
    fitted = fit_box(torch.ones(1, height, width), box)
    assert max(fitted.shape[1:]) == box
    for length, new in zip((height, width), fitted.shape[1:], strict=True):
        assert abs(new - box * length / max(height, width)) <= (0.5 if new > 1 else 1)
    assert_near(fitted, torch.ones(fitted.shape), 1e-5)


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 900), st.integers(1, 900))
def test_where_widths_are_given_the_height_fills_the_box(height, width):
    fitted = fit_box(torch.ones(1, height, width), 8, (2, 7))
    assert fitted.shape == (1, 8, min(max(round(8 * width / height), 2), 7))
    assert_near(fitted, torch.ones(fitted.shape), 1e-5)


def test_the_widths_are_those_of_scikit_learns_digits(digits):
    """Each of them is eight pixels high, and none is as narrow as one."""
    framing, ink = datasets.get("digits").framing, digits[:, 0] > INK
    assert framing.widths == (2, 7) and ink[:, [0, -1]].any(2).all()
    columns = ink.any(1).float()
    spans = 8 - columns.argmax(1) - columns.flip(1).argmax(1)
    assert spans.min() == 2 and (spans <= 7).all()


def mass(x: torch.Tensor) -> tuple[float, float]:
    """Centre of mass of (1, H, W), in pixels: row and column, the first being 0."""
    return tuple(float((x[0].sum(1 - axis) * torch.arange(x.shape[axis + 1])).sum() / x.sum()) for axis in (0, 1))


@settings(deadline=None, derandomize=True)
@given(st.integers(1, 20), st.integers(1, 20), st.integers(0, 2**31))
def test_the_centre_of_mass_comes_within_half_a_pixel_of_the_middle_unless_the_edge_is_in_the_way(height, width, seed):
    x = torch.rand(1, height, width, generator=torch.Generator().manual_seed(seed)) ** 4
    field = centre(x, 28, by_mass=True)
    assert field.shape == (1, 28, 28)
    rows, columns = (field[0].any(axis).nonzero().flatten() for axis in (1, 0))
    assert torch.equal(field[:, rows[0] : rows[0] + height, columns[0] : columns[0] + width], x)  # nothing is lost
    assert field.sum() == pytest.approx(float(x.sum()), rel=1e-5)
    for where, first, length in zip(mass(field), (rows[0], columns[0]), (height, width), strict=True):
        clamped = first == 0 or first == 28 - length
        assert abs(where - 14) <= 0.5 + 1e-4 or clamped


def test_the_edge_is_in_the_way_of_heavy_ends():
    x = torch.zeros(1, 20, 4)
    x[:, 0] = 1
    x[:, 19, 0] = 0.01
    assert centre(x, 28, by_mass=True)[0, 8].sum() == 4  # 14 would put the other end outside


@pytest.mark.parametrize(("height", "width"), [(28, 11), (10, 28), (28, 28), (7, 8), (1, 1)])
def test_without_mass_the_rectangle_stands_in_the_middle(height, width):
    x = torch.rand(1, height, width) + 0.1
    x[:, 0] *= 50  # which would draw it down
    field = centre(x, 28, by_mass=False)
    for axis, length in ((1, height), (0, width)):
        inked = field[0].any(axis).nonzero().flatten()
        assert len(inked) == length and abs((inked[0] + inked[-1]) / 2 - 13.5) <= 0.5


@pytest.mark.parametrize("by_mass", [True, False])
@pytest.mark.parametrize(("height", "width"), [(20, 2), (19, 3), (3, 20), (20, 20)])
def test_symmetric_ink_stands_in_one_place_whatever_the_rounding_errors(by_mass, height, width, generator):
    """Two places are equally good there, and a millionth must not choose between them."""
    places = set()
    for _ in range(20):
        x = 1 + 1e-5 * torch.rand(1, height, width, generator=generator)
        inked = centre(x, 28, by_mass)[0].nonzero()
        places.add(tuple(inked[0].tolist()))
    assert len(places) == 1


def test_black_stands_in_the_middle_too():
    assert torch.equal(centre(torch.zeros(1, 5, 9), 28, by_mass=True), torch.zeros(1, 28, 28))


# Sizes.


@pytest.mark.parametrize("size", [(20, 30), (7, 5), (1, 1)])
def test_a_size_divided_by_a_whole_number_is_a_weighted_mean(size, generator):
    """Antialiased: what is halved has lost no light, and nothing between the pixels kept is left out."""
    x = torch.rand(3, 40, 60, generator=generator)
    assert resize(x, size).shape == (3, *size)
    assert_near(resize(x, size).mean((1, 2)), x.mean((1, 2)), 0.05)
    checks = torch.from_numpy(np.indices((40, 60)).sum(0) % 2).float().expand(3, -1, -1)
    assert_near(resize(checks, (10, 15)), torch.full((3, 10, 15), 0.5), 0.02)


def test_a_size_kept_changes_nothing(generator):
    x = torch.rand(1, 28, 28, generator=generator)
    assert torch.equal(resize(x, (28, 28)), x)


def test_a_plane_stays_a_plane_when_it_is_enlarged():
    larger = resize(plane(5, 5, 0.5, 0.2, 0.1), (50, 50))[:, 5:-5, 5:-5]
    assert_near(larger.diff(dim=2), torch.full((1, 40, 39), 0.01), 1e-5)
    assert_near(larger.diff(dim=1), torch.full((1, 39, 40), 0.005), 1e-5)
