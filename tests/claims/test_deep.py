"""Section 19.1.2: with more layers, an autoencoder becomes a nonlinear PCA and beats the linear one."""

import pytest

from aedemo import checkpoints, datasets
from tests.data import inputs, projection_errors, squared_error
from tests.tables import runs, sweeps

LARGEST = {"photos": 20}  # on other data sets: up to a quarter of D


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("deep"))
def test_error_is_below_pcas(dataset, latent_dim):
    largest = LARGEST.get(dataset, datasets.get(dataset).dimension // 4)
    if latent_dim > largest:
        pytest.skip(f"claimed up to M = {largest}")
    model = checkpoints.load(dataset, "deep")[latent_dim]
    assert squared_error(model, inputs(dataset, "test")) < projection_errors(dataset, "test")[latent_dim]


@pytest.mark.parametrize("dataset", [name for name in sweeps("deep") if name == "digits"])
def test_error_at_two_dimensions_is_at_least_15_percent_below_pcas(dataset):
    error = squared_error(checkpoints.load(dataset, "deep")[2], inputs(dataset, "test"))
    assert error <= 0.85 * projection_errors(dataset, "test")[2]
