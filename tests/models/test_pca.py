"""PCA against scikit-learn, and the imputation of removed patches against the textbook's conditional Gaussian."""

import numpy as np
import pytest
import sklearn.decomposition
import torch

from aedemo import checkpoints
from aedemo.models.patchwise import pixel_mask
from aedemo.models.pca import PCA, ProbabilisticPCA
from tests.data import images
from tests.tables import random_mask, sweeps


@pytest.mark.parametrize("latent_dim", [1, 2, 10, 50])
def test_equals_scikit_learns_transform_and_inverse_transform(latent_dim, digits):
    flat = digits.flatten(1).double().numpy()
    pca = sklearn.decomposition.PCA(latent_dim, random_state=0).fit(flat)
    model = PCA((1, 8, 8), latent_dim).fit(digits)
    z = model.encode(digits)
    np.testing.assert_allclose(z, pca.transform(flat), atol=1e-5)
    np.testing.assert_allclose(model.decode(z).flatten(1), pca.inverse_transform(pca.transform(flat)), atol=1e-5)
    np.testing.assert_allclose(model.explained_variance, pca.explained_variance_, rtol=1e-5)
    assert model.noise_variance.item() == pytest.approx(pca.noise_variance_, rel=1e-5)


def test_fewer_components_are_those_of_a_smaller_pca(digits):
    large, small = PCA((1, 8, 8), 30).fit(digits), PCA((1, 8, 8), 5).fit(digits)
    torch.testing.assert_close(large(digits[:20], components=5), small(digits[:20]), atol=1e-5, rtol=0)


def test_all_components_give_each_image_back(digits):
    torch.testing.assert_close(PCA((1, 8, 8), 64).fit(digits)(digits), digits, atol=1e-5, rtol=0)


@pytest.mark.parametrize("count", [1, 2, 20])
def test_more_components_than_images_are_zero_beyond_them(count, digits):
    model = PCA((1, 8, 8), 64).fit(digits[:count])
    torch.testing.assert_close(model(digits[:count]), digits[:count], atol=1e-5, rtol=0)
    assert not model.components[max(2, count) :].any() and not model.explained_variance[max(2, count) :].any()
    assert all(tensor.isfinite().all() for tensor in model.state_dict().values())
    imputation = ProbabilisticPCA((1, 8, 8), 30, patch_size=2).fit(digits[:count])
    assert imputation.reconstruct(digits[:5], mask_ratio=0.75).output.isfinite().all()


def conditional_mean(model: ProbabilisticPCA, x: np.ndarray, removed: np.ndarray) -> np.ndarray:
    """E[x_r | x_v] = μ_r + Σ_rv Σ_vv⁻¹ (x_v − μ_v) with Σ = WWᵀ + σ²I, for one mask over the values, in float64."""
    mean, components = model.mean.double().numpy(), model.components.double().numpy()
    noise = model.noise_variance.double().item()
    loadings = components.T * np.sqrt(model.explained_variance.double().numpy() - noise)
    covariance = loadings @ loadings.T + noise * np.eye(len(mean))
    visible = ~removed
    gain = np.linalg.solve(covariance[np.ix_(visible, visible)], covariance[np.ix_(visible, removed)]).T
    return mean[removed] + (x[:, visible] - mean[visible]) @ gain.T


def removed_values(model, mask: torch.Tensor) -> np.ndarray:
    return pixel_mask(mask, model.patch_size).expand(-1, *model.input_shape)[0].flatten().bool().numpy()


@pytest.mark.parametrize("mask_ratio", [0.25, 0.5, 0.75, 0.9])
@pytest.mark.parametrize("latent_dim", [5, 30])
def test_imputation_is_the_conditional_mean_of_the_gaussian(latent_dim, mask_ratio, digits):
    model = ProbabilisticPCA((1, 8, 8), latent_dim, patch_size=2).fit(digits)
    mask = random_mask(model, 20, mask_ratio, seed=4)
    removed = removed_values(model, mask)
    expected = conditional_mean(model, digits[:20].flatten(1).double().numpy(), removed)
    np.testing.assert_allclose(model(digits[:20], mask).flatten(1)[:, removed], expected, atol=1e-4)


@pytest.mark.parametrize("dataset", [name for name in sweeps("ppca") if name == "digits"])
def test_stored_imputation_is_the_conditional_mean_too(dataset):
    sweep, x = checkpoints.load(dataset, "ppca"), images(dataset, "test")[:20]
    model = sweep[sweep.values[-1]]
    reconstruction = model.reconstruct(x, mask_ratio=0.75, seed=1)
    removed = removed_values(model, reconstruction.mask)
    expected = conditional_mean(model, x.flatten(1).double().numpy(), removed)
    np.testing.assert_allclose(reconstruction.output.flatten(1)[:, removed], expected, atol=1e-4)


def test_images_with_different_masks_are_filled_each_by_its_own(digits):
    model, x = ProbabilisticPCA((1, 8, 8), 10, patch_size=2).fit(digits), digits[:6]
    masks = torch.cat([random_mask(model, 1, 0.5, seed) for seed in (0, 1, 0, 2, 1, 0)])
    together = model(x, masks)
    for k in range(6):
        torch.testing.assert_close(together[k : k + 1], model(x[k : k + 1], masks[k : k + 1]), atol=1e-5, rtol=0)


def test_fitting_again_forgets_the_first_fit(digits):
    once, twice = (ProbabilisticPCA((1, 8, 8), 10, patch_size=2) for _ in range(2))
    mask = random_mask(once, 5)
    twice.fit(digits[:700])(digits[:5], mask)
    torch.testing.assert_close(twice.fit(digits)(digits[:5], mask), once.fit(digits)(digits[:5], mask))
