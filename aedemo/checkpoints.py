"""A sweep on disk: one safetensors file a run, `<folder>/<data set>/<variant>/<setting>.safetensors`.

The header of a file carries the configuration, the recipe, the seed and the test figures, as JSON; the weights are
float16, or float32 where a recipe says so. This module is the only one that knows where the files lie.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import nn

from aedemo import datasets
from aedemo.models import VARIANTS, get_variant

FORMAT = "aedemo 1"
Setting = int | float | tuple[str, float]


class CheckpointError(ValueError):
    """A checkpoint is missing, cut short or of another version; the text names the file and says what to do."""


@dataclass(frozen=True)
class Header:
    """What is known of a run without reading its weights.

    config:  the arguments its model is built with, besides the input shape
    figures: measured on the test split by training/evaluate.py: numbers, or lists of numbers
    recipe:  the numbers it was trained with
    """

    dataset: str
    variant: str
    setting: Setting
    config: Mapping
    figures: Mapping
    recipe: Mapping
    seed: int


@dataclass(frozen=True)
class Sweep:
    """All runs of a variant on one data set, along one trained axis.

    sweep.values are the settings in rising order; sweep[value] is the model trained there, in eval mode, read once and
    shared by everybody, so leave its weights alone. sweep.header(value) has its figures without its weights.
    """

    dataset: str
    variant: str
    axis: str | tuple[str, ...]
    values: tuple[Setting, ...]
    input_shape: tuple[int, int, int]
    headers: Mapping[Setting, Header] = field(repr=False)

    def __getitem__(self, setting: Setting) -> nn.Module:
        return _read_model(self._file(setting))

    def header(self, setting: Setting) -> Header:
        self._file(setting)
        return self.headers[setting]

    def figures(self, name: str) -> tuple:
        """One figure of every run, in the order of `values`."""
        return tuple(self.headers[value].figures[name] for value in self.values)

    def nearest(self, setting: float) -> Setting:
        """The trained value nearest to a number."""
        return min(self.values, key=lambda value: abs(value - setting))

    def _file(self, setting: Setting) -> Path:
        if setting not in self.headers:
            known = ", ".join(setting_name(value) for value in self.values)
            raise ValueError(f"{self.dataset}/{self.variant} has no run at {setting!r}; choose one of {known}")
        return path_of(self.dataset, self.variant, setting)


def folder() -> Path:
    """Where the sweeps lie: AEDEMO_CHECKPOINTS if it is set, else checkpoints/ beside the package."""
    return Path(os.environ.get("AEDEMO_CHECKPOINTS", Path(__file__).parent.parent / "checkpoints"))


def setting_name(setting: Setting) -> str:
    """A setting as a file's name: 30 -> "030", 0.25 -> "0.25", ("gaussian", 0.2) -> "gaussian-0.2"."""
    if isinstance(setting, tuple):
        return f"{setting[0]}-{setting[1]:g}"
    return f"{setting:03d}" if isinstance(setting, int) else f"{setting:g}"


def path_of(dataset: str, variant: str, setting: Setting) -> Path:
    """The file of one run."""
    return folder() / dataset / variant / f"{setting_name(setting)}.safetensors"


def save(model: nn.Module, header: Header, dtype: torch.dtype = torch.float16) -> Path:
    """Write one run; the file appears whole or not at all. Returns its path."""
    path = path_of(header.dataset, header.variant, header.setting)
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: value.to(dtype).contiguous() for name, value in model.state_dict().items()}
    metadata = {
        "format": FORMAT,
        "setting": json.dumps(header.setting),
        "config": json.dumps(dict(header.config)),
        "figures": json.dumps(dict(header.figures)),
        "recipe": json.dumps(dict(header.recipe)),
        "seed": str(header.seed),
    }
    unfinished = path.with_suffix(".part")
    save_file(tensors, unfinished, metadata=metadata)
    unfinished.replace(path)
    return path


def read_header(path: Path) -> Header:
    """The header of one file; CheckpointError where it is missing, cut short or of another version."""
    metadata = _metadata(path)
    try:
        setting = json.loads(metadata["setting"])
        return Header(
            dataset=path.parent.parent.name,
            variant=path.parent.name,
            setting=tuple(setting) if isinstance(setting, list) else setting,
            config=json.loads(metadata["config"]),
            figures=json.loads(metadata["figures"]),
            recipe=json.loads(metadata["recipe"]),
            seed=int(metadata["seed"]),
        )
    except (KeyError, ValueError) as error:
        raise _broken(path, "has a header that cannot be read") from error


def load(dataset: str, variant: str) -> Sweep:
    """The sweep of a variant on a data set.

    Raises ValueError, listing those that exist, for an unknown data set or variant; CheckpointError where the sweep has
    not been trained or a file of it cannot be read.
    """
    datasets.get(dataset)
    get_variant(variant)
    return _load(folder(), dataset, variant)


def _runs(place: Path) -> list[Path]:
    return sorted(path for path in place.glob("*.safetensors") if path.stem != LATENT_MAP)


@lru_cache(maxsize=64)
def _load(root: Path, dataset: str, variant: str) -> Sweep:
    files = _runs(root / dataset / variant)
    if not files:
        raise CheckpointError(
            f"There is no trained run of {variant} on {dataset} yet; make one: aedemo train {variant} --data {dataset}"
        )
    headers = sorted((read_header(path) for path in files), key=lambda header: header.setting)
    row, data = VARIANTS[variant], datasets.get(dataset)
    return Sweep(
        dataset=dataset,
        variant=variant,
        axis=row.axis[0] if len(row.axis) == 1 else row.axis,
        values=tuple(header.setting for header in headers),
        input_shape=data.picture_shape if row.whole_picture else data.shape,
        headers={header.setting: header for header in headers},
    )


def available() -> dict[str, tuple[str, ...]]:
    """The variants that have at least one run, by data set, in the order of the two tables."""
    found = {}
    for dataset in datasets.DATASETS:
        variants = tuple(v for v in VARIANTS if _runs(folder() / dataset / v))
        if variants:
            found[dataset] = variants
    return found


def build(dataset: str, variant: str, config: Mapping) -> nn.Module:
    """A fresh model of a variant for a data set."""
    row, data = get_variant(variant), datasets.get(dataset)
    return row.model(data.picture_shape if row.whole_picture else data.shape, **config)


@lru_cache(maxsize=256)
def _read_model(path: Path) -> nn.Module:
    header = read_header(path)
    try:
        model = build(header.dataset, header.variant, header.config)
        tensors = load_file(path)
        model.load_state_dict({name: value.float() for name, value in tensors.items()}, strict=True)
    except (SafetensorError, RuntimeError, TypeError) as error:  # TypeError: arguments that the class does not take
        raise _broken(path, "does not fit its own configuration") from error
    return model.eval().requires_grad_(False)


def _broken(path: Path, what: str) -> CheckpointError:
    """The file by its last three names, what is wrong with it, and what to do."""
    dataset, variant, _ = path.parts[-3:]
    return CheckpointError(
        f"checkpoint {'/'.join(path.parts[-3:])} {what}: fetch it again, or train it: "
        f"aedemo train {variant} --data {dataset}"
    )


def _metadata(path: Path) -> dict[str, str]:
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except FileNotFoundError as error:
        raise _broken(path, "is missing") from error
    except (SafetensorError, OSError) as error:
        raise _broken(path, "is cut short or no safetensors file") from error
    if metadata.get("format") != FORMAT:
        raise _broken(path, f"has format {metadata.get('format', 'none')!r}, this aedemo reads {FORMAT!r}")
    return metadata


LATENT_MAP = "latent-map"


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
    path = folder() / dataset / variant / f"{LATENT_MAP}.safetensors"
    tensors = {name: getattr(latent, name).contiguous() for name in ("codes", "labels", "colours", "xs", "ys")}
    tensors["decoded"] = (latent.decoded.clamp(0, 1) * 255).round().to(torch.uint8).contiguous()
    figures = {name: str(getattr(latent, name)) for name in ("trustworthiness", "neighbour_accuracy")}
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    save_file(tensors, unfinished, metadata={"format": FORMAT, **figures})
    unfinished.replace(path)
    return path


def load_latent_map(dataset: str, variant: str) -> LatentMap:
    """The latent map stored with a sweep; CheckpointError where there is none."""
    return _load_latent_map(folder() / dataset / variant / f"{LATENT_MAP}.safetensors")


@lru_cache(maxsize=16)
def _load_latent_map(path: Path) -> LatentMap:
    metadata = _metadata(path)
    try:
        tensors = load_file(path)
        tensors["decoded"] = tensors["decoded"].float() / 255
        figures = {name: float(metadata[name]) for name in ("trustworthiness", "neighbour_accuracy")}
        return LatentMap(**tensors, **figures)
    except (SafetensorError, KeyError, ValueError, TypeError) as error:
        raise _broken(path, "lacks a part of the latent map") from error
