"""Bourlard and Kamp (1988): two layers of weights gain nothing over PCA, whatever the nonlinearity of the code."""

import pytest

from aedemo import checkpoints
from tests.data import inputs, projection_errors, squared_error
from tests.tables import runs


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("shallow"))
def test_train_error_is_never_below_pcas(dataset, latent_dim):
    model = checkpoints.load(dataset, "shallow")[latent_dim]
    error = squared_error(model, inputs(dataset, "train"))
    assert error >= projection_errors(dataset, "train")[latent_dim] * (1 - 0.001)
