"""What a data set is, and where its images lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from torch import Tensor

SPLITS = ("train", "test")


class DataSetUnavailable(ValueError):
    """The images of a data set are not on this machine, or cannot be fetched; the text says what to do."""


Report = Callable[[int], None]  # how many bytes have arrived so far


@dataclass(frozen=True)
class Images:
    """Images of one split.

    images: float32 or uint8 (N, C, H, W); float32 in [0, 1], uint8 in [0, 255] (kept small until a batch is drawn)
    labels: int64 (N,), indices into the data set's classes
    """

    images: Tensor
    labels: Tensor


@dataclass(frozen=True)
class Framing:
    """How single things stand on the dark ground of a data set's images, so that others can be put there likewise.

    box: the longer side of each, in pixels; strokes: True for writing, of which only the shape counts, False where
    shading counts too; by_mass: the centre of mass stands in the middle, else the middle of the rectangle
    widths: where each is as high as the box, whatever its proportions, the smallest and the largest width
    stroke: the mean width of strokes in the test images, in pixels; None where there are none
    """

    box: int
    strokes: bool
    by_mass: bool
    widths: tuple[int, int] | None = None
    stroke: float | None = None


@dataclass(frozen=True)
class DataSet:
    """One row of DATASETS, or a custom data set (custom/): all that is known of it but its recipes.

    noun: what one of its images shows, in words; of photographs the page speaks of patches
    recipes: the data set whose recipes (training/recipes.py) it is trained with; None: it has its own
    fine_tuning: where the numbers of `training.finetune.FineTuning` are others than its defaults
    not_classified: those of the classes that are no class of their own to a classifier
    out_of_distribution: the kinds of other images that its models' errors are tried on; none of a custom data set
    """

    name: str
    title: str
    shape: tuple[int, int, int]  # what a dense variant sees
    image_shape: tuple[int, int, int]  # what the masked variant sees
    classes: tuple[str, ...]
    licence: str
    source: str
    read: Callable[[str], Images]  # split -> whole images
    framing: Framing | None = None  # None: any image belongs, its square part resized
    noun: str = "an image"
    recipes: str | None = None
    fine_tuning: Mapping[str, object] = field(default_factory=dict)
    not_classified: tuple[str, ...] = ()
    out_of_distribution: tuple[str, ...] = ()
    trained_on: str = ""  # other images than the page shows, in words of the model card
    travels: bool = False  # whether its licence lets its test images stand beside the checkpoints
    fetch: Callable[[Report], None] | None = None  # from the network into the data folder; None: nothing to fetch
    megabytes: float | None = None  # that `fetch` loads
    train_images: int | None = None  # of custom ones: how many there are to train on, which bounds M

    @property
    def patchwise(self) -> bool:
        """True where a dense variant sees patches, not whole images."""
        return self.shape != self.image_shape

    @property
    def dimension(self) -> int:
        """D, the number of inputs of a dense variant."""
        return int(np.prod(self.shape))


def cache_folder() -> Path:
    """This user's cache folder of aedemo."""
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "aedemo"


def data_folder() -> Path:
    """Where downloaded data sets lie: AEDEMO_DATA if it is set, else a folder in the cache."""
    return Path(os.environ.get("AEDEMO_DATA", cache_folder() / "data"))
