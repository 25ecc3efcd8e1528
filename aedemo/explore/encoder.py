"""The masked encoder put to work: its decoder is thrown away, and fresh output layers name what is in the picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from aedemo import checkpoints, datasets
from aedemo.explore.masked import START_RATIO, model_picture

FEW = 30  # labels a class, where the ways to learn differ most


@dataclass(frozen=True)
class Learned:
    """One way to learn the classes, "finetuned", "probe" or "scratch".

    accuracies: (L, S), the share of test pictures named rightly, for each number of labels and seed
    """

    way: str
    accuracies: np.ndarray


@dataclass(frozen=True)
class EncoderView:
    """What the classifier says of a picture, and what the encoder was worth.

    classes: its names; probabilities: (C,) for this picture, summing to 1; accuracy: on all test pictures
    kept: the mask ratio that the encoder in the classifier was trained at
    ratio: the mask ratio of the shown encoder; labels: (L,) how many pictures of a class had one, None = all of them
    ways: one curve over `labels` each
    steps: how many gradient steps were gone: with some labels from the encoder, from random weights, with all labels
    ratios: (R,) those that encoders were trained at; few: labels a class, None where all were tried alone
    by_ratio: (2, 2, R) mean accuracies after fine-tuning and of the probe, with `few` labels a class and with all
    compared: the data sets whose encoders were trained at several ratios
    """

    classes: tuple[str, ...]
    probabilities: np.ndarray
    accuracy: float
    kept: float
    ratio: float
    labels: tuple[int | None, ...]
    ways: tuple[Learned, ...]
    steps: tuple[int, int, int]
    ratios: tuple[float, ...]
    few: int | None
    by_ratio: np.ndarray
    compared: tuple[str, ...]


def encoder(dataset: str, picture: str, ratio: float = START_RATIO) -> EncoderView | None:
    """One picture through the classifier, and the figures of encoders trained at a mask ratio, the nearest there is.

    None where no classifier is stored for this data set.
    """
    datasets.get(dataset)
    if not checkpoints.has_classifier(dataset):
        return None
    header, model = checkpoints.classifier_header(dataset), checkpoints.load_classifier(dataset)
    with torch.no_grad():
        probabilities = model.probabilities(model_picture(dataset, picture))[0]
    ratios = header.ratios
    shown = min(ratios, key=lambda trained: abs(trained - ratio))
    labels = header.label_counts
    ways = (("finetuned", shown), ("probe", shown), ("scratch", None))
    few = FEW if FEW in labels else labels[0]
    return EncoderView(
        classes=header.classes,
        probabilities=probabilities.numpy(),
        accuracy=header.accuracy,
        kept=header.ratio,
        ratio=shown,
        labels=labels,
        ways=tuple(
            Learned(way, np.array([header.of(way, count, at).accuracies for count in labels])) for way, at in ways
        ),
        steps=tuple(header.recipe[name] for name in ("few", "scratch", "full")),
        ratios=ratios,
        few=few,
        by_ratio=np.array(
            [[[header.of(way, n, r).mean for r in ratios] for n in (few, None)] for way in ("finetuned", "probe")]
        ),
        compared=tuple(name for name in datasets.DATASETS if _compared(name)),
    )


def _compared(dataset: str) -> bool:
    try:
        return len(checkpoints.classifier_header(dataset).ratios) > 1
    except checkpoints.CheckpointError:  # it has none, or a spoilt one: no reason to say nothing of this one
        return False
