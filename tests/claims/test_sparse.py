"""Section 19.1.3: λ buys a sparse code with reconstruction error."""

import numpy as np
import pytest
import torch

from aedemo import checkpoints
from tests.data import inputs, squared_error
from tests.tables import sweeps


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_error_rises_and_mean_code_falls_along_lambda(dataset):
    sweep, x = checkpoints.load(dataset, "sparse"), inputs(dataset, "test")
    models = [sweep[weight] for weight in sweep.values]
    assert np.all(np.diff([squared_error(model, x) for model in models]) > 0)
    assert np.all(np.diff([model.encode(x).abs().mean().item() for model in models]) < 0)


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_code_is_dense_without_lambda_and_nearly_empty_at_the_largest(dataset):
    """Dense: more units speak for a picture, on average, than it has independent directions to speak of."""
    sweep, x = checkpoints.load(dataset, "sparse"), inputs(dataset, "test")
    assert sweep.values[0] == 0
    assert share_of_active_units(sweep[sweep.values[0]], x) >= 0.25
    assert share_of_active_units(sweep[sweep.values[-1]], x) < 0.02


def share_of_active_units(model, x: torch.Tensor) -> float:
    return (model.encode(x) > 0).float().mean().item()
