"""Bourlard and Kamp (1988): two layers of weights gain nothing over PCA, whatever the nonlinearity of the code.

On the metrics in the headers, which training/test_evaluate.py measures again.
"""

import pytest

from aedemo import checkpoints
from tests.tables import runs


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("shallow"))
def test_train_error_is_never_below_pcas(dataset, latent_dim):
    error, pca_error = (
        checkpoints.load(dataset, variant).header(latent_dim).metrics["train_error"] for variant in ("shallow", "pca")
    )
    assert error >= pca_error * (1 - 0.001)
