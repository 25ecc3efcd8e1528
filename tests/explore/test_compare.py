"""Compare: one image through all seven, each frame equal to the model called by hand at that setting."""

from functools import cache

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.corruption import NOISES, TEST_MASK_RATIOS, corrupt, patch_mask
from aedemo.explore.compare import ModelColumn, compare
from aedemo.explore.masked import model_image
from tests.explore.reference import (
    DATASETS,
    OTHER_SEED,
    SEED,
    assert_frames,
    chosen,
    codes,
    identity,
    pca_reconstruction,
    reconstruction,
)

SEVEN = ("pca", "linear", "shallow", "deep", "sparse", "denoising", "masked")
BOTTLENECKS = ("linear", "shallow", "deep")
every_data_set = pytest.mark.parametrize("dataset", DATASETS)


@cache
def view(dataset: str, seed: int = SEED) -> dict[str, ModelColumn]:
    shown = compare(dataset, identity(dataset), seed)
    assert shown.missing == ()
    return {column.variant: column for column in shown.columns}


@every_data_set
def test_all_seven_answer_in_the_order_of_the_page(dataset):
    assert tuple(view(dataset)) == SEVEN


@every_data_set
@pytest.mark.parametrize("variant", SEVEN)
def test_there_is_a_frame_for_each_position_of_the_slider(dataset, variant):
    column = view(dataset)[variant]
    row = datasets.get(dataset)
    side = row.image_shape[1] if variant == "masked" else chosen(dataset).shape[2]
    shape = (row.shape[0], side, side)
    frames = len(column.values)
    assert column.values == tuple(sorted(set(column.values))) and frames >= 8
    assert column.clean.shape == (1, *shape)
    assert column.reconstruction.frames.shape == (frames, *shape) and column.reconstruction.frames.dtype == np.float32
    assert column.saw.shape in {(1, *shape), (frames, *shape)} and column.saw.dtype == np.float32
    assert (
        len(column.kept) == frames
        and min(column.kept) >= 0
        and len(column.of) == frames
        and min(column.of) > 0
        and column.unit
    )
    assert np.isfinite(column.reconstruction.frames).all() and np.isfinite(column.saw).all()


@every_data_set
def test_sliders_run_over_what_was_trained_and_over_the_knobs(dataset):
    columns = view(dataset)
    for variant in BOTTLENECKS:
        assert columns[variant].values == columns["pca"].values == checkpoints.load(dataset, variant).values
    assert columns["sparse"].values == checkpoints.load(dataset, "sparse").values
    assert columns["denoising"].values == NOISES["gaussian"].test_levels()
    assert columns["masked"].values == TEST_MASK_RATIOS


@every_data_set
@pytest.mark.parametrize("variant", [*BOTTLENECKS, "sparse"])
def test_each_frame_is_the_run_trained_there(dataset, variant):
    column, sweep, x = view(dataset)[variant], checkpoints.load(dataset, variant), chosen(dataset)
    assert_frames(column.reconstruction.frames, [reconstruction(sweep[value], x) for value in column.values])


@every_data_set
def test_pca_is_scikit_learns(dataset):
    column, x = view(dataset)["pca"], chosen(dataset)
    assert_frames(column.reconstruction.frames, [pca_reconstruction(dataset, x, m) for m in column.values], atol=2e-5)


@every_data_set
def test_each_noisy_frame_is_answered_by_the_denoiser_trained_nearest(dataset):
    column, sweep, x = view(dataset)["denoising"], checkpoints.load(dataset, "denoising"), chosen(dataset)
    noisy = [corrupt(x, "gaussian", level, SEED) for level in column.values]
    assert_frames(column.saw, [frame[0].numpy() for frame in noisy])
    trained = [level for kind, level in sweep.values if kind == "gaussian"]
    for k, level in enumerate(column.values):
        least = min(abs(level - other) for other in trained)
        nearest = [other for other in trained if abs(level - other) < least + 1e-9]  # halfway there are two
        errors = [
            np.abs(column.reconstruction.frames[k] - reconstruction(sweep["gaussian", t], noisy[k])).max()
            for t in nearest
        ]
        assert min(errors) < 1e-5


@every_data_set
def test_the_masked_one_keeps_the_patches_it_was_shown(dataset):
    column, model = view(dataset)["masked"], checkpoints.load(dataset, "masked")[0.75]
    x = model_image(dataset, identity(dataset))
    np.testing.assert_array_equal(column.clean, x)
    for k, ratio in enumerate(column.values):
        removed = patch_mask(model.grid, ratio, SEED)
        hidden = np.kron(removed, np.ones((model.patch_size, model.patch_size))).astype(bool)
        with torch.no_grad():
            drawn = model(x, removed[None, None])[0].numpy()
        assert np.all(column.saw[k][:, hidden] == 0.5)
        np.testing.assert_array_equal(column.saw[k][:, ~hidden], x[0].numpy()[:, ~hidden])
        np.testing.assert_allclose(column.reconstruction.frames[k][:, hidden], drawn[:, hidden], atol=1e-5)
        np.testing.assert_allclose(column.reconstruction.frames[k][:, ~hidden], x[0].numpy()[:, ~hidden], atol=1e-6)
        assert column.kept[k] == (removed == 0).sum()
    assert set(column.of) == {model.grid[0] * model.grid[1]}


@every_data_set
def test_what_is_kept_is_counted(dataset):
    columns, x = view(dataset), chosen(dataset)
    sparse = checkpoints.load(dataset, "sparse")
    denoisers = checkpoints.load(dataset, "denoising")
    blank = torch.zeros(1, *sparse.input_shape)
    kept = dict(zip(columns["denoising"].values, columns["denoising"].kept, strict=True))
    for kind, level in denoisers.values:
        if kind == "gaussian":
            assert kept[level] == denoisers[kind, level].encode(blank).shape[1]
    for variant in ("pca", *BOTTLENECKS):
        assert tuple(columns[variant].kept) == columns[variant].values
        assert set(columns[variant].of) == {datasets.get(dataset).dimension}
    active = [np.count_nonzero(codes(sparse[weight], x) > 0, axis=1).mean() for weight in sparse.values]
    np.testing.assert_allclose(columns["sparse"].kept, active, rtol=1e-6)
    assert columns["sparse"].of == tuple(sparse[weight].encode(blank).shape[1] for weight in sparse.values)


@every_data_set
def test_the_same_seed_shows_the_same_and_another_changes_the_corruption_alone(dataset):
    first, again = view(dataset), compare(dataset, identity(dataset), SEED)
    other = view(dataset, OTHER_SEED)
    for column in again.columns:
        np.testing.assert_array_equal(column.saw, first[column.variant].saw)
        np.testing.assert_array_equal(column.reconstruction.frames, first[column.variant].reconstruction.frames)
    for variant in SEVEN:
        np.testing.assert_array_equal(other[variant].clean, first[variant].clean)
        corrupts = variant in ("denoising", "masked")
        assert np.array_equal(other[variant].saw, first[variant].saw) != corrupts
        assert np.array_equal(other[variant].reconstruction.frames, first[variant].reconstruction.frames) != corrupts
    # Without noise, and with no patch removed, both seeds show the image itself.
    for variant in ("denoising", "masked"):
        np.testing.assert_array_equal(other[variant].saw[0], first[variant].clean[0])
