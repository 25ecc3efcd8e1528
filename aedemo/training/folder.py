"""What `aedemo train --data` names: a data set that is known, or a folder of images that becomes one."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from aedemo import checkpoints, custom, datasets
from aedemo.datasets import DataSet
from aedemo.training import unfinished_runs
from aedemo.training.recipes import get_recipe

BASELINES = ("pca", "ppca")  # what others are measured against; the second only where whole images are masked


@dataclass(frozen=True)
class Imported:
    """A data set to train on.

    name, row: its row, which is known from now on
    scan: what was found in its folder, None for a data set that is built in
    before: its row when it was trained last, None the first time
    replaces: True where its runs on disk are of other images and have to go
    """

    name: str
    row: DataSet
    scan: custom.Scan | None = None
    before: DataSet | None = None
    replaces: bool = False


def import_folder(data: str, name: str | None = None, again: bool = False) -> Imported:
    """The data set with the name `data`, or one made of the folder `data`, named `name` or as the folder is.

    User images are read anew; nothing is written before `save`. A folder that was imported before keeps its
    row, so that what is on disk goes on; `again` allows another folder, or a row of another shape, to take its place.
    Raises ValueError where there is neither, for a name that cannot be taken, and for a folder with too few images;
    DataSetUnavailable where a custom data set is not on this machine.
    """
    known = checkpoints.data_sets()
    if name is None and data in datasets.DATASETS:
        return Imported(data, datasets.get(data))
    if name is None and data in known:
        return _import(custom.find(data).path, data, again)
    if not os.path.isdir(data):
        if data in known:
            raise ValueError(f"--name is for a folder of images, and {data!r} is a data set that has its name already")
        choices = ", ".join(known)
        raise ValueError(
            f"data set {data!r} is unknown; choose one of {choices}, or a folder: there is none at {data!r}"
        )
    folder = Path(data).resolve()
    return _import(folder, _free_name(folder, name), again)


def save(imported: Imported) -> None:
    """Write down what was imported, for later starts; the runs of other images under its name are removed."""
    if imported.scan is not None:
        if imported.replaces:
            checkpoints.remove_sweeps(imported.name)
            shutil.rmtree(unfinished_runs(imported.name), ignore_errors=True)
        checkpoints.save_data_set(imported.row)
        custom.remember(imported.name, imported.scan.folder)


def summary(imported: Imported) -> Iterator[str]:
    """What a person wants to know of the images that were imported, in lines."""
    if imported.scan is None:
        return
    row, folder = imported.row, imported.scan.folder
    classes = f"{len(row.classes)} classes" if len(row.classes) > 1 else "1 class"
    seen = "photographs" if row.patchwise else f"images of {row.shape[1]}×{row.shape[2]} pixels"
    train, test = (len(folder.of(split)) for split in datasets.SPLITS)
    yield f"{row.name}: {seen}, {train} to train on, {test} to test on, in {classes}: {', '.join(row.classes)}"
    if imported.replaces:
        yield f"{row.name}: the runs on disk are of other images and are removed"
        return
    if custom.make_row(row.name, imported.scan).shape != row.shape:
        yield f"{row.name}: not all images are of the kind it was made of; --again makes it anew of all"
    if row.name in checkpoints.available() and imported.before.train_images != train:
        yield f"{row.name}: runs on disk had {imported.before.train_images} to train on; --again trains them anew"


def understood(imported: Imported) -> Iterator[str]:
    """How the folder was read, in lines: its splits, the number of images of each class, what was left out and why."""
    if imported.scan is None:
        return
    scan, folder = imported.scan, imported.scan.folder
    yield f"{imported.name}: {scan.layout.words()}"
    counts = {split: Counter(image.label for image in folder.of(split)) for split in datasets.SPLITS}
    for label in sorted({image.label for image in folder.found}):
        yield f"{imported.name}: {label}: {counts['train'][label]} to train on, {counts['test'][label]} to test on"
    for path, reason in scan.left_out:
        yield f"left out: {path}: {reason}"
    for place, number in scan.unlabelled:
        yield f"left out: {place}: none of its images ({number}) is in a folder that names a class"
    if scan.beside:
        names = ", ".join(f"{name}/" for name in (*scan.layout.train, scan.layout.test) if name)
        yield f"passed over: images outside {names}: {scan.beside}"
    if scan.passed_over:
        endings = ", ".join(f"{ending or 'no ending'} ({number})" for ending, number in scan.passed_over)
        yield f"passed over: files with other endings than images have: {endings}"


def baselines(dataset: str, variant: str) -> tuple[str, ...]:
    """The baselines of a variant on a custom data set that lack a run, and have to be trained before it."""
    if dataset not in datasets.CUSTOM:
        return ()
    wanted = [name for name in BASELINES if name != variant and (name == "pca" or variant == "masked")]
    return tuple(name for name in wanted if not _is_whole(dataset, name))


def _is_whole(dataset: str, variant: str) -> bool:
    values = get_recipe(dataset, variant).values
    return all(checkpoints.path_of(dataset, variant, value).exists() for value in values)


def _free_name(folder: Path, name: str | None) -> str:
    """The name, or the folder's own, if a data set can have it."""
    if not datasets.may_be_own(wanted := folder.name if name is None else name):
        said = f"--name {name!r} cannot be taken" if name is not None else f"{wanted!r} is no name for a data set"
        built_in = ", ".join(datasets.DATASETS)
        raise ValueError(
            f"{said}: give one with --name, of up to 40 letters, digits, - and _, that is not built in ({built_in})"
        )
    return wanted


def _import(folder: Path, name: str, again: bool) -> Imported:
    before = datasets.get(name) if name in checkpoints.data_sets() else None
    other = _other_folder(name, folder)
    if other and not again:
        raise ValueError(
            f"{name} is the name of the images in {other} already: choose another --name, or --again to train it "
            f"anew on {folder}"
        )
    scan = custom.scan(folder)
    row = custom.make_row(name, scan)
    replaces = before is not None and again and (other is not None or row.shape != before.shape)
    if before is not None and not replaces:  # classes keep their numbers, images take the shape that is known
        more = tuple(word for word in row.classes if word not in before.classes)
        row = replace(before, classes=before.classes + more, train_images=row.train_images)
    datasets.add(row)
    return Imported(name, row, scan, before, replaces)


def _other_folder(name: str, folder: Path) -> Path | None:
    """The folder that has this name already, if it is another; one that was moved with its images is the same."""
    known = custom.remembered(name)
    if known is None or known.path == folder:
        return None
    moved = not known.path.is_dir() and all((folder / image.path).is_file() for image in known.found)
    return None if moved else known.path
