"""Section 19.1.4: a denoiser beats the best that a projection on principal components can do."""

from functools import cache

import numpy as np
import pytest
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.corruption import NOISES, corrupt
from aedemo.explore.gallery import gallery
from aedemo.models.patchwise import Patchwise
from aedemo.training.evaluate import NOISE_SEED
from tests.data import inputs, reference, squared_error
from tests.tables import runs, sweeps

IMAGES = 2000  # of the test inputs, and as many training inputs to choose the number of components on


def decibels(error: float, other: float) -> float:
    """By how many dB the PSNR of an answer with squared error `error` lies above that of one with error `other`."""
    return 10 * np.log10(other / error)


@pytest.mark.parametrize(("dataset", "setting"), runs("denoising"))
def test_beats_the_best_projection_by_one_decibel(dataset, setting):
    x = inputs(dataset, "test")[:IMAGES]
    noisy = corrupt(x, *setting, seed=11)
    error = squared_error(checkpoints.load(dataset, "denoising")[setting], noisy, x)
    assert decibels(error, best_projection_error(dataset, setting, noisy)) >= 1


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("dataset", sweeps("denoising"))
def test_errors_of_pca_as_a_denoiser(dataset, noise):
    """Among the numbers of components tried here, none is better on training images than the one in the header."""
    sweep, dimension = checkpoints.load(dataset, "pca"), datasets.get(dataset).dimension
    model, metrics = sweep[dimension], sweep.header(dimension).metrics
    levels, x, train = NOISES[noise].test_levels(), inputs(dataset, "test"), inputs(dataset, "train")[:2000]
    for level in (NOISES[noise].levels[0], NOISES[noise].levels[-1]):
        chosen = metrics[f"{noise}_components"][levels.index(level)]
        error = squared_error(lambda y, k=chosen: model(y, k), corrupt(x, noise, level, NOISE_SEED), x)
        assert metrics[f"{noise}_error_at"][levels.index(level)] == pytest.approx(error, rel=1e-3)
        noisy = corrupt(train, noise, level, seed=1)
        tried = [squared_error(lambda y, k=k: model(y, k), noisy, train) for k in (chosen, 1, 5, 20, 40)]
        assert tried[0] <= 1.01 * min(tried)


@pytest.mark.parametrize(("dataset", "setting"), runs("denoising"))
def test_beats_the_identity(dataset, setting):
    """On the metrics in the headers, which training/test_evaluate.py measures again."""
    (noise, level), metrics = setting, checkpoints.load(dataset, "denoising").header(setting).metrics
    place = NOISES[noise].test_levels().index(level)
    assert decibels(metrics["error_at"][place], metrics["noisy_error_at"][place]) >= 1


def test_on_mnist_there_is_more_to_gain_with_more_noise_and_most_for_a_network_trained_at_it():
    """By the metrics in the headers, at each level that networks are trained at: what the tour says of this map."""
    levels, tested = NOISES["gaussian"].levels, NOISES["gaussian"].test_levels()
    places = [tested.index(level) for level in levels]
    headers = [checkpoints.load("mnist", "denoising").header(("gaussian", level)).metrics for level in levels]
    gains = np.array([[decibels(m["error_at"][k], m["noisy_error_at"][k]) for k in places] for m in headers])
    assert np.all(np.diff(gains[levels.index(0.3)]) > 0)  # the network trained at 0.3, against ever more noise
    assert list(gains.argmax(axis=0)) == list(range(len(levels)))


@pytest.mark.parametrize("variant", ["denoising", "pca"])
def test_overlapping_patches_are_better_than_side_by_side(variant):
    """By 0.7 dB at σ = 0.3, on photographs of the gallery, which need no data: for the network and for PCA."""
    size = datasets.get("photos").shape[1]
    pca = checkpoints.load("photos", "pca")
    best = pca.header(pca.values[-1]).metrics["gaussian_components"][NOISES["gaussian"].test_levels().index(0.3)]
    model, options = (
        (checkpoints.load("photos", "denoising")["gaussian", 0.3], {})
        if variant == "denoising"
        else (pca[pca.values[-1]], {"components": best})
    )
    errors = np.zeros(2)
    for item in gallery("photos")[:8]:
        x = item.image[None]
        noisy = corrupt(x, "gaussian", 0.3, seed=11)
        for k, stride in enumerate((size, size // 4)):
            psnr = (Patchwise(model, stride)(noisy, **options) - x).square().mean().log10()
            errors[k] += float(psnr)
    assert 10 * (errors[0] - errors[1]) / 8 >= 0.7


def test_on_whole_photographs_the_denoiser_beats_non_local_means_at_the_noise_it_knows():
    """From σ = 0.2 on, each denoiser at its own level, on the metrics in the headers."""
    sweep, pca = checkpoints.load("photos", "denoising"), checkpoints.load("photos", "pca")
    others = pca.header(pca.values[-1]).metrics["gaussian_nonlocal_means_error_at"]
    for place, level in enumerate(NOISES["gaussian"].levels):
        metrics = sweep.header(("gaussian", level)).metrics
        assert metrics["overlapping_error_at"][place] < metrics["side_by_side_error_at"][place]
        assert level < 0.2 or metrics["overlapping_error_at"][place] < others[place]


def best_projection_error(dataset: str, setting: tuple[str, float], noisy: Tensor) -> float:
    """The test error of the projection whose number of components, from 0 to D, is best on training images."""
    train = inputs(dataset, "train")[:IMAGES]
    components = projection_errors(dataset, corrupt(train, *setting, seed=12), "train").argmin()
    return projection_errors(dataset, noisy, "test")[components]


def projection_errors(dataset: str, noisy: Tensor, split: str) -> np.ndarray:
    """Squared errors, with 0 to D components, of projections of noisy images against the clean ones: (D + 1,).

    The basis is orthonormal, so the error is Σ_{j≤k} (z̃_j − z_j)² + Σ_{j>k} z_j².
    """
    codes = clean_codes(dataset, split)
    kept = np.square(all_components(dataset, noisy) - codes).mean(0)
    lost = np.square(codes).mean(0)
    return np.append(0, kept.cumsum()) + np.append(lost[::-1].cumsum()[::-1], 0)


def all_components(dataset: str, x: Tensor) -> np.ndarray:
    """scikit-learn's code of x (N, C, H, W) with all components: (N, D)."""
    return reference(dataset).transform(x.flatten(1).double().numpy())


@cache
def clean_codes(dataset: str, split: str) -> np.ndarray:
    return all_components(dataset, inputs(dataset, split)[:IMAGES])
