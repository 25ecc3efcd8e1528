"""Data sets of one's own that have sweeps: described beside those, so that they are found and published."""

from __future__ import annotations

import warnings
from pathlib import Path

from aedemo import datasets, own
from aedemo.checkpoints.places import DATA_SET, CheckpointError, folder


def data_sets() -> tuple[str, ...]:
    """The names of all data sets: those built in, then one's own that lie in the folder, which are known from now on.

    One whose description is spoilt is left out, with a warning.
    """
    found = []
    for path in sorted(folder().glob(f"*/{DATA_SET}")):
        try:
            make_known(path.parent.name)
            found.append(path.parent.name)
        except CheckpointError as error:
            warnings.warn(str(error), stacklevel=2)
    return (*datasets.DATASETS, *(name for name in found if name in datasets.OWN))


def save_data_set(row: datasets.DataSet) -> Path:
    """Keep the description of a data set of one's own beside its sweeps, so that it is found at the next start."""
    datasets.add(row)
    path = folder() / row.name / DATA_SET
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(own.to_json(row), encoding="utf-8")
    unfinished.replace(path)
    return path


def make_known(dataset: str) -> None:
    """Add a data set of one's own to `datasets`, if the folder describes it; CheckpointError where that is spoilt."""
    path = folder() / dataset / DATA_SET if datasets.may_be_own(dataset) else None
    if path is None or not path.is_file():
        return
    try:
        datasets.add(own.from_json(dataset, path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise CheckpointError(
            f"checkpoint {dataset}/{DATA_SET} cannot be read: fetch it again, or bring the pictures again: "
            f"aedemo train pca --data FOLDER --name {dataset}"
        ) from error
