"""Bourlard and Kamp (1988): two layers of weights gain nothing over PCA, whatever the nonlinearity of the code.

On the metrics in the headers, of which the first of each sweep is measured again here, where PCA has read the training
inputs, and the others in training/test_evaluate.py.
"""

import pytest

from aedemo import checkpoints
from tests.data import inputs, squared_error
from tests.tables import runs, sweeps


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("shallow"))
def test_train_error_is_never_below_pcas(dataset, latent_dim):
    error, pca_error = (
        checkpoints.load(dataset, variant).header(latent_dim).metrics["train_error"] for variant in ("shallow", "pca")
    )
    assert error >= pca_error * (1 - 0.001)


@pytest.mark.parametrize("dataset", sweeps("shallow"))
def test_train_error_is_what_its_header_says(dataset):
    sweep = checkpoints.load(dataset, "shallow")
    first = sweep.values[0]
    found = squared_error(sweep[first], inputs(dataset, "train"))
    assert sweep.header(first).metrics["train_error"] == pytest.approx(found, rel=1e-3)
