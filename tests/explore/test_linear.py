"""Linear = PCA: both networks and PCA at each M, the angle between their spans, and the columns."""

from functools import cache

import numpy as np
import pytest
from scipy.linalg import subspace_angles

from aedemo import checkpoints, datasets
from aedemo.explore.linear import MAX_COLUMNS, LinearView, linear
from aedemo.training.recipes import get_recipe
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

every_data_set = pytest.mark.parametrize("dataset", DATASETS)


@cache
def view(dataset: str) -> LinearView:
    return linear(dataset, identity(dataset), SEED)


@cache
def spans(dataset: str, m: int, variant: str = "linear") -> tuple[np.ndarray, np.ndarray]:
    """(D, M) each: the columns of the decoder, PCA's eigenvectors."""
    columns = checkpoints.load(dataset, variant)[m].decoder[0].weight
    return columns.double().numpy(), checkpoints.load(dataset, "pca")[m].components.T.double().numpy()


def flat(images: np.ndarray) -> np.ndarray:
    """Images (k, C, h, w) as columns (D, k) in float64."""
    return images.reshape(len(images), -1).T.astype(float)


@every_data_set
def test_frames_are_the_models_at_each_bottleneck(dataset):
    shown, x = view(dataset), chosen(dataset)
    assert shown.values == checkpoints.load(dataset, "linear").values and len(shown.values) >= 8
    assert shown.dimension == datasets.get(dataset).dimension
    np.testing.assert_array_equal(shown.clean, x)
    for variant, filmstrip in (("linear", shown.linear), ("shallow", shown.shallow)):
        sweep = checkpoints.load(dataset, variant)
        assert_frames(filmstrip.frames, [reconstruction(sweep[m], x) for m in shown.values])
    assert_frames(shown.pca.frames, [pca_reconstruction(dataset, x, m) for m in shown.values], atol=2e-5)


@every_data_set
def test_errors_are_those_in_the_headers(dataset):
    shown = view(dataset)
    for variant in ("linear", "shallow", "pca"):
        sweep = checkpoints.load(dataset, variant)
        metrics = [sweep.header(m).metrics for m in shown.values]
        assert list(shown.test_error[variant]) == [f["test_error"] for f in metrics]
        assert list(shown.train_error[variant]) == [f["train_error"] for f in metrics]
    assert np.all(np.diff(shown.test_error["pca"]) < 0)


@every_data_set
def test_the_angle_is_the_largest_between_the_spans(dataset):
    shown = view(dataset)
    for variant, angles in (("linear", shown.angles), ("shallow", shown.shallow_angles)):
        measured = [np.rad2deg(subspace_angles(*spans(dataset, m, variant)).max()) for m in shown.values]
        np.testing.assert_allclose(angles, measured, atol=0.05)


@every_data_set
def test_columns_are_the_decoders_and_the_eigenvectors(dataset):
    shape = datasets.get(dataset).shape
    rounding = 1e-3 if get_recipe(dataset, "pca").half else 1e-5
    for m, columns in zip(view(dataset).values, view(dataset).columns, strict=True):
        both = (columns.learned, 1e-5), (columns.eigenvectors, rounding)
        for (images, atol), matrix in zip(both, spans(dataset, m), strict=True):
            assert images.shape == (min(m, MAX_COLUMNS), *shape)
            first = matrix[:, : len(images)]
            np.testing.assert_allclose(flat(images), first / np.abs(first).max(0), atol=atol)


@every_data_set
def test_rotated_columns_span_the_learned_ones_and_lie_along_the_eigenvectors(dataset):
    shown = view(dataset)
    for m, angle, columns in zip(shown.values, shown.angles, shown.columns, strict=True):
        rotated, eigenvectors = flat(columns.rotated), flat(columns.eigenvectors)
        assert np.abs(rotated).max(0) == pytest.approx(1)
        learned = np.linalg.qr(spans(dataset, m)[0]).Q
        unit = rotated / np.linalg.norm(rotated, axis=0)
        np.testing.assert_allclose(np.linalg.norm(learned.T @ unit, axis=0), 1, atol=1e-4)  # inside the span
        np.testing.assert_allclose(unit.T @ unit, np.eye(len(unit.T)), atol=1e-4)
        cosines = (unit * eigenvectors / np.linalg.norm(eigenvectors, axis=0)).sum(0)
        if angle < 2:
            assert cosines.min() > 0.99


@every_data_set
def test_the_seed_changes_nothing(dataset):
    other = linear(dataset, identity(dataset), OTHER_SEED)
    np.testing.assert_array_equal(other.linear.frames, view(dataset).linear.frames)
    np.testing.assert_array_equal(other.columns[3].rotated, view(dataset).columns[3].rotated)
