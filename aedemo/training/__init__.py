"""Training a sweep from its recipe, run by run, and writing each run with its metrics."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from aedemo import checkpoints, datasets
from aedemo.checkpoints import Header, Setting
from aedemo.models import VARIANTS
from aedemo.training.evaluate import NEED_PCA, errors_on_test_images, evaluate, main_error, squared_error
from aedemo.training.fit import fit
from aedemo.training.latent_map import latent_map, mapped
from aedemo.training.recipes import EIGHT_BITS, SEEDED, Recipe, get_recipe
from aedemo.training.replay import Recording


def train(
    dataset: str,
    variant: str,
    *,
    settings: tuple[Setting, ...] | None = None,
    seed: int = 0,
    device: str = "cpu",
    steps: int | None = None,
    again: bool = False,
    compiled: bool = False,
) -> Iterator[tuple[Path, float]]:
    """Train the runs of a sweep that are not on disk yet, yielding each file and the seconds it took.

    settings: some of the recipe's values only; steps: instead of the recipe's; again: train also those on disk;
    compiled: let torch.compile make gradient steps faster.
    Raises ValueError for a data set, variant or setting that does not exist.
    """
    checkpoints.make_known(dataset)
    check(dataset, variant, settings=settings, device=device, steps=steps)
    recipe = get_recipe(dataset, variant)
    if steps is not None:
        recipe = replace(recipe, steps=steps, cycles_at={})
    for setting in settings or recipe.values:
        one = recipe.at(setting)
        if again or not checkpoints.path_of(dataset, variant, setting).exists():
            start = time.perf_counter()
            yield _train_run(dataset, variant, setting, one, seed, device, compiled), time.perf_counter() - start
        for other in range(1, recipe.seeds if setting in SEEDED else 1):
            _map_seed(dataset, variant, setting, one, seed + other, device, again, compiled)


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


def _train_run(dataset, variant, setting: Setting, recipe: Recipe, seed: int, device: str, compiled: bool) -> Path:
    if variant in NEED_PCA:  # ask now, not when hours of training are over
        checkpoints.load(dataset, "pca").header(setting)
    model = _fresh(dataset, variant, setting, recipe, seed)
    recording = Recording(model, dataset, recipe.steps) if setting in recipe.replayed else None
    model = _fitted(model, dataset, variant, setting, recipe, seed, device, compiled, recording)
    path = keep(model, dataset, variant, setting, recipe, seed)
    if recording:
        recording.take(recipe.steps)  # now that the weights are as they are stored
        checkpoints.save_replay(dataset, variant, setting, recording.replay())
    return path


def _fresh(dataset, variant, setting: Setting, recipe: Recipe, seed: int) -> nn.Module:
    """The network before its first step."""
    torch.manual_seed(seed)
    return checkpoints.build(dataset, variant, _config(variant, setting, recipe))


def _fitted(
    model: nn.Module,
    dataset,
    variant,
    setting: Setting,
    recipe: Recipe,
    seed: int,
    device: str,
    compiled: bool,
    recording: Recording | None = None,
) -> nn.Module:
    """The trained model; a run that is recorded begins anew when it was stopped, with its snapshots."""
    whole = VARIANTS[variant].masks
    images = (datasets.load if whole else datasets.load_inputs)(dataset, "train").images
    # Another seed, length or network is another run: its state must not go on from this one's.
    run = hashlib.sha256(repr((_config(variant, setting, recipe), recipe, seed)).encode()).hexdigest()[:12]
    name = f"{checkpoints.setting_name(setting)}-{run}.pt"
    resume = None if recording else unfinished_runs(dataset) / variant / name
    return fit(model, images, recipe, seed, torch.device(device), resume, compiled, recording)


def _config(variant: str, setting: Setting, recipe: Recipe) -> dict:
    values = setting if isinstance(setting, tuple) else (setting,)
    return dict(zip(VARIANTS[variant].axis, values, strict=True)) | dict(recipe.network)


def keep(model: nn.Module, dataset: str, variant: str, setting: Setting, recipe: Recipe, seed: int) -> Path:
    """Write a trained model with all that is measured on it, its weights as they are stored; returns its path."""
    name = _round(model, dataset, variant, recipe.dtype)
    stored, recipe = getattr(torch, name), replace(recipe, dtype=name)
    metrics = evaluate(model, dataset, variant)
    header = Header(dataset, variant, setting, _config(variant, setting, recipe), metrics, recipe.numbers(), seed)
    if setting in mapped(variant, recipe):
        latent = latent_map(model, dataset, variant, main_error(variant, setting, metrics))
        checkpoints.save_latent_map(dataset, variant, setting, latent)
    checkpoints.save_test_errors(dataset, variant, setting, errors_on_test_images(model, dataset, variant))
    return checkpoints.save(model, header, stored)


def _round(model: nn.Module, dataset: str, variant: str, dtype: str) -> str:
    """Give a model the weights that a file of this dtype would give back; returns the dtype.

    Of a dense model it is float16 in place of int8 where 8 bits would raise the test error by more than EIGHT_BITS.
    """

    def rounded(dtype: str) -> dict:
        return checkpoints.unpack(checkpoints.pack(trained, getattr(torch, dtype)))

    trained = {name: value.clone() for name, value in model.state_dict().items()}
    if dtype == "int8" and not VARIANTS[variant].masks:
        test = datasets.load_inputs(dataset, "test").images
        with torch.no_grad():
            exact = squared_error(model, test)
            model.load_state_dict(rounded(dtype))
            if squared_error(model, test) > (1 + EIGHT_BITS) * exact:
                dtype = "float16"
    model.load_state_dict(rounded(dtype))
    return dtype


def measure_missing(dataset: str, variant: str, setting: Setting) -> None:
    """Measure of a stored run what does not lie beside its sweep yet: its map, and its errors on test images.

    Where the licence of the data set allows it, its test images are stored too, if they are not.
    """
    if datasets.get(dataset).travels and not checkpoints.has_test_images(dataset):
        checkpoints.save_test_images(dataset)
    sweep, name = checkpoints.load(dataset, variant), checkpoints.setting_name(setting)
    model, metrics = sweep[setting], sweep.header(setting).metrics
    if setting in mapped(variant, get_recipe(dataset, variant)) and name not in checkpoints.latent_maps(
        dataset, variant
    ):
        latent = latent_map(model, dataset, variant, main_error(variant, setting, metrics))
        checkpoints.save_latent_map(dataset, variant, setting, latent)
    if name not in checkpoints.load_test_errors(dataset, variant):
        checkpoints.save_test_errors(dataset, variant, setting, errors_on_test_images(model, dataset, variant))


def _map_seed(
    dataset, variant, setting: Setting, recipe: Recipe, seed: int, device: str, again: bool, compiled: bool
) -> None:
    """Train with another seed and keep its map alone, so that one sees whether it found the same minimum."""
    name = f"{checkpoints.setting_name(setting)}-seed{seed}"
    if again or name not in checkpoints.latent_maps(dataset, variant):
        model = _fresh(dataset, variant, setting, recipe, seed)
        model = _fitted(model, dataset, variant, setting, recipe, seed, device, compiled)
        _round(model, dataset, variant, recipe.dtype)
        error = squared_error(model, datasets.load_inputs(dataset, "test").images)
        checkpoints.save_latent_map(dataset, variant, setting, latent_map(model, dataset, variant, error), seed)
