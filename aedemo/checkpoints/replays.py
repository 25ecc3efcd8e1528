"""The replay of a stored run's training, beside its sweep: how its codes and what it decodes came about."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError

from aedemo.checkpoints.paths import (
    REPLAY,
    Setting,
    beside,
    broken,
    metadata_of,
    path_of,
    setting_name,
    tensors_of,
    write,
)

RUN = "run"  # in the metadata: the digest of the run that the last snapshot is of


@dataclass(frozen=True, eq=False)
class TrainingReplay:
    """Snapshots of a network with M = 2 after 0, 1, 2, 3, … and ever fewer gradient steps, up to the stored run.

    steps:       (S,) int64, rising
    test_errors: (S,) float32, squared error summed over the inputs, averaged over the test inputs
    labels:      (P,) int64, the classes of some of the inputs of the latent map
    codes:       (S, P, 2) float32, their codes
    ranges:      (S, 2, 2) float32, of each coordinate the lowest and the highest of these codes
    sheets:      a WebP image of S sheets side by side, `columns` in a row. Each is of decoded places in `rows` rows of
        as many, evenly spread over the ranges of its snapshot, the rows along z₂ with the highest on top
    """

    steps: np.ndarray
    test_errors: np.ndarray
    labels: np.ndarray
    codes: np.ndarray
    ranges: np.ndarray
    sheets: bytes
    columns: int
    rows: int


def save_replay(dataset: str, variant: str, setting: Setting, replay: TrainingReplay) -> Path:
    """Store the replay of a run that is stored already: it names that run's weights. Returns its path."""
    tensors = {
        "steps": torch.from_numpy(replay.steps).to(torch.int32),
        "test_errors": torch.from_numpy(replay.test_errors).float(),
        "labels": torch.from_numpy(replay.labels).to(torch.uint8),
        "codes": torch.from_numpy(replay.codes).half(),  # as in a latent map
        "ranges": torch.from_numpy(replay.ranges).float(),
        "sheets": torch.frombuffer(bytearray(replay.sheets), dtype=torch.uint8),
    }
    metadata = {
        "setting": setting_name(setting),
        "columns": str(replay.columns),
        "rows": str(replay.rows),
        RUN: digest(path_of(dataset, variant, setting)),
    }
    return write(beside(dataset, variant, REPLAY), tensors, metadata)


def has_replay(dataset: str, variant: str, setting: Setting) -> bool:
    """Whether `load_replay` gives one; False where the file is corrupt or of another run."""
    try:
        return beside(dataset, variant, REPLAY).exists() and bool(load_replay(dataset, variant, setting))
    except ValueError:
        return False


def load_replay(dataset: str, variant: str, setting: Setting) -> TrainingReplay:
    """The replay of a stored run; CheckpointError where there is none, it cannot be read, or it is of other weights."""
    return load_replay_file(beside(dataset, variant, REPLAY), path_of(dataset, variant, setting))


@lru_cache(maxsize=8)
def load_replay_file(path: Path, run: Path) -> TrainingReplay:
    """The replay in a file, of the run in another."""
    metadata = metadata_of(path)
    if metadata.get(RUN) != digest(run):
        raise broken(path, f"is not of the run in {run.name}")
    try:
        tensors = tensors_of(path)
        found = TrainingReplay(
            steps=tensors["steps"].long().numpy(),
            test_errors=tensors["test_errors"].numpy(),
            labels=tensors["labels"].long().numpy(),
            codes=tensors["codes"].float().numpy(),
            ranges=tensors["ranges"].numpy(),
            sheets=tensors["sheets"].numpy().tobytes(),
            columns=int(metadata["columns"]),
            rows=int(metadata["rows"]),
        )
    except (SafetensorError, KeyError, ValueError) as error:
        raise broken(path, "lacks a part of a replay") from error
    if {len(found.test_errors), len(found.codes), len(found.ranges)} != {len(found.steps)}:
        raise broken(path, "has parts of different lengths")
    return found


def digest(path: Path) -> str:
    """Of the weights in a run's file, whatever its header says; CheckpointError where it cannot be read."""
    metadata_of(path)
    try:
        weights = tensors_of(path)
    except SafetensorError as error:
        raise broken(path, "is truncated") from error
    found = hashlib.sha256()
    for name in sorted(weights):
        found.update(name.encode())
        found.update(weights[name].numpy().tobytes())
    return found.hexdigest()[:16]
