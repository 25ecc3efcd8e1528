"""The masked autoencoder's encoder in transfer: the decoder is thrown away, a fresh head predicts the class.

    all patches of an image -> the encoder -> mean over the tokens -> layer norm, dense layer -> classes

Bishop and Bishop (2024), section 19.1.5; He et al., Masked autoencoders are scalable vision learners (2022), section 4,
who pool the tokens likewise and fine-tune all weights.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from aedemo.models.encoder import Encoder, init_weights
from aedemo.models.layers import Layer


class Classifier(Encoder):
    """An encoder on whole images, and a head for a number of classes."""

    def __init__(
        self,
        input_shape: tuple[int, int, int],
        classes: int,
        *,
        patch_size: int,
        embed_dim: int,
        depth: int,
        num_heads: int,
    ):
        super().__init__(input_shape, patch_size=patch_size, embed_dim=embed_dim, depth=depth, num_heads=num_heads)
        self.fc_norm = nn.LayerNorm(embed_dim)
        self.head = nn.Linear(embed_dim, classes)
        self.apply(init_weights)

    @classmethod
    def from_encoder(cls, trained: Encoder, classes: int) -> Classifier:
        """A copy of a trained encoder, under a head whose random weights come from torch's generator."""
        model = cls.like(trained, classes)
        own = model.state_dict()
        model.load_state_dict(own | {name: value for name, value in trained.state_dict().items() if name in own})
        return model

    @classmethod
    def like(cls, trained: Encoder, classes: int) -> Classifier:
        """The same network from random weights; of the trained encoder it takes the mean pixel and nothing else."""
        model = cls(trained.input_shape, classes, **trained.encoder_config)
        model.mean.copy_(trained.mean)
        return model

    @property
    def config(self) -> dict[str, int]:
        """The arguments, besides the input shape, that build this network."""
        return {"classes": self.head.out_features, **self.encoder_config}

    @property
    def layers(self) -> tuple[Layer, ...]:
        return *self.encoder_layers, Layer("classes", self.head.out_features)

    def forward(self, x: Tensor, visible: Tensor | None = None) -> Tensor:
        """Logits (N, classes) of images x (N, C, H, W) in [0, 1].

        visible: int64 (N, V), indices of the patches that are seen; None where all are.
        """
        code = self.forward_encoder(x, visible).mean(1)  # (N, D)
        return self.head(self.fc_norm(code))

    @torch.no_grad()
    def probabilities(self, x: Tensor) -> Tensor:
        """The probability of each class, (N, classes): rows of numbers in [0, 1] that sum to 1."""
        return self(x).softmax(1)
