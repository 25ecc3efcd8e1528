"""What a reconstruction error finds: of images of other kinds, the share with an error above 99 % of the test errors.

That is detection at 1 % false alarms, which says how far "a small error" is from "belongs to the data".
"""

from __future__ import annotations

import torch
from skimage import data
from torch import Tensor, nn

from aedemo import checkpoints, datasets, uploads
from aedemo.models.errors import image_errors

ALARM = 0.99  # the quantile of the test errors above which an error is an alarm
SEED, NOISE_IMAGES = 5, 500
PHOTOGRAPHS = (data.astronaut, data.chelsea, data.coffee, data.hubble_deep_field, data.rocket)


@torch.no_grad()
def found(model: nn.Module, dataset: str) -> list[float]:
    """The fraction in [0, 1] of each kind that the row of the data set names; model on the CPU, in eval mode."""
    limit = image_errors(model, datasets.test_sample(dataset).images).quantile(ALARM)
    kinds = (out_of_distribution(kind, dataset) for kind in datasets.get(dataset).out_of_distribution)
    return [float((image_errors(model, x) > limit).double().mean()) for x in kinds]


def _framed(photograph: Tensor, dataset: str) -> Tensor | None:
    """A photograph as an upload would be shown to the models; None where nothing in it stands out."""
    try:
        return uploads.for_dataset(photograph, dataset)
    except ValueError:
        return None


def out_of_distribution(kind: str, dataset: str) -> Tensor:
    """Images of another kind as the models of a data set would be shown them, float32 (N, C, H, W) in [0, 1]."""
    row = datasets.get(dataset)
    side = uploads.PHOTO_SIDE if row.patchwise else row.shape[1]
    shape = (row.shape[0], side, side)
    if kind == "noise":
        count = NOISE_IMAGES if not row.patchwise else NOISE_IMAGES // 20
        return torch.rand(count, *shape, generator=torch.Generator().manual_seed(SEED))
    if kind == "blank":
        return torch.zeros(1, *shape)
    if kind == "photographs":
        opened = (torch.from_numpy(read().copy()).permute(2, 0, 1).float() / 255 for read in PHOTOGRAPHS)
        return torch.stack([seen for image in opened if (seen := _framed(image, dataset)) is not None])
    return checkpoints.test_images(kind).images
