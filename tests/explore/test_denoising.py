"""Denoising: one field of noise, scaled by the slider, through the run trained at one level, beside PCA."""

from functools import cache
from itertools import repeat

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.corruption import NOISES, corrupt
from aedemo.explore.denoising import DenoisingView, denoising
from aedemo.explore.filmstrips import full_pca, reconstruct_between, stride_of
from aedemo.models.patchwise import Patchwise
from tests.explore.reference import (
    DATASETS,
    OTHER_SEED,
    SEED,
    assert_frames,
    chosen,
    identity,
    pca_reconstruction,
    reconstruction,
)

KINDS = tuple(NOISES)
each = pytest.mark.parametrize(("dataset", "kind"), [(dataset, kind) for dataset in DATASETS for kind in KINDS])


@cache
def view(dataset: str, kind: str, seed: int = SEED, trained_at: float | None = None) -> DenoisingView:
    return denoising(dataset, identity(dataset), seed, kind, trained_at)


def trained(dataset: str, kind: str) -> list[float]:
    return [level for name, level in checkpoints.load(dataset, "denoising").values if name == kind]


def noisy(dataset: str, kind: str, seed: int = SEED):
    return [corrupt(chosen(dataset), kind, level, seed) for level in NOISES[kind].test_levels()]


@each
def test_noisy_frames_are_one_field_at_each_level(dataset, kind):
    shown = view(dataset, kind)
    assert shown.levels == NOISES[kind].test_levels()
    assert_frames(shown.noisy.frames, [x[0].numpy() for x in noisy(dataset, kind)])
    np.testing.assert_array_equal(shown.clean, chosen(dataset))
    np.testing.assert_array_equal(shown.noisy.frames[0], shown.clean[0])


@each
def test_each_run_answers_when_it_is_asked_for(dataset, kind):
    sweep, levels = checkpoints.load(dataset, "denoising"), trained(dataset, kind)
    assert len(levels) == 5
    for level in levels:
        shown = view(dataset, kind, trained_at=level)
        assert shown.trained_at == level and list(shown.trained_levels) == levels
        assert_frames(shown.denoised.frames, [reconstruction(sweep[kind, level], x) for x in noisy(dataset, kind)])


@each
def test_the_middle_level_is_shown_unless_another_is_asked_for(dataset, kind):
    assert view(dataset, kind).trained_at == trained(dataset, kind)[2]


@each
def test_pca_projects_on_as_many_components_as_it_says(dataset, kind):
    shown = view(dataset, kind)
    assert len(shown.components) == len(shown.levels)
    assert all(1 <= k <= datasets.get(dataset).dimension for k in shown.components)
    assert list(shown.components) == sorted(shown.components, reverse=True)  # more noise, fewer that help
    frames = zip(noisy(dataset, kind), shown.components, strict=True)
    assert_frames(shown.pca.frames, [pca_reconstruction(dataset, x, k) for x, k in frames], atol=5e-5)


@each
def test_the_map_is_the_headers_errors_in_decibels(dataset, kind):
    shown, sweep = view(dataset, kind), checkpoints.load(dataset, "denoising")
    size = datasets.get(dataset).dimension
    assert shown.psnr_map.shape == (5, len(shown.levels))
    assert len(shown.psnr_pca) == len(shown.psnr_noisy) == len(shown.levels)
    for row, level in zip(shown.psnr_map, trained(dataset, kind), strict=True):
        errors = np.array(sweep.header((kind, level)).metrics["error_at"])
        np.testing.assert_allclose(row, 10 * np.log10(size / errors), rtol=1e-6)


@pytest.mark.parametrize("dataset", DATASETS)
def test_doing_nothing_leaves_the_noise(dataset):
    """E‖σn‖² = Dσ², so the PSNR of the noisy image is −20 log₁₀ σ, whatever the images are."""
    shown = view(dataset, "gaussian")
    expected = -20 * np.log10(np.array(shown.levels[1:]))
    np.testing.assert_allclose(shown.psnr_noisy[1:], expected, atol=0.2)
    np.testing.assert_allclose(shown.noisy.metrics.psnr[1:], expected, atol=3)  # one image, perhaps of 64 pixels


@each
def test_the_same_seed_shows_the_same_and_another_changes_the_noise_alone(dataset, kind):
    first, again = view(dataset, kind), denoising(dataset, identity(dataset), SEED, kind)
    other = view(dataset, kind, OTHER_SEED)
    np.testing.assert_array_equal(again.noisy.frames, first.noisy.frames)
    np.testing.assert_array_equal(again.denoised.frames, first.denoised.frames)
    np.testing.assert_array_equal(other.clean, first.clean)
    for k in (1, 10, 20):
        same = np.array_equal(other.noisy.frames[k], first.noisy.frames[k])
        assert same == (kind == "masking" and (k == 20 or _nothing_zeroed(first, other, k)))
    np.testing.assert_array_equal(other.psnr_map, first.psnr_map)


def _nothing_zeroed(first: DenoisingView, other: DenoisingView, k: int) -> bool:
    """At a small fraction of 64 pixels, both seeds may have hit black ones only."""
    return all(np.array_equal(view.noisy.frames[k], view.clean[0]) for view in (first, other))


def test_an_unknown_kind_or_level_lists_those_that_exist():
    with pytest.raises(ValueError, match="'salt' is unknown; choose one of masking, gaussian"):
        denoising("digits", "", 0, "salt")
    with pytest.raises(ValueError, match=r"0\.33.*gaussian-0\.1"):
        denoising("digits", "", 0, "gaussian", 0.33)


def test_overlapping_patches_between_two_images_are_those_of_each_image():
    x, sweep = chosen("photos")[..., :40, :48], checkpoints.load("photos", "denoising")
    levels, model, pca = (0.0, 0.2, 0.5), sweep["gaussian", 0.3], full_pca("photos")
    images = [corrupt(x, "gaussian", level, SEED) for level in levels]
    ends, weights = torch.cat([images[0], images[-1]]), [level / levels[-1] for level in levels]
    for stride in (None, stride_of("photos", True)):
        one_by_one = torch.cat([Patchwise(model, stride)(image) for image in images])
        torch.testing.assert_close(reconstruct_between(model, ends, weights, stride), one_by_one, rtol=0, atol=1e-5)
        few = torch.cat([Patchwise(pca, stride)(image, components=20) for image in images])
        between = reconstruct_between(pca, ends, weights, stride, repeat(20))
        torch.testing.assert_close(between, few, rtol=0, atol=1e-5)
