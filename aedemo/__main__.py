"""The command line: `aedemo` opens the page, `aedemo train` trains sweeps, `aedemo evaluate` measures them again,
`aedemo fetch` fetches a data set, `aedemo export` writes the page as files, `aedemo card` writes the model card."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

CLASSIFIER = "classifier"  # what is trained besides the variants


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status. A mistake in the arguments is one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except ValueError as error:
        print(f"aedemo: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("aedemo", description="An explorer of autoencoders.")
    parser.set_defaults(run=_page)
    commands = parser.add_subparsers(metavar="command")
    commands.add_parser("page", help="open the page (the default)").set_defaults(run=_page)

    serve = commands.add_parser("serve", help="open the page from several processes")
    serve.add_argument("--workers", type=int, default=1, metavar="N", help="processes; about as many as cores")
    serve.set_defaults(run=_serve)

    train = commands.add_parser("train", help="train a sweep")
    train.add_argument("variant", help="a variant, all, or classifier: the masked encoder used to classify")
    train.add_argument("--data", required=True, help="a data set, or a folder of images of your own")
    train.add_argument("--name", help="of the data set made of a folder; by default the folder's own")
    train.add_argument("--only", nargs="+", metavar="SETTING", help="some settings, as the files are named")
    train.add_argument("--steps", type=int, help="instead of the recipe's")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--device", default="cpu", help="cpu or cuda")
    train.add_argument("--compile", action="store_true", help="faster steps by torch.compile; needs a C++ compiler")
    train.add_argument("--again", action="store_true", help="train also what is on disk; other images may take a name")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="measure stored runs again and compare with their headers")
    evaluate.add_argument("variant", help="a variant, or all")
    evaluate.add_argument("--data", required=True, help="a data set")
    evaluate.add_argument("--write", action="store_true", help="write what was measured into the headers that differ")
    evaluate.set_defaults(run=_evaluate)

    fetch = commands.add_parser("fetch", help="fetch the images of a data set")
    fetch.add_argument("data", help="a data set")
    fetch.set_defaults(run=lambda options: _fetch(options.data))

    export = commands.add_parser("export", help="write the page as files, for any server that hands out files")
    export.add_argument("folder", type=Path)
    export.add_argument("--data", nargs="+", default=(), help="some data sets, instead of all that have models")
    export.add_argument("--images", type=int, metavar="N", help="the first N of each gallery")
    export.add_argument("--seeds", type=int, metavar="N", help="0, 1, … N seeds")
    export.add_argument("--live", default="", metavar="URL", help="a page that runs, for what needs a server")
    export.set_defaults(run=_export)

    commands.add_parser("card", help="write checkpoints/README.md from the headers").set_defaults(run=_card)
    return parser


def _variants(name: str, dataset: str) -> list[str]:
    from aedemo.training.recipes import get_recipe, variants_of

    if name == "all":
        return list(variants_of(dataset))
    get_recipe(dataset, name)
    return [name]


@contextlib.contextmanager
def _without_denormals() -> Iterator[None]:
    """Numbers below 1e-38 are zero meanwhile, since a CPU is slow with them.

    Where a pixel is hardly ever lit, Adam's averages of its gradients become that small: the deeper network on MNIST
    makes 12.5 steps per second with them and 25 without.
    """
    import torch

    torch.set_flush_denormal(True)
    try:
        yield
    finally:
        torch.set_flush_denormal(False)


@_without_denormals()
def _train(options: argparse.Namespace) -> None:
    from aedemo import checkpoints, training
    from aedemo.models import get_variant
    from aedemo.training import folder

    if options.variant == CLASSIFIER:
        return _train_classifier(options)
    if options.variant != "all":
        get_variant(options.variant)  # before a folder is read, which takes time
    imported = folder.import_folder(options.data, options.name, options.again)
    variants = _variants(options.variant, imported.name)
    choices = {"device": options.device, "steps": options.steps}
    settings = {variant: _settings(imported.name, variant, options.only) for variant in variants}
    for variant in variants:
        training.check(imported.name, variant, settings=settings[variant], **choices)
    for line in folder.understood(imported):
        print(line, file=sys.stderr)
    for line in folder.summary(imported):
        print(line, flush=True)
    folder.save(imported)
    _fetch(imported.name)
    for variant in variants:
        for baseline in folder.baselines(imported.name, variant):
            print(f"{imported.name}/{baseline} first, which {variant} is measured against", flush=True)
            _report(training.train(imported.name, baseline, seed=options.seed))
        choices |= {"seed": options.seed, "again": options.again, "compiled": options.compile}
        _report(training.train(imported.name, variant, settings=settings[variant], **choices))
    if options.variant == "all" and "masked" in variants and len(imported.row.classes) > 1:
        checkpoints.forget()  # the masked sweep may be new
        _report_classifier(imported.name, options)


def _train_classifier(options: argparse.Namespace) -> None:
    """Train the classifiers of a masked sweep's encoders; the seeds and the settings are always the same."""
    from aedemo import checkpoints
    from aedemo.training import classifier

    for name in ("only", "name", "seed"):
        if getattr(options, name):
            raise ValueError(f"a classifier is trained with the seeds 0, 1 and 2 on a masked sweep: leave --{name} out")
    checkpoints.data_sets()  # makes custom ones known
    classifier.check(options.data, device=options.device, steps=options.steps)
    _fetch(options.data)
    _report_classifier(options.data, options)


def _report_classifier(dataset: str, options: argparse.Namespace) -> None:
    """A line for each way, mask ratio, number of labels and seed."""
    from aedemo.training import classifier

    choices = {"device": options.device, "steps": options.steps, "again": options.again, "compiled": options.compile}
    for result in classifier.train(dataset, **choices):
        print(f"{dataset}/{CLASSIFIER}  {result}", flush=True)


def _settings(dataset: str, variant: str, names: list[str] | None) -> tuple | None:
    """The values of a recipe that files are named after; a name that is none stays, for `train` to refuse."""
    from aedemo import checkpoints
    from aedemo.training.recipes import get_recipe

    if not names:
        return None
    named = {checkpoints.setting_name(value): value for value in get_recipe(dataset, variant).values}
    return tuple(named.get(name, name) for name in names)


def _report(runs: Iterable[tuple[Path, float]]) -> None:
    """A line for each run when it is trained."""
    from aedemo import checkpoints

    for path, seconds in runs:
        header = checkpoints.read_header(path)
        shown = "  ".join(f"{name} {value:g}" for name, value in header.metrics.items() if not isinstance(value, list))
        print(f"{header.dataset}/{header.variant}/{path.stem}  {seconds:.0f} s  {shown}", flush=True)


def _evaluate(options: argparse.Namespace) -> None:
    from aedemo import checkpoints
    from aedemo.training import measure_missing
    from aedemo.training.evaluate import evaluate

    checkpoints.data_sets()  # makes custom ones known
    for variant in _variants(options.variant, options.data):
        sweep = checkpoints.load(options.data, variant)
        for value in sweep.values:
            measure_missing(options.data, variant, value)
            measured = evaluate(sweep[value], options.data, variant)
            header = sweep.header(value)
            same = _agree(measured, header.metrics)
            if options.write and not same:
                checkpoints.save_header(replace(header, metrics=measured))
            verdict = "as stored" if same else "written" if options.write else "differs from the header"
            shown = "  ".join(f"{name} {v:g}" for name, v in measured.items() if not isinstance(v, list))
            print(f"{options.data}/{variant}/{checkpoints.setting_name(value)}  {verdict}  {shown}", flush=True)


def _agree(measured: Mapping, stored: Mapping) -> bool:
    """The last digits of a metric depend on the machine and its number of threads, and so does an angle of nothing."""
    import numpy as np

    return measured.keys() == stored.keys() and all(
        np.shape(value) == np.shape(stored[name])
        and np.allclose(value, stored[name], rtol=1e-3, atol=1e-5 if name == "principal_angles" else 1e-6)
        for name, value in measured.items()
    )


def _fetch(dataset: str) -> None:
    """Fetch a data set with a bar on the terminal, unless it is here or comes from no network."""
    from tqdm import tqdm

    from aedemo import datasets

    row = datasets.get(dataset)
    if row.fetch is None or datasets.at_hand(dataset):
        return
    with tqdm(
        desc=f"fetching {row.title}", total=round(row.megabytes * 1e6), unit="B", unit_scale=True, leave=False
    ) as bar:
        datasets.fetch(dataset, lambda arrived: bar.update(arrived - bar.n))


def _card(options: argparse.Namespace) -> None:
    from aedemo import checkpoints
    from aedemo.training.card import render

    path = checkpoints.folder() / "README.md"
    path.write_text(render(), encoding="utf-8")
    print(path)


def _export(options: argparse.Namespace) -> None:
    """Write the static edition with a bar on the terminal, then say how large it is and how long it took."""
    import time

    from tqdm import tqdm

    from aedemo.page.static import Edition, export

    start = time.monotonic()
    given = {name: value for name in ("images", "seeds") if (value := getattr(options, name)) is not None}
    edition = Edition(tuple(options.data), live=options.live, **given)
    files = export(options.folder, edition, lambda work, total, title: tqdm(work, title, total))
    sizes = [(options.folder / file).stat().st_size for file in files]
    print(f"{options.folder}: {len(files):,} files, {sum(sizes) / 1e6:.1f} MB, the largest {max(sizes) / 1e6:.1f} MB")
    print(f"{time.monotonic() - start:.0f} s. Look at it: python -m http.server --directory {options.folder}")


def _page(options: argparse.Namespace) -> None:
    from aedemo.page import launch

    launch()


def _serve(options: argparse.Namespace) -> None:
    from aedemo.page.serve import serve

    serve(options.workers)


if __name__ == "__main__":
    sys.exit(main())
