"""What is measured once a sweep and lies beside its runs: the latent plane, and how well test pictures are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from aedemo.checkpoints.places import LATENT_MAP, TEST_ERRORS, Setting, beside, broken, metadata_of, setting_name, write

QUANTILES = 101  # 0 %, 1 %, …, 100 %


@dataclass(frozen=True)
class LatentMap:
    """The latent plane of a sweep's run at M = 2, computed at training time, so that it needs no data set.

    codes:   (P, 2) float32, codes of a fixed sample of test inputs
    labels:  (P,) int64, their classes
    colours: (P, 3) float32 in [0, 1], the mean colour of each input (for patches, which have no class of their own)
    xs, ys:  (G,) float32, the places where the plane was decoded
    decoded: (G, G, C, H, W) float32 in [0, 1], decoded[i, j] at (xs[j], ys[i])
    trustworthiness, neighbour_accuracy: scikit-learn's figures for these codes
    """

    codes: torch.Tensor
    labels: torch.Tensor
    colours: torch.Tensor
    xs: torch.Tensor
    ys: torch.Tensor
    decoded: torch.Tensor
    trustworthiness: float
    neighbour_accuracy: float


def save_latent_map(dataset: str, variant: str, latent: LatentMap) -> Path:
    """Store a latent map beside its sweep; decoded pictures as bytes."""
    tensors = {name: getattr(latent, name).contiguous() for name in ("codes", "labels", "colours", "xs", "ys")}
    tensors["decoded"] = (latent.decoded.clamp(0, 1) * 255).round().to(torch.uint8).contiguous()
    figures = {name: str(getattr(latent, name)) for name in ("trustworthiness", "neighbour_accuracy")}
    return write(beside(dataset, variant, LATENT_MAP), tensors, figures)


def load_latent_map(dataset: str, variant: str) -> LatentMap:
    """The latent map stored with a sweep; CheckpointError where there is none."""
    return load_latent_map_file(beside(dataset, variant, LATENT_MAP))


@lru_cache(maxsize=16)
def load_latent_map_file(path: Path) -> LatentMap:
    """The same by the file's path."""
    metadata = metadata_of(path)
    try:
        tensors = load_file(path)
        tensors["decoded"] = tensors["decoded"].float() / 255
        figures = {name: float(metadata[name]) for name in ("trustworthiness", "neighbour_accuracy")}
        return LatentMap(**tensors, **figures)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise broken(path, "lacks a part of the latent map") from error


def save_test_errors(dataset: str, variant: str, setting: Setting, errors: torch.Tensor) -> Path:
    """Keep how well a run draws the test pictures: the quantiles of their errors (N,), beside those of other runs."""
    path = beside(dataset, variant, TEST_ERRORS)
    kept = load_file(path) if path.exists() else {}
    kept[setting_name(setting)] = torch.quantile(errors.double(), torch.linspace(0, 1, QUANTILES).double()).float()
    return write(path, kept, {})


def load_test_errors(dataset: str, variant: str) -> dict[str, torch.Tensor]:
    """The 101 quantiles (0 %, 1 %, …, 100 %) of each run's errors on test pictures, by its name; none where unknown.

    What an error is says models/errors.py. CheckpointError where the file is spoilt.
    """
    path = beside(dataset, variant, TEST_ERRORS)
    if not path.exists():
        return {}
    metadata_of(path)
    try:
        return load_file(path)
    except SafetensorError as error:
        raise broken(path, "is cut short") from error
