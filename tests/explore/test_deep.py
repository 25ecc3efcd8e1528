"""Deep: beside PCA at each M, and this picture in both latent planes."""

from functools import cache

import numpy as np
import pytest
import torch

from aedemo import checkpoints, datasets
from aedemo.explore.deep import DeepView, deep
from tests.explore.byhand import (
    DATASETS,
    OTHER_SEED,
    SEED,
    answer,
    assert_frames,
    chosen,
    codes,
    identity,
    pca_answer,
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
    assert_frames(shown.deep.frames, [answer(sweep[m], x) for m in shown.values])
    assert_frames(shown.pca.frames, [pca_answer(dataset, x, m) for m in shown.values], atol=2e-5)


@every_data_set
def test_what_is_said_of_the_data_set_and_the_errors(dataset):
    shown, row = view(dataset), datasets.get(dataset)
    assert (shown.dimension, shown.classes, shown.patchwise) == (row.dimension, row.classes, row.patchwise)
    for variant, errors in (("deep", shown.deep_error), ("pca", shown.pca_error)):
        sweep = checkpoints.load(dataset, variant)
        assert list(errors) == [sweep.header(m).figures["test_error"] for m in shown.values]


@every_data_set
@both_planes
def test_marks_are_the_codes_of_this_picture(dataset, variant):
    plane, x = getattr(view(dataset), f"{variant}_plane"), chosen(dataset)
    model = checkpoints.load(dataset, variant)[2]
    assert plane.marks.shape[1] == 2
    np.testing.assert_allclose(plane.marks, codes(model, x), atol=1e-5)


@every_data_set
@both_planes
def test_the_plane_holds_codes_with_classes_and_a_square_grid(dataset, variant):
    stored = getattr(view(dataset), f"{variant}_plane").map
    count, cells = len(stored.codes), len(stored.xs)
    assert stored.codes.shape == (count, 2) and stored.labels.shape == (count,) and count >= 200
    assert stored.labels.min() >= 0 and stored.labels.max() < len(view(dataset).classes)
    assert len(stored.labels.unique()) >= 9
    assert stored.decoded.shape == (cells, cells, *datasets.get(dataset).shape) and len(stored.ys) == cells
    assert stored.decoded.min() >= 0 and stored.decoded.max() <= 1
    for places in (stored.xs, stored.ys):
        np.testing.assert_allclose(np.diff(places), np.diff(places)[0], rtol=1e-3)
    inside = (stored.codes[:, 0] - stored.xs[0]) * (stored.xs[-1] - stored.codes[:, 0]) >= 0
    inside &= (stored.codes[:, 1] - stored.ys[0]) * (stored.ys[-1] - stored.codes[:, 1]) >= 0
    assert inside.float().mean() > 0.9  # the decoded plane covers the codes


@every_data_set
@both_planes
def test_the_plane_is_decoded_where_it_says(dataset, variant):
    """decoded[i, j] belongs to (xs[j], ys[i]); bytes and float16 weights cost less than two grey levels."""
    stored = getattr(view(dataset), f"{variant}_plane").map
    model, last = checkpoints.load(dataset, variant)[2], len(stored.xs) - 1
    places = [(0, 0), (0, last), (last, 0), (last // 2, last // 3)]
    z = torch.stack([torch.stack([stored.xs[j], stored.ys[i]]) for i, j in places])
    drawn = model.decode(z).clamp(0, 1)
    at = torch.stack([stored.decoded[i, j] for i, j in places])
    torch.testing.assert_close(at, drawn, atol=2 / 255, rtol=0)


@every_data_set
def test_the_seed_changes_nothing(dataset):
    other = deep(dataset, identity(dataset), OTHER_SEED)
    np.testing.assert_array_equal(other.deep.frames, view(dataset).deep.frames)
    np.testing.assert_array_equal(other.deep_plane.marks, view(dataset).deep_plane.marks)
