"""Section 19.1.5: a masked autoencoder draws removed patches far better than a guess at their colour, than the best
linear guess, and than smooth continuation."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from skimage.restoration import inpaint_biharmonic
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.corruption import MASK_KNOB
from aedemo.models.patchwise import pixel_mask
from tests.data import pictures
from tests.tables import sweeps

RATIO, PICTURES, MASKS = 0.75, 200, 10
OF_FILL_IN = {"digits": 1.0, "mnist": 0.7, "fashion": 0.8, "photos": 0.7}
PHOTOGRAPHS = [name for name in sweeps("masked") if datasets.get(name).patchwise]


@pytest.mark.parametrize("dataset", sweeps("masked"))
def test_error_on_removed_pixels_is_below_pcas_fill_in(dataset):
    fill_in = checkpoints.load(dataset, "ppca")
    error, pca_error = masked_error(dataset), error_of(dataset, fill_in[fill_in.values[-1]].reconstruct)
    assert error < OF_FILL_IN[dataset] * pca_error


@pytest.mark.parametrize("dataset", sweeps("masked"))
def test_error_on_removed_pixels_is_far_below_filling_with_the_visible_mean(dataset):
    model = checkpoints.load(dataset, "masked")[RATIO]

    def visible_mean(x: Tensor, mask_ratio: float, seed: int) -> Tensor:
        visible = 1 - pixel_mask(model.reconstruct(x, mask_ratio, seed).mask, model.patch_size)
        return (x * visible).sum((2, 3), keepdim=True) / visible.sum((2, 3), keepdim=True)

    assert masked_error(dataset) < 0.6 * error_of(dataset, visible_mean)


@pytest.mark.parametrize("dataset", PHOTOGRAPHS)
def test_from_a_half_to_nine_tenths_the_network_is_best_and_the_visible_mean_worst(dataset):
    """On the figures in the headers, which training/test_evaluate.py measures again."""
    model, fill_in = checkpoints.load(dataset, "masked"), checkpoints.load(dataset, "ppca")
    figures = [model.header(RATIO).figures, fill_in.header(fill_in.values[-1]).figures]
    network, pca = (np.array(found["masked_error_at"]) for found in figures)
    inner = slice(MASK_KNOB.index(0.5), MASK_KNOB.index(0.9) + 1)
    assert (network[inner] < pca[inner]).all()
    assert (pca[inner] < np.array(figures[0]["mean_fill_error_at"])[inner]).all()


@pytest.mark.parametrize("dataset", PHOTOGRAPHS)
def test_it_beats_smooth_continuation_which_knows_no_other_photograph(dataset):
    """scikit-image's biharmonic inpainting, on the same pictures under the same masks."""

    def smooth(x: Tensor, mask_ratio: float, seed: int) -> Tensor:
        model = checkpoints.load(dataset, "masked")[RATIO]
        hidden = pixel_mask(model.reconstruct(x, mask_ratio, seed).mask, model.patch_size)[0, 0].bool().numpy()
        filled = [inpaint_biharmonic(one, hidden, channel_axis=0) for one in x.numpy()]
        return torch.from_numpy(np.stack(filled)).float()

    assert error_of(dataset, checkpoints.load(dataset, "masked")[RATIO].reconstruct, 40) < error_of(dataset, smooth, 40)


def masked_error(dataset: str) -> float:
    return error_of(dataset, checkpoints.load(dataset, "masked")[RATIO].reconstruct)


@torch.no_grad()
def error_of(dataset: str, answer: Callable, sample: int = PICTURES) -> float:
    """Squared error a removed value, over test pictures with ten different masks; answer(x, mask_ratio=, seed=)."""
    model = checkpoints.load(dataset, "masked")[RATIO]
    total = count = 0.0
    for seed, x in enumerate(_some(dataset, sample).chunk(MASKS)):
        removed = pixel_mask(model.reconstruct(x, RATIO, seed).mask, model.patch_size).expand_as(x)
        output = answer(x, mask_ratio=RATIO, seed=seed)
        output = getattr(output, "output", output)
        total += ((output - x).square() * removed).sum().item()
        count += removed.sum().item()
    return total / count


def _some(dataset: str, count: int) -> Tensor:
    """Test pictures from all over the split: photographs come class by class."""
    x = pictures(dataset, "test")
    return x[:: max(1, len(x) // count)][:count]
