"""Sweeps on disk: what is written comes back, and what is stored is whole, small and made from its recipe."""

import json
from dataclasses import fields

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file

import aedemo
from aedemo import checkpoints, datasets
from aedemo.checkpoints import Header, LatentMap
from aedemo.models import VARIANTS
from aedemo.models.inference import for_inference
from aedemo.training.recipes import RECIPES
from tests.tables import RUNS, SWEEPS, config_of, fresh, recipe_of, run_name

MEGABYTE = 1_000_000


def header_of(dataset: str, variant: str, setting, **changes) -> Header:
    known = {"config": config_of(dataset, variant, setting), "metrics": {"test_error": 1.25, "error_at": [0.5, 2]}}
    return Header(dataset, variant, setting, **(known | {"recipe": {"steps": 7}, "seed": 3} | changes))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_run_comes_back_as_it_was_saved(variant, tmp_checkpoints):
    setting = recipe_of("digits", variant).values[0]
    model, header = fresh(variant, setting=setting), header_of("digits", variant, setting)
    path = checkpoints.save(model, header)
    assert path == tmp_checkpoints / "digits" / variant / f"{checkpoints.setting_name(setting)}.safetensors"
    sweep = checkpoints.load("digits", variant)
    assert sweep.values == (setting,) and sweep.header(setting) == header == checkpoints.read_header(path)
    back = sweep[setting]
    assert not back.training and not any(parameter.requires_grad for parameter in back.parameters())
    model.load_state_dict({name: value.half() for name, value in model.state_dict().items()})
    for name, value in for_inference(model).state_dict().items():
        assert torch.equal(back.state_dict()[name], value), name


def test_weights_are_float16_on_disk_and_float32_where_asked_for(tmp_checkpoints):
    model = fresh("linear", setting=1)
    half = load_file(checkpoints.save(model, header_of("digits", "linear", 1)))
    assert {value.dtype for value in half.values()} == {torch.float16}
    exact = load_file(checkpoints.save(model, header_of("digits", "linear", 2), torch.float32))
    assert all(torch.equal(exact[name], value) for name, value in model.state_dict().items())


@pytest.mark.parametrize("variant", VARIANTS)
def test_8_bits_hold_each_weight_to_half_a_step_of_its_row(variant, tmp_checkpoints):
    model, setting = fresh(variant), recipe_of("digits", variant).values[0]
    path = checkpoints.save(model, header_of("digits", variant, setting), torch.int8)
    back = checkpoints.unpack(load_file(path))
    assert back.keys() == model.state_dict().keys()
    for name, value in model.state_dict().items():
        step = value.abs().amax(-1, keepdim=True) / 127 if value.ndim > 1 else value.abs() * 2**-10
        assert (back[name] - value).abs().le(step / 2 * 1.0001 + 1e-9).all(), name
    assert checkpoints.pack(back, torch.int8).keys() == load_file(path).keys()
    again = checkpoints.unpack(checkpoints.pack(back, torch.int8))  # what was rounded once stays
    assert all(torch.allclose(again[name], back[name], rtol=1e-6, atol=0) for name in back)


def test_saving_leaves_no_unfinished_file(tmp_checkpoints):
    path = checkpoints.save(fresh("linear", setting=1), header_of("digits", "linear", 1))
    assert [file.name for file in path.parent.iterdir()] == ["001.safetensors"]


def test_values_rise_whatever_the_order_of_training(tmp_checkpoints):
    for setting in (20, 3, 10):
        checkpoints.save(fresh("linear", setting=setting), header_of("digits", "linear", setting))
    sweep = aedemo.load("digits", "linear")
    assert sweep.values == (3, 10, 20) and sweep.axis == "latent_dim" and sweep.input_shape == (1, 8, 8)
    assert [sweep[value].encode(torch.rand(4, 1, 8, 8)).shape for value in sweep.values] == [(4, 3), (4, 10), (4, 20)]
    assert sweep.metrics("test_error") == (1.25, 1.25, 1.25)
    assert [sweep.nearest(value) for value in (1, 8, 14, 99)] == [3, 10, 10, 20]
    assert sweep[3] is sweep[3]  # read once, shared by everybody


def test_a_sweep_along_two_axes_names_both(tmp_checkpoints):
    for setting in (("masking", 0.1), ("gaussian", 0.2)):
        checkpoints.save(fresh("denoising", setting=setting), header_of("digits", "denoising", setting))
    sweep = checkpoints.load("digits", "denoising")
    assert sweep.axis == ("noise", "level") and set(sweep.values) == {("masking", 0.1), ("gaussian", 0.2)}
    assert (sweep["masking", 0.1].noise, sweep["masking", 0.1].level) == ("masking", 0.1)


def a_map(**changes) -> LatentMap:
    torch.manual_seed(0)
    parts = {
        "indices": torch.arange(7) * 3,
        "labels": torch.arange(7),
        "colours": torch.rand(7, 3),
        "codes": torch.randn(7, 3),
        "units": torch.tensor([4, 0, 2]),
        "mean": torch.randn(5),
        "axes": torch.randn(2, 5),
        "components": torch.randn(7, 2),
    }
    return LatentMap(**(parts | {"trustworthiness": 0.75, "knn_accuracy": 0.5, "test_error": 1.5} | changes))


def test_latent_maps_come_back_each_with_its_own_codes(tmp_checkpoints):
    checkpoints.save(fresh("deep", setting=2), header_of("digits", "deep", 2))
    first, other = a_map(), a_map(codes=torch.ones(7, 3), test_error=2.5)
    checkpoints.save_latent_map("digits", "deep", 2, first)
    checkpoints.save_latent_map("digits", "deep", 2, other, seed=1)
    assert list(checkpoints.latent_maps("digits", "deep")) == ["002", "002-seed1"]
    for latent, back in (
        (first, checkpoints.load_latent_map("digits", "deep", 2)),
        (other, checkpoints.load_latent_map("digits", "deep", 2, 1)),
    ):
        for part in fields(LatentMap):
            value, stored = getattr(latent, part.name), getattr(back, part.name)
            if not isinstance(value, torch.Tensor):
                assert stored == value
            elif value.is_floating_point():
                torch.testing.assert_close(stored, value, atol=1e-3, rtol=1e-3)  # float16
            else:
                assert torch.equal(stored, value)
    assert first.latent_dim == 5 and not first.whole
    assert checkpoints.load("digits", "deep").values == (2,)  # maps are no runs
    with pytest.raises(checkpoints.CheckpointError, match=r"latent-maps.*holds no map at 003"):
        checkpoints.load_latent_map("digits", "deep", 3)


def test_only_sweeps_with_a_run_are_available(tmp_checkpoints):
    assert checkpoints.available() == {}
    checkpoints.save(fresh("deep", setting=2), header_of("digits", "deep", 2))
    checkpoints.save(fresh("linear", setting=1), header_of("digits", "linear", 1))
    assert checkpoints.available() == {"digits": ("linear", "deep")}
    assert checkpoints.has_runs("digits", "deep") and not checkpoints.has_runs("digits", "shallow")


@pytest.mark.parametrize(("dataset", "variant"), SWEEPS)
def test_stored_sweeps_have_a_run_for_each_value_of_their_recipe(dataset, variant):
    sweep, row, data = checkpoints.load(dataset, variant), VARIANTS[variant], datasets.get(dataset)
    assert sweep.values == tuple(sorted(RECIPES[dataset][variant].values))
    assert (sweep.dataset, sweep.variant) == (dataset, variant)
    assert sweep.axis == (row.axis[0] if len(row.axis) == 1 else row.axis)
    assert sweep.input_shape == (data.image_shape if row.masks else data.shape)


@pytest.mark.parametrize(("dataset", "variant", "setting"), RUNS, ids=run_name)
def test_stored_runs_are_whole_and_made_from_their_recipe(dataset, variant, setting):
    sweep, recipe = checkpoints.load(dataset, variant), RECIPES[dataset][variant].at(setting)
    header, model = sweep.header(setting), sweep[setting]
    assert model.input_shape == sweep.input_shape and not model.training
    assert all(value.isfinite().all() for value in model.state_dict().values())
    assert header.config == config_of(dataset, variant, setting)
    defaults = {part.name: part.default for part in fields(recipe)}  # of numbers that are younger than the run
    expected = recipe.numbers()
    if expected["dtype"] == "int8" and header.recipe["dtype"] == "float16":  # 8 bits would have cost too much
        assert not VARIANTS[variant].masks
        expected["dtype"] = "float16"
    assert {name: header.recipe.get(name, defaults[name]) for name in expected} == expected
    assert header.recipe.keys() <= expected.keys() and isinstance(header.seed, int)
    assert header.metrics and np.isfinite(np.concatenate([np.ravel(v) for v in header.metrics.values()])).all()
    stored = load_file(checkpoints.path_of(dataset, variant, setting))
    expected = checkpoints.pack(model.state_dict(), getattr(torch, header.recipe["dtype"]))
    assert {name: value.dtype for name, value in stored.items()} == {n: v.dtype for n, v in expected.items()}


def test_no_stored_file_is_above_10_megabytes_and_the_folder_below_125():
    files = [path for path in checkpoints.folder().rglob("*") if path.is_file()]
    sizes = {str(path.relative_to(checkpoints.folder())): path.stat().st_size for path in files}
    assert sizes and {name: size for name, size in sizes.items() if size > 10 * MEGABYTE} == {}
    assert sum(sizes.values()) < 125 * MEGABYTE


def test_nothing_lies_in_the_folder_that_no_recipe_made():
    known = {checkpoints.path_of(*run) for run in RUNS}
    measured = ("latent-maps.safetensors", "test-errors.safetensors")
    maps = {checkpoints.folder() / dataset / variant / name for dataset, variant in SWEEPS for name in measured}
    replayed = [(name, variant) for name in RECIPES for variant, row in RECIPES[name].items() if row.replayed]
    maps |= {checkpoints.folder() / name / variant / "replay.safetensors" for name, variant in replayed}
    maps |= {checkpoints.folder() / dataset / "masked" / "classifier.safetensors" for dataset in RECIPES}
    maps |= {checkpoints.folder() / name / "test-images.png" for name, row in datasets.DATASETS.items() if row.travels}
    files = {path for path in checkpoints.folder().rglob("*") if path.is_file()}
    assert files - known - maps - {checkpoints.folder() / "README.md"} == set()


def test_the_header_is_json_that_any_program_can_read(tmp_checkpoints):
    path = checkpoints.save(fresh("deep", setting=2), header_of("digits", "deep", 2))
    with safe_open(path, framework="np") as file:
        metadata = file.metadata()
    assert json.loads(metadata["setting"]) == 2 and metadata["seed"] == "3"
    assert json.loads(metadata["config"]) == config_of("digits", "deep", 2)
    assert json.loads(metadata["metrics"]) == {"test_error": 1.25, "error_at": [0.5, 2]}
    assert json.loads(metadata["recipe"]) == {"steps": 7}
