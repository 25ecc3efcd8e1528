"""Section 19.1.5: a masked autoencoder draws removed patches far better than a guess at their colour, than the best
linear guess, and than smooth continuation.

Where nothing else is said, on the metrics in the headers, which training/test_evaluate.py measures again.
"""

import numpy as np
import pytest
import torch
from skimage.restoration import inpaint_biharmonic
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.corruption import TEST_MASK_RATIOS
from aedemo.models.patchwise import pixel_mask
from tests.data import images
from tests.tables import sweeps

RATIO, IMAGES, MASKS = 0.75, 12, 4
OF_FILL_IN = {"digits": 1.0, "mnist": 0.7, "fashion": 0.8, "photos": 0.45}
PHOTOGRAPHS = [name for name in sweeps("masked") if datasets.get(name).patchwise]


def stored(dataset: str, variant: str, figure: str = "masked_error_at") -> np.ndarray:
    """a metric of the run at three quarters, or of the imputation, along the mask slider."""
    sweep = checkpoints.load(dataset, variant)
    return np.array(sweep.header(RATIO if variant == "masked" else sweep.values[-1]).metrics[figure])


@pytest.mark.parametrize("dataset", sweeps("masked"))
def test_error_on_removed_pixels_is_below_pcas_fill_in(dataset):
    error, pca_error = (stored(dataset, variant)[TEST_MASK_RATIOS.index(RATIO)] for variant in ("masked", "ppca"))
    assert error < OF_FILL_IN[dataset] * pca_error


@pytest.mark.parametrize("dataset", sweeps("masked"))
def test_error_on_removed_pixels_is_far_below_filling_with_the_visible_mean(dataset):
    place = TEST_MASK_RATIOS.index(RATIO)
    assert stored(dataset, "masked")[place] < 0.6 * stored(dataset, "masked", "mean_imputation_error_at")[place]


@pytest.mark.parametrize("dataset", PHOTOGRAPHS)
def test_from_a_quarter_to_nine_tenths_the_network_is_best_and_the_visible_mean_worst(dataset):
    network, pca = stored(dataset, "masked"), stored(dataset, "ppca")
    inner = slice(TEST_MASK_RATIOS.index(0.25), TEST_MASK_RATIOS.index(0.9) + 1)
    assert (network[inner] < pca[inner]).all()
    assert (pca[inner] < stored(dataset, "masked", "mean_imputation_error_at")[inner]).all()


@pytest.mark.parametrize("dataset", PHOTOGRAPHS)
def test_it_beats_smooth_continuation_which_knows_no_other_photograph(dataset):
    """scikit-image's biharmonic inpainting, on the same images under the same masks."""
    model, error, smooth_error = checkpoints.load(dataset, "masked")[RATIO], 0.0, 0.0
    for seed, x in enumerate(_some(dataset, IMAGES).chunk(MASKS)):
        answer = model.reconstruct(x, RATIO, seed)
        removed = pixel_mask(answer.mask, model.patch_size)[0, 0].bool()
        smooth = [inpaint_biharmonic(one, removed.numpy(), channel_axis=0) for one in x.numpy()]
        error += (answer.output - x)[..., removed].square().sum().item()
        smooth_error += (torch.from_numpy(np.stack(smooth)) - x)[..., removed].square().sum().item()
    assert error < smooth_error


def _some(dataset: str, count: int) -> Tensor:
    """Test images from all over the split: photographs come class by class."""
    x = images(dataset, "test")
    return x[:: max(1, len(x) // count)][:count]
