"""A sweep on disk: one safetensors file a run, `<folder>/<data set>/<variant>/<setting>.safetensors`.

The header of a file carries the configuration, the recipe, the seed and the test metrics, as JSON; the weights are
float16, or what else a recipe says (weights.py).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import nn

from aedemo import datasets
from aedemo.checkpoints import format_1
from aedemo.checkpoints.classifiers import read_classifier
from aedemo.checkpoints.custom_sets import data_sets, make_known
from aedemo.checkpoints.measured import load_latent_maps_file
from aedemo.checkpoints.paths import (
    CheckpointError,
    Setting,
    broken,
    folder,
    has_runs,
    metadata_of,
    path_of,
    runs,
    setting_name,
    sweep_folder,
    tensors_of,
    write,
)
from aedemo.checkpoints.replays import load_replay_file
from aedemo.checkpoints.test_images import read_test_images
from aedemo.checkpoints.weights import pack, unpack
from aedemo.models import VARIANTS, get_variant
from aedemo.models.inference import for_inference


@dataclass(frozen=True)
class Header:
    """What is known of a run without reading its weights.

    config:  the arguments its model is built with, besides the input shape
    metrics: measured on the test split by training/evaluate.py: numbers, or lists of numbers
    recipe:  the numbers it was trained with
    """

    dataset: str
    variant: str
    setting: Setting
    config: Mapping
    metrics: Mapping
    recipe: Mapping
    seed: int


@dataclass(frozen=True)
class Sweep:
    """All runs of a variant on one data set, along one trained axis.

    sweep.values are the settings in rising order; sweep[value] is the model trained there, in eval mode, read once and
    shared by everybody, so leave its weights alone. sweep.header(value) has its metrics without its weights.
    """

    dataset: str
    variant: str
    axis: str | tuple[str, ...]
    values: tuple[Setting, ...]
    input_shape: tuple[int, int, int]
    headers: Mapping[Setting, Header] = field(repr=False)
    files: Mapping[Setting, Path] = field(repr=False)

    def __getitem__(self, setting: Setting) -> nn.Module:
        return _read_model(self._of(self.files, setting))

    def header(self, setting: Setting) -> Header:
        return self._of(self.headers, setting)

    def metrics(self, name: str) -> tuple:
        """One metric of every run, in the order of `values`."""
        return tuple(self.headers[value].metrics[name] for value in self.values)

    def nearest(self, setting: float) -> Setting:
        """The trained value nearest to a number."""
        return min(self.values, key=lambda value: abs(value - setting))

    def _of(self, runs: Mapping[Setting, Any], setting: Setting) -> Any:
        if setting not in runs:
            known = ", ".join(setting_name(value) for value in self.values)
            raise ValueError(f"{self.dataset}/{self.variant} has no run at {setting!r}; choose one of {known}")
        return runs[setting]


def save(model: nn.Module, header: Header, dtype: torch.dtype = torch.float16) -> Path:
    """Write one run; the file appears whole or not at all. Returns its path."""
    return _write(header, pack(model.state_dict(), dtype))


def save_header(header: Header) -> Path:
    """Write another header beside the weights of a stored run, which stay as they are. Returns its path."""
    return _write(header, tensors_of(path_of(header.dataset, header.variant, header.setting)))


def _write(header: Header, tensors: Mapping[str, torch.Tensor]) -> Path:
    metadata = {
        "setting": json.dumps(header.setting),
        "config": json.dumps(dict(header.config)),
        "metrics": json.dumps(dict(header.metrics)),
        "recipe": json.dumps(dict(header.recipe)),
        "seed": str(header.seed),
    }
    return write(path_of(header.dataset, header.variant, header.setting), tensors, metadata)


def read_header(path: Path) -> Header:
    """The header of one file; CheckpointError where it is missing, truncated or of another version."""
    metadata = metadata_of(path)
    try:
        setting = json.loads(metadata["setting"])
        return Header(
            dataset=path.parent.parent.name,
            variant=format_1.VARIANTS.get(path.parent.name, path.parent.name),
            setting=tuple(setting) if isinstance(setting, list) else setting,
            config=json.loads(metadata["config"]),
            metrics=json.loads(metadata["metrics"]),
            recipe=json.loads(metadata["recipe"]),
            seed=int(metadata["seed"]),
        )
    except (KeyError, ValueError) as error:
        raise broken(path, "has a header that cannot be read") from error


def load(dataset: str, variant: str) -> Sweep:
    """The sweep of a variant on a data set.

    Raises ValueError, listing those that exist, for an unknown data set or variant; CheckpointError where the sweep has
    not been trained or a file of it cannot be read.
    """
    make_known(dataset)
    datasets.get(dataset)
    get_variant(variant)
    return _load(folder(), dataset, variant)


@lru_cache(maxsize=64)
def _load(root: Path, dataset: str, variant: str) -> Sweep:
    files = runs(dataset, variant)  # in root, which is part of the key
    if not files:
        raise CheckpointError(
            f"There is no trained run of {variant} on {dataset} yet; make one: aedemo train {variant} --data {dataset}"
        )
    found = sorted(((read_header(path), path) for path in files), key=lambda run: run[0].setting)
    row, data = VARIANTS[variant], datasets.get(dataset)
    return Sweep(
        dataset=dataset,
        variant=variant,
        axis=row.axis[0] if len(row.axis) == 1 else row.axis,
        values=tuple(header.setting for header, _ in found),
        input_shape=data.image_shape if row.masks else data.shape,
        headers={header.setting: header for header, _ in found},
        files={header.setting: path for header, path in found},
    )


def available() -> dict[str, tuple[str, ...]]:
    """The variants that have at least one run, by data set, in the order of the two tables."""
    found = {}
    for dataset in data_sets():
        variants = tuple(v for v in VARIANTS if has_runs(dataset, v))
        if variants:
            found[dataset] = variants
    return found


def build(dataset: str, variant: str, config: Mapping) -> nn.Module:
    """A fresh model of a variant for a data set."""
    row, data = get_variant(variant), datasets.get(dataset)
    return row.model(data.image_shape if row.masks else data.shape, **config)


@lru_cache(maxsize=512)  # the built-in sets have some 250 runs
def _read_model(path: Path) -> nn.Module:
    header = read_header(path)
    try:
        model = build(header.dataset, header.variant, header.config)
        model.load_state_dict(unpack(tensors_of(path)), strict=True)
    except (
        SafetensorError,
        RuntimeError,
        KeyError,
        TypeError,
    ) as error:  # TypeError: arguments the class does not take
        raise broken(path, "does not fit its own configuration") from error
    return for_inference(model)


def forget() -> None:
    """Read everything from disk again when it is next asked for: files have changed under a running process."""
    for cache in (_load, _read_model, load_latent_maps_file, load_replay_file, read_classifier, read_test_images):
        cache.cache_clear()


def remove_sweeps(dataset: str) -> None:
    """Remove all sweeps of a custom data set, whose images have become others."""
    if dataset not in datasets.CUSTOM:
        raise ValueError(f"only the runs of a custom data set are removed, not those of {dataset!r}")
    for variant in VARIANTS:
        shutil.rmtree(sweep_folder(dataset, variant), ignore_errors=True)
    forget()
