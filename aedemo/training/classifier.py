"""All that a pre-trained encoder is measured by: three protocols, each mask ratio, few labels and many, three seeds.

Each accuracy is written down as soon as it is known, so that what was stopped goes on; one classifier is kept, and as
soon as it is there, the metrics that are known are written beside it after each run.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from aedemo import atomic, checkpoints
from aedemo.checkpoints import Accuracies, ClassifierHeader
from aedemo.models.classifier import Classifier
from aedemo.training import check as check_sweep
from aedemo.training import unfinished_runs
from aedemo.training.finetune import Experiment, FineTuning, accuracy, hyperparameters_of
from aedemo.training.labelled import Labelled, class_names, labelled

LABELS = (10, 30, 100, 300)  # images of each class that have a label, where each class has more; then all
SEEDS = (0, 1, 2)
KEPT_RATIO = 0.75  # the mask ratio of the encoder whose classifier is kept, or the nearest that there is


@dataclass(frozen=True)
class Run:
    """One training: protocol, the encoder's mask ratio (None from scratch), labels per class (None: all), seed."""

    protocol: str
    ratio: float | None
    labels: int | None
    seed: int

    def __str__(self) -> str:
        encoder = "" if self.ratio is None else f" {self.ratio:g}"
        count = "all labels" if self.labels is None else f"{self.labels} per class"
        return f"{self.protocol}{encoder}  {count}  seed {self.seed}"


@dataclass(frozen=True)
class RunResult:
    """A run that is done: its accuracy in [0, 1] on the test split, and the seconds it took."""

    run: Run
    accuracy: float
    seconds: float

    def __str__(self) -> str:
        return f"{self.run}  {100 * self.accuracy:.1f} %  {self.seconds:.0f} s"


def check(dataset: str, *, device: str = "cpu", steps: int | None = None) -> None:
    """The ValueError that `train` would raise for these arguments, if any, before an image is read."""
    checkpoints.make_known(dataset)
    class_names(dataset)
    checkpoints.load(dataset, "masked")
    check_sweep(dataset, "masked", device=device, steps=steps)


def train(
    dataset: str, *, device: str = "cpu", steps: int | None = None, again: bool = False, compiled: bool = False
) -> Iterator[RunResult]:
    """Learn with the encoders of a data set's masked sweep, unless that is done, yielding each run as it finishes.

    steps: instead of the recipe's; again: also what is on disk; compiled: gradient steps through torch.compile.
    A file that lacks runs is completed: its weights and metrics stay.
    Raises ValueError for an unknown data set or one of a single class, and CheckpointError without a masked sweep.
    """
    check(dataset, device=device, steps=steps)
    stored = checkpoints.classifier_header(dataset) if checkpoints.has_classifier(dataset) and not again else None
    if stored and stored.complete:
        return
    sweep, numbers = checkpoints.load(dataset, "masked"), hyperparameters_of(dataset, steps)
    kept = Run("finetuned", sweep.nearest(KEPT_RATIO), None, SEEDS[0])
    train_split, test_split = labelled(dataset, "train"), labelled(dataset, "test")
    if len(train_split.labels.unique()) < 2:
        raise ValueError(f"all images of {dataset} to train on are of one class: a classifier needs two to tell apart")
    experiments = {
        ratio: Experiment(sweep[ratio], train_split, test_split, numbers, device, compiled) for ratio in sweep.values
    }
    experiments[None] = experiments[kept.ratio]  # from scratch only the shape of the network counts
    runs, results = runs_of(sweep.values, train_split, kept), ResultsFile(unfinished_runs(dataset) / "classifier.json")
    names = {run: results.name(run, experiments[run.ratio]) for run in runs}
    known = _stored_runs(stored) if stored and FineTuning(**stored.recipe) == numbers else {}
    noted = results.read()
    known |= {run: noted[names[run]] for run in runs if names[run] in noted}
    if not checkpoints.has_classifier(dataset):
        known.pop(kept, None)
    for run in runs:
        if run in known:
            continue
        start, resume = time.perf_counter(), results.path.with_name(f"{names[run]}.pt")
        if run == kept:
            model = experiments[run.ratio].fit(run.protocol, run.labels, run.seed, resume)
            keep(model.to("cpu"), dataset, run, numbers, test_split, runs, known)
        else:
            known[run] = experiments[run.ratio].accuracy(run.protocol, run.labels, run.seed, resume)
        results.write(names[run], known[run])
        if kept in known and run != kept:
            checkpoints.save_metrics(dataset, _metrics(runs, known))
        yield RunResult(run, known[run], time.perf_counter() - start)
    results.forget()


def runs_of(ratios: Iterable[float], data: Labelled, kept: Run) -> list[Run]:
    """All runs of a data set: the probes, which are quick, then the one that is kept, then seed by seed the others.

    Of one seed few labels come first, where the protocols differ most.
    """
    fewest = int(data.labels.bincount()[data.labels.unique()].min())
    counts = (*(count for count in LABELS if count < fewest), None)
    descents = [*(("finetuned", ratio) for ratio in ratios), ("scratch", None)]
    probes = [Run("probe", ratio, count, seed) for seed in SEEDS for ratio in ratios for count in counts]
    others = [Run(protocol, ratio, count, seed) for seed in SEEDS for count in counts for protocol, ratio in descents]
    return [*probes, kept, *(run for run in others if run != kept)]


def keep(
    model: Classifier,
    dataset: str,
    run: Run,
    numbers: FineTuning,
    test_split: Labelled,
    runs: Iterable[Run],
    known: dict[Run, float],
) -> None:
    """Write a classifier and what is known of all runs, to which its accuracy is added, with the weights as stored."""
    dtype = getattr(torch, numbers.dtype)
    model.load_state_dict(checkpoints.unpack(checkpoints.pack(model.state_dict(), dtype)))
    known[run] = accuracy(model, test_split)
    header = ClassifierHeader(
        dataset=dataset,
        classes=test_split.classes,
        config=model.config,
        recipe=vars(numbers),
        metrics=_metrics(runs, known),
        ratio=run.ratio,
        seed=run.seed,
        accuracy=known[run],
    )
    checkpoints.save_classifier(model, header, dtype)


def _metrics(runs: Iterable[Run], known: Mapping[Run, float]) -> tuple[Accuracies, ...]:
    """The accuracies that are known, those of runs that differ in their seed alone together."""
    together: dict[Run, list[float]] = {}
    for run in sorted((run for run in runs if run in known), key=lambda run: run.seed):
        together.setdefault(replace(run, seed=SEEDS[0]), []).append(known[run])
    return tuple(Accuracies(run.protocol, run.ratio, run.labels, tuple(values)) for run, values in together.items())


def _stored_runs(header: ClassifierHeader) -> dict[Run, float]:
    """The runs whose accuracies a file holds."""
    return {
        Run(row.protocol, row.ratio, row.labels, seed): accuracy
        for row in header.metrics
        for seed, accuracy in zip(SEEDS, row.accuracies, strict=False)
    }


@dataclass(frozen=True)
class ResultsFile:
    """The accuracies that are known before all are: a file of JSON that is written after each run."""

    path: Path

    def name(self, run: Run, experiment: Experiment) -> str:
        """A name that another encoder, other labels or other numbers do not have: their runs are others."""
        train, test, numbers = experiment.train, experiment.test, experiment.numbers
        digest = hashlib.sha256(repr((numbers, train.images.shape, test.images.shape)).encode())
        for labels in (train.labels, test.labels):
            digest.update(labels.numpy().tobytes())
        for name, value in experiment.encoder.state_dict().items() if run.ratio is not None else ():
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
        atomic.write_text(self.path, json.dumps(self.read() | {name: reached}, indent=1))

    def forget(self) -> None:
        """All is in the header of the classifier now."""
        self.path.unlink(missing_ok=True)
