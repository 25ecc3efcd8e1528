"""Snapshots of a network with M = 2 while it trains: the codes of test inputs, and what it decodes around them.

Nothing here draws a random number, so that looking changes nothing of the run.
"""

from __future__ import annotations

import io
import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from aedemo import datasets
from aedemo.checkpoints import TrainingReplay
from aedemo.training.evaluate import squared_error

SPREAD = 42  # steps on the logarithmic axis; rounding leaves some 40 of them
CODES = 1000  # at most
ROWS = 10  # of decoded places, and as many in each
QUALITY = 30  # of WebP: some 500 kB, of which the noise of the first snapshots takes the most


class Recording:
    """What becomes the replay of a run; called with a step, it takes a snapshot if one is due then."""

    def __init__(self, model: nn.Module, dataset: str, steps: int):
        """The model with M = 2 that will train for so many steps."""
        test = datasets.load_inputs(dataset, "test")
        chosen = datasets.stratified_sample(test.labels)
        chosen = chosen[:: -(-len(chosen) // CODES)]
        self.model, self.due = model, set(snapshot_steps(steps, SPREAD)[:-1])
        self.test, self.shown, self.labels = test.images, test.images[chosen], test.labels[chosen]
        self.steps: list[int] = []
        self.parts: list[tuple[float, np.ndarray, np.ndarray, np.ndarray]] = []

    def __call__(self, step: int) -> None:
        if step in self.due:
            self.take(step)

    @torch.no_grad()
    def take(self, step: int) -> None:
        """A snapshot of the model as it is."""
        device = next(self.model.parameters()).device
        codes = self.model.encode(self.shown.to(device)).cpu()
        ranges = torch.stack([codes.amin(0), codes.amax(0)], dim=1)  # (2, 2)
        decoded = self.model.decode(places(ranges).to(device)).cpu()
        self.steps.append(step)
        error = squared_error(self.model, self.test.to(device))
        self.parts.append((error, codes.numpy(), ranges.numpy(), to_sheet(decoded)))

    def replay(self) -> TrainingReplay:
        """All that was taken."""
        errors, codes, ranges, sheets = zip(*self.parts, strict=True)
        return TrainingReplay(
            steps=np.array(self.steps),
            test_errors=np.array(errors, np.float32),
            labels=self.labels.numpy(),
            codes=np.stack(codes),
            ranges=np.stack(ranges),
            sheets=to_webp(np.stack(sheets), columns := round(math.sqrt(len(sheets)))),
            columns=columns,
            rows=ROWS,
        )


def snapshot_steps(steps: int, spread: int) -> tuple[int, ...]:
    """0, 1, 2, 3, … and ever fewer, up to the last: at most `spread` + 1 steps, even on a logarithmic axis."""
    return (0, *np.unique(np.geomspace(1, steps, spread).round().astype(int)).tolist())


def places(ranges: Tensor) -> Tensor:
    """Codes (ROWS², 2), evenly spread from the lowest to the highest of each coordinate: row by row, z₂ falling."""
    (left, right), (low, high) = ranges.tolist()
    up, across = torch.meshgrid(torch.linspace(high, low, ROWS), torch.linspace(left, right, ROWS), indexing="ij")
    return torch.stack([across, up], dim=-1).flatten(0, 1)


def to_sheet(images: Tensor) -> np.ndarray:
    """ROWS² images (ROWS², C, H, W), clamped to [0, 1], side by side in ROWS rows: uint8 (ROWS·H, ROWS·W, C)."""
    rows = images.clamp(0, 1).unflatten(0, (ROWS, ROWS)).permute(0, 3, 1, 4, 2).flatten(2, 3).flatten(0, 1)
    return (255 * rows).round().to(torch.uint8).numpy()


def to_webp(sheets: np.ndarray, columns: int) -> bytes:
    """uint8 (S, h, w, C) side by side, `columns` in a row, as one file."""
    count, height, width, channels = sheets.shape
    rows = -(-count // columns)
    cells = np.zeros((rows * columns, height, width, channels), np.uint8)
    cells[:count] = sheets
    whole = cells.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    whole = whole.reshape(rows * height, columns * width, channels)
    stream = io.BytesIO()
    Image.fromarray(whole[..., 0] if channels == 1 else whole).save(stream, "WEBP", quality=QUALITY, method=6)
    return stream.getvalue()
