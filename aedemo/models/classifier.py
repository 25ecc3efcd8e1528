"""The masked autoencoder's encoder put to work: its decoder is thrown away, fresh output layers name the class.

    all patches of a picture -> tokens -> the encoder -> mean over the tokens -> layer norm, dense layer -> classes

Bishop and Bishop (2024), section 19.1.5; He et al., Masked autoencoders are scalable vision learners (2022), section 4,
who pool the tokens likewise and fine-tune all weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aedemo.models.masked import Block, Masked, _initialize, sine_cosine_positions
from aedemo.models.patchwise import patchify


class Classifier(nn.Module):
    """The encoder of a `Masked`, on whole pictures, and output layers for a number of classes.

    The names of the encoder's weights are those that they have in `Masked`.
    """

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        *,
        patch_size: int,
        width: int,
        depth: int,
        heads: int,
    ):
        super().__init__()
        self.input_shape = tuple(input_shape)
        self.patch_size = patch_size
        channels, height, image_width = input_shape
        self.grid = (height // patch_size, image_width // patch_size)
        self.embed = nn.Linear(channels * patch_size**2, width)
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(depth)))
        self.norm = nn.LayerNorm(width)
        self.output = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, classes))
        self.register_buffer("mean", torch.full((1,), 0.5))
        self.register_buffer("positions", sine_cosine_positions(self.grid, width), persistent=False)
        self.apply(_initialize)

    @classmethod
    def from_encoder(cls, masked: Masked, classes: int) -> Classifier:
        """A copy of a trained encoder, under output layers whose random weights come from torch's generator."""
        model = cls.like(masked, classes)
        own = model.state_dict()
        model.load_state_dict(own | {name: value for name, value in masked.state_dict().items() if name in own})
        return model

    @classmethod
    def like(cls, masked: Masked, classes: int) -> Classifier:
        """The same network from random weights, with the same grey: nothing is left of what the encoder learned."""
        model = cls(
            masked.input_shape,
            classes,
            patch_size=masked.patch_size,
            width=masked.embed.out_features,
            depth=len(masked.blocks),
            heads=masked.blocks[0].heads,
        )
        model.mean.copy_(masked.mean)
        return model

    @property
    def config(self) -> dict[str, int]:
        """The arguments, besides the input shape, that build this network."""
        return {
            "classes": self.output[1].out_features,
            "patch_size": self.patch_size,
            "width": self.embed.out_features,
            "depth": len(self.blocks),
            "heads": self.blocks[0].heads,
        }

    def encode(self, x: Tensor) -> Tensor:
        """The mean over the encoder's tokens, (N, width), of whole pictures x (N, C, H, W) in [0, 1]."""
        patches = patchify(x - self.mean, self.patch_size).flatten(2)
        return self.norm(self.blocks(self.embed(patches) + self.positions)).mean(1)

    def forward(self, x: Tensor) -> Tensor:
        """Logits (N, classes) of whole pictures x (N, C, H, W) in [0, 1]."""
        return self.output(self.encode(x))

    @torch.no_grad()
    def probabilities(self, x: Tensor) -> Tensor:
        """How sure it is of each class, (N, classes): rows of numbers in [0, 1] that sum to 1."""
        return self(x).softmax(1)
