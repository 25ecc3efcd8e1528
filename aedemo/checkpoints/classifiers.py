"""The masked autoencoder's encoder used to classify, one per data set: classifier.safetensors beside the masked sweep.

The file holds the weights of one classifier; its header, what all were worth that were trained (training/finetune.py).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError

from aedemo import datasets
from aedemo.checkpoints.custom_sets import make_known
from aedemo.checkpoints.paths import CLASSIFIER, beside, broken, metadata_of, tensors_of, write
from aedemo.checkpoints.weights import pack, unpack
from aedemo.models.classifier import Classifier
from aedemo.models.inference import for_inference

PROTOCOLS = ("probe", "finetuned", "scratch")


@dataclass(frozen=True)
class Accuracies:
    """Test accuracies after learning in one protocol.

    protocol:        "probe" (the encoder frozen), "finetuned" (all its weights) or "scratch" (random ones)
    ratio:      the mask ratio that the encoder was trained at; None from scratch
    labels:     how many images of each class had a label; None where all had
    accuracies: shares in [0, 1], one per seed, of the seeds that are finished
    """

    protocol: str
    ratio: float | None
    labels: int | None
    accuracies: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean over the seeds."""
        return sum(self.accuracies) / len(self.accuracies)


@dataclass(frozen=True)
class ClassifierHeader:
    """What is known of a data set's classifiers without reading the weights of the one that is kept.

    classes:  the names it answers with, in the order of its outputs
    config:   the arguments of `Classifier` besides the input shape
    recipe:   the numbers it was trained with
    metrics:  the accuracies of each protocol, ratio and number of labels
    ratio, seed: the mask ratio of the encoder that it was fine-tuned from with all labels, and the seed
    accuracy: that of the weights as they are stored, on all test images of its classes
    """

    dataset: str
    classes: tuple[str, ...]
    config: Mapping
    recipe: Mapping
    metrics: tuple[Accuracies, ...]
    ratio: float
    seed: int
    accuracy: float

    def of(self, protocol: str, labels: int | None, ratio: float | None = None) -> Accuracies:
        """The metrics of one protocol; ValueError where it was not trained so."""
        for row in self.metrics:
            if (row.protocol, row.ratio, row.labels) == (protocol, ratio, labels):
                return row
        raise ValueError(
            f"{self.dataset} has no metrics of {protocol!r} with {labels} labels per class at the ratio {ratio}"
        )

    @property
    def complete(self) -> bool:
        """Whether no run is left to do: each protocol and encoder has each number of labels, with as many seeds."""
        protocols = {(row.protocol, row.ratio) for row in self.metrics}
        expected = {("probe", r) for r in self.ratios} | {("finetuned", r) for r in self.ratios} | {("scratch", None)}
        seeds = {len(row.accuracies) for row in self.metrics}
        return (
            protocols == expected and len(seeds) == 1 and len(self.metrics) == len(protocols) * len(self.label_counts)
        )

    @property
    def ratios(self) -> tuple[float, ...]:
        """The mask ratios, rising, that the encoders were trained at."""
        return tuple(sorted({row.ratio for row in self.metrics if row.ratio is not None}))

    @property
    def label_counts(self) -> tuple[int | None, ...]:
        """The numbers of labels per class that there are metrics of, rising; None, all labels, comes last."""
        return tuple(sorted({row.labels for row in self.metrics}, key=lambda count: count or math.inf))


def save_classifier(model: Classifier, header: ClassifierHeader, dtype: torch.dtype) -> Path:
    """Keep a data set's classifier and all metrics; the file appears whole or not at all. Returns its path."""
    read_classifier.cache_clear()
    return write(_path(header.dataset), pack(model.state_dict(), dtype), _texts(header))


def save_metrics(dataset: str, metrics: tuple[Accuracies, ...]) -> Path:
    """Write other metrics beside the weights of a stored classifier, which stay as they are. Returns its path."""
    path = _path(dataset)
    return write(path, tensors_of(path), _texts(replace(_read_header(path), metrics=metrics)))


def has_classifier(dataset: str) -> bool:
    """Whether there is a classifier for a data set; ValueError for one that is unknown."""
    return _path(dataset).exists()


def classifier_header(dataset: str) -> ClassifierHeader:
    """The metrics and the configuration; ValueError for an unknown data set, CheckpointError where there are none."""
    return _read_header(_path(dataset))


def load_classifier(dataset: str) -> Classifier:
    """The classifier of a data set, in eval mode, read once and shared by everybody, so leave its weights alone.

    Raises ValueError for an unknown data set, CheckpointError where the file is missing, truncated or corrupt.
    """
    return read_classifier(_path(dataset))


def _texts(header: ClassifierHeader) -> dict[str, str]:
    return {name: json.dumps(value) for name, value in asdict(header).items() if name != "dataset"}


def _path(dataset: str) -> Path:
    make_known(dataset)
    return beside(datasets.get(dataset).name, "masked", CLASSIFIER)


def _read_header(path: Path) -> ClassifierHeader:
    texts = metadata_of(path)
    try:
        rows = json.loads(texts["metrics"])
        header = ClassifierHeader(
            dataset=path.parent.parent.name,
            classes=tuple(json.loads(texts["classes"])),
            metrics=tuple(Accuracies(**row | {"accuracies": tuple(row["accuracies"])}) for row in rows),
            **{name: json.loads(texts[name]) for name in ("config", "recipe", "ratio", "seed", "accuracy")},
        )
        if len(header.classes) != header.config["classes"]:
            raise ValueError("as many names as outputs")
    except (KeyError, TypeError, ValueError) as error:
        raise broken(path, "has a header that cannot be read") from error
    return header


@lru_cache(maxsize=16)
def read_classifier(path: Path) -> Classifier:
    """The model of a file."""
    header = _read_header(path)
    try:
        model = Classifier(datasets.get(header.dataset).image_shape, **header.config)
        model.load_state_dict(unpack(tensors_of(path)), strict=True)
    except (SafetensorError, RuntimeError, KeyError, TypeError) as error:  # TypeError: arguments that it does not take
        raise broken(path, "does not fit its own configuration") from error
    return for_inference(model)
