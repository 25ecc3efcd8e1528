"""Training a sweep from its recipe, run by run, and writing each run with its figures."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import torch

from aedemo import checkpoints, datasets
from aedemo.checkpoints import Header, Setting
from aedemo.models import VARIANTS
from aedemo.training.evaluate import NEED_PCA, errors_on_test_pictures, evaluate
from aedemo.training.fit import fit
from aedemo.training.latent_map import latent_map
from aedemo.training.recipes import Recipe, get_recipe

LATENT_MAPS = ("pca", "deep")  # the variants whose plane at M = 2 the page shows


def train(
    dataset: str,
    variant: str,
    *,
    settings: tuple[Setting, ...] | None = None,
    seed: int = 0,
    device: str = "cpu",
    steps: int | None = None,
    again: bool = False,
) -> Iterator[tuple[Path, float]]:
    """Train the runs of a sweep that are not on disk yet, yielding each file and the seconds it took.

    settings: some of the recipe's values only; steps: instead of the recipe's; again: train also those on disk.
    Raises ValueError for a data set, variant or setting that does not exist.
    """
    checkpoints.make_known(dataset)
    check(dataset, variant, settings=settings, device=device, steps=steps)
    recipe = get_recipe(dataset, variant)
    if steps is not None:
        recipe = Recipe(**(vars(recipe) | {"steps": steps}))
    for setting in settings or recipe.values:
        if again or not checkpoints.path_of(dataset, variant, setting).exists():
            start = time.perf_counter()
            yield _train_run(dataset, variant, setting, recipe, seed, device), time.perf_counter() - start


def check(
    dataset: str,
    variant: str,
    *,
    settings: tuple[Setting, ...] | None = None,
    device: str = "cpu",
    steps: int | None = None,
) -> None:
    """The ValueError that `train` would raise for these arguments, if any, before anything is read or written."""
    recipe = get_recipe(dataset, variant)
    if device.split(":")[0] not in (known := ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",)):
        raise ValueError(f"device {device!r} is not at hand; choose one of {', '.join(known)}")
    if steps is not None and steps < 1:
        raise ValueError(f"steps must be at least 1, got {steps}")
    for setting in settings or ():
        if setting not in recipe.values:
            known = ", ".join(checkpoints.setting_name(value) for value in recipe.values)
            raise ValueError(f"{variant} on {dataset} has no setting {setting!r}; choose one of {known}")


def unfinished_runs(dataset: str) -> Path:
    """Where the states of runs lie that were stopped and can go on."""
    return datasets.cache_folder() / "training" / dataset


def _train_run(dataset: str, variant: str, setting: Setting, recipe: Recipe, seed: int, device: str) -> Path:
    axis = VARIANTS[variant].axis
    values = setting if isinstance(setting, tuple) else (setting,)
    config = dict(zip(axis, values, strict=True)) | dict(recipe.network)
    if variant in NEED_PCA:  # ask now, not when hours of training are over
        checkpoints.load(dataset, "pca").header(setting)
    torch.manual_seed(seed)
    model = checkpoints.build(dataset, variant, config)
    whole = VARIANTS[variant].whole_picture
    images = (datasets.load if whole else datasets.load_inputs)(dataset, "train").images
    # Another seed, length or network is another run: its state must not go on from this one's.
    run = hashlib.sha256(repr((config, recipe, seed)).encode()).hexdigest()[:12]
    name = f"{checkpoints.setting_name(setting)}-{run}.pt"
    resume = unfinished_runs(dataset) / variant / name
    fit(model, images, recipe, seed, torch.device(device), resume)
    numbers = {name: value for name, value in vars(recipe).items() if name not in ("values", "network")}
    stored = getattr(torch, recipe.dtype)
    for value in model.state_dict().values():  # figures are those of the weights as they are stored
        value.copy_(value.to(stored).float())
    header = Header(dataset, variant, setting, config, evaluate(model, dataset, variant), numbers, seed)
    if variant in LATENT_MAPS and setting == 2:
        checkpoints.save_latent_map(dataset, variant, latent_map(model, dataset))
    checkpoints.save_test_errors(dataset, variant, setting, errors_on_test_pictures(model, dataset, variant))
    return checkpoints.save(model, header, stored)
