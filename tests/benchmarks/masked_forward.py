"""The masked autoencoder beside the same network of plain torch layers: `python tests/benchmarks/masked_forward.py`.

Issue 5 asks that a forward pass takes at most 1.2 times as long as the network built from the paper's description, and
that all frames of the mask slider are there within 1.5 s of a new photograph. Medians of turns taken in alternation.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import torch
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.corruption import patch_mask
from aedemo.explore.gallery import gallery
from aedemo.explore.masked import masked
from aedemo.page.masked import payload

TURNS, RATIOS = 40, (0.25, 0.75)


class Plain(nn.Module):
    """He et al. (2022), section 3: a ViT on the visible patches, mask tokens, a light ViT on all."""

    def __init__(self, model):
        super().__init__()
        self.size = model.patch_size
        width, narrow = model.patch_embed.out_features, model.decoder_pred.in_features
        values = model.patch_embed.in_features
        self.embed = nn.Conv2d(values // self.size**2, width, self.size, self.size)
        self.encoder = self._blocks(width, model.blocks)
        self.narrow = nn.Linear(width, narrow)
        self.token = nn.Parameter(torch.zeros(narrow))
        self.decoder = self._blocks(narrow, model.decoder_blocks)
        self.draw = nn.Linear(narrow, values)
        self.places = nn.Parameter(torch.zeros(model.num_patches, width))
        self.decoder_places = nn.Parameter(torch.zeros(model.num_patches, narrow))

    @staticmethod
    def _blocks(width: int, like: nn.Sequential) -> nn.TransformerEncoder:
        layer = nn.TransformerEncoderLayer(
            width, like[0].attn.num_heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        return nn.TransformerEncoder(layer, len(like), nn.LayerNorm(width), enable_nested_tensor=False)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        tokens = self.embed(x).flatten(2).transpose(1, 2) + self.places
        shown = mask[0].flatten() == 0  # one mask for all
        codes = self.narrow(self.encoder(tokens[:, shown]))
        filled = self.token.expand(len(x), tokens.shape[1], -1).clone()
        filled[:, shown] = codes
        drawn = self.draw(self.decoder(filled + self.decoder_places))
        return nn.functional.fold(drawn.transpose(1, 2), x.shape[2:], self.size, stride=self.size)


def milliseconds(run: Callable) -> float:
    began = time.perf_counter()
    run()
    return 1000 * (time.perf_counter() - began)


@torch.no_grad()
def beside(model: nn.Module, plain: nn.Module, ratio: float, batch: int) -> tuple[float, float]:
    """Milliseconds of both for a batch."""
    x = torch.rand(batch, *model.input_shape)
    mask = patch_mask(model.grid, ratio, 0).expand(batch, 1, *model.grid)
    turns = [[milliseconds(partial(net, x, mask)) for net in (model, plain)] for _ in range(TURNS)]
    return tuple(statistics.median(column) for column in zip(*turns[5:], strict=True))


def main() -> None:
    print(f"{'data':8} {'ratio':>6} {'batch':>6} {'ours ms':>8} {'plain ms':>8} {'ours / plain':>12}")
    for data in checkpoints.available():
        model = checkpoints.load(data, "masked")[0.75]
        plain = Plain(model).eval()
        for ratio in RATIOS:
            for batch in (1, 16):
                ours, theirs = beside(model, plain, ratio, batch)
                print(f"{data:8} {ratio:6g} {batch:6} {ours:8.2f} {theirs:8.2f} {ours / theirs:12.2f}", flush=True)
    print(f"\n{'data':8} {'filmstrip ms':>12} {'payload ms':>10}   of a new image")
    for data in checkpoints.available():
        names = [f"gallery:{item.id}" for item in gallery(data)[:6]]
        masked(data, names[0], 0)
        frames = [milliseconds(partial(masked, data, name, 0)) for name in names[1:]]
        whole = [milliseconds(partial(payload, data, name, 0, "0.75")) for name in names[1:]]
        print(f"{data:8} {statistics.median(frames):12.0f} {statistics.median(whole):10.0f}", flush=True)


if __name__ == "__main__":
    main()
