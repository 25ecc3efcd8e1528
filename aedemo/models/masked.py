"""The masked autoencoder with a vision transformer (section 19.1.5).

    patches -> tokens; a random share of them is removed; the encoder sees the visible tokens only;
    a light decoder gets the codes of the visible patches and a learned mask token for each removed one, and draws all
    pixels;
    the error is counted on the removed patches.

He et al., Masked autoencoders are scalable vision learners (2022). Pixels are not normalized patch by patch here, since
people look at the output. Masks follow the paper: 0 = kept, 1 = removed.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aedemo.corruption import patch_mask, removed_patches
from aedemo.models.encoder import Block, Encoder, initialize, sine_cosine_positions
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
        width: int,
        depth: int,
        heads: int,
        decoder_width: int,
        decoder_depth: int,
    ):
        super().__init__(input_shape, patch_size=patch_size, width=width, depth=depth, heads=heads)
        self.mask_ratio = mask_ratio
        self.to_decoder = nn.Linear(width, decoder_width)
        self.mask_token = nn.Parameter(0.02 * torch.randn(decoder_width))
        self.decoder_blocks = nn.Sequential(*(Block(decoder_width, heads) for _ in range(decoder_depth)))
        self.decoder_norm = nn.LayerNorm(decoder_width)
        self.draw = nn.Linear(decoder_width, self.embed.in_features)
        self.register_buffer("decoder_positions", sine_cosine_positions(self.grid, decoder_width), persistent=False)
        self.apply(initialize)

    def start_from(self, x: Tensor) -> None:
        """Take the mean pixel of the training pictures as grey."""
        self.mean.fill_(float(x.double().mean()) / (255 if x.dtype == torch.uint8 else 1))

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
