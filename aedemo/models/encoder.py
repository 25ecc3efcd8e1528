"""The vision transformer's encoder, which the masked autoencoder learns and a classifier is made of.

    patches -> tokens, each with its position -> transformer blocks -> layer norm

Dosovitskiy et al., An image is worth 16×16 words (2021); positions and pooling as in He et al., Masked autoencoders are
scalable vision learners (2022).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.models.patchwise import patchify


class GELU(nn.GELU):
    """In place where no gradient is asked for: to make a fresh tensor of this size takes as long as to compute it."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x) if torch.is_grad_enabled() else F.gelu(x, out=x)


class Block(nn.Module):
    """A pre-norm transformer block: self-attention, then two dense layers, each added to its input."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        n, tokens, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, tokens, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(q, k, v)  # (N, heads, tokens, width / heads)
        x = x + self.project(attended.transpose(1, 2).reshape(n, tokens, width))
        return x + self.mlp(self.norm2(x))


def sine_cosine_positions(grid: tuple[int, int], width: int) -> Tensor:
    """Fixed positions (h·w, width): half of the width for the row, half for the column, sines and cosines of each."""
    frequencies = torch.exp(-math.log(10_000) * torch.arange(width // 4) / (width // 4))

    def one_axis(places: Tensor) -> Tensor:
        angles = places.flatten()[:, None] * frequencies
        return torch.cat([angles.sin(), angles.cos()], dim=1)

    rows, columns = torch.meshgrid(torch.arange(grid[0]).float(), torch.arange(grid[1]).float(), indexing="ij")
    return torch.cat([one_axis(rows), one_axis(columns)], dim=1)


class Encoder(nn.Module):
    """Pictures of `input_shape` in square patches, as codes of `width` numbers, one for each patch.

    What is built on it calls `apply(initialize)` when all of its layers are there.
    """

    def __init__(self, input_shape: tuple[int, int, int], *, patch_size: int, width: int, depth: int, heads: int):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.patch_size = patch_size
        channels, height, image_width = input_shape
        self.grid = (height // patch_size, image_width // patch_size)
        self.patches = self.grid[0] * self.grid[1]
        self.embed = nn.Linear(channels * patch_size**2, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.register_buffer("mean", torch.full((1,), 0.5))
        # Positions are computed, not learned, so they are not stored with the weights.
        self.register_buffer("positions", sine_cosine_positions(self.grid, width), persistent=False)

    @property
    def encoder_config(self) -> dict[str, int]:
        """The arguments, besides the input shape, that build this encoder."""
        return {
            "patch_size": self.patch_size,
            "width": self.embed.out_features,
            "depth": len(self.blocks),
            "heads": self.blocks[0].heads,
        }

    def tokens(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, patches, width)."""
        patches = patchify(x - self.mean, self.patch_size).flatten(2)
        return self.embed(patches) + self.positions

    def encode(self, x: Tensor) -> Tensor:
        """Whole pictures x (N, C, H, W) in [0, 1] -> the mean over their tokens, (N, width)."""
        return self.norm(self.blocks(self.tokens(x))).mean(1)

    def encode_visible(self, x: Tensor, visible: Tensor) -> Tensor:
        """Codes (N, kept, width) of the visible patches; visible: int64 (N, kept), indices of patches."""
        tokens = self.tokens(x)
        kept = tokens.gather(1, visible[:, :, None].expand(-1, -1, tokens.shape[2]))
        return self.norm(self.blocks(kept))


def initialize(module: nn.Module) -> None:
    """Random weights of a dense layer (Glorot and Bengio, 2010), no bias."""
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
