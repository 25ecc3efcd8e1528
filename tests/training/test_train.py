"""`training.train` over every row of VARIANTS, on digits, a few steps each."""

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from aedemo import checkpoints, datasets, training
from aedemo.models import VARIANTS
from aedemo.models.patchwise import pixel_mask
from aedemo.training.latent_map import mapped
from aedemo.training.recipes import RECIPES
from tests.tables import contents, fresh, recipe_of

STEPS = 30
NEEDS_PCA = ("linear", "shallow")  # their metrics hold angles to PCA's subspace


def train(variant: str, setting, steps: int = STEPS, **options):
    if variant in NEEDS_PCA:
        list(training.train("digits", "pca", settings=(setting,)))
    ((path, seconds),) = training.train("digits", variant, settings=(setting,), steps=steps, **options)
    assert seconds > 0
    return path


@torch.no_grad()
def loss_of(model: torch.nn.Module, x: torch.Tensor) -> float:
    """The loss that descent makes small; of the two that are fitted, the error that the fit makes small."""
    if hasattr(model, "loss"):
        return model.loss(x, torch.Generator().manual_seed(0)).item()
    if hasattr(model, "reconstruct"):
        answer = model.reconstruct(x, mask_ratio=0.5, seed=0)
        return ((answer.output - x).square() * pixel_mask(answer.mask, model.patch_size)).mean().item()
    return (model(x) - x).square().mean().item()


@pytest.mark.parametrize("variant", RECIPES["digits"])
def test_training_lowers_the_loss_and_leaves_a_file_that_says_what_was_done_and_its_map(
    variant, tmp_checkpoints, digits
):
    setting = (mapped(variant, recipe_of("digits", variant)) or recipe_of("digits", variant).values)[0]
    before = fresh(variant, setting=setting)
    if hasattr(before, "init_from_data"):
        before.init_from_data(digits)
        start = loss_of(before, digits)
    else:  # not fitted yet there is nothing to measure but the mean image
        start = (digits.mean(0) - digits).square().mean().item()
    header = checkpoints.read_header(train(variant, setting, seed=5))
    model = checkpoints.load("digits", variant)[setting]
    assert loss_of(model, digits) < 0.97 * start
    assert (header.dataset, header.variant, header.setting, header.seed) == ("digits", variant, setting, 5)
    assert header.recipe["steps"] == STEPS and header.metrics
    if variant == "ppca":
        return
    latent, test = checkpoints.load_latent_map("digits", variant, setting), datasets.load("digits", "test")
    z = model.encode(test.images)[:, latent.units]
    torch.testing.assert_close(latent.codes / z.abs().max(), z / z.abs().max(), atol=1e-3, rtol=1e-3)
    assert torch.equal(latent.labels, test.labels)


@pytest.mark.parametrize("variant", RECIPES["digits"])
def test_the_same_seed_writes_it_again(variant, tmp_checkpoints, tmp_path, monkeypatch):
    setting = recipe_of("digits", variant).values[-1]
    path = train(variant, setting, seed=5, steps=5)
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path / "again"))
    assert contents(train(variant, setting, seed=5, steps=5)) == contents(path)


def test_what_is_on_disk_is_trained_again_only_when_asked(tmp_checkpoints):
    path = train("sparse", 0.1)
    assert list(training.train("digits", "sparse", settings=(0.1,), steps=STEPS)) == []
    _, first = contents(path)
    assert list(training.train("digits", "sparse", settings=(0.1,), steps=STEPS, seed=1, again=True))
    assert contents(path)[1] != first


def test_other_seeds_leave_maps_and_no_weights(tmp_checkpoints, monkeypatch):
    monkeypatch.setitem(RECIPES["digits"], "deep", replace(RECIPES["digits"]["deep"], seeds=3))
    train("deep", 2)
    assert list(checkpoints.latent_maps("digits", "deep")) == ["002", "002-seed1", "002-seed2"]
    assert [path.stem for path in (tmp_checkpoints / "digits" / "deep").iterdir() if path.stem.isdecimal()] == ["002"]
    monkeypatch.setattr(VARIANTS["deep"].model, "loss", lambda *_: pytest.fail("trained again"))
    assert list(training.train("digits", "deep", settings=(2,), steps=STEPS)) == []


def test_training_keeps_nothing_in_the_cache_when_it_is_done(tmp_checkpoints, tmp_path):
    train("deep", 3)
    assert [path for path in (tmp_path / "cache").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    ("dataset", "variant", "setting", "message"),
    [
        ("nonsense", "linear", 2, "'nonsense' is unknown; choose one of photos, mnist, fashion, digits"),
        ("digits", "nonsense", 2, "'nonsense' is unknown; choose one of pca, linear"),
        ("digits", "linear", 4, "linear on digits has no setting 4; choose one of 001, 002, 003"),
        ("digits", "denoising", ("salt", 0.1), "has no setting .*salt.*masking-0.1"),
    ],
)
def test_what_does_not_exist_is_named_with_what_does(dataset, variant, setting, message, tmp_checkpoints):
    with pytest.raises(ValueError, match=message):
        list(training.train(dataset, variant, settings=(setting,), steps=1))
    assert not tmp_checkpoints.exists()


@pytest.mark.parametrize("variant", NEEDS_PCA)
def test_without_pca_to_compare_with_training_says_so_before_it_starts(variant, tmp_checkpoints, monkeypatch):
    monkeypatch.setattr(VARIANTS[variant].model, "loss", lambda *_: pytest.fail("trained for nothing"))
    with pytest.raises(ValueError, match="aedemo train pca --data digits"):
        list(training.train("digits", variant, settings=(2,), steps=1))


@pytest.mark.parametrize(("allowed", "dtype"), [(10.0, "int8"), (-1.0, "float16")])
def test_where_8_bits_would_cost_too_much_a_run_has_16(allowed, dtype, tmp_checkpoints, monkeypatch):
    monkeypatch.setattr(training, "EIGHT_BITS", allowed)
    monkeypatch.setitem(RECIPES["digits"], "deep", replace(RECIPES["digits"]["deep"], dtype="int8", seeds=1))
    header = checkpoints.read_header(path := train("deep", 2))
    assert header.recipe["dtype"] == dtype
    assert (torch.int8 in {value.dtype for value in load_file(path).values()}) == (dtype == "int8")
    error = training.squared_error(checkpoints.load("digits", "deep")[2], datasets.load("digits", "test").images)
    assert header.metrics["test_error"] == pytest.approx(error, rel=1e-4)  # of the weights as they are stored
