"""The vision transformer's encoder, which the masked autoencoder pre-trains and a classifier fine-tunes.

    patches -> tokens + positions -> transformer blocks -> layer norm

Shapes: N images, L = h·w patches, D = embed_dim, H = num_heads.

Dosovitskiy et al., An image is worth 16×16 words (2021); fixed positions and mean pooling as in He et al., Masked
autoencoders are scalable vision learners (2022).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.models.layers import Layer
from aedemo.models.patchwise import patchify


class Attention(nn.Module):
    """Multi-head self-attention: each token becomes a weighted mean of all tokens' values.

    softmax(q kᵀ / √d) v, with d = D / H numbers per head (Vaswani et al., Attention is all you need, 2017).
    lengths: where several sequences lie one behind the other in L, how long each is; it attends to itself alone.
    """

    def __init__(self, dim: int, num_heads: int):
        super().__init__()
        self.num_heads = num_heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor, lengths: Sequence[int] | None = None) -> Tensor:
        N, L, D = x.shape
        qkv = self.qkv(x).view(N, L, 3, self.num_heads, D // self.num_heads)  # (N, L, 3, H, d)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # three times (N, H, L, d)
        parts = zip(*(tokens.split(lengths or L, dim=2) for tokens in (q, k, v)), strict=True)
        x = torch.cat([F.scaled_dot_product_attention(*part) for part in parts], dim=2)  # softmax(q kᵀ / √d) v
        x = x.transpose(1, 2).reshape(N, L, D)  # the heads side by side again
        return self.proj(x)


class Mlp(nn.Module):
    """Two dense layers with a GELU between them, applied to each token."""

    def __init__(self, dim: int, hidden_dim: int):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden_dim)
        self.act = nn.GELU()
        self.fc2 = nn.Linear(hidden_dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.act(self.fc1(x)))


class Block(nn.Module):
    """A pre-norm transformer block: attention, then the MLP, each added to its input."""

    def __init__(self, dim: int, num_heads: int):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim)
        self.attn = Attention(dim, num_heads)
        self.norm2 = nn.LayerNorm(dim)
        self.mlp = Mlp(dim, 4 * dim)

    def forward(self, x: Tensor, lengths: Sequence[int] | None = None) -> Tensor:
        x = x + self.attn(self.norm1(x), lengths)
        x = x + self.mlp(self.norm2(x))
        return x


def sincos_pos_embed(grid: tuple[int, int], dim: int) -> Tensor:
    """Fixed position embeddings (h·w, dim): half of dim encodes the row, half the column, with sines and cosines."""
    frequencies = torch.exp(-math.log(10_000) * torch.arange(dim // 4) / (dim // 4))

    def one_axis(positions: Tensor) -> Tensor:
        angles = positions.flatten()[:, None] * frequencies  # (h·w, dim / 4)
        return torch.cat([angles.sin(), angles.cos()], dim=1)

    rows, columns = torch.meshgrid(torch.arange(grid[0]).float(), torch.arange(grid[1]).float(), indexing="ij")
    return torch.cat([one_axis(rows), one_axis(columns)], dim=1)


class Encoder(nn.Module):
    """Images of `input_shape` (C, H, W), cut into square patches, as one code of embed_dim numbers per patch.

    Subclasses call `apply(init_weights)` when all of their layers are there.
    """

    def __init__(
        self, input_shape: tuple[int, int, int], *, patch_size: int, embed_dim: int, depth: int, num_heads: int
    ):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.patch_size = patch_size
        channels, height, width = input_shape
        self.grid = (height // patch_size, width // patch_size)
        self.num_patches = self.grid[0] * self.grid[1]
        self.patch_embed = nn.Linear(channels * patch_size**2, embed_dim)
        self.blocks = nn.Sequential(*(Block(embed_dim, num_heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(embed_dim)
        self.register_buffer("mean", torch.full((1,), 0.5))  # the mean pixel of the training images
        # Positions are computed, not learned, so they are not stored with the weights.
        self.register_buffer("pos_embed", sincos_pos_embed(self.grid, embed_dim), persistent=False)

    @property
    def encoder_config(self) -> dict[str, int]:
        """The arguments, besides the input shape, that build this encoder."""
        return {
            "patch_size": self.patch_size,
            "embed_dim": self.patch_embed.out_features,
            "depth": len(self.blocks),
            "num_heads": self.blocks[0].attn.num_heads,
        }

    @property
    def encoder_layers(self) -> tuple[Layer, ...]:
        """The patches, their tokens, and the transformer blocks, which pass on a code for each token."""
        embed_dim = self.patch_embed.out_features
        return (
            Layer("input", self.patch_embed.in_features, count=self.num_patches),
            Layer("tokens", embed_dim, count=self.num_patches),
            Layer("encoder", embed_dim, count=len(self.blocks)),
        )

    def embed(self, x: Tensor) -> Tensor:
        """Images (N, C, H, W) -> tokens (N, L, D)."""
        patches = patchify(x - self.mean, self.patch_size).flatten(2)  # (N, L, C·p·p)
        return self.patch_embed(patches) + self.pos_embed

    def forward_encoder(self, x: Tensor, visible: Tensor | None = None) -> Tensor:
        """Images x (N, C, H, W) in [0, 1] -> codes of the visible patches (N, V, D).

        visible: int64 (N, V), the indices of the visible patches of each image; None where all are.
        """
        x = self.embed(x)
        if visible is not None:
            x = x.gather(1, visible[:, :, None].expand(-1, -1, x.shape[2]))  # (N, V, D)
        return self.norm(self.blocks(x))

    def encode(self, x: Tensor) -> Tensor:
        """Whole images x (N, C, H, W) in [0, 1] -> the mean over their tokens, (N, D)."""
        return self.forward_encoder(x).mean(1)


def init_weights(module: nn.Module) -> None:
    """Random weights of a dense layer (Glorot and Bengio, 2010), no bias."""
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
