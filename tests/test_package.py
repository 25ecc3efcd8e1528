"""What DESIGN.md promises to a notebook or a lecture."""

import pytest
import torch

import aedemo
from tests.tables import sweeps


@pytest.mark.parametrize("dataset", sweeps("deep"))
def test_a_sweep_its_models_their_codes_and_reconstructions(dataset):
    sweep = aedemo.load(dataset, "deep")
    assert sweep.axis == "latent_dim" and sweep.values[:3] == (1, 2, 3)
    x = torch.rand(4, *sweep.input_shape)
    for model in (sweep[30], aedemo.load(dataset, "pca")[30]):
        assert isinstance(model, torch.nn.Module) and not model.training
        z = model.encode(x)
        assert z.shape == (4, 30) and model.decode(z).shape == x.shape


@pytest.mark.parametrize("dataset", sweeps("masked"))
def test_a_masked_reconstruction(dataset):
    sweep = aedemo.load(dataset, "masked")
    x = torch.rand(2, *sweep.input_shape)
    result = sweep[0.75].reconstruct(x, mask_ratio=0.75, seed=0)
    assert result.output.shape == x.shape and result.mask.shape[:2] == (2, 1)
    assert abs(result.mask.mean() - 0.75) <= 0.5 / result.mask[0].numel() and set(result.mask.unique().tolist()) == {
        0.0,
        1.0,
    }


def test_what_does_not_exist_is_a_value_error_that_lists_what_does():
    with pytest.raises(ValueError, match="choose one of photos, mnist, fashion, digits"):
        aedemo.load("letters", "deep")
    with pytest.raises(ValueError, match="choose one of pca, linear"):
        aedemo.load("digits", "transformer")
    with pytest.raises(ValueError, match="digits/deep has no run at 31; choose one of 001"):
        aedemo.load("digits", "deep")[31]
