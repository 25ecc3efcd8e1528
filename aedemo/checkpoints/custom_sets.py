"""Custom data sets that have sweeps: described beside those, so that they are found and published."""

from __future__ import annotations

import warnings
from pathlib import Path

from aedemo import atomic, custom, datasets
from aedemo.checkpoints.paths import DATA_SET, CheckpointError, folder


def data_sets() -> tuple[str, ...]:
    """The names of all data sets: the built-in ones, then custom ones in the folder, which are known from now on.

    One whose description is corrupt is left out, with a warning.
    """
    found = []
    for path in sorted(folder().glob(f"*/{DATA_SET}")):
        try:
            make_known(path.parent.name)
            found.append(path.parent.name)
        except CheckpointError as error:
            warnings.warn(str(error), stacklevel=2)
    return (*datasets.DATASETS, *(name for name in found if name in datasets.CUSTOM))


def save_data_set(row: datasets.DataSet) -> Path:
    """Keep the description of a custom data set beside its sweeps, so that it is found at the next start."""
    datasets.add(row)
    return atomic.write_text(folder() / row.name / DATA_SET, custom.to_json(row))


def make_known(dataset: str) -> None:
    """Add a custom data set to `datasets`, if the folder describes it; CheckpointError where that is corrupt."""
    path = folder() / dataset / DATA_SET if datasets.may_be_own(dataset) else None
    if path is None or not path.is_file():
        return
    try:
        datasets.add(custom.from_json(dataset, path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"checkpoint {dataset}/{DATA_SET} cannot be read: fetch it again, or bring the images again: "
            f"aedemo train pca --data FOLDER --name {dataset}"
        ) from error
