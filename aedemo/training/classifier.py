"""All that an encoder put to work is measured by: three ways, each mask ratio, few labels and many, three seeds.

Each accuracy is written down as soon as it is known, so that what was stopped goes on; one classifier is kept.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from aedemo import checkpoints
from aedemo.checkpoints import Accuracies, ClassifierHeader
from aedemo.training import check as check_sweep
from aedemo.training import unfinished_runs
from aedemo.training.finetune import Bench, FineTuning, accuracy, numbers_of
from aedemo.training.labelled import Labelled, class_names, labelled

LABELS = (10, 30, 100, 300)  # pictures of each class that have a label, where each class has more; then all
SEEDS = (0, 1, 2)
KEPT_RATIO = 0.75  # the mask ratio of the encoder whose classifier is kept, or the nearest that there is


@dataclass(frozen=True)
class Run:
    """One learning: the way, the encoder's mask ratio (None from scratch), labels a class (None: all), the seed."""

    way: str
    ratio: float | None
    labels: int | None
    seed: int

    def __str__(self) -> str:
        encoder = "" if self.ratio is None else f" {self.ratio:g}"
        count = "all labels" if self.labels is None else f"{self.labels} a class"
        return f"{self.way}{encoder}  {count}  seed {self.seed}"


@dataclass(frozen=True)
class Finished:
    """A run that is done: its accuracy in [0, 1] on the test split, and the seconds it took."""

    run: Run
    accuracy: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.run}  {100 * self.accuracy:.1f} %  {self.seconds:.0f} s"


def check(dataset: str, *, device: str = "cpu", steps: int | None = None) -> None:
    """The ValueError that `train` would raise for these arguments, if any, before a picture is read."""
    checkpoints.make_known(dataset)
    class_names(dataset)
    checkpoints.load(dataset, "masked")
    check_sweep(dataset, "masked", device=device, steps=steps)


def train(dataset: str, *, device: str = "cpu", steps: int | None = None, again: bool = False) -> Iterator[Finished]:
    """Put the encoders of a data set's masked sweep to work, unless that is done, yielding each run as it finishes.

    steps: instead of the recipe's; again: also where a classifier is on disk.
    Raises ValueError for an unknown data set or one of a single class, and CheckpointError without a masked sweep.
    """
    check(dataset, device=device, steps=steps)
    if checkpoints.has_classifier(dataset) and not again:
        return
    sweep, numbers = checkpoints.load(dataset, "masked"), numbers_of(dataset, steps)
    kept = Run("finetuned", sweep.nearest(KEPT_RATIO), None, SEEDS[0])
    train_split, test_split = labelled(dataset, "train"), labelled(dataset, "test")
    if len(train_split.labels.unique()) < 2:
        raise ValueError(
            f"all pictures of {dataset} to train on are of one class: a classifier needs two to tell apart"
        )
    benches = {ratio: Bench(sweep[ratio], train_split, test_split, numbers, device) for ratio in sweep.values}
    benches[None] = benches[kept.ratio]  # from scratch only the shape of the network counts
    runs, done = runs_of(sweep.values, train_split), Done(unfinished_runs(dataset) / "classifier.json")
    names = {run: done.name(run, benches[run.ratio]) for run in runs}
    for run in runs:
        if run != kept and names[run] not in done.read():
            start = time.perf_counter()
            reached = benches[run.ratio].accuracy(run.way, run.labels, run.seed)
            done.write(names[run], reached)
            yield Finished(run, reached, time.perf_counter() - start)
    start = time.perf_counter()
    model = benches[kept.ratio].fit(kept.way, kept.labels, kept.seed)
    reached = accuracy(model, test_split)  # the last: its weights are kept, so it is not taken from the notes
    known = done.read()
    figures = _figures(runs, {run: known[names[run]] for run in runs if run != kept} | {kept: reached})
    keep(model.to("cpu"), dataset, kept, numbers, figures, test_split)
    done.forget()
    yield Finished(kept, reached, time.perf_counter() - start)


def runs_of(ratios: Iterable[float], data: Labelled) -> list[Run]:
    """All runs of a data set: of few labels first, and in the order of the ways."""
    fewest = int(data.labels.bincount()[data.labels.unique()].min())
    counts = (*(count for count in LABELS if count < fewest), None)
    ways = [(way, ratio) for way in ("probe", "finetuned") for ratio in ratios] + [("scratch", None)]
    return [Run(way, ratio, count, seed) for count in counts for way, ratio in ways for seed in SEEDS]


def keep(
    model, dataset: str, run: Run, numbers: FineTuning, figures: tuple[Accuracies, ...], test_split: Labelled
) -> Path:
    """Write a classifier with all figures, its accuracy measured on the weights as they are stored."""
    dtype = getattr(torch, numbers.dtype)
    model.load_state_dict(checkpoints.unpack(checkpoints.pack(model.state_dict(), dtype)))
    header = ClassifierHeader(
        dataset=dataset,
        classes=test_split.classes,
        config=model.config,
        recipe=vars(numbers),
        figures=figures,
        ratio=run.ratio,
        seed=run.seed,
        accuracy=accuracy(model, test_split),
    )
    return checkpoints.save_classifier(model, header, dtype)


def _figures(runs: Iterable[Run], reached: Mapping[Run, float]) -> tuple[Accuracies, ...]:
    """The accuracies of the runs that differ in their seed alone, together."""
    together: dict[Run, list[float]] = {}
    for run in runs:
        together.setdefault(replace(run, seed=SEEDS[0]), []).append(reached[run])
    return tuple(Accuracies(run.way, run.ratio, run.labels, tuple(values)) for run, values in together.items())


@dataclass(frozen=True)
class Done:
    """The accuracies that are known before all are: a file of JSON that is written after each run."""

    path: Path

    def name(self, run: Run, bench: Bench) -> str:
        """A name that another encoder, other labels or other numbers do not have: their runs are others."""
        digest = hashlib.sha256(repr((bench.numbers, bench.train.images.shape, bench.test.images.shape)).encode())
        for labels in (bench.train.labels, bench.test.labels):
            digest.update(labels.numpy().tobytes())
        for name, value in bench.encoder.state_dict().items() if run.ratio is not None else ():
            digest.update(name.encode() + value.numpy().tobytes())
        return f"{run}  {digest.hexdigest()[:12]}"

    def read(self) -> dict[str, float]:
        """What is known, by name; nothing where the file is not there, or no JSON."""
        try:
            return json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}

    def write(self, name: str, reached: float) -> None:
        """Add one; the file appears whole or stays as it was."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(".part")
        unfinished.write_text(json.dumps(self.read() | {name: reached}, indent=1), encoding="utf-8")
        unfinished.replace(self.path)

    def forget(self) -> None:
        """All is in the header of the classifier now."""
        self.path.unlink(missing_ok=True)
