"""Masks made larger, against SciPy's own way."""

import numpy as np
import pytest
from scipy import ndimage

from aedemo.uploads.dilation import dilated

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
