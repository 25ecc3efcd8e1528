"""Where everything lies: the only module that knows the paths, and what is said of a file that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

FORMAT = "aedemo 1"
LATENT_MAPS, TEST_ERRORS = "latent-maps", "test-errors"  # what lies beside the runs of a sweep
CLASSIFIER = "classifier"  # and, beside the masked one, what its encoder was put to
NO_RUNS = (LATENT_MAPS, TEST_ERRORS, CLASSIFIER)
DATA_SET = "dataset.json"  # beside the sweeps of a data set of one's own
BESIDE_THE_PACKAGE = Path(__file__).parents[2] / "checkpoints"
Setting = int | float | tuple[str, float]


class CheckpointError(ValueError):
    """A checkpoint is missing, cut short or of another version; the text names the file and says what to do."""


def folder() -> Path:
    """Where the sweeps lie: AEDEMO_CHECKPOINTS if it is set, else checkpoints/ beside the package."""
    return Path(os.environ.get("AEDEMO_CHECKPOINTS", BESIDE_THE_PACKAGE))


def setting_name(setting: Setting) -> str:
    """A setting as a file's name: 30 -> "030", 0.25 -> "0.25", ("gaussian", 0.2) -> "gaussian-0.2"."""
    if isinstance(setting, tuple):
        return f"{setting[0]}-{setting[1]:g}"
    return f"{setting:03d}" if isinstance(setting, int) else f"{setting:g}"


def path_of(dataset: str, variant: str, setting: Setting) -> Path:
    """The file of one run."""
    return folder() / dataset / variant / f"{setting_name(setting)}.safetensors"


def beside(dataset: str, variant: str, name: str) -> Path:
    """The file of a name that belongs to a whole sweep."""
    return folder() / dataset / variant / f"{name}.safetensors"


def runs(place: Path) -> list[Path]:
    """The files of the runs in a sweep's folder."""
    return sorted(path for path in place.glob("*.safetensors") if path.stem not in NO_RUNS)


def write(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> Path:
    """Write a file, which appears whole or not at all."""
    return make_whole(path, lambda part: save_file(dict(tensors), part, metadata={"format": FORMAT, **metadata}))


def make_whole(path: Path, save: Callable[[Path], None]) -> Path:
    """Let `save` write a file beside its place and move it there when it is whole. Returns its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    save(unfinished)
    unfinished.replace(path)
    return path


def broken(path: Path, what: str) -> CheckpointError:
    """The file by its last three names, what is wrong with it, and what to do."""
    dataset, variant, _ = path.parts[-3:]
    trained = path.stem if path.stem == CLASSIFIER else variant
    return CheckpointError(
        f"checkpoint {'/'.join(path.parts[-3:])} {what}: fetch it again, or train it: "
        f"aedemo train {trained} --data {dataset}"
    )


def metadata_of(path: Path) -> dict[str, str]:
    """The header of a file as it is written; CheckpointError where it is missing, cut short or of another version."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except FileNotFoundError as error:
        raise broken(path, "is missing") from error
    except (SafetensorError, OSError) as error:
        raise broken(path, "is cut short or no safetensors file") from error
    if metadata.get("format") != FORMAT:
        raise broken(path, f"has format {metadata.get('format', 'none')!r}, this aedemo reads {FORMAT!r}")
    return metadata
