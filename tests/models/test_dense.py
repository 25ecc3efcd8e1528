"""The dense networks against their equations, written out in numpy."""

import numpy as np
import pytest
import torch
from scipy.stats import norm

from aedemo.corruption import get_noise
from aedemo.models.dense import ACTIVATIONS, Deep, Deeper, Denoising
from aedemo.models.inference import for_inference
from tests.tables import fresh

VARIANTS = ("linear", "shallow", "deep", "deeper", "sparse", "denoising")


def sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def relu(a: np.ndarray) -> np.ndarray:
    return np.maximum(a, 0)


def gelu(a: np.ndarray) -> np.ndarray:
    return a * norm.cdf(a)


def weights_of(model) -> dict[str, np.ndarray]:
    return {name: value.double().numpy() for name, value in model.state_dict().items()}


def layer(w: dict, name: str, x: np.ndarray) -> np.ndarray:
    return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def stacked(w: dict, part: str, x: np.ndarray) -> np.ndarray:
    """Layers 0, 2, 4, … with a GELU after all but the last."""
    *inner, last = sorted({int(name.split(".")[1]) for name in w if name.startswith(part)})
    for place in inner:
        x = gelu(layer(w, f"{part}.{place}", x))
    return layer(w, f"{part}.{last}", x)


def encode(variant: str, w: dict, x: np.ndarray) -> np.ndarray:
    if variant == "deeper":
        return stacked(w, "encoder", x - w["mean"])
    hidden = layer(w, "encoder.0", x - w["mean"])
    if variant == "deep":
        return layer(w, "encoder.2", sigmoid(hidden))
    return {"linear": lambda a: a, "shallow": sigmoid}.get(variant, relu)(hidden)


def decode(variant: str, w: dict, z: np.ndarray) -> np.ndarray:
    if variant == "deeper":
        return stacked(w, "decoder", z)
    if variant == "deep":
        return layer(w, "decoder.2", sigmoid(layer(w, "decoder.0", z)))
    if variant == "sparse":
        filters = w["decoder.0.weight"]
        return z @ (filters / np.linalg.norm(filters, axis=0)).T + w["decoder.0.bias"]
    return layer(w, "decoder.0", z)


def shaken(variant: str, digits: torch.Tensor):
    """A model somewhere on its way, its weights no longer those of the start."""
    model = fresh(variant)
    model.init_from_data(digits)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    return model


@pytest.mark.parametrize("variant", VARIANTS)
def test_encode_and_decode_follow_the_equations(variant, digits):
    model, x = shaken(variant, digits), digits[:16]
    w = weights_of(model)
    z = encode(variant, w, x.flatten(1).double().numpy())
    with torch.no_grad():
        np.testing.assert_allclose(model.encode(x), z, atol=1e-4)
        np.testing.assert_allclose(model(x).flatten(1), decode(variant, w, z), atol=1e-3)


@pytest.mark.parametrize("variant", ["linear", "shallow", "deep", "deeper", "sparse"])
def test_loss_is_half_the_squared_error_and_for_sparse_the_price_of_the_code(variant, digits, generator):
    model, x = shaken(variant, digits), digits[:16]
    w, flat = weights_of(model), x.flatten(1).double().numpy()
    z = encode(variant, w, flat)
    expected = 0.5 * np.square(decode(variant, w, z) - flat).sum() / len(flat)
    if variant == "sparse":
        assert model.sparsity_weight > 0
        expected += model.sparsity_weight * np.abs(z).sum() / len(flat)
    assert model.loss(x, generator).item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("noise", ["masking", "gaussian"])
def test_denoising_sees_the_corrupted_image_and_is_measured_against_the_clean_one(noise, digits):
    torch.manual_seed(0)
    model, x = Denoising((1, 8, 8), latent_dim=100, noise=noise, level=0.4), digits[:16]
    seen = get_noise(noise).apply(x, 0.4, torch.Generator().manual_seed(9))
    assert not torch.equal(seen, x)
    w, clean = weights_of(model), x.flatten(1).double().numpy()
    output = decode("denoising", w, encode("denoising", w, seen.flatten(1).double().numpy()))
    expected = 0.5 * np.square(output - clean).sum() / len(clean)
    assert model.loss(x, torch.Generator().manual_seed(9)).item() == pytest.approx(expected, rel=1e-4)


def test_filters_of_sparse_keep_length_one_whatever_the_optimizer_does(digits, generator):
    model = fresh("sparse")
    optimizer = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(5):
        optimizer.zero_grad()
        model.loss(digits[:64], generator).backward()
        optimizer.step()
    lengths = model.decoder[0].columns().norm(dim=0)
    torch.testing.assert_close(lengths, torch.ones_like(lengths))
    z = torch.eye(model.encoder[0].out_features)  # each unit alone draws one filter on top of the bias
    with torch.no_grad():
        drawn = model.decode(z).flatten(1) - model.output_bias
    torch.testing.assert_close(drawn.norm(dim=1), torch.ones(len(z)))


def test_a_frozen_sparse_model_is_the_same(digits):
    model, x = shaken("sparse", digits), digits[:16]
    with torch.no_grad():
        model.decoder[0].weight.mul_(torch.linspace(0.5, 2, model.decoder[0].weight.shape[1]))
        expected, columns = model(x), model.decoder[0].columns()
        frozen = for_inference(model)
    torch.testing.assert_close(frozen.decoder[0].weight, columns)
    assert frozen.decoder[0].columns() is frozen.decoder[0].weight
    torch.testing.assert_close(frozen(x), expected)


def test_one_unit_alone_is_as_active_as_among_the_others(digits):
    model, x = shaken("sparse", digits), digits[:16]
    z = model.encode(x)
    for unit in (0, 7, z.shape[1] - 1):
        torch.testing.assert_close(model.activation(x, unit), z[:, unit])


@pytest.mark.parametrize("variant", ("linear", "shallow", "deep", "deeper", "sparse", "denoising"))
def test_the_rest_of_the_network_goes_on_from_its_first_layer(variant, digits):
    model, x = shaken(variant, digits), digits[:16]
    torch.testing.assert_close(model.from_first_layer(model.first_layer(x)), model(x))
    middle = torch.lerp(model.first_layer(x[:8]), model.first_layer(x[8:]), 0.3)  # affine
    torch.testing.assert_close(middle, model.first_layer(torch.lerp(x[:8], x[8:], 0.3)), rtol=1e-4, atol=1e-4)


def test_rescaling_filters_does_not_cheat_sparsity(digits, generator):
    model = fresh("sparse")
    before = model.loss(digits[:16], generator)
    with torch.no_grad():
        model.decoder[0].weight.mul_(7)
    torch.testing.assert_close(model.loss(digits[:16], generator), before)


@pytest.mark.parametrize("variant", VARIANTS)
def test_training_starts_from_the_mean_image(variant, digits):
    """The code of no opinion, 0 or for a sigmoid ½, draws the mean: there PCA without components stands."""
    model = fresh(variant)
    model.init_from_data(digits)
    nothing = torch.full_like(model.encode(digits[:1]), 0.5 if variant == "shallow" else 0.0)
    torch.testing.assert_close(model.mean, digits.mean(0).flatten())
    torch.testing.assert_close(model.decode(nothing), digits.mean(0, keepdim=True), atol=1e-5, rtol=0)


def test_layers_of_the_stack_have_the_widths_of_hinton_and_salakhutdinov():
    model = Deeper((1, 28, 28), latent_dim=30, hidden=1000, layers=3)
    for part, widths in ((model.encoder, [784, 1000, 500, 250, 30]), (model.decoder, [30, 250, 500, 1000, 784])):
        linear = [layer for layer in part if hasattr(layer, "in_features")]
        assert [linear[0].in_features, *(layer.out_features for layer in linear)] == widths


@pytest.mark.parametrize("model", [Deep, Deeper])
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_each_activation_starts_from_the_mean_and_keeps_a_signals_size(model, name, digits):
    torch.manual_seed(0)
    layers = {"layers": 2} if model is Deeper else {}
    network = model((1, 8, 8), latent_dim=3, hidden=64, activation=name, **layers)
    network.init_from_data(digits)
    torch.testing.assert_close(network.decode(torch.zeros(1, 3)), digits.mean(0, keepdim=True), atol=1e-5, rtol=0)
    kinds = [type(layer) for layer in (*network.encoder, *network.decoder)]
    assert kinds.count(type(ACTIVATIONS[name].layer())) == 2 * layers.get("layers", 1)
    with torch.no_grad():
        scatter = network.encode(digits).std() / (digits - digits.mean(0)).flatten(1).norm(dim=1).mean() * 8
    assert 0.3 < scatter < 3


def test_an_unknown_activation_is_a_sentence():
    with pytest.raises(ValueError, match="activation 'step' is unknown; choose one of sigmoid, tanh, relu, gelu"):
        Deep((1, 8, 8), latent_dim=3, hidden=8, activation="step")


def test_a_code_of_the_linear_network_is_linear_and_that_of_the_others_is_not(digits):
    a, b = digits[:1], digits[1:2]
    for variant, linear in {"linear": True, "shallow": False, "deep": False, "deeper": False, "sparse": False}.items():
        model = shaken(variant, digits)
        with torch.no_grad():
            middle = (model.encode(a) + model.encode(b)) / 2
            assert torch.allclose(model.encode((a + b) / 2), middle, atol=1e-5) == linear


def test_columns_of_sparse_begin_at_length_one():
    """Adam's steps are of one size whatever the weights' is: long columns would hardly turn."""
    lengths = fresh("sparse").decoder[0].weight.norm(dim=0)
    torch.testing.assert_close(lengths, torch.ones_like(lengths))
