"""The masked autoencoder with a vision transformer (section 19.1.5).

    images -> patches -> tokens; a random fraction of the tokens is removed
    encoder: codes of the visible tokens
    decoder: those codes, and one learned mask token at each removed patch -> the pixels of all patches
    error:   on the removed patches

Shapes as in encoder.py; V patches are visible. Masks follow the paper: 0 = kept, 1 = removed. Pixels are not normalised
patch by patch here: with normalised targets an image could only be shown with the true mean and spread of the removed
patches.

He et al., Masked autoencoders are scalable vision learners (2022).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.corruption import patch_mask, removed_patches
from aedemo.models.encoder import Block, Encoder, init_weights, sincos_pos_embed
from aedemo.models.layers import Layer
from aedemo.models.patchwise import Reconstruction, patchify, unpatchify


class Masked(Encoder):
    """ViT encoder on the visible patches, light decoder on all of them.

    `mask_ratio` is the ratio it was trained at, and the default of `reconstruct`; any other can be asked for.
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        mask_ratio: float,
        *,
        patch_size: int,
        embed_dim: int,
        depth: int,
        num_heads: int,
        decoder_embed_dim: int,
        decoder_depth: int,
    ):
        super().__init__(input_shape, patch_size=patch_size, embed_dim=embed_dim, depth=depth, num_heads=num_heads)
        self.mask_ratio = mask_ratio
        self.decoder_embed = nn.Linear(embed_dim, decoder_embed_dim)
        self.mask_token = nn.Parameter(0.02 * torch.randn(decoder_embed_dim))
        self.decoder_blocks = nn.Sequential(*(Block(decoder_embed_dim, num_heads) for _ in range(decoder_depth)))
        self.decoder_norm = nn.LayerNorm(decoder_embed_dim)
        self.decoder_pred = nn.Linear(decoder_embed_dim, self.patch_embed.in_features)
        self.register_buffer("decoder_pos_embed", sincos_pos_embed(self.grid, decoder_embed_dim), persistent=False)
        self.apply(init_weights)

    def init_from_data(self, x: Tensor) -> None:
        """Take the mean pixel of the training images x (N, C, H, W), float in [0, 1] or uint8, as the origin."""
        self.mean.fill_(float(x.double().mean()) / (255 if x.dtype == torch.uint8 else 1))

    @property
    def layers(self) -> tuple[Layer, ...]:
        decoder_embed_dim = self.decoder_embed.out_features
        return (
            *self.encoder_layers,
            Layer("mask_tokens", decoder_embed_dim, count=self.num_patches),
            Layer("decoder", decoder_embed_dim, count=len(self.decoder_blocks)),
            Layer("output", self.patch_embed.in_features, count=self.num_patches),
        )

    def decoder_tokens(self, x: Tensor, visible: Tensor) -> Tensor:
        """What the decoder is given of x (N, C, H, W): codes of the visible patches, and the mask token for each other.

        visible: int64 (N, V), the indices of the visible patches. Returns (N, L, decoder_embed_dim).
        """
        codes = self.decoder_embed(self.forward_encoder(x, visible))  # (N, V, decoder_embed_dim)
        tokens = self.mask_token.to(codes.dtype).expand(len(x), self.num_patches, codes.shape[2])
        return tokens.scatter(1, visible[:, :, None].expand_as(codes), codes)  # codes go back where they came from

    def forward_decoder(self, tokens: Tensor) -> Tensor:
        """What `decoder_tokens` makes, (N, L, decoder_embed_dim) -> the pixels of all patches, (N, L, C·p·p)."""
        tokens = self.decoder_blocks(tokens + self.decoder_pos_embed)
        return self.decoder_pred(self.decoder_norm(tokens)) + self.mean

    def decode(self, tokens: Tensor) -> Tensor:
        """The same as images (N, C, H, W)."""
        patches = self.forward_decoder(tokens).unflatten(2, (self.input_shape[0], self.patch_size, self.patch_size))
        return unpatchify(patches, self.grid)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Reconstruct every patch of x (N, C, H, W); mask (N, 1, h, w), 1 = removed, as many in each image."""
        return self.decode(self.decoder_tokens(x, visible_patches(mask)))

    def forward_packed(self, x: Tensor, masks: Tensor) -> Tensor:
        """Reconstruct every patch of one image x (1, C, H, W) under each of masks (F, 1, h, w): (F, C, H, W).

        What they keep may differ in number. The visible patches of all go through the encoder as one long sequence, as
        in Dehghani et al., Patch n' Pack: NaViT (2023): a dense layer takes many tokens in little more time than few.
        """
        visible = [visible_patches(mask)[0] for mask in masks.split(1)]
        lengths = [len(places) for places in visible]
        codes = self.embed(x)[:, torch.cat(visible)]
        for block in self.blocks:
            codes = block(codes, lengths)
        codes = self.decoder_embed(self.norm(codes))[0]
        tokens = self.mask_token.repeat(len(masks), self.num_patches, 1)
        for places, row, kept in zip(visible, tokens, codes.split(lengths), strict=True):
            row[places] = kept
        return self.decode(tokens)

    @torch.no_grad()
    def reconstruct(
        self, x: Tensor, mask_ratio: float | None = None, seed: int = 0, kind: str = "random"
    ) -> Reconstruction:
        """Remove patches of x (N, C, H, W) and reconstruct the image.

        mask_ratio lies in [0, 1), by default the ratio of training; the same seed removes the same patches, and more of
        them at a larger ratio; kind: a row of corruption.MASK_KINDS. Raises ValueError for a ratio outside that range.
        """
        mask = patch_mask(self.grid, self.mask_ratio if mask_ratio is None else mask_ratio, seed, kind)
        mask = mask.expand(len(x), 1, *self.grid).to(x.device)
        return Reconstruction(self(x, mask), mask)

    def loss(self, x: Tensor, generator: torch.Generator) -> Tensor:
        """Mean squared error on the removed patches, under a fresh random mask for each image."""
        noise = torch.rand(len(x), self.num_patches, generator=generator, device=generator.device)
        order = noise.argsort(1).to(x.device)
        count = max(1, removed_patches(self.num_patches, self.mask_ratio))  # the mean over no patch would be NaN
        removed, visible = order.split((count, self.num_patches - count), dim=1)
        prediction = self.forward_decoder(self.decoder_tokens(x, visible)).float()
        target = patchify(x, self.patch_size).flatten(2)
        index = removed[:, :, None].expand(-1, -1, target.shape[2])
        return F.mse_loss(prediction.gather(1, index), target.gather(1, index))


def visible_patches(mask: Tensor) -> Tensor:
    """The indices (N, V) of the patches that a mask (N, 1, h, w) keeps, rising; ValueError where V differs."""
    flat = mask.flatten(1)
    kept = int((flat[0] == 0).sum())
    if kept == 0 or not torch.equal((flat == 0).sum(1), torch.full((len(flat),), kept, device=flat.device)):
        raise ValueError("each image of a batch must keep the same number of patches, at least one")
    return flat.argsort(dim=1, stable=True)[:, :kept]  # zeros come first
