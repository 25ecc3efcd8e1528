"""How a folder of images is laid out: folders around all, folders that are splits, and a test split without classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TRAIN, VALIDATION, TEST = ("train", "training"), ("val", "valid", "validation"), ("test", "testing")


@dataclass(frozen=True)
class Layout:
    """Which folders are splits.

    root: the folders around all others, as "photos/", or ""
    train: names of the folders to train on; none where all images are split by their paths
    test: the folder to test on; None where a part of the others is kept for that
    unlabelled: folders that have no classes where those to train on have some, and are left out
    """

    root: str = ""
    train: tuple[str, ...] = ()
    test: str | None = None
    unlabelled: tuple[str, ...] = ()

    def below(self, path: str) -> list[str]:
        """The parts of a path below its split: its class, if it has one, any folders, and the file's name."""
        return path.removeprefix(self.root).split("/")[bool(self.train) :]

    def split_of(self, path: str) -> str | None:
        """ "train" or "test"; None for what is in no split."""
        name = path.removeprefix(self.root).split("/")[0]
        if name == self.test:
            return "test"
        return "train" if not self.train or name in self.train else None

    def words(self) -> str:
        """What the folders are taken for, as a sentence without its full stop."""
        around = f"inside {self.root}, " if self.root else ""
        if not self.train:
            return f"{around}a tenth of the images is kept for testing"
        train = " and ".join(f"{name}/" for name in self.train)
        test = f"{self.test}/ for testing" if self.test else "of which a tenth is kept for testing"
        return f"{around}{train} for training, {test}"


def understand(folder: Path, paths: Sequence[str]) -> Layout:
    """The layout of the images at these paths in a folder.

    Splits are folders named as in TRAIN, VALIDATION and TEST, in any case, where there is one to train on and another.
    Validation is for training, unless there is no test split with classes: then it is the test split. A folder around
    all others is passed through where it holds splits, or folders for at least two classes.
    """
    root = ""
    while not (splits := _splits(folder / root)) and (inner := _around_all(root, paths)):
        root = inner
    if not splits:
        return Layout(root if len({path.removeprefix(root).split("/")[0] for path in paths}) > 1 else "")
    train, *others = splits
    inside = {name: [p.split("/") for p in paths if p.startswith(f"{root}{name}/")] for name in splits}
    depth = root.count("/") + 2  # of files right in a split
    named = {name: sum(len(parts) > depth for parts in found) for name, found in inside.items()}
    unlabelled = ()
    if 2 * named[train] > len(inside[train]):
        unlabelled = tuple(name for name in others if inside[name] and not named[name])
    labelled = [name for name in others if name not in unlabelled]
    test = labelled[-1] if labelled else None
    return Layout(root, (train, *labelled[:-1]), test, unlabelled)


def _splits(place: Path) -> tuple[str, ...]:
    """The folders to train on, to validate on and to test on, those that are there, in this order; else none."""
    names = sorted((path.name for path in place.iterdir() if path.is_dir()), reverse=True)  # small letters first
    found = []
    for words in (TRAIN, VALIDATION, TEST):
        matching = sorted((words.index(name.lower()), i) for i, name in enumerate(names) if name.lower() in words)
        found += [names[i] for _, i in matching[:1]]
    return tuple(found) if len(found) > 1 and found[0].lower() in TRAIN else ()


def _around_all(root: str, paths: Sequence[str]) -> str | None:
    """The one folder below the root that holds all images, each in a folder of its own there."""
    parts = [path.removeprefix(root).split("/") for path in paths]
    if len({names[0] for names in parts}) == 1 and all(len(names) > 2 for names in parts):
        return f"{root}{parts[0][0]}/"
    return None
