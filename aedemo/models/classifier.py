"""The masked autoencoder's encoder put to work: its decoder is thrown away, fresh output layers name the class.

    all patches of a picture -> tokens -> the encoder -> mean over the tokens -> layer norm, dense layer -> classes

Bishop and Bishop (2024), section 19.1.5; He et al., Masked autoencoders are scalable vision learners (2022), section 4,
who pool the tokens likewise and fine-tune all weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aedemo.models.encoder import Encoder, initialize


class Classifier(Encoder):
    """An encoder, on whole pictures, and output layers for a number of classes."""

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
        super().__init__(input_shape, patch_size=patch_size, width=width, depth=depth, heads=heads)
        self.output = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, classes))
        self.apply(initialize)

    @classmethod
    def from_encoder(cls, trained: Encoder, classes: int) -> Classifier:
        """A copy of a trained encoder, under output layers whose random weights come from torch's generator."""
        model = cls.like(trained, classes)
        own = model.state_dict()
        model.load_state_dict(own | {name: value for name, value in trained.state_dict().items() if name in own})
        return model

    @classmethod
    def like(cls, trained: Encoder, classes: int) -> Classifier:
        """The same network from random weights, with the same grey: nothing is left of what the encoder learned."""
        model = cls(trained.input_shape, classes, **trained.encoder_config)
        model.mean.copy_(trained.mean)
        return model

    @property
    def config(self) -> dict[str, int]:
        """The arguments, besides the input shape, that build this network."""
        return {"classes": self.output[1].out_features, **self.encoder_config}

    def forward(self, x: Tensor, visible: Tensor | None = None) -> Tensor:
        """Logits (N, classes) of pictures x (N, C, H, W) in [0, 1].

        visible: int64 (N, kept), indices of the patches that are seen; None where all are.
        """
        code = self.encode(x) if visible is None else self.encode_visible(x, visible).mean(1)  # (N, width)
        return self.output(code)

    @torch.no_grad()
    def probabilities(self, x: Tensor) -> Tensor:
        """How sure it is of each class, (N, classes): rows of numbers in [0, 1] that sum to 1."""
        return self(x).softmax(1)
