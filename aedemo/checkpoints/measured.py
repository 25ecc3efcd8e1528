"""What is measured once per sweep and lies beside its runs: maps of the code, and the errors of test images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError

from aedemo.checkpoints.paths import (
    LATENT_MAPS,
    TEST_ERRORS,
    Setting,
    beside,
    broken,
    metadata_of,
    setting_name,
    tensors_of,
    write,
)

QUANTILES = 101  # 0 %, 1 %, …, 100 %
METRICS = ("trustworthiness", "knn_accuracy", "test_error")


@dataclass(frozen=True)
class LatentMap:
    """The code of a fixed sample of test inputs at one run, measured at training time, so that it needs no data set.

    indices:    (P,) int64, which of the test inputs
    labels:     (P,) int64, their classes
    colours:    (P, 3) in [0, 1], the mean colour of each input (for patches, which have no class of their own)
    codes:      (P, K) the code z; of a wide one its K most variable units, the most variable first
    units:      (K,) int64, which of the M units those are
    mean:       (M,) of the code over the sample
    axes:       (C, M) orthonormal rows, the first principal axes of the code, from scikit-learn
    components: (P, C) the code along them, (z − mean) · axes
    trustworthiness, knn_accuracy: scikit-learn's, of the whole code z
    test_error: squared error summed over the inputs, averaged over the test inputs, of a denoiser under the noise it
        was trained at; of the masked one per removed value, at its own ratio
    """

    indices: torch.Tensor
    labels: torch.Tensor
    colours: torch.Tensor
    codes: torch.Tensor
    units: torch.Tensor
    mean: torch.Tensor
    axes: torch.Tensor
    components: torch.Tensor
    trustworthiness: float
    knn_accuracy: float
    test_error: float

    @property
    def latent_dim(self) -> int:
        """M, the number of units of the code."""
        return len(self.mean)

    @property
    def whole(self) -> bool:
        """Whether `codes` holds all units."""
        return len(self.units) == self.latent_dim


SHARED = ("indices", "labels", "colours")  # the same in all maps of a sweep
FLOATS = ("colours", "codes", "mean", "axes", "components")  # float16 on disk: closer than an image shows
TENSORS = tuple(part.name for part in fields(LatentMap) if part.name not in METRICS)


def save_latent_map(dataset: str, variant: str, setting: Setting, latent: LatentMap, seed: int = 0) -> Path:
    """Store the map of a run beside its sweep, with those of other runs; seed: of one whose weights are not kept."""
    path, name = beside(dataset, variant, LATENT_MAPS), _map_name(setting, seed)
    kept, metrics = (tensors_of(path), metadata_of(path)) if path.exists() else ({}, {})
    for part in TENSORS:
        value = getattr(latent, part)
        value = value.half() if part in FLOATS else value.to(torch.int32)
        kept[part if part in SHARED else f"{name}/{part}"] = value.contiguous()
    metrics = dict(metrics) | {f"{name}/{metric}": repr(getattr(latent, metric)) for metric in METRICS}
    load_latent_maps_file.cache_clear()
    return write(path, kept, metrics)


def latent_maps(dataset: str, variant: str) -> Mapping[str, LatentMap]:
    """The maps that are stored with a sweep, by the names of their runs ("030"; "030-seed1" of another seed).

    None where there is no such file; CheckpointError where it cannot be read.
    """
    path = beside(dataset, variant, LATENT_MAPS)
    return load_latent_maps_file(path) if path.exists() else {}


def load_latent_map(dataset: str, variant: str, setting: Setting, seed: int = 0) -> LatentMap:
    """The map of one run; CheckpointError where there is none."""
    maps, name = latent_maps(dataset, variant), _map_name(setting, seed)
    if name not in maps:
        raise broken(beside(dataset, variant, LATENT_MAPS), f"holds no map at {name}")
    return maps[name]


@lru_cache(maxsize=64)
def load_latent_maps_file(path: Path) -> Mapping[str, LatentMap]:
    """All maps of a file."""
    metadata = metadata_of(path)
    try:
        tensors = {name: _as_used(name, value) for name, value in tensors_of(path).items()}
        names = sorted({name.partition("/")[0] for name in tensors if "/" in name})
        return {
            name: LatentMap(
                **{part: tensors[part if part in SHARED else f"{name}/{part}"] for part in TENSORS},
                **{metric: float(metadata[f"{name}/{metric}"]) for metric in METRICS},
            )
            for name in names
        }
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise broken(path, "lacks a part of a latent map") from error


def _map_name(setting: Setting, seed: int) -> str:
    return setting_name(setting) + (f"-seed{seed}" if seed else "")


def _as_used(name: str, value: torch.Tensor) -> torch.Tensor:
    return value.float() if name.rpartition("/")[2] in FLOATS else value.long()


def save_test_errors(dataset: str, variant: str, setting: Setting, errors: torch.Tensor) -> Path:
    """Keep the quantiles of a run's errors (N,) on the test images, beside those of other runs."""
    path = beside(dataset, variant, TEST_ERRORS)
    kept = tensors_of(path) if path.exists() else {}
    kept[setting_name(setting)] = torch.quantile(errors.double(), torch.linspace(0, 1, QUANTILES).double()).float()
    return write(path, kept, {})


def load_test_errors(dataset: str, variant: str) -> dict[str, torch.Tensor]:
    """The 101 quantiles (0 %, 1 %, …, 100 %) of each run's errors on test images, by its name; none where unknown.

    What an error is says models/errors.py. CheckpointError where the file is corrupt.
    """
    path = beside(dataset, variant, TEST_ERRORS)
    if not path.exists():
        return {}
    metadata_of(path)
    try:
        return tensors_of(path)
    except SafetensorError as error:
        raise broken(path, "is truncated") from error
