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
from collections.abc import Sequence
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


class Deep(Autoencoder):
    """D–H–M–H–D with sigmoids in the first and third layers, linear code and output: nonlinear PCA (section 19.1.2)."""

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, hidden: int):
        super().__init__(input_shape)
        self.encoder = nn.Sequential(nn.Linear(self.dimension, hidden), nn.Sigmoid(), nn.Linear(hidden, latent_dim))
        self.decoder = nn.Sequential(nn.Linear(latent_dim, hidden), nn.Sigmoid(), nn.Linear(hidden, self.dimension))
        for stack in (self.encoder, self.decoder):
            first, last = stack[0], stack[-1]
            # A logistic unit has slope ¼ and mean ½; the weights keep the signal's size from layer to layer.
            nn.init.normal_(first.weight, std=4 / math.sqrt(first.in_features))
            nn.init.zeros_(first.bias)
            nn.init.normal_(last.weight, std=1 / math.sqrt(last.in_features))
            with torch.no_grad():
                last.bias.copy_(-0.5 * last.weight.sum(1))

    def start_from(self, x: Tensor) -> None:
        super().start_from(x)
        with torch.no_grad():
            self.output_bias.sub_(0.5 * self.decoder[-1].weight.sum(1))


class Stack(Autoencoder):
    """A deeper network, D–H–H/2–…–M–…–H/2–H–D: each hidden layer half as wide as the one before, GELUs between them.

    With H = 1000 and three layers on each side it has the widths of Hinton and Salakhutdinov, Reducing the
    dimensionality of data with neural networks (2006): 784–1000–500–250–M.
    """

    def __init__(self, input_shape: tuple[int, int, int], latent_dim: int, hidden: int, layers: int):
        super().__init__(input_shape)
        widths = [self.dimension, *(hidden // 2**k for k in range(layers)), latent_dim]
        self.encoder, self.decoder = _stacked(widths), _stacked(widths[::-1])


def _stacked(widths: Sequence[int]) -> nn.Sequential:
    """Dense layers with GELUs between them, begun so that a signal keeps its size (He et al. 2015), biases at 0."""
    layers = nn.Sequential()
    for fan_in, fan_out in pairwise(widths[:-1]):
        layers.extend([nn.Linear(fan_in, fan_out), nn.GELU()])
        nn.init.kaiming_normal_(layers[-2].weight, nonlinearity="relu")
        nn.init.zeros_(layers[-2].bias)
    layers.append(nn.Linear(widths[-2], widths[-1]))
    nn.init.normal_(layers[-1].weight, std=1 / math.sqrt(widths[-2]))
    nn.init.zeros_(layers[-1].bias)
    return layers


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
