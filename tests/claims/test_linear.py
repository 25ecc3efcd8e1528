"""Section 19.1.1: a linear autoencoder reaches PCA's error, and its columns span PCA's subspace.

Errors are the headers', which training/test_evaluate.py measures again.
"""

import numpy as np
import pytest
from scipy.linalg import subspace_angles

from aedemo import checkpoints
from tests.data import reference
from tests.tables import runs


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("linear"))
def test_error_is_within_half_a_percent_of_pcas(dataset, latent_dim):
    error, pca_error = (
        checkpoints.load(dataset, variant).header(latent_dim).metrics["test_error"] for variant in ("linear", "pca")
    )
    assert error == pytest.approx(pca_error, rel=0.005)


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("linear"))
def test_columns_span_pcas_subspace(dataset, latent_dim):
    """Where the eigenvalues on both sides of the cut are nearly the same, so are the subspaces: 5° instead of 2°."""
    columns = checkpoints.load(dataset, "linear")[latent_dim].decoder[0].weight
    pca = reference(dataset)
    largest = np.rad2deg(subspace_angles(columns.double().numpy(), pca.components_[:latent_dim].T).max())
    kept, discarded = pca.explained_variance_[latent_dim - 1 : latent_dim + 1]
    assert largest < (5 if 1 - discarded / kept < 0.02 else 2)
