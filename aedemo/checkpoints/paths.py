"""Where everything lies: the only module that knows the paths, and what is said of a file that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file

from aedemo import atomic
from aedemo.checkpoints import format_1

FORMAT = "aedemo 2"
LATENT_MAPS, TEST_ERRORS, REPLAY = "latent-maps", "test-errors", "replay"  # what lies beside the runs of a sweep
CLASSIFIER = "classifier"  # and, beside the masked one, what its encoder was fine-tuned to
NO_RUNS = (LATENT_MAPS, TEST_ERRORS, REPLAY, CLASSIFIER)
DATA_SET = "dataset.json"  # beside the sweeps of a custom data set
BESIDE_THE_PACKAGE = Path(__file__).parents[2] / "checkpoints"
Setting = int | float | tuple[str, float]


class CheckpointError(ValueError):
    """A checkpoint is missing, truncated or of another version; the text names the file and says what to do."""


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
    path = beside(dataset, variant, setting_name(setting))
    if isinstance(setting, tuple) and not path.exists():
        noise, level = setting
        earlier = beside(dataset, variant, setting_name((format_1.earlier(format_1.NOISES, noise), level)))
        return earlier if earlier.exists() else path
    return path


def beside(dataset: str, variant: str, name: str) -> Path:
    """The file of a name that belongs to a whole sweep."""
    return sweep_folder(dataset, variant) / f"{name}.safetensors"


def sweep_folder(dataset: str, variant: str) -> Path:
    """The folder of a sweep, under the name it has now or had in format 1."""
    path, name = folder() / dataset / variant, format_1.earlier(format_1.VARIANTS, variant)
    if name == variant or path.exists():
        return path
    earlier = path.with_name(name)
    return earlier if earlier.exists() else path


def runs(dataset: str, variant: str) -> list[Path]:
    """The files of a sweep's runs."""
    return sorted(map(Path, _run_files(dataset, variant)))


def has_runs(dataset: str, variant: str) -> bool:
    """Whether a sweep has any."""
    return any(_run_files(dataset, variant))


def _run_files(dataset: str, variant: str) -> Iterator[str]:
    """In any order; by os.scandir, since each view asks for all sweeps, and pathlib takes ten times as long."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(sweep_folder(dataset, variant)) as entries:
        for entry in entries:
            name, kind = os.path.splitext(entry.name)
            if kind == ".safetensors" and name not in NO_RUNS:
                yield entry.path


def write(path: Path, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> Path:
    """Write a file, which appears whole or not at all."""
    return atomic.write(path, lambda part: save_file(dict(tensors), part, metadata={"format": FORMAT, **metadata}))


def broken(path: Path, what: str) -> CheckpointError:
    """The file by its last three names, what is wrong with it, and what to do."""
    dataset, variant, _ = path.parts[-3:]
    trained = path.stem if path.stem == CLASSIFIER else variant
    return CheckpointError(
        f"checkpoint {'/'.join(path.parts[-3:])} {what}: fetch it again, or train it: "
        f"aedemo train {trained} --data {dataset}"
    )


def metadata_of(path: Path) -> dict[str, str]:
    """The header of a file as it is written; CheckpointError where it is missing, truncated or of another version."""
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
    except FileNotFoundError as error:
        raise broken(path, "is missing") from error
    except (SafetensorError, OSError) as error:
        raise broken(path, "is truncated or no safetensors file") from error
    if metadata.get("format") == format_1.FORMAT:
        return format_1.metadata(metadata)
    if metadata.get("format") != FORMAT:
        raise broken(path, f"has format {metadata.get('format', 'none')!r}, this aedemo reads {FORMAT!r}")
    return metadata


def tensors_of(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of a file by their names; SafetensorError where it cannot be read."""
    tensors = load_file(path)
    if metadata_of(path)["format"] == format_1.FORMAT:
        return {format_1.tensor_name(name): value for name, value in tensors.items()}
    return tensors
