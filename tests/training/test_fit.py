"""Gradient descent: the seed decides every bit, a stopped run goes on as if nothing had happened."""

import importlib
from dataclasses import replace

import pytest
import torch

from aedemo import training
from aedemo.models.dense import Denoising, Linear
from aedemo.models.masked import Masked
from aedemo.training.fit import descend, fit, random_crops
from aedemo.training.recipes import RECIPES, Recipe
from tests.tables import contents, fresh

CPU = torch.device("cpu")
DESCENT = Recipe(values=(), steps=40, batch_size=32, learning_rate=3e-3, weight_decay=0.01)


def denoiser() -> Denoising:
    torch.manual_seed(0)
    return Denoising((1, 8, 8), latent_dim=80, noise="gaussian", level=0.2)


def same_weights(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    other = other.state_dict()
    return all(torch.equal(value, other[name]) for name, value in one.state_dict().items())


def test_the_same_seed_gives_the_same_weights_to_the_bit(digits):
    one, again, other = (fit(denoiser(), digits, DESCENT, seed, CPU) for seed in (1, 1, 2))
    assert same_weights(one, again) and not same_weights(one, other)
    assert not one.training


def test_the_global_generator_has_no_say(digits):
    one, again = denoiser(), denoiser()
    torch.manual_seed(11)
    fit(one, digits, DESCENT, 1, CPU)
    torch.manual_seed(12)
    assert same_weights(one, fit(again, digits, DESCENT, 1, CPU))


@pytest.fixture
def stop_at(monkeypatch):
    """Makes the process "die" in the step after so many; the state is kept every 10 steps."""
    monkeypatch.setattr(importlib.import_module("aedemo.training.fit"), "SAVE_EVERY", 10)
    original = Denoising.loss

    def arm(steps: int | None) -> None:
        done = 0

        def loss(self, x, generator):
            nonlocal done
            if done == steps:
                raise KeyboardInterrupt
            done += 1
            return original(self, x, generator)

        monkeypatch.setattr(Denoising, "loss", loss)

    return arm


@pytest.mark.parametrize(("steps_done", "cycles"), [(10, 1), (35, 1), (20, 2), (35, 2)])
def test_a_stopped_run_goes_on_to_the_same_weights(steps_done, cycles, stop_at, digits, tmp_path):
    recipe = replace(DESCENT, cycles=cycles)
    whole = fit(denoiser(), digits, recipe, 1, CPU)
    resume = tmp_path / "deep" / "state.pt"
    stop_at(steps_done)
    with pytest.raises(KeyboardInterrupt):
        fit(denoiser(), digits, recipe, 1, CPU, resume)
    assert resume.exists()
    left = DESCENT.steps - steps_done // 10 * 10
    stop_at(left)  # were a step done twice, it would stop again
    assert same_weights(fit(denoiser(), digits, recipe, 1, CPU, resume), whole)
    assert list(tmp_path.rglob("*.pt")) == [] and list(tmp_path.rglob("*.part")) == []


@pytest.mark.parametrize("change", [{"seed": 1}, {"steps": 60}], ids=str)
def test_a_stopped_run_does_not_leak_into_another(change, stop_at, tmp_checkpoints, monkeypatch, tmp_path):
    """Stopped with one seed and length, then asked for with another: that one starts from its own beginning."""
    asked = {"settings": (("gaussian", 0.2),), "steps": 40}
    ((expected, _),) = training.train("digits", "denoising", **asked | change)
    monkeypatch.setenv("AEDEMO_CHECKPOINTS", str(tmp_path / "others"))
    stop_at(25)
    with pytest.raises(KeyboardInterrupt):
        list(training.train("digits", "denoising", **asked))
    stop_at(None)
    ((path, _),) = training.train("digits", "denoising", **asked | change)
    assert contents(path) == contents(expected)


def test_the_learning_rate_rises_and_falls_once_a_cycle(monkeypatch, digits):
    rates, step = [], torch.optim.AdamW.step

    def record(optimizer, *given):
        rates.append(optimizer.param_groups[0]["lr"])
        return step(optimizer, *given)

    monkeypatch.setattr(torch.optim.AdamW, "step", record)
    fit(denoiser(), digits, replace(DESCENT, steps=60, cycles=3), 1, CPU)
    cycles = torch.tensor(rates).view(3, 20)
    assert cycles.amax(1).tolist() == pytest.approx([DESCENT.learning_rate] * 3)
    torch.testing.assert_close(cycles[1:], cycles[:1].expand(2, -1))
    assert (cycles[:, -1] < 0.02 * DESCENT.learning_rate).all() and (cycles[0].diff().sign().diff() != 0).sum() == 1


def by_hand(model: torch.nn.Module, images: torch.Tensor, recipe: Recipe, seed: int) -> torch.nn.Module:
    """What recipes have always meant: AdamW, one cycle of the learning rate, gradients clipped at 5."""
    model.init_from_data(images)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        recipe.learning_rate,
        betas=(0.9, recipe.beta2),
        weight_decay=recipe.weight_decay,
        fused=True,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=recipe.steps, pct_start=recipe.warmup, cycle_momentum=False
    )
    generator, per_epoch = torch.Generator().manual_seed(seed), len(images) // recipe.batch_size
    for step in range(recipe.steps):
        epoch, place = divmod(step, per_epoch)
        order = torch.randperm(len(images), generator=torch.Generator().manual_seed(seed * 1_000_003 + epoch))
        optimizer.zero_grad()
        model.loss(images[order[place * recipe.batch_size :][: recipe.batch_size]], generator).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        schedule.step()
    return model


@pytest.mark.parametrize("variant", ["deep", "deeper", "sparse", "denoising"])
def test_a_recipe_that_says_nothing_of_its_descent_means_what_it_always_did(variant, digits):
    recipe = replace(RECIPES["digits"][variant], steps=50)  # more than an epoch
    expected = by_hand(fresh(variant), digits, recipe, 4)
    assert same_weights(fit(fresh(variant), digits, recipe, 4, CPU), expected)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_sgd_at_a_constant_rate_without_clipping_is_torchs(momentum, digits):
    recipe = replace(
        DESCENT, optimizer="sgd", momentum=momentum, schedule="constant", max_norm=None, steps=3, weight_decay=0.0
    )
    model, expected = fit(denoiser(), digits, recipe, 1, CPU), denoiser()
    expected.init_from_data(digits)
    velocity = [torch.zeros_like(p) for p in expected.parameters()]
    order = torch.randperm(len(digits), generator=torch.Generator().manual_seed(1_000_003))
    generator = torch.Generator().manual_seed(1)
    for step in range(3):
        expected.zero_grad()
        expected.loss(digits[order[32 * step : 32 * step + 32]], generator).backward()
        with torch.no_grad():
            for v, p in zip(velocity, expected.parameters(), strict=True):
                v.mul_(momentum).add_(p.grad)
                p.sub_(recipe.learning_rate * v)
    for p, q in zip(model.parameters(), expected.parameters(), strict=True):
        torch.testing.assert_close(p, q)


def test_clipping_is_a_number_of_the_recipe(digits):
    """Steps of plain SGD are then no longer than learning rate times that number."""
    recipe = replace(DESCENT, optimizer="sgd", schedule="constant", learning_rate=0.1, weight_decay=0.0, steps=1)
    lengths = {}
    for norm in (None, 0.5):
        model, before = denoiser(), denoiser()
        before.init_from_data(digits)
        fit(model, digits, replace(recipe, max_norm=norm), 1, CPU)
        moved = [(p - q).flatten() for p, q in zip(model.parameters(), before.parameters(), strict=True)]
        lengths[norm] = torch.cat(moved).norm().item()
    assert lengths[0.5] == pytest.approx(0.05, rel=0.02) and lengths[None] > 0.1


@pytest.mark.parametrize(("part", "known"), [("optimizer", "adamw, sgd"), ("schedule", "one-cycle, constant")])
def test_an_unknown_optimizer_or_schedule_is_a_sentence(part, known, digits):
    with pytest.raises(ValueError, match=f"{part} 'newton' is unknown; choose one of {known}"):
        fit(denoiser(), digits, replace(DESCENT, **{part: "newton"}), 1, CPU)


def test_who_looks_at_a_model_while_it_trains_changes_nothing(digits):
    watched, losses, codes = denoiser(), [], []
    for step, loss in descend(watched, digits, DESCENT, 1, CPU):
        assert step == len(losses)
        losses.append(loss.item())
        with torch.no_grad():
            codes.append(watched.encode(digits[:5]))
    assert len(losses) == DESCENT.steps and losses[-1] < losses[0]
    assert not torch.equal(codes[0], codes[1])
    assert same_weights(watched, fit(denoiser(), digits, DESCENT, 1, CPU))


def test_a_stopped_run_at_a_constant_rate_goes_on_too(stop_at, digits, tmp_path):
    recipe = replace(DESCENT, optimizer="sgd", momentum=0.9, schedule="constant", cycles=2)
    whole = fit(denoiser(), digits, recipe, 1, CPU)
    stop_at(25)
    with pytest.raises(KeyboardInterrupt):
        fit(denoiser(), digits, recipe, 1, CPU, tmp_path / "state.pt")
    stop_at(20)
    assert same_weights(fit(denoiser(), digits, recipe, 1, CPU, tmp_path / "state.pt"), whole)


@pytest.mark.parametrize("cycles", [1, 2])
@pytest.mark.parametrize("steps", [1, 2, 3, 10, 20])
@pytest.mark.parametrize("warmup", [0.05, 0.1])
def test_few_steps_are_enough_for_a_schedule(steps, warmup, cycles, digits):
    """torch's own divides by zero where one step is the whole warm-up."""
    recipe = replace(DESCENT, steps=steps, warmup=warmup, cycles=cycles)
    model = fit(denoiser(), digits, recipe, 0, CPU)
    assert all(value.isfinite().all() for value in model.state_dict().values())


def test_what_torch_compiles_is_the_loss_that_is_trained_on(monkeypatch, digits):
    """Compiling takes longer than the test may: the compiler is one that gives the loss back, and counts its calls."""
    calls = []

    def compiler(loss):
        return lambda *given: (calls.append(loss), loss(*given))[1]

    monkeypatch.setattr(torch, "compile", compiler)
    compiled = fit(denoiser(), digits, DESCENT, 1, CPU, compiled=True)
    assert len(calls) == DESCENT.steps
    assert same_weights(compiled, fit(denoiser(), digits, DESCENT, 1, CPU)) and len(calls) == DESCENT.steps


def test_alternating_least_squares_never_raises_the_linear_error_and_ends_at_pcas(digits):
    errors = []
    for steps in (1, 2, 5, 20, 500):
        torch.manual_seed(0)
        model = fit(Linear((1, 8, 8), 5), digits, Recipe(values=(), optimizer="alternating", steps=steps), 0, CPU)
        errors.append(2 * model.loss(digits, None).item())
    assert errors == sorted(errors, reverse=True) and errors[0] > 1.02 * errors[-1]
    discarded = torch.linalg.eigvalsh(torch.cov(digits.flatten(1).double().T, correction=0))[:-5].sum().item()
    assert errors[-1] == pytest.approx(discarded, rel=1e-5)


def test_the_linear_network_does_not_read_pixels_that_never_vary(digits):
    """Nothing in training says what they mean, so weights on them would only corrupt the codes of test images."""
    quiet = digits.flatten(1).std(0) == 0
    assert quiet.any()
    torch.manual_seed(0)
    model = fit(Linear((1, 8, 8), 50), digits, Recipe(values=(), optimizer="alternating", steps=20), 0, CPU)
    assert model.encoder[0].weight[:, quiet].abs().max() < 1e-6


def places(n: int, height: int, width: int) -> torch.Tensor:
    """Images whose three channels say which image, row and column a pixel is."""
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([torch.stack([torch.full_like(rows, k), rows, columns]) for k in range(n)])


@pytest.mark.parametrize(("height", "width"), [(40, 40), (40, 56)])
def test_random_crops_are_squares_cut_from_their_image_half_of_them_mirrored(height, width):
    x, mirrored, sides, corners = places(64, height, width), 0, set(), set()
    for seed in range(20):
        crops = random_crops(x, 0.6, torch.Generator().manual_seed(seed))
        n, channels, side, other = crops.shape
        assert (n, channels) == (64, 3) and side == other and 24 <= side <= 40
        sides.add(side)
        assert (crops[:, 0] == torch.arange(64)[:, None, None]).all()
        assert (crops[:, 1].diff(dim=1) == 1).all() and (crops[:, 1].diff(dim=2) == 0).all()
        steps = crops[:, 2].diff(dim=2).flatten(1)
        assert ((steps == 1).all(1) | (steps == -1).all(1)).all() and (crops[:, 2].diff(dim=1) == 0).all()
        mirrored += (steps == -1).all(1).sum().item()
        corners |= {(row, column) for row, column in crops[:, 1:].amin((2, 3)).tolist()}
    assert len(sides) > 5 and 0.4 < mirrored / (20 * 64) < 0.6
    assert max(row for row, _ in corners) > 8 and max(column for _, column in corners) > 8


def test_random_crops_reach_each_edge_and_follow_the_generator():
    x = places(500, 10, 10)
    crops = random_crops(x, 1.0, torch.Generator().manual_seed(0))
    assert crops.shape == x.shape and torch.equal(crops[:, 2].sort(dim=2).values, x[:, 2])
    one, again = (random_crops(x, 0.5, torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(one, again)


def test_bytes_of_another_size_are_cropped_resized_and_trained_on():
    """As photographs come: uint8, larger than the input of the masked variant."""
    torch.manual_seed(0)
    images = torch.randint(256, (40, 3, 24, 24), dtype=torch.uint8)
    model = Masked(
        (3, 8, 8), 0.5, patch_size=4, embed_dim=16, depth=1, num_heads=2, decoder_embed_dim=16, decoder_depth=1
    )
    recipe = Recipe(values=(), steps=3, batch_size=8, learning_rate=1e-3, crop=0.6)
    fit(model, images, recipe, 0, CPU)
    assert all(value.isfinite().all() for value in model.state_dict().values())
    assert model.mean.item() == pytest.approx(images.float().mean().item() / 255, abs=1e-4)


def test_whoever_observes_changes_nothing_and_sees_the_model_after_each_step(digits):
    seen, watched = {}, denoiser()

    def observe(step: int) -> None:
        with torch.no_grad():
            seen[step] = watched(digits[:4]).sum().item()

    fit(watched, digits, DESCENT, 1, CPU, observe=observe)
    assert same_weights(watched, fit(denoiser(), digits, DESCENT, 1, CPU))
    assert list(seen) == list(range(DESCENT.steps + 1)) and len(set(seen.values())) > DESCENT.steps - 2
    with torch.no_grad():
        assert seen[DESCENT.steps] == watched(digits[:4]).sum().item()
