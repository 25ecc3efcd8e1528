"""The baseline of every tab is scikit-learn's PCA, to 1e-5; to float16's rounding where a large basis is stored so."""

import numpy as np
import pytest

from aedemo import checkpoints, datasets
from aedemo.training.recipes import get_recipe
from tests.data import inputs, projection_errors, reference
from tests.tables import runs

IMAGES = 1000  # more than there are directions
NO_VARIANCE = 1e-9  # of the largest eigenvalue: below it, eigenvectors are arbitrary and codes of training inputs are 0


@pytest.mark.parametrize(("dataset", "latent_dim"), runs("pca"))
def test_stored_runs_encode_and_decode_as_scikit_learn(dataset, latent_dim):
    x, pca = inputs(dataset, "test")[:IMAGES], reference(dataset)
    codes = pca.transform(x.flatten(1).double().numpy())
    codes[:, latent_dim:] = 0
    model = checkpoints.load(dataset, "pca")[latent_dim]
    z = model.encode(x)
    fixed = pca.explained_variance_[:latent_dim] > NO_VARIANCE * pca.explained_variance_[0]
    atol = 1e-3 if latent_dim in get_recipe(dataset, "pca").half else 1e-5
    np.testing.assert_allclose(z.numpy()[:, fixed], codes[:, :latent_dim][:, fixed], atol=atol)
    np.testing.assert_allclose(model.decode(z).flatten(1), pca.inverse_transform(codes), atol=atol)


@pytest.mark.parametrize("split", datasets.SPLITS)
@pytest.mark.parametrize(("dataset", "latent_dim"), runs("pca"))
def test_stored_errors_are_those_of_scikit_learns_projection(dataset, latent_dim, split):
    """What other claims are held against. With all components nothing but rounding is left."""
    expected = projection_errors(dataset, split)[latent_dim]
    stored = checkpoints.load(dataset, "pca").header(latent_dim).metrics[f"{split}_error"]
    half = latent_dim in get_recipe(dataset, "pca").half
    assert stored == pytest.approx(expected, rel=1e-3, abs=1e-5 if half else 1e-6)
