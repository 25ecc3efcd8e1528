"""The dense autoencoders of chapter 19: linear, shallow, deep, the deeper stack, sparse, denoising.

    z = encode(x)      (N, C, H, W) -> (N, M), the code
    y = decode(z)      (N, M) -> (N, C, H, W), the reconstruction, not clamped
    E = ½ Σ (y − x)²   summed over the inputs of a picture, averaged over the pictures

Each network subtracts the mean of the training pictures before its first layer, and its last bias starts from it:
training need not find it first.

Bishop and Bishop, Deep Learning: Foundations and Concepts (2024), sections 19.1.1 to 19.1.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.corruption import get_noise


class Autoencoder(nn.Module):
    """What all dense variants share: shapes, the mean, and the error E. `encoder` and `decoder` come from below."""

    encoder: nn.Module
    decoder: nn.Module

    def __init__(self, input_shape: tuple[int, int, int]):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.dimension = math.prod(input_shape)  # D
        self.register_buffer("mean", torch.zeros(self.dimension))

    def start_from(self, x: Tensor) -> None:
        """Take the mean of the training pictures x (N, C, H, W) as the origin of the code and of the last bias."""
        self.mean.copy_(x.flatten(1).double().mean(0))
        with torch.no_grad():
            self.output_bias.copy_(self.mean)

    @property
    def output_bias(self) -> Tensor:
        return self.decoder[-1].bias

    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x.flatten(1) - self.mean)  # (N, M)

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z).view(-1, *self.input_shape)  # (N, C, H, W)

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """E, the error that training makes small; variants that corrupt or punish something override it."""
        return half_squared_error(self(x), x)


def half_squared_error(y: Tensor, x: Tensor) -> Tensor:
    """½ Σ (y − x)², summed over all but the first axis, averaged over it: a scalar."""
    return 0.5 * (y - x).square().flatten(1).sum(1).mean()


class Linear(Autoencoder):
    """D–M–D without any nonlinearity: its columns come to span PCA's subspace (section 19.1.1)."""

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int):
        super().__init__(input_shape)
        self.encoder = nn.Sequential(nn.Linear(self.dimension, latent_dim))
        self.decoder = nn.Sequential(nn.Linear(latent_dim, self.dimension))


class Shallow(Autoencoder):
    """D–M–D with a sigmoid code and a linear output: two layers of weights gain nothing over PCA.

    Bourlard and Kamp, Auto-association by multilayer perceptrons and singular value decomposition (1988).
    """

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int):
        super().__init__(input_shape)
        self.encoder = nn.Sequential(nn.Linear(self.dimension, latent_dim), nn.Sigmoid())
        self.decoder = nn.Sequential(nn.Linear(latent_dim, self.dimension))

    def start_from(self, x: Tensor) -> None:
        super().start_from(x)
        with torch.no_grad():  # z = ½ at the mean picture: its share comes off the bias
            self.output_bias.sub_(0.5 * self.decoder[-1].weight.sum(1))


@dataclass(frozen=True)
class Activation:
    """A nonlinearity between two layers.

    gain:   std of the weights before it, times √inputs, that keeps a signal's size (He et al. 2015)
    middle: its value at 0, which comes off the bias of the layer behind it
    """

    layer: Callable[[], nn.Module]
    gain: float
    middle: float = 0.0


ACTIVATIONS = {
    "sigmoid": Activation(nn.Sigmoid, gain=4.0, middle=0.5),  # its slope at 0 is ¼
    "tanh": Activation(nn.Tanh, gain=1.0),
    "relu": Activation(nn.ReLU, gain=math.sqrt(2)),
    "gelu": Activation(nn.GELU, gain=math.sqrt(2)),
}


def get_activation(name: str) -> Activation:
    """The row of ACTIVATIONS with this name; ValueError lists the names that exist."""
    if name not in ACTIVATIONS:
        raise ValueError(f"activation {name!r} is unknown; choose one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


class Deep(Autoencoder):
    """D–H–M–H–D, nonlinear in the first and third layers, linear code and output: nonlinear PCA (section 19.1.2)."""

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, hidden: int, activation: str = "sigmoid"):
        super().__init__(input_shape)
        self.activation = between = get_activation(activation)
        self.encoder = nn.Sequential(nn.Linear(self.dimension, hidden), between.layer(), nn.Linear(hidden, latent_dim))
        self.decoder = nn.Sequential(nn.Linear(latent_dim, hidden), between.layer(), nn.Linear(hidden, self.dimension))
        for stack in (self.encoder, self.decoder):
            first, last = stack[0], stack[-1]
            nn.init.normal_(first.weight, std=between.gain / math.sqrt(first.in_features))
            nn.init.zeros_(first.bias)
            nn.init.normal_(last.weight, std=1 / math.sqrt(last.in_features))
            with torch.no_grad():
                last.bias.copy_(-between.middle * last.weight.sum(1))

    def start_from(self, x: Tensor) -> None:
        super().start_from(x)
        with torch.no_grad():
            self.output_bias.sub_(self.activation.middle * self.decoder[-1].weight.sum(1))


class Stack(Autoencoder):
    """A deeper network, D–H–H/2–…–M–…–H/2–H–D: each hidden layer half as wide as the one before.

    With H = 1000 and three layers on each side it has the widths of Hinton and Salakhutdinov, Reducing the
    dimensionality of data with neural networks (2006): 784–1000–500–250–M.
    """

    def __init__(
        self, input_shape: tuple[int, int, int], latent_dim: int, hidden: int, layers: int, activation: str = "gelu"
    ):
        super().__init__(input_shape)
        self.activation = get_activation(activation)
        widths = [self.dimension, *(hidden // 2**k for k in range(layers)), latent_dim]
        self.encoder, self.decoder = (_stacked(way, self.activation) for way in (widths, widths[::-1]))

    def start_from(self, x: Tensor) -> None:
        super().start_from(x)
        with torch.no_grad():
            self.output_bias.sub_(self.activation.middle * self.decoder[-1].weight.sum(1))


def _stacked(widths: Sequence[int], between: Activation) -> nn.Sequential:
    """Dense layers with activations between them, begun so that a signal keeps its size, around 0."""
    layers, middle = nn.Sequential(), 0.0
    for fan_in, fan_out in pairwise(widths[:-1]):
        layers.extend([_begun(fan_in, fan_out, between.gain, middle), between.layer()])
        middle = between.middle
    layers.append(_begun(widths[-2], widths[-1], 1.0, middle))
    return layers


def _begun(fan_in: int, fan_out: int, gain: float, middle: float) -> nn.Linear:
    """A layer whose outputs lie around 0 where its inputs lie around `middle`."""
    layer = nn.Linear(fan_in, fan_out)
    nn.init.normal_(layer.weight, std=gain / math.sqrt(fan_in))
    with torch.no_grad():
        layer.bias.copy_(-middle * layer.weight.sum(1))
    return layer


class UnitColumns(nn.Module):
    """A linear layer whose columns have length one, whatever the optimizer does: y = (W / ‖W‖) z + b.

    Without it a sparse autoencoder cheats: small codes and long columns draw the same picture for less λ Σ|z|.
    """

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        # Begun at length one: Adam's steps are of one size whatever the weights' is, so long columns would hardly turn.
        self.weight = nn.Parameter(F.normalize(torch.randn(out_features, in_features), dim=0))
        self.bias = nn.Parameter(torch.zeros(out_features))

    def columns(self) -> Tensor:
        """(D, K): one filter of length one a unit."""
        return F.normalize(self.weight, dim=0)

    def forward(self, z: Tensor) -> Tensor:
        return F.linear(z, self.columns(), self.bias)


class Sparse(Autoencoder):
    """Wide ReLU code under E + λ Σ|z_k| (section 19.1.3): few units draw each picture."""

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, sparsity_weight: float):
        super().__init__(input_shape)
        self.sparsity_weight = sparsity_weight
        self.encoder = nn.Sequential(nn.Linear(self.dimension, latent_dim), nn.ReLU())
        self.decoder = nn.Sequential(UnitColumns(latent_dim, self.dimension))
        with torch.no_grad():  # start as a frame: each unit answers to the filter that it draws
            self.encoder[0].weight.copy_(self.decoder[0].columns().T)
            self.encoder[0].bias.zero_()

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        z = self.encode(x)
        return half_squared_error(self.decode(z), x) + self.sparsity_weight * z.abs().sum(1).mean()


class Denoising(Autoencoder):
    """Wide ReLU code; the input is corrupted, the target is the clean picture (section 19.1.4).

    Vincent et al., Extracting and composing robust features with denoising autoencoders (2008).
    """

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, noise: str, level: float):
        super().__init__(input_shape)
        self.noise, self.level = noise, level
        self.encoder = nn.Sequential(nn.Linear(self.dimension, latent_dim), nn.ReLU())
        self.decoder = nn.Sequential(nn.Linear(latent_dim, self.dimension))

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        corrupted = get_noise(self.noise).apply(x, self.level, generator)
        return half_squared_error(self(corrupted), x)
