"""What holds of every row of VARIANTS: shapes, gradients, seeds; and of the table itself."""

import pytest
import torch

from aedemo.models import VARIANTS, get_variant
from tests.tables import DENSE, WHOLE, config_of, fresh, random_mask, recipe_of

TRAINED_BY_DESCENT = [name for name, row in VARIANTS.items() if hasattr(row.model, "loss")]
SHAPES = [(1, 8, 8), (3, 8, 8), (2, 12, 8)]


def of_shape(variant: str, shape: tuple[int, int, int], **changes):
    torch.manual_seed(0)
    config = config_of("digits", variant, recipe_of("digits", variant).values[0]) | changes
    model = VARIANTS[variant].model(shape, **config)
    return model.fit(torch.rand(100, *shape)) if hasattr(model, "fit") else model


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("variant", DENSE)
def test_encode_decode_and_forward_shapes(variant, shape):
    model = of_shape(variant, shape)
    x = torch.rand(5, *shape)
    z = model.encode(x)
    assert z.ndim == 2 and len(z) == 5
    assert model.decode(z).shape == x.shape
    torch.testing.assert_close(model(x), model.decode(z))


@pytest.mark.parametrize("variant", [name for name in DENSE if "latent_dim" in VARIANTS[name].axis])
def test_a_code_has_latent_dim_numbers(variant):
    for latent_dim in (1, 7):
        model = of_shape(variant, (1, 8, 8), latent_dim=latent_dim)
        assert model.encode(torch.rand(3, 1, 8, 8)).shape == (3, latent_dim)


@pytest.mark.parametrize("variant", ["sparse", "denoising"])
@pytest.mark.parametrize("dataset", ["digits", "photos"])
def test_a_code_of_sparse_and_denoising_is_overcomplete_where_room_allows(dataset, variant):
    model = fresh(variant, dataset)
    assert model.encode(torch.rand(2, *model.input_shape)).shape[1] > model.dimension


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("variant", WHOLE)
def test_shapes_of_variants_that_see_the_whole_image(variant, shape):
    model = of_shape(variant, shape)
    x = torch.rand(5, *shape)
    assert model.encode(x).shape[0] == 5 and model.encode(x).ndim == 2
    assert model(x, random_mask(model, 5)).shape == x.shape
    reconstruction = model.reconstruct(x, mask_ratio=0.5, seed=0)
    assert reconstruction.output.shape == x.shape
    assert reconstruction.mask.shape == (5, 1, shape[1] // model.patch_size, shape[2] // model.patch_size)


@pytest.mark.parametrize("variant", TRAINED_BY_DESCENT)
def test_gradients_flow_to_each_parameter(variant, digits, generator):
    model = fresh(variant)
    model.init_from_data(digits)
    model.loss(digits[:32], generator).backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad is not None and parameter.grad.abs().sum() > 0, name


@pytest.mark.parametrize("variant", VARIANTS)
def test_same_seed_builds_the_same_model(variant):
    first, second = fresh(variant, seed=3).state_dict(), fresh(variant, seed=3).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize("variant", TRAINED_BY_DESCENT)
def test_another_seed_builds_another_model(variant):
    first, other = fresh(variant, seed=3).state_dict(), fresh(variant, seed=4).state_dict()
    assert any(not torch.equal(first[name], other[name]) for name in first)


def test_the_table_is_keyed_by_the_names_of_its_rows():
    assert all(name == row.name for name, row in VARIANTS.items())


def test_an_unknown_variant_lists_those_that_exist():
    with pytest.raises(ValueError, match=r"nonsense.*linear.*masked"):
        get_variant("nonsense")
