"""The masked autoencoder with a vision transformer (section 19.1.5).

    patches -> tokens; a random share of them is removed; the encoder sees the visible tokens only;
    a light decoder gets the codes of the visible patches and a learned mask token for each removed one, and draws all
    pixels;
    the error is counted on the removed patches.

He et al., Masked autoencoders are scalable vision learners (2022). Pixels are not normalized patch by patch here, since
people look at the output. Masks follow the paper: 0 = kept, 1 = removed.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.corruption import patch_mask, removed_patches
from aedemo.models.patchwise import Reconstruction, patchify, unpatchify


class Block(nn.Module):
    """A pre-norm transformer block: self-attention, then two dense layers, each added to its input."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.project = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

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


class Masked(nn.Module):
    """ViT encoder on the visible patches, light decoder on all of them.

    `mask_ratio` is the ratio it was trained at, and the default of `reconstruct`; any other can be asked for.
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        mask_ratio: float,
        *,
        patch_size: int,
        width: int,
        depth: int,
        heads: int,
        decoder_width: int,
        decoder_depth: int,
    ):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.mask_ratio = mask_ratio
        self.patch_size = patch_size
        channels, height, image_width = input_shape
        self.grid = (height // patch_size, image_width // patch_size)
        self.patches = self.grid[0] * self.grid[1]
        values = channels * patch_size**2  # numbers in a patch

        self.embed = nn.Linear(values, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.to_decoder = nn.Linear(width, decoder_width)
        self.mask_token = nn.Parameter(0.02 * torch.randn(decoder_width))
        self.decoder_blocks = nn.Sequential(*(Block(decoder_width, heads) for _ in range(decoder_depth)))
        self.decoder_norm = nn.LayerNorm(decoder_width)
        self.draw = nn.Linear(decoder_width, values)
        self.register_buffer("mean", torch.full((1,), 0.5))
        # Positions are computed, not learned, so they are not stored with the weights.
        self.register_buffer("positions", sine_cosine_positions(self.grid, width), persistent=False)
        self.register_buffer("decoder_positions", sine_cosine_positions(self.grid, decoder_width), persistent=False)
        self.apply(_initialize)

    def start_from(self, x: Tensor) -> None:
        """Take the mean pixel of the training pictures as grey."""
        self.mean.fill_(float(x.double().mean()) / (255 if x.dtype == torch.uint8 else 1))

    def tokens(self, x: Tensor) -> Tensor:
        """(N, C, H, W) -> (N, patches, width)."""
        patches = patchify(x - self.mean, self.patch_size).flatten(2)
        return self.embed(patches) + self.positions

    def encode(self, x: Tensor) -> Tensor:
        """The code of whole pictures, nothing removed: the mean over the encoder's tokens, (N, width)."""
        return self.norm(self.blocks(self.tokens(x))).mean(1)

    def encode_visible(self, x: Tensor, visible: Tensor) -> Tensor:
        """Codes (N, kept, width) of the visible patches; visible: int64 (N, kept), indices of patches."""
        tokens = self.tokens(x)
        kept = tokens.gather(1, visible[:, :, None].expand(-1, -1, tokens.shape[2]))
        return self.norm(self.blocks(kept))

    def decode_all(self, codes: Tensor, visible: Tensor) -> Tensor:
        """Pixels of all patches, (N, patches, values), from the codes of the visible ones."""
        codes = self.to_decoder(codes)
        width = codes.shape[2]
        tokens = self.mask_token.to(codes.dtype).expand(len(codes), self.patches, width)
        tokens = tokens.scatter(1, visible[:, :, None].expand(-1, -1, width), codes)
        return self.draw(self.decoder_norm(self.decoder_blocks(tokens + self.decoder_positions))) + self.mean

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Draw every patch of x (N, C, H, W); mask (N, 1, h, w), 1 = removed, as many in each picture."""
        visible = _visible(mask)
        drawn = self.decode_all(self.encode_visible(x, visible), visible)
        return unpatchify(drawn.unflatten(2, (x.shape[1], self.patch_size, self.patch_size)), self.grid)

    @torch.no_grad()
    def reconstruct(
        self, x: Tensor, mask_ratio: float | None = None, seed: int = 0, kind: str = "random"
    ) -> Reconstruction:
        """Remove patches of x (N, C, H, W) and draw the picture again.

        mask_ratio lies in [0, 1), by default the ratio of training; the same seed removes the same patches, and more of
        them at a larger ratio; kind: a row of corruption.MASK_KINDS. Raises ValueError for a ratio outside that range.
        """
        mask = patch_mask(self.grid, self.mask_ratio if mask_ratio is None else mask_ratio, seed, kind)
        mask = mask.expand(len(x), 1, *self.grid).to(x.device)
        return Reconstruction(self(x, mask), mask)

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Mean squared error on the removed patches, under a fresh random mask for each picture."""
        order = torch.rand(len(x), self.patches, generator=generator, device=generator.device).argsort(1).to(x.device)
        count = max(1, removed_patches(self.patches, self.mask_ratio))  # the mean over no patch would be NaN
        removed, visible = order.split((count, self.patches - count), dim=1)
        drawn = self.decode_all(self.encode_visible(x, visible), visible).float()
        target = patchify(x, self.patch_size).flatten(2)
        index = removed[:, :, None].expand(-1, -1, target.shape[2])
        return F.mse_loss(drawn.gather(1, index), target.gather(1, index))


def _visible(mask: Tensor) -> Tensor:
    flat = mask.flatten(1)
    kept = int((flat[0] == 0).sum())
    if kept == 0 or not torch.equal((flat == 0).sum(1), torch.full((len(flat),), kept, device=flat.device)):
        raise ValueError("each picture of a batch must keep the same number of patches, at least one")
    return flat.argsort(dim=1, stable=True)[:, :kept]  # zeros come first


def _initialize(module: nn.Module) -> None:
    if isinstance(module, nn.Linear):
        nn.init.xavier_uniform_(module.weight)
        nn.init.zeros_(module.bias)
