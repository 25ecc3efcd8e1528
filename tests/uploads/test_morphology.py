"""Morphology by shifted copies, against SciPy's own."""

import numpy as np
import pytest
from scipy import ndimage

from aedemo.uploads.morphology import dilated, local_maxima, opened

NOISE = np.random.default_rng(0).random((61, 47)) > 0.985
MASKS = {
    "noise": NOISE,
    "blots": ndimage.gaussian_filter(np.random.default_rng(1).standard_normal((61, 47)), 3) > 0.05,
    "corners": np.pad(np.zeros((59, 45), bool), 1, constant_values=True) & (np.indices((61, 47)).sum(0) % 7 == 0),
    "none": np.zeros((61, 47), bool),
    "all": np.ones((61, 47), bool),
    "smaller than the radius": np.array([[False, True, False]]),
}


@pytest.mark.parametrize("name", MASKS)
@pytest.mark.parametrize("radius", range(1, 7))
def test_a_disk_holds_all_within_the_distance_and_a_diamond_all_within_the_steps(name, radius):
    mask = MASKS[name]
    distance = ndimage.distance_transform_edt(~mask) if mask.any() else np.full(mask.shape, np.inf)
    assert np.array_equal(dilated(mask, radius, "disk"), distance <= radius)
    assert np.array_equal(dilated(mask, radius, "diamond"), ndimage.binary_dilation(mask, iterations=radius))


@pytest.mark.parametrize("size", ((1, 1), (2, 1), (3, 1), (8, 1), (9, 1), (1, 4), (6, 6), (13, 13), (40, 45)))
def test_an_opening_removes_what_holds_no_rectangle(size):
    x = np.random.default_rng(2).random((61, 47)).astype(np.float32)
    for mode in ("reflect", "nearest"):
        assert np.array_equal(opened(x, *size), ndimage.grey_opening(x, size, mode=mode))


def test_local_maxima_are_no_smaller_than_those_above_and_below():
    x = np.random.default_rng(3).integers(0, 5, (61, 47)).astype(np.float32)
    assert np.array_equal(local_maxima(x), x == ndimage.maximum_filter1d(x, 3, axis=0))
