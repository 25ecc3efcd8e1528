"""What the tests are parametrised over: the product's own tables, so that a new row is tested with no new test."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from aedemo import checkpoints
from aedemo.corruption import patch_mask
from aedemo.models import VARIANTS
from aedemo.training.recipes import RECIPES, Recipe

DENSE = [name for name, row in VARIANTS.items() if not row.masks]
WHOLE = [name for name, row in VARIANTS.items() if row.masks]
SWEEPS = [(dataset, variant) for dataset, recipes in RECIPES.items() for variant in recipes]
RUNS = [(dataset, variant, value) for dataset, variant in SWEEPS for value in RECIPES[dataset][variant].values]


def sweeps(variant: str) -> list[str]:
    """The data sets on which a variant has a sweep, trained yet or not: a claim about a missing one fails."""
    return [dataset for dataset, name in SWEEPS if name == variant]


def runs(variant: str) -> list:
    """(data set, setting) of each run of a variant, as parameters with the name of the run's file."""
    return [
        pytest.param(dataset, setting, id=f"{dataset}-{checkpoints.setting_name(setting)}")
        for dataset, name, setting in RUNS
        if name == variant
    ]


def remeasured(runs: list[tuple], last: bool = False) -> list:
    """(data set, variant, setting) of each run, as parameters of a test that measures stored weights again.

    What it finds changes with the checkpoints alone. So all of digits and the first run of each other dense sweep, and
    its last where that is asked for, are part of the default suite; the rest is marked slow, for whoever trained anew.
    """
    dense = [run for run in runs if not VARIANTS[run[1]].masks]
    default = {run[:2]: run for run in reversed(dense)}.values()
    if last:
        default = {*default, *{run[:2]: run for run in dense}.values()}
    return [
        pytest.param(
            dataset,
            variant,
            setting,
            id="-".join((dataset, variant, checkpoints.setting_name(setting))),
            marks=[] if dataset == "digits" or (dataset, variant, setting) in default else pytest.mark.slow,
        )
        for dataset, variant, setting in runs
    ]


def run_name(value) -> str | None:
    """An id for the parts of a run in a parametrised test."""
    return checkpoints.setting_name(value) if isinstance(value, int | float | tuple) else None


def recipe_of(dataset: str, variant: str) -> Recipe:
    """The recipe of a variant on a data set; of one that is not trained there, the first data set's that has it."""
    return next(r[variant] for r in (RECIPES[dataset], *RECIPES.values()) if variant in r)


def config_of(dataset: str, variant: str, setting) -> dict:
    """The arguments of a variant's constructor at one setting of its recipe."""
    values = setting if isinstance(setting, tuple) else (setting,)
    return dict(zip(VARIANTS[variant].axis, values, strict=True)) | dict(recipe_of(dataset, variant).network)


def fresh(variant: str, dataset: str = "digits", seed: int = 0, setting=None) -> nn.Module:
    """An untrained model as training would start from it, at the recipe's third setting unless another is named."""
    values = recipe_of(dataset, variant).values
    torch.manual_seed(seed)
    setting = values[min(2, len(values) - 1)] if setting is None else setting
    return checkpoints.build(dataset, variant, config_of(dataset, variant, setting))


def random_mask(model: nn.Module, count: int, mask_ratio: float = 0.5, seed: int = 0) -> Tensor:
    """(count, 1, h, w): one mask for all images, 1 = removed."""
    return patch_mask(model.grid, mask_ratio, seed).expand(count, 1, *model.grid)


def contents(path: Path) -> tuple:
    """What two checkpoints are compared by: header and tensors. The files differ: safetensors shuffles its header."""
    tensors = {name: value.numpy().tobytes() for name, value in load_file(path).items()}
    return checkpoints.read_header(path), tensors
