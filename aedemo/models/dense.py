"""The dense autoencoders of chapter 19: linear, two-layer, deep, deeper, sparse, denoising.

    z = encode(x)      (N, C, H, W) -> (N, M), the code
    y = decode(z)      (N, M) -> (N, C, H, W), the reconstruction, not clamped
    E = ½ Σ (y − x)²   summed over the inputs of an image, averaged over the images

Each network subtracts the mean of the training images before its first layer, and its untrained output at that mean is
the mean: training need not find it first.

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
from aedemo.models.layers import Layer, dense_layers


class Autoencoder(nn.Module):
    """What all dense variants share: shapes, the mean, and the error E. Subclasses define `encoder` and `decoder`."""

    encoder: nn.Module
    decoder: nn.Module

    def __init__(self, input_shape: tuple[int, int, int]):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.dimension = math.prod(input_shape)  # D
        self.register_buffer("mean", torch.zeros(self.dimension))

    @property
    def output_bias(self) -> Tensor:
        return self.decoder[-1].bias

    @property
    def last_input_at_mean(self) -> float:
        """The value of each input of the last layer at the mean image, before training."""
        return 0.0

    def init_from_data(self, x: Tensor) -> None:
        """Take the mean of the training images x (N, C, H, W) as the origin of the code and as the first output."""
        self.mean.copy_(x.flatten(1).double().mean(0))
        with torch.no_grad():
            self.output_bias.copy_(self.mean)
            if self.last_input_at_mean:
                self.output_bias.sub_(self.last_input_at_mean * self.decoder[-1].weight.sum(1))

    @property
    def layers(self) -> tuple[Layer, ...]:
        return dense_layers(self.dimension, self.encoder, getattr(self, "decoder", None))

    def encode(self, x: Tensor) -> Tensor:
        return self.encoder(x.flatten(1) - self.mean)  # (N, M)

    def decode(self, z: Tensor) -> Tensor:
        return self.decoder(z).view(-1, *self.input_shape)  # (N, C, H, W)

    def first_layer(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, H), before its activation: the part that is affine in x."""
        return self.encoder[0](x.flatten(1) - self.mean)

    def from_first_layer(self, hidden: Tensor) -> Tensor:
        """What `first_layer` gives, which inference overwrites -> the reconstruction (N, C, H, W)."""
        return self.decode(self.encoder[1:](hidden))

    def forward(self, x: Tensor) -> Tensor:
        return self.decode(self.encode(x))

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """E, which training minimises; variants that corrupt the input or penalise the code override it."""
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

    @property
    def last_input_at_mean(self) -> float:
        return ACTIVATIONS["sigmoid"].at_zero


@dataclass(frozen=True)
class Activation:
    """A nonlinearity between two layers.

    gain:    std of the weights before it, times √inputs, that keeps a signal's size (He et al. 2015)
    at_zero: its value at 0, which the bias of the layer behind it cancels
    """

    layer: Callable[[], nn.Module]
    gain: float
    at_zero: float = 0.0


ACTIVATIONS = {
    "sigmoid": Activation(nn.Sigmoid, gain=4.0, at_zero=0.5),  # its slope at 0 is ¼
    "tanh": Activation(nn.Tanh, gain=1.0),
    "relu": Activation(nn.ReLU, gain=math.sqrt(2)),
    "gelu": Activation(nn.GELU, gain=math.sqrt(2)),
}


def get_activation(name: str) -> Activation:
    """The row of ACTIVATIONS with this name; ValueError lists the names that exist."""
    if name not in ACTIVATIONS:
        raise ValueError(f"activation {name!r} is unknown; choose one of {', '.join(ACTIVATIONS)}")
    return ACTIVATIONS[name]


class MLPAutoencoder(Autoencoder):
    """Encoder and decoder are multilayer perceptrons of mirrored widths; code and output are linear.

    widths: D, the hidden layers of the encoder, M
    """

    def __init__(self, input_shape: tuple[int, int, int], widths: Sequence[int], activation: str):
        super().__init__(input_shape)
        self.activation = get_activation(activation)
        self.encoder = mlp((self.dimension, *widths), self.activation)
        self.decoder = mlp((*widths[::-1], self.dimension), self.activation)
        for layers in (self.encoder, self.decoder):
            init_mlp(layers, self.activation)

    @property
    def last_input_at_mean(self) -> float:
        return self.activation.at_zero


def mlp(widths: Sequence[int], activation: Activation) -> nn.Sequential:
    """Dense layers of these widths, with activations between them."""
    layers = nn.Sequential()
    for fan_in, fan_out in pairwise(widths):
        layers.extend([nn.Linear(fan_in, fan_out), activation.layer()])
    return layers[:-1]  # the last layer is linear


def init_mlp(layers: nn.Sequential, activation: Activation) -> None:
    """Random weights that keep a signal's size, and biases that keep it around 0."""
    dense = layers[::2]
    for layer in dense:
        gain = 1.0 if layer is dense[-1] else activation.gain
        nn.init.normal_(layer.weight, std=gain / math.sqrt(layer.in_features))
        at_zero = 0.0 if layer is dense[0] else activation.at_zero
        with torch.no_grad():
            layer.bias.copy_(-at_zero * layer.weight.sum(1))


class Deep(MLPAutoencoder):
    """D–H–M–H–D, nonlinear in the first and third layers, linear code and output: nonlinear PCA (section 19.1.2)."""

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, hidden: int, activation: str = "sigmoid"):
        super().__init__(input_shape, (hidden, latent_dim), activation)


class Deeper(MLPAutoencoder):
    """D–H–H/2–…–M–…–H/2–H–D: each hidden layer is half as wide as the one before.

    With H = 1000 and three layers on each side it has the widths of Hinton and Salakhutdinov, Reducing the
    dimensionality of data with neural networks (2006): 784–1000–500–250–M.
    """

    def __init__(
        self, input_shape: tuple[int, int, int], latent_dim: int, hidden: int, layers: int, activation: str = "gelu"
    ):
        super().__init__(input_shape, (*(hidden // 2**k for k in range(layers)), latent_dim), activation)


class UnitNormLinear(nn.Module):
    """A linear layer whose columns have length one, whatever the optimizer does: y = (W / ‖W‖) z + b.

    Without it a sparse autoencoder exploits the penalty: small codes and long columns give the same reconstruction for
    less λ Σ|z|.
    """

    def __init__(self, in_features: int, out_features: int):
        super().__init__()
        # Unit length from the start: Adam's steps do not grow with the weights, so long columns would hardly turn.
        self.weight = nn.Parameter(F.normalize(torch.randn(out_features, in_features), dim=0))
        self.bias = nn.Parameter(torch.zeros(out_features))
        self.frozen = False

    def columns(self) -> Tensor:
        """(D, M): one filter of length one per unit."""
        return self.weight if self.frozen else F.normalize(self.weight, dim=0)

    @torch.no_grad()
    def freeze(self) -> None:
        """Give the weights themselves columns of length one, which are trained no more."""
        self.weight.copy_(self.columns())
        self.frozen = True

    def forward(self, z: Tensor) -> Tensor:
        return F.linear(z, self.columns(), self.bias)


class Sparse(Autoencoder):
    """Wide ReLU code under E + λ Σ|z_k| (section 19.1.3): few units reconstruct each image."""

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, sparsity_weight: float):
        super().__init__(input_shape)
        self.sparsity_weight = sparsity_weight
        self.encoder = nn.Sequential(nn.Linear(self.dimension, latent_dim), nn.ReLU())
        self.decoder = nn.Sequential(UnitNormLinear(latent_dim, self.dimension))
        with torch.no_grad():  # tied initialisation: each unit detects the filter that it adds to the output
            self.encoder[0].weight.copy_(self.decoder[0].columns().T)
            self.encoder[0].bias.zero_()

    def activation(self, x: Tensor, unit: int) -> Tensor:
        """(N, C, H, W) -> (N,), z of one unit alone."""
        layer, relu = self.encoder
        weights, bias = layer.weight[unit], layer.bias[unit]
        return relu(x.flatten(1) @ weights + (bias - self.mean @ weights))  # x - mean would be a copy of all images

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        z = self.encode(x)
        return half_squared_error(self.decode(z), x) + self.sparsity_weight * z.abs().sum(1).mean()


class Denoising(Autoencoder):
    """Wide ReLU code; the input is corrupted, the target is the clean image (section 19.1.4).

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
