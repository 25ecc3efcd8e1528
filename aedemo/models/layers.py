"""The layers of a network as a diagram shows them. Each model names its own, from its weights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import nn

SYMBOLS = {nn.Sigmoid: "σ", nn.Tanh: "tanh", nn.ReLU: "ReLU", nn.GELU: "GELU"}


@dataclass(frozen=True)
class Layer:
    """What one layer passes on to the next.

    size:       how many numbers; of patches, tokens and blocks, for each token
    activation: one of SYMBOLS, "" where the layer is linear
    count:      how many tokens there are, or how many blocks one behind the other
    """

    kind: Literal["input", "dense", "code", "output", "tokens", "encoder", "mask_tokens", "decoder", "classes"]
    size: int
    activation: str = ""
    count: int = 1


def dense_layers(dimension: int, encoder: nn.Module, decoder: nn.Module | None) -> tuple[Layer, ...]:
    """From the D inputs through the code, the encoder's last layer, to the D outputs.

    decoder: None where the encoder's own weights decode, whose layers then stand in the reverse order.
    """
    *before, code = _sizes(encoder)
    *behind, output = _sizes(decoder) if decoder is not None else (*before[::-1], (dimension, ""))
    return (
        Layer("input", dimension),
        *(Layer("dense", *hidden) for hidden in before),
        Layer("code", *code),
        *(Layer("dense", *hidden) for hidden in behind),
        Layer("output", *output),
    )


def _sizes(layers: nn.Module) -> list[tuple[int, str]]:
    """The outputs of each layer of weights, and the symbol of the activation behind it."""
    found = []
    for layer in layers if isinstance(layers, nn.Sequential) else [layers]:
        symbol = next((symbol for kind, symbol in SYMBOLS.items() if isinstance(layer, kind)), "")
        if symbol:
            found[-1] = (found[-1][0], symbol)
        else:
            found.append((layer.weight.shape[0], ""))
    return found
