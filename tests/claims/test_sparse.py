"""Section 19.1.3: λ buys a sparse code with reconstruction error."""

import numpy as np
import pytest

from aedemo import checkpoints, datasets
from tests.data import inputs, squared_error
from tests.tables import sweeps


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_error_rises_and_the_codes_sum_falls_along_lambda(dataset):
    sweep, x = checkpoints.load(dataset, "sparse"), inputs(dataset, "test")
    models = [sweep[weight] for weight in sweep.values]
    assert np.all(np.diff([squared_error(model, x) for model in models]) > 0)
    assert np.all(np.diff([model.encode(x).abs().sum(1).mean().item() for model in models]) < 0)


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_code_is_dense_without_lambda_and_nearly_empty_at_the_largest(dataset):
    """Dense: on average more units are active than the input has values, or most of those that there are."""
    sweep, x = checkpoints.load(dataset, "sparse"), inputs(dataset, "test")
    assert sweep.values[0] == 0
    dense, nearly_empty = (sweep[weight].encode(x) > 0 for weight in (sweep.values[0], sweep.values[-1]))
    assert dense.sum(1).float().mean() > min(datasets.get(dataset).dimension, 0.5 * dense.shape[1])
    assert nearly_empty.float().mean() < 0.05
