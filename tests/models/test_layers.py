"""The layers that a model names are those that its numbers go through, for every row of the table of variants."""

import pytest
import torch
from torch import nn

from aedemo.models import VARIANTS
from aedemo.models.classifier import Classifier
from aedemo.models.dense import UnitNormLinear
from aedemo.models.layers import SYMBOLS
from tests.tables import fresh

CODED = [name for name in VARIANTS if any(layer.kind == "code" for layer in fresh(name).layers)]


def passed_on(model: nn.Module, run) -> list[tuple[int, str]]:
    """(numbers, symbol of the activation) of each layer of weights, as they come by while a batch goes through."""
    seen = []

    def watch(module, _, output):
        if type(module) in SYMBOLS:
            seen[-1] = (seen[-1][0], SYMBOLS[type(module)])
        else:
            seen.append((output.shape[1], ""))

    hooks = [
        module.register_forward_hook(watch)
        for module in model.modules()
        if isinstance(module, (nn.Linear, UnitNormLinear, *SYMBOLS))
    ]
    run()
    for hook in hooks:
        hook.remove()
    return seen


@pytest.mark.parametrize("variant", CODED)
def test_the_layers_of_a_dense_model_are_those_that_a_batch_goes_through(variant):
    model = fresh(variant)
    x = torch.rand(3, *model.input_shape)
    first, *behind = model.layers
    assert (first.kind, first.size) == ("input", x[0].numel())
    assert [layer.kind for layer in behind].count("code") == 1 and behind[-1].kind == "output"
    if any(True for _ in model.parameters()):
        assert [(layer.size, layer.activation) for layer in behind] == passed_on(model, lambda: model(x))
    code = next(layer for layer in behind if layer.kind == "code")
    assert model.encode(x).shape == (3, code.size)
    assert model.decode(model.encode(x))[0].numel() == behind[-1].size


def test_two_layers_are_two_and_four_are_four_with_sigmoids_at_the_first_and_third():
    assert [layer.activation for layer in fresh("linear").layers] == ["", "", ""]
    assert [layer.activation for layer in fresh("shallow").layers] == ["", "σ", ""]
    assert [layer.activation for layer in fresh("deep").layers] == ["", "σ", "", "σ", ""]


def test_the_layers_of_the_masked_one_are_those_of_its_parts():
    model = fresh("masked")
    layers = {layer.kind: layer for layer in model.layers}
    assert list(layers) == ["input", "tokens", "encoder", "mask_tokens", "decoder", "output"]
    x = torch.rand(2, *model.input_shape)
    tokens = model.embed(x)
    assert tokens.shape[1:] == (layers["tokens"].count, layers["tokens"].size)
    assert (
        layers["input"].count * layers["input"].size == layers["output"].count * layers["output"].size == x[0].numel()
    )
    visible = torch.arange(3).expand(2, 3)
    codes = model.forward_encoder(x, visible)
    assert codes.shape[2] == layers["encoder"].size and layers["encoder"].count == len(model.blocks)
    assert layers["mask_tokens"].size == layers["decoder"].size == len(model.mask_token)
    assert layers["decoder"].count == len(model.decoder_blocks)


def test_a_classifier_has_the_encoder_and_its_classes():
    encoder = fresh("masked")
    model = Classifier.like(encoder, 7)
    assert model.layers[:-1] == encoder.encoder_layers
    assert model.layers[-1].size == model(torch.rand(1, *model.input_shape)).shape[1] == 7
