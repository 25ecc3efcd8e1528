"""Masked: ever more patches removed, drawn again by the network and by PCA, known on removed and visible pixels."""

from functools import cache

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aedemo import checkpoints, datasets
from aedemo.corruption import MASK_KINDS, TEST_MASK_RATIOS, patch_mask
from aedemo.explore.masked import BY_HAND, START_RATIO, MaskedView, from_hex, masked, to_hex
from tests.explore.reference import DATASETS, OTHER_SEED, SEED, assert_frames, chosen, identity

every_data_set = pytest.mark.parametrize("dataset", DATASETS)
RUNS = [(dataset, ratio) for dataset in DATASETS for ratio in checkpoints.load(dataset, "masked").values]


@cache
def view(dataset: str, seed: int = SEED, trained_at: float = START_RATIO) -> MaskedView:
    return masked(dataset, identity(dataset), seed, trained_at)


def hidden_pixels(dataset: str, seed: int = SEED) -> np.ndarray:
    """(F, H, W) bool: the removed pixels of each frame, from the seed alone."""
    model = checkpoints.load(dataset, "masked")[START_RATIO]
    block = np.ones((model.patch_size, model.patch_size))
    return np.stack([np.kron(patch_mask(model.grid, ratio, seed), block) for ratio in TEST_MASK_RATIOS]).astype(bool)


@every_data_set
def test_the_image_comes_at_the_models_size(dataset):
    shown, x = view(dataset), chosen(dataset)
    assert shown.clean.shape == (1, *datasets.get(dataset).image_shape) and shown.clean.dtype == np.float32
    assert shown.clean.min() >= 0 and shown.clean.max() <= 1
    assert shown.clean.mean() == pytest.approx(float(x.mean()), abs=0.01)
    if x.shape == shown.clean.shape:
        np.testing.assert_array_equal(shown.clean, x)


@every_data_set
def test_masks_nest_and_remove_what_the_slider_says(dataset):
    shown, hidden = view(dataset), hidden_pixels(dataset)
    assert shown.ratios == TEST_MASK_RATIOS and shown.ratios_trained == checkpoints.load(dataset, "masked").values
    assert shown.trained_at == START_RATIO
    pixels = hidden[0].size / shown.patches
    for k, ratio in enumerate(shown.ratios):
        assert shown.removed[k] == round(ratio * shown.patches) == hidden[k].sum() / pixels
        assert np.all(shown.masked[k][:, hidden[k]] == 0.5)
        np.testing.assert_array_equal(shown.masked[k][:, ~hidden[k]], shown.clean[0][:, ~hidden[k]])
    assert np.all(hidden[:-1] <= hidden[1:])


@pytest.mark.parametrize(("dataset", "trained_at"), RUNS)
def test_each_run_draws_every_patch_when_it_is_asked_for(dataset, trained_at):
    shown, model = view(dataset, trained_at=trained_at), checkpoints.load(dataset, "masked")[trained_at]
    assert shown.trained_at == trained_at
    masks = [patch_mask(model.grid, ratio, SEED)[None, None] for ratio in shown.ratios]
    with torch.no_grad():
        drawn = [model(torch.from_numpy(shown.clean), mask)[0].numpy() for mask in masks]
    assert_frames(shown.reconstruction.frames, drawn)
    joined = [np.where(h, y, shown.clean[0]) for h, y in zip(hidden_pixels(dataset), drawn, strict=True)]
    assert_frames(shown.with_visible.frames, joined)


@every_data_set
def test_pca_fills_in_the_conditional_mean_given_the_visible_pixels(dataset):
    """E[z | x_v] = (W_vᵀ W_v + σ²I)⁻¹ W_vᵀ (x_v − mean_v), in float64, from the rows of W that are visible."""
    shown, hidden = view(dataset), hidden_pixels(dataset)
    sweep = checkpoints.load(dataset, "ppca")
    pca = sweep[sweep.values[0]]
    assert shown.pca_components == pca.latent_dim
    x, mean, noise = shown.clean[0].ravel().astype(float), pca.mean.double().numpy(), pca.noise_variance.item()
    loadings = pca.components.double().numpy().T * np.sqrt(pca.explained_variance.double().numpy() - noise)
    for k in (0, 8, 15, 19):
        visible = np.broadcast_to(~hidden[k], shown.clean[0].shape).ravel()
        rows = loadings[visible]
        gram = rows.T @ rows + noise * np.eye(pca.latent_dim)
        z = np.linalg.solve(gram, rows.T @ (x[visible] - mean[visible]))
        filled = np.where(visible, x, loadings @ z + mean)
        np.testing.assert_allclose(shown.pca.frames[k].ravel(), filled, atol=2e-3)


@every_data_set
def test_errors_are_counted_on_removed_and_on_visible_pixels_apart(dataset):
    shown, hidden = view(dataset), hidden_pixels(dataset)
    assert np.isnan(shown.masked_error[0]) and np.isnan(shown.pca_error[0])
    for k in range(len(shown.ratios)):
        square = (shown.reconstruction.frames[k] - shown.clean[0]) ** 2
        assert shown.visible_error[k] == pytest.approx(square[:, ~hidden[k]].mean(), rel=1e-4)
        if k:
            assert shown.masked_error[k] == pytest.approx(square[:, hidden[k]].mean(), rel=1e-4)
            guess = (shown.pca.frames[k] - shown.clean[0]) ** 2
            assert shown.pca_error[k] == pytest.approx(guess[:, hidden[k]].mean(), rel=1e-4)


@every_data_set
def test_curves_are_those_in_the_headers(dataset):
    shown, frames = view(dataset), len(TEST_MASK_RATIOS)
    assert shown.curves.shape == (len(shown.ratios_trained), frames)
    np.testing.assert_array_equal(shown.curves, checkpoints.load(dataset, "masked").metrics("masked_error_at"))
    reference = checkpoints.load(dataset, "ppca").metrics("masked_error_at")[0]
    np.testing.assert_array_equal(shown.curve_pca, reference)
    assert shown.curve_mean.shape == (frames,)


@every_data_set
def test_the_same_seed_shows_the_same_and_another_changes_the_mask_alone(dataset):
    first, again, other = view(dataset), masked(dataset, identity(dataset), SEED), view(dataset, OTHER_SEED)
    np.testing.assert_array_equal(again.reconstruction.frames, first.reconstruction.frames)
    np.testing.assert_array_equal(again.masked, first.masked)
    np.testing.assert_array_equal(other.clean, first.clean)
    assert other.removed == first.removed
    np.testing.assert_array_equal(other.masked[0], first.masked[0])
    assert not np.array_equal(other.masked[10], first.masked[10])


@every_data_set
def test_a_ratio_that_was_not_trained_shows_the_nearest(dataset):
    shown = masked(dataset, identity(dataset), SEED, 0.78)
    assert shown.trained_at == START_RATIO
    np.testing.assert_array_equal(shown.reconstruction.frames, view(dataset).reconstruction.frames)


@settings(deadline=None, max_examples=100)
@given(grid=st.tuples(st.integers(1, 9), st.integers(1, 9)), data=st.data())
def test_a_mask_comes_back_from_its_digits(grid, data):
    bits = data.draw(st.lists(st.booleans(), min_size=grid[0] * grid[1], max_size=grid[0] * grid[1]))
    mask, back = torch.tensor(bits).float().view(grid), from_hex(to_hex(torch.tensor(bits)), grid)
    assert back is None if all(bits) else torch.equal(back, mask)


@pytest.mark.parametrize("digits", ["", "zz", "ffff", "00", "00000", "+001", "0x00"])
def test_what_is_no_mask_of_this_grid_begins_as_the_random_one(digits):
    assert from_hex(digits, (4, 4)) is None
    shown = masked("digits", identity("digits"), SEED, kind=BY_HAND, hand=digits)
    assert from_hex(shown.masks[0], (4, 4)).equal(patch_mask((4, 4), START_RATIO, SEED))


def test_digits_past_the_last_patch_are_none_of_a_mask():
    assert to_hex(torch.tensor([1, 0, 0, 0, 1])) == "88" and from_hex("88", (1, 5)).tolist() == [[1, 0, 0, 0, 1]]
    assert from_hex("89", (1, 5)) is None


@every_data_set
def test_a_mask_made_by_hand_is_one_frame_and_both_answer_it(dataset):
    model = checkpoints.load(dataset, "masked")[START_RATIO]
    mask = torch.zeros(model.grid)
    mask[1:3, 1:] = 1
    shown = masked(dataset, identity(dataset), SEED, kind=BY_HAND, hand=to_hex(mask))
    assert shown.removed == (int(mask.sum()),) and shown.ratios == (pytest.approx(float(mask.mean())),)
    pca = checkpoints.load(dataset, "ppca")
    x, where = torch.from_numpy(shown.clean), np.kron(mask, np.ones((model.patch_size,) * 2)).astype(bool)
    with torch.no_grad():
        assert_frames(shown.reconstruction.frames, model(x, mask[None, None]).numpy())
        guess = pca[pca.values[0]](x, mask[None, None]).numpy()
    assert_frames(shown.pca.frames, np.where(where, guess, shown.clean))
    assert np.all(shown.masked[0][:, where] == 0.5)


@every_data_set
@pytest.mark.parametrize("kind", MASK_KINDS)
def test_frames_follow_the_kind_of_mask(dataset, kind):
    shown, grid = masked(dataset, identity(dataset), SEED, kind=kind), view(dataset).grid
    assert shown.kind == kind and shown.removed == view(dataset).removed
    expected = [patch_mask(grid, ratio, SEED, kind) for ratio in TEST_MASK_RATIOS]
    assert all(torch.equal(from_hex(digits, grid), mask) for digits, mask in zip(shown.masks, expected, strict=True))
    if kind != "random":
        assert shown.masks != view(dataset).masks
