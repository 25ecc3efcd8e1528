"""Section 19.1.4: a denoiser beats the best that a projection on principal components can do."""

import numpy as np
import pytest
from torch import Tensor

from aedemo import checkpoints
from aedemo.corruption import NOISES, corrupt
from tests.data import inputs, reference, squared_error
from tests.tables import runs

PICTURES = 2000  # of the test inputs, and as many training inputs to choose the number of components on


def decibels(error: float, other: float) -> float:
    """By how many dB the PSNR of an answer with squared error `error` lies above that of one with error `other`."""
    return 10 * np.log10(other / error)


@pytest.mark.parametrize(("dataset", "setting"), runs("denoising"))
def test_beats_the_best_projection_by_one_decibel(dataset, setting):
    x = inputs(dataset, "test")[:PICTURES]
    noisy = corrupt(x, *setting, seed=11)
    error = squared_error(checkpoints.load(dataset, "denoising")[setting], noisy, x)
    assert decibels(error, best_projection_error(dataset, setting, noisy, x)) >= 1


@pytest.mark.parametrize(("dataset", "setting"), runs("denoising"))
def test_beats_the_identity(dataset, setting):
    """On the figures in the headers, which training/test_evaluate.py measures again."""
    (noise, level), figures = setting, checkpoints.load(dataset, "denoising").header(setting).figures
    place = NOISES[noise].knob().index(level)
    assert decibels(figures["error_at"][place], figures["noisy_error_at"][place]) >= 1


def best_projection_error(dataset: str, setting: tuple[str, float], noisy: Tensor, x: Tensor) -> float:
    """The test error of the projection whose number of components, from 0 to D, is best on training pictures."""
    train = inputs(dataset, "train")[:PICTURES]
    components = projection_errors(dataset, corrupt(train, *setting, seed=12), train).argmin()
    return projection_errors(dataset, noisy, x)[components]


def projection_errors(dataset: str, noisy: Tensor, clean: Tensor) -> np.ndarray:
    """Squared errors, with 0 to D components, of projections of noisy pictures against the clean ones: (D + 1,).

    The basis is orthonormal, so the error is Σ_{j≤k} (z̃_j − z_j)² + Σ_{j>k} z_j².
    """
    noisy_codes, codes = (reference(dataset).transform(y.flatten(1).double().numpy()) for y in (noisy, clean))
    kept = np.square(noisy_codes - codes).mean(0)
    lost = np.square(codes).mean(0)
    return np.append(0, kept.cumsum()) + np.append(lost[::-1].cumsum()[::-1], 0)
