"""Words and limits that several tabs share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from aedemo import checkpoints, datasets
from aedemo.checkpoints import Setting
from aedemo.explore.filmstrips import MAX_PSNR, Filmstrip, bottlenecks
from aedemo.explore.your_image import UNUSUAL
from aedemo.models import get_variant
from aedemo.page.components import Axis, Frames, Offer, axis, error_frames, frames_of

START_BOTTLENECK, START_NOISE, START_RATIO = 10, 0.2, 0.75
BLANK = np.full((1, 1, 8, 8), 0.85, np.float32)  # grey, where there is no image to show
ERROR_LIMITS = {True: 0.25, False: 0.5}  # photographs, others: full colour of an error map stands at this error


def all_bottlenecks(chosen: Mapping[str, object]) -> tuple[int, ...]:
    """What a slider over M offers."""
    return bottlenecks(chosen["DATA"])


def trained_at(variant: str) -> Offer:
    """What a slider over the runs of a variant offers."""
    return lambda chosen: checkpoints.load(chosen["DATA"], variant).values


def decibels(psnr: Iterable[float]) -> list[str]:
    """PSNR as words: 24.63 -> "24.6 dB"; "∞ dB" where nothing differs."""
    return ["∞ dB" if value > MAX_PSNR - 0.05 else f"{value:.1f} dB" for value in psnr]


def among_tests(subject: str, percentile: float, known: bool = False) -> str:
    """What a percentile of an error among those of test images says of an image, and what it does not.

    subject: "This image's", "Its"; known: the image is a test image itself, so that it belongs
    """
    if percentile >= 100:
        return f"{subject} error is larger than all test errors: unusual."
    words = f"{subject} error is larger than {_percent_of(percentile)} of the test errors"
    if round(percentile, 1) >= UNUSUAL:
        return f"{words}: unusual."
    if known:
        return f"{words}: nothing unusual."
    return f"{words}. It does not show anything unusual, which does not prove that the image belongs."


def _percent_of(percentile: float) -> str:
    """A percentile as words: no more digits than a sample of some hundred images can carry."""
    if percentile < 0.05:
        return "none" if percentile <= 0 else "hardly any"
    return f"{min(99.9, percentile):.1f} %"


def run_words(variant: str, setting: Setting) -> str:
    """Which run of a variant: "M = 30", "λ = 0.1", "σ = 0.3", "40 % zeroed", "75 % removed"."""
    return get_variant(variant).words(setting)


def slider_values(values: tuple, start: float, words=None, invitation: str = "") -> Axis:
    """A slider over `values`, standing at the one nearest to `start`."""
    labels = [words(value) if words else f"{value:g}" for value in values]
    return axis(labels, int(np.argmin([abs(value - start) for value in values])), invitation)


def reconstruction_frames(filmstrip: Filmstrip, small: Iterable[str] = (), clean: np.ndarray | None = None) -> Frames:
    """A filmstrip's frames with their PSNR; clean: the image that parts of them are copied from, if they are."""
    return frames_of(filmstrip.frames, decibels(filmstrip.metrics.psnr), list(small), filmstrip.metrics.mse, clean)


def error_limit(data: str) -> float:
    """The error at which error maps of a data set reach full colour, the same for all that are compared."""
    return ERROR_LIMITS[datasets.get(data).patchwise]


def map_of_errors(frames: np.ndarray, clean: np.ndarray, data: str, big=(), small=()) -> Frames:
    """Signed errors (F, C, H, W) − (1, C, H, W) as colours."""
    return error_frames(frames - clean, error_limit(data), big, small)


def published(data: str, *variants: str, naming: bool = False) -> str:
    """What papers printed of these variants on a data set, beside ours; nothing where no metric is known here.

    naming: of classes named from the code, instead of drawing
    """
    rows = checkpoints.beside_published(data, *variants)
    known = [row for row in rows if row.published.value is not None and row.published.naming == naming]
    return f"{datasets.get(data).title}, ours (and theirs): {' · '.join(map(str, known))}." if known else ""


def numbers_for(values: Sequence[int], dimension: int, data: str) -> list[str]:
    """What stands under an reconstruction at each M: how many numbers stand for how many."""
    return [f"{m} for {dimension} numbers per {error_unit(data)}" for m in values]


def error_unit(data: str) -> str:
    """What a squared error is counted over: an image, or a patch."""
    return "patch" if datasets.get(data).patchwise else "image"
