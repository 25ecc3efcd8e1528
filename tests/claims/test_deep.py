"""Section 19.1.2: with more layers, an autoencoder becomes a nonlinear PCA and beats the linear one.

On the metrics in the headers, which training/test_evaluate.py measures again, for PCA as for the networks.
"""

import pytest

from aedemo import checkpoints, datasets
from tests.tables import runs, sweeps

LARGEST = {"photos": 20}  # on other data sets: up to a quarter of D


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("deep"))
def test_error_is_below_pcas(dataset, latent_dim):
    largest = LARGEST.get(dataset, datasets.get(dataset).dimension // 4)
    if latent_dim > largest:
        pytest.skip(f"claimed up to M = {largest}")
    assert stored_error(dataset, "deep", latent_dim) < stored_error(dataset, "pca", latent_dim)


@pytest.mark.parametrize("dataset", [name for name in sweeps("deep") if name == "digits"])
def test_error_at_two_dimensions_is_at_least_15_percent_below_pcas(dataset):
    assert stored_error(dataset, "deep", 2) <= 0.85 * stored_error(dataset, "pca", 2)


def stored_error(dataset: str, variant: str, latent_dim: int) -> float:
    return checkpoints.load(dataset, variant).header(latent_dim).metrics["test_error"]
