"""Noises and masks: one field a seed, scaled or cut by the level."""

import math
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aedemo.corruption import (
    MASK_KINDS,
    MASK_RATIOS,
    NOISES,
    TEST_MASK_RATIOS,
    corrupt,
    get_noise,
    patch_mask,
    removed_patches,
)

X = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(0)) + 0.01  # no pixel is zero by itself


@pytest.mark.parametrize("noise", NOISES)
def test_level_zero_changes_nothing(noise):
    assert torch.equal(corrupt(X, noise, 0.0, seed=1), X)


@pytest.mark.parametrize("noise", NOISES)
def test_the_seed_decides_and_nothing_else(noise):
    level = NOISES[noise].levels[2]
    torch.manual_seed(1)
    first = corrupt(X, noise, level, seed=3)
    torch.manual_seed(2)
    assert torch.equal(corrupt(X, noise, level, seed=3), first)
    assert not torch.equal(corrupt(X, noise, level, seed=4), first)


@pytest.mark.parametrize("noise", NOISES)
def test_the_input_is_left_alone(noise):
    before = X.clone()
    corrupt(X, noise, NOISES[noise].highest, seed=0)
    assert torch.equal(X, before)


@pytest.mark.parametrize("level", [0.1, 0.25, 0.5, 0.7, 0.95])
def test_masking_noise_takes_the_right_fraction_all_channels_together(level):
    zeroed = corrupt(X, "masking", level, seed=2) == 0
    assert torch.equal(zeroed.any(1), zeroed.all(1))
    share, pixels = zeroed[:, 0].float().mean().item(), zeroed[:, 0].numel()
    assert share == pytest.approx(level, abs=4 * math.sqrt(level * (1 - level) / pixels))
    kept = corrupt(X, "masking", level, seed=2)[~zeroed]
    assert torch.equal(kept, X[~zeroed])


def test_masking_noise_everything_leaves_nothing():
    assert (corrupt(X, "masking", 1.0, seed=2) == 0).all()


def test_masking_noise_nests_as_the_level_grows():
    zeroed = [corrupt(X, "masking", level, seed=6) == 0 for level in NOISES["masking"].test_levels()]
    for small, large in pairwise(zeroed):
        assert (small <= large).all() and small.sum() < large.sum()


def test_gaussian_noise_is_one_field_scaled_by_the_level():
    unit = corrupt(torch.zeros_like(X), "gaussian", 0.5, seed=6) / 0.5
    for level in NOISES["gaussian"].test_levels():
        torch.testing.assert_close(corrupt(X, "gaussian", level, seed=6), X + level * unit)
    assert unit.mean().item() == pytest.approx(0, abs=0.05)
    assert unit.std().item() == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize("noise", NOISES)
def test_images_lie_on_a_line_where_the_noise_says_so(noise):
    kind = NOISES[noise]
    first, middle, last = (corrupt(X, noise, share * kind.highest, seed=2) for share in (0, 0.4, 1))
    assert torch.allclose(middle, torch.lerp(first, last, 0.4), atol=1e-6) == kind.additive


@pytest.mark.parametrize("noise", NOISES.values(), ids=lambda noise: noise.name)
def test_the_test_levels_runs_from_zero_to_the_highest_over_each_trained_level(noise):
    levels = noise.test_levels()
    assert len(levels) == 21 and levels[0] == 0 and levels[-1] == noise.highest
    assert list(levels) == sorted(set(levels))
    assert set(noise.levels) <= set(levels) and len(noise.levels) == 5


def test_the_mask_test_levels_runs_from_zero_to_095_over_each_trained_ratio():
    assert len(TEST_MASK_RATIOS) == 20 and TEST_MASK_RATIOS[0] == 0 and TEST_MASK_RATIOS[-1] == 0.95
    assert set(MASK_RATIOS) <= set(TEST_MASK_RATIOS) and set(MASK_RATIOS) == {0.25, 0.5, 0.75, 0.9}


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("level", [-0.01, 1.01, float("nan")])
def test_a_level_out_of_range_is_named_with_the_range(noise, level):
    with pytest.raises(ValueError, match=rf"{noise} level must lie between 0 and .*{level}"):
        corrupt(X, noise, level, seed=0)


def test_an_unknown_noise_lists_those_that_exist():
    with pytest.raises(ValueError, match=r"salt.*masking.*gaussian"):
        get_noise("salt")


grids = st.tuples(st.integers(1, 14), st.integers(1, 14))
ratios = st.floats(0, 1, exclude_max=True)


kinds = st.sampled_from(list(MASK_KINDS))


@settings(deadline=None, max_examples=100)
@given(grid=grids, ratio=ratios, seed=st.integers(0, 1000), kind=kinds)
def test_a_mask_removes_the_exact_count_and_leaves_a_patch(grid, ratio, seed, kind):
    mask = patch_mask(grid, ratio, seed, kind)
    assert mask.shape == grid and set(mask.unique().tolist()) <= {0.0, 1.0}
    patches = grid[0] * grid[1]
    assert mask.sum() == min(round(ratio * patches), patches - 1) == removed_patches(patches, ratio)
    assert torch.equal(patch_mask(grid, ratio, seed, kind), mask)


@settings(deadline=None, max_examples=100)
@given(grid=grids, one=ratios, other=ratios, seed=st.integers(0, 1000), kind=kinds)
def test_masks_of_one_seed_nest(grid, one, other, seed, kind):
    small, large = patch_mask(grid, min(one, other), seed, kind), patch_mask(grid, max(one, other), seed, kind)
    assert (small <= large).all()


@settings(deadline=None, max_examples=50)
@given(half=st.integers(1, 6), seed=st.integers(0, 1000))
def test_a_grid_keeps_every_second_patch_and_then_one_of_each_four(half, seed):
    side = 2 * half
    at_half = patch_mask((side, side), 0.5, seed, "grid").bool()
    assert (at_half ^ at_half.roll(1, 0)).all() and (at_half ^ at_half.roll(1, 1)).all()  # a chessboard
    kept = 1 - patch_mask((side, side), 0.75, seed, "grid")
    assert (kept.view(half, 2, half, 2).sum((1, 3)) == 1).all()
    assert len(kept.nonzero()[:, 0].unique()) == len(kept.nonzero()[:, 1].unique()) == half  # in straight lines


@settings(deadline=None, max_examples=50)
@given(ratio=st.floats(0.05, 0.95), seed=st.integers(0, 1000))
def test_a_block_is_a_square_without_a_hole(ratio, seed):
    removed = patch_mask((12, 12), ratio, seed, "block").bool()
    places = removed.nonzero()
    first, last = places.min(0).values, places.max(0).values
    inner = removed[first[0] + 1 : last[0], first[1] + 1 : last[1]]  # only its rim may be unfinished
    touches = bool((first == 0).any() or (last == 11).any())
    assert inner.all() or touches
    # A rim that has just begun may have reached both ends of one side and neither of the other.
    assert touches or int((last - first).max() - (last - first).min()) <= 2


@pytest.mark.parametrize("kind", MASK_KINDS)
def test_seeds_move_every_kind_of_mask(kind):
    assert len({tuple(patch_mask((8, 8), 0.4, seed, kind).flatten().tolist()) for seed in range(40)}) > 10


def test_an_unknown_kind_of_mask_lists_those_that_exist():
    with pytest.raises(ValueError, match=r"'stripes' is unknown; choose one of random, block, grid"):
        patch_mask((4, 4), 0.5, 0, "stripes")


def test_masks_of_different_seeds_differ_and_each_patch_has_its_turn():
    masks = torch.stack([patch_mask((4, 4), 0.5, seed) for seed in range(400)])
    assert len(masks.flatten(1).unique(dim=0)) > 300
    torch.testing.assert_close(masks.mean(0), torch.full((4, 4), 0.5), atol=0.1, rtol=0)


@pytest.mark.parametrize("ratio", [-0.1, 1.0, float("nan")])
def test_a_mask_ratio_out_of_range_is_named_with_the_range(ratio):
    with pytest.raises(ValueError, match=rf"mask_ratio must lie in \[0, 1\), got {ratio}"):
        patch_mask((4, 4), ratio, seed=0)
