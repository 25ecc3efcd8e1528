"""Deep: beside PCA at each M, and this image in both latent planes."""

from functools import cache

import numpy as np
import pytest

from aedemo import checkpoints, datasets
from aedemo.explore.deep import DeepView, deep
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

every_data_set = pytest.mark.parametrize("dataset", DATASETS)
both_planes = pytest.mark.parametrize("variant", ["deep", "pca"])


@cache
def view(dataset: str) -> DeepView:
    return deep(dataset, identity(dataset), SEED)


@every_data_set
def test_frames_are_the_models_at_each_bottleneck(dataset):
    shown, x, sweep = view(dataset), chosen(dataset), checkpoints.load(dataset, "deep")
    assert shown.values == sweep.values and len(shown.values) >= 8
    np.testing.assert_array_equal(shown.clean, x)
    assert_frames(shown.deep.frames, [reconstruction(sweep[m], x) for m in shown.values])
    assert_frames(shown.pca.frames, [pca_reconstruction(dataset, x, m) for m in shown.values], atol=2e-5)


@every_data_set
def test_what_is_said_of_the_data_set_and_the_errors(dataset):
    shown, row = view(dataset), datasets.get(dataset)
    assert (shown.dimension, shown.classes, shown.patchwise) == (row.dimension, row.classes, row.patchwise)
    for variant, errors in (("deep", shown.deep_error), ("pca", shown.pca_error)):
        sweep = checkpoints.load(dataset, variant)
        assert list(errors) == [sweep.header(m).metrics["test_error"] for m in shown.values]


@every_data_set
@both_planes
def test_marks_are_the_codes_of_this_image(dataset, variant):
    plane, x = getattr(view(dataset), f"{variant}_plane"), chosen(dataset)
    model = checkpoints.load(dataset, variant)[2]
    assert plane.marks.shape[1] == 2
    np.testing.assert_allclose(plane.marks, codes(model, x), atol=1e-5)


@every_data_set
def test_the_seed_changes_nothing(dataset):
    other = deep(dataset, identity(dataset), OTHER_SEED)
    np.testing.assert_array_equal(other.deep.frames, view(dataset).deep.frames)
    np.testing.assert_array_equal(other.deep_plane.marks, view(dataset).deep_plane.marks)
