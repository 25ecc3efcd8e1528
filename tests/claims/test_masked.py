"""Section 19.1.5: a masked autoencoder draws removed patches far better than a guess at their colour."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from aedemo import checkpoints
from aedemo.models.patchwise import pixel_mask
from tests.data import pictures
from tests.tables import sweeps

RATIO, PICTURES, MASKS = 0.75, 200, 10
OF_FILL_IN = {"digits": 1.0, "mnist": 0.7, "fashion": 0.8}  # the first version for photographs only has to come near


@pytest.mark.parametrize("dataset", [name for name in sweeps("masked") if name in OF_FILL_IN])
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


def masked_error(dataset: str) -> float:
    return error_of(dataset, checkpoints.load(dataset, "masked")[RATIO].reconstruct)


@torch.no_grad()
def error_of(dataset: str, answer: Callable) -> float:
    """Squared error a removed value, over test pictures with ten different masks; answer(x, mask_ratio=, seed=)."""
    model = checkpoints.load(dataset, "masked")[RATIO]
    total = count = 0.0
    for seed, x in enumerate(pictures(dataset, "test")[:PICTURES].chunk(MASKS)):
        removed = pixel_mask(model.reconstruct(x, RATIO, seed).mask, model.patch_size).expand_as(x)
        output = answer(x, mask_ratio=RATIO, seed=seed)
        output = getattr(output, "output", output)
        total += ((output - x).square() * removed).sum().item()
        count += removed.sum().item()
    return total / count
