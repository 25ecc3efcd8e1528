"""Sparse: the run at each λ, the units that this image uses, and the filters they draw with."""

from functools import cache

import numpy as np
import pytest

from aedemo import checkpoints, datasets
from aedemo.explore.sparse import MAX_UNITS, SparseView, sparse
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


@cache
def view(dataset: str) -> SparseView:
    return sparse(dataset, identity(dataset), SEED)


@every_data_set
def test_frames_are_the_runs_at_each_weight(dataset):
    shown, x, sweep = view(dataset), chosen(dataset), checkpoints.load(dataset, "sparse")
    assert shown.weights == sweep.values and len(shown.weights) >= 9 and shown.weights[0] == 0
    np.testing.assert_array_equal(shown.clean, x)
    assert_frames(shown.reconstruction.frames, [reconstruction(sweep[weight], x) for weight in shown.weights])


@every_data_set
def test_pca_gets_as_many_components_as_units_are_active_on_average(dataset):
    shown, x = view(dataset), chosen(dataset)
    dimension = datasets.get(dataset).dimension
    active = checkpoints.load(dataset, "sparse").metrics("active_units")
    expected = tuple(min(max(1, round(n)), dimension) for n in active)  # and never more than there are
    assert shown.components == expected
    assert_frames(shown.pca.frames, [pca_reconstruction(dataset, x, k) for k in expected], atol=2e-5)


@every_data_set
def test_active_units_and_the_strongest_are_counted_from_the_codes(dataset):
    shown, x, sweep = view(dataset), chosen(dataset), checkpoints.load(dataset, "sparse")
    for weight, units, active, strongest in zip(shown.weights, shown.units, shown.active, shown.strongest, strict=True):
        z = codes(sweep[weight], x)
        assert z.shape[1] == units and z.min() >= 0
        assert active == pytest.approx(np.count_nonzero(z, axis=1).mean(), rel=1e-6)
        mean = z.mean(0)
        assert 1 <= len(strongest) == min(MAX_UNITS, max(1, np.count_nonzero(mean)))
        largest = np.sort(mean)[::-1][: len(strongest)]
        np.testing.assert_allclose([unit.activation for unit in strongest], largest, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose([mean[unit.unit] for unit in strongest], largest, rtol=1e-5, atol=1e-8)
        assert len({unit.unit for unit in strongest}) == len(strongest)


@every_data_set
def test_filters_are_the_decoders_columns_of_those_units(dataset):
    shown, sweep = view(dataset), checkpoints.load(dataset, "sparse")
    assert shown.filters.shape[1:] == datasets.get(dataset).shape and shown.filters.dtype == np.float32
    seen = set()
    for weight, strongest in zip(shown.weights, shown.strongest, strict=True):
        matrix = sweep[weight].decoder[0].weight.numpy()  # (D, K), of any length
        for unit in strongest:
            column = matrix[:, unit.unit] / np.abs(matrix[:, unit.unit]).max()
            np.testing.assert_allclose(shown.filters[unit.filter].ravel(), column, atol=1e-5)
            seen.add(unit.filter)
    assert seen == set(range(len(shown.filters)))


@every_data_set
def test_curves_are_those_in_the_headers(dataset):
    shown, sweep = view(dataset), checkpoints.load(dataset, "sparse")
    for name in ("test_error", "active_units", "dead_units"):
        assert getattr(shown, name) == sweep.metrics(name)
        assert len(getattr(shown, name)) == len(shown.weights)
    np.testing.assert_allclose(np.divide(shown.code_sum, shown.units), sweep.metrics("mean_code"))


@every_data_set
def test_the_seed_changes_nothing(dataset):
    other = sparse(dataset, identity(dataset), OTHER_SEED)
    np.testing.assert_array_equal(other.reconstruction.frames, view(dataset).reconstruction.frames)
    assert other.strongest == view(dataset).strongest
