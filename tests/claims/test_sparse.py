"""Section 19.1.3: λ buys a sparse code with reconstruction error.

On the metrics in the headers, which training/test_evaluate.py measures again.
"""

import numpy as np
import pytest

from aedemo import checkpoints, datasets
from tests.tables import sweeps


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_error_rises_and_the_codes_sum_falls_along_lambda(dataset):
    sweep = checkpoints.load(dataset, "sparse")
    assert np.all(np.diff(sweep.metrics("test_error")) > 0)
    assert np.all(np.diff(np.multiply(sweep.metrics("mean_code"), sweep.metrics("units"))) < 0)


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_code_is_dense_without_lambda_and_nearly_empty_at_the_largest(dataset):
    """Dense: on average more units are active than the input has values, or most of those that there are."""
    sweep = checkpoints.load(dataset, "sparse")
    assert sweep.values[0] == 0
    units, active = sweep.metrics("units"), sweep.metrics("active_units")
    assert active[0] > min(datasets.get(dataset).dimension, 0.5 * units[0])
    assert active[-1] < 0.05 * units[-1]
