"""The command line: `aedemo` opens the page, `aedemo train` trains sweeps, `aedemo evaluate` measures them again,
`aedemo card` writes the model card."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping


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

    train = commands.add_parser("train", help="train a sweep")
    train.add_argument("variant", help="a variant, or all")
    train.add_argument("--data", required=True, help="a data set")
    train.add_argument("--only", nargs="+", metavar="SETTING", help="some settings, as the files are named")
    train.add_argument("--steps", type=int, help="instead of the recipe's")
    train.add_argument("--seed", type=int, default=0)
    train.add_argument("--device", default="cpu", help="cpu or cuda")
    train.add_argument("--again", action="store_true", help="train also what is on disk")
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="measure stored runs again and compare with their headers")
    evaluate.add_argument("variant", help="a variant, or all")
    evaluate.add_argument("--data", required=True, help="a data set")
    evaluate.set_defaults(run=_evaluate)

    commands.add_parser("card", help="write checkpoints/README.md from the headers").set_defaults(run=_card)
    return parser


def _variants(name: str, dataset: str) -> list[str]:
    from aedemo import datasets
    from aedemo.training.recipes import RECIPES, get_recipe

    datasets.get(dataset)
    if name == "all":
        if dataset not in RECIPES:
            raise ValueError(f"there are no recipes for {dataset} yet; there are for {', '.join(RECIPES)}")
        return list(RECIPES[dataset])
    get_recipe(dataset, name)
    return [name]


def _train(options: argparse.Namespace) -> None:
    from aedemo import checkpoints, training
    from aedemo.training.recipes import get_recipe

    for variant in _variants(options.variant, options.data):
        settings = None
        if options.only:
            named = {checkpoints.setting_name(value): value for value in get_recipe(options.data, variant).values}
            settings = tuple(named.get(name, name) for name in options.only)
        runs = training.train(
            options.data,
            variant,
            settings=settings,
            seed=options.seed,
            device=options.device,
            steps=options.steps,
            again=options.again,
        )
        for path, seconds in runs:
            figures = checkpoints.read_header(path).figures
            shown = "  ".join(f"{name} {value:g}" for name, value in figures.items() if not isinstance(value, list))
            print(f"{options.data}/{variant}/{path.stem}  {seconds:.0f} s  {shown}", flush=True)


def _evaluate(options: argparse.Namespace) -> None:
    from aedemo import checkpoints
    from aedemo.training.evaluate import evaluate

    for variant in _variants(options.variant, options.data):
        sweep = checkpoints.load(options.data, variant)
        for value in sweep.values:
            measured = evaluate(sweep[value], options.data, variant)
            stored = sweep.header(value).figures
            verdict = "as stored" if _agree(measured, stored) else "differs from the header"
            shown = "  ".join(f"{name} {v:g}" for name, v in measured.items() if not isinstance(v, list))
            print(f"{options.data}/{variant}/{checkpoints.setting_name(value)}  {verdict}  {shown}", flush=True)


def _agree(measured: Mapping, stored: Mapping) -> bool:
    """The last digits of a figure depend on the machine and its number of threads."""
    import numpy as np

    return measured.keys() == stored.keys() and all(
        np.shape(value) == np.shape(stored[name]) and np.allclose(value, stored[name], rtol=1e-3, atol=1e-6)
        for name, value in measured.items()
    )


def _card(options: argparse.Namespace) -> None:
    from aedemo import checkpoints
    from aedemo.training.card import render

    path = checkpoints.folder() / "README.md"
    path.write_text(render(), encoding="utf-8")
    print(path)


def _page(options: argparse.Namespace) -> None:
    from aedemo.page import launch

    launch()


if __name__ == "__main__":
    sys.exit(main())
