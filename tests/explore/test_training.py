"""A replay holds what `fit` does, and shows what the chapter claims: linear meets PCA, two layers stop, deep cross."""

from dataclasses import asdict, replace

import numpy as np
import pytest
import torch

from aedemo.datasets.points import POINT_SETS
from aedemo.explore.snapshots import arrow_places, chart_score, measure
from aedemo.explore.training import (
    BOTTLENECKED,
    DATA,
    SPREAD,
    Diverged,
    Replay,
    TrainingSettings,
    prepare,
    record,
    replay,
)
from aedemo.training.fit import fit
from aedemo.training.replay import snapshot_steps

SMALL = TrainingSettings(data="ring", latent_dim=1, hidden=16, steps=30)
VARIANTS = (*BOTTLENECKED, "sparse", "denoising")


def ended(**settings) -> Replay:
    """A replay of which only the end counts, as all of it is measured on the way."""
    return record(prepare(TrainingSettings(**settings)))


def share(run: Replay) -> float:
    """The last training error in PCA's."""
    return run.last.train_error / run.pca_error(run.last)


def same(one, other) -> bool:
    pairs = zip(asdict(one).values(), asdict(other).values(), strict=True)
    return all(np.array_equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("optimizer", ["adam", "momentum"])
def test_the_last_snapshot_is_of_the_model_that_fit_returns(variant, optimizer):
    settings = replace(SMALL, variant=variant, optimizer=optimizer, steps=40)
    setup = prepare(settings)
    model = settings.build((1, 1, 2))
    fit(model, setup.examples.train, settings.recipe(), settings.seed, torch.device("cpu"))
    *_, last = replay(setup)
    assert last.step == 40 and same(last, measure(setup, model, 40))


def test_the_same_seed_gives_the_same_replay_and_another_seed_another():
    torch.manual_seed(5)  # has no say
    one, again = (list(replay(prepare(SMALL))) for _ in range(2))
    other = list(replay(prepare(replace(SMALL, seed=1))))
    assert len(one) == len(again) == len(other)
    assert all(map(same, one, again)) and not any(map(same, one, other))


def test_snapshots_come_while_it_trains():
    items = replay(prepare(replace(SMALL, steps=5000)))
    assert [next(items).step for _ in range(5)] == [0, 1, 2, 3, 4]
    items.close()


@pytest.mark.parametrize("steps", [1, 2, 10, 2000, 5000])
def test_steps_of_snapshots_are_even_on_a_logarithmic_axis(steps):
    at = snapshot_steps(steps, SPREAD)
    assert at[:2] == (0, 1) and at[-1] == steps and len(at) <= 80 and list(at) == sorted(set(at))
    if steps >= 2000:
        assert len(at) > 70
        late = np.diff(np.log([step for step in at if step > 30]))
        assert late.max() < 1.5 * late.min()


@pytest.mark.parametrize("data", POINT_SETS)
def test_linear_meets_pca_and_two_layers_never_fall_below_it(data):
    m = POINT_SETS[data].dimension - 1
    linear = ended(data=data, variant="linear", latent_dim=m, optimizer="momentum", learning_rate=0.03, steps=500)
    assert 1 - 1e-6 < share(linear) < 1.01
    shallow = ended(data=data, variant="shallow", latent_dim=m, learning_rate=0.05, steps=120)
    floor = shallow.setup.pca.train_errors[m]
    assert min(s.train_error for s in (*linear.snapshots, *shallow.snapshots)) > (1 - 1e-6) * floor
    assert shallow.last.train_error < 0.7 * shallow.setup.pca.train_errors[0] + 0.3 * floor


def test_linear_meets_pca_on_digits_too():
    run = ended(data="digits", variant="linear", latent_dim=2, steps=500)
    assert 1 - 1e-6 < share(run) < 1.01
    assert run.last.angle < 10 < run.snapshots[0].angle and run.last.axes_angle > 10
    assert run.last.surface.shape == (8, 8, 1, 8, 8) and run.last.reconstructions.shape == (8, 1, 8, 8)


@pytest.fixture(scope="module")
def spiral() -> Replay:
    return ended(data="spiral", latent_dim=1, steps=500)


@pytest.fixture(scope="module")
def s_curves() -> tuple[Replay, Replay]:
    return tuple(ended(steps=2000, seed=seed) for seed in (0, 1))


@pytest.fixture(scope="module")
def swiss_roll() -> Replay:
    return ended(data="swiss-roll", variant="deeper", steps=500)


@pytest.fixture(scope="module")
def ring() -> Replay:
    return ended(data="ring", variant="denoising", level=0.2, steps=1200)


def test_deep_networks_fall_below_half_of_pcas_error(spiral, s_curves, swiss_roll):
    assert max(map(share, (spiral, *s_curves, swiss_roll))) < 0.5
    assert share(ended(data="swiss-roll", steps=600)) < 0.5
    for run in (spiral, *s_curves, swiss_roll):
        assert run.last.test_error < 0.5 * run.setup.pca.test_errors[run.last.components]


def test_two_seeds_end_at_other_codes_and_errors_that_are_not_far_apart(s_curves):
    one, other = s_curves
    errors = sorted(run.last.train_error for run in s_curves)
    assert errors[1] < 10 * errors[0]
    assert not np.allclose(one.last.codes, other.last.codes, atol=0.5)


def test_the_arrows_of_a_denoiser_point_to_the_ring(ring):
    places = arrow_places(2).flatten(0, 1).numpy()
    radius = np.linalg.norm(ring.setup.examples.train.flatten(1), axis=1).mean()
    length = np.linalg.norm(places, axis=1, keepdims=True)
    towards = (radius - length) * places / np.maximum(length, 1e-9)
    arrows, clear = ring.last.arrows.reshape(-1, 2), length[:, 0] > 0.2  # the middle is as far from everywhere
    cosine = (arrows * towards).sum(1)[clear] / (np.linalg.norm(arrows, axis=1) * np.linalg.norm(towards, axis=1))[
        clear
    ]
    assert clear.sum() > 200 and np.rad2deg(np.arccos(cosine.clip(-1, 1))).mean() < 15


def test_the_curve_and_the_sheet_are_what_the_decoder_makes_of_the_codes():
    curve, sheet = ended(data="spiral", latent_dim=1, steps=60), ended(data="swiss-roll", steps=60)
    assert curve.last.surface.shape == (200, 2) and sheet.last.surface.shape == (20, 20, 3)
    for run in (curve, sheet):
        settings, m = run.setup.settings, run.setup.settings.latent_dim
        model = settings.build(tuple(run.setup.examples.train.shape[1:]))
        fit(model, run.setup.examples.train, settings.recipe(), settings.seed, torch.device("cpu"))
        with torch.no_grad():
            z = model.encode(run.setup.examples.train)
            low, high = z.amin(0), z.amax(0)
            corner = model.decode(torch.stack([low, high]))[:, 0, 0].numpy()
        surface = run.last.surface
        ends = surface[[0, -1]] if m == 1 else surface[[0, -1], [0, -1]]
        np.testing.assert_allclose(ends, corner, atol=1e-5)
        if m == 2:  # rows lie along the second number of the code
            with torch.no_grad():
                other = model.decode(torch.stack([high[0], low[1]])[None])[0, 0, 0].numpy()
            np.testing.assert_allclose(surface[0, -1], other, atol=1e-5)
            nearest = np.linalg.norm(surface.reshape(-1, 1, 3) - run.last.reconstructions, axis=2).min(0)
            assert np.median(nearest) < 0.2


def test_a_rate_that_is_too_large_ends_the_replay():
    items = list(replay(prepare(replace(SMALL, variant="linear", optimizer="sgd", learning_rate=10.0, steps=500))))
    assert isinstance(items[-1], Diverged) and items[-1].step < 500
    snapshots = items[:-1]
    assert snapshots[-1].step < items[-1].step
    assert all(np.isfinite([s.train_error, s.test_error]).all() for s in snapshots)
    assert all(np.isfinite(s.codes).all() and np.isfinite(s.surface).all() for s in snapshots)


def test_units_of_a_wide_code_are_counted():
    run = ended(data="digits", variant="sparse", sparsity_weight=1.0, steps=150)
    assert run.last.codes is None and run.last.surface is None and run.last.active.shape == (64,)
    assert (run.last.active == 0).sum() > (run.snapshots[0].active == 0).sum()
    assert run.last.components == round(float(run.last.active.sum()))


def test_a_chart_is_told_from_a_fold():
    x = torch.rand(250, 2, generator=torch.Generator().manual_seed(0))
    folded = torch.stack([(x[:, 0] - 0.5).abs(), x[:, 1]], 1)
    assert chart_score(x @ torch.tensor([[2.0, 1.0], [0.0, 3.0]]), x) > 0.9 and chart_score(folded, x) < 0.4


def test_users_images_train_too_and_others_are_refused():
    images = torch.rand(40, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    settings = TrainingSettings(data="custom", steps=20)
    run = record(prepare(settings, images))
    assert run.last.surface.shape == (5, 5, 3, 16, 16) and run.last.reconstructions.shape == (8, 3, 16, 16)
    assert len(run.setup.examples.train) == 32 and len(run.setup.examples.test) == 8
    for wrong, words in [
        (images[:3], "4 to 200 images, got 3"),
        (images.repeat(6, 1, 1, 1), "4 to 200 images, got 240"),
        (images[:, :2], "images must be float32 of shape"),
        (images + 1, "values from 0 to 1"),
        (images * torch.nan, "values from 0 to 1"),
        (None, "belong to the data set custom"),
    ]:
        with pytest.raises(ValueError, match=words):
            prepare(settings, wrong)
    with pytest.raises(ValueError, match="belong to the data set custom"):
        prepare(SMALL, images)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"data": "cube"}, f"data is 'cube'; choose one of {', '.join(DATA)}"),
        ({"variant": "masked"}, "variant is 'masked'; choose one of linear, shallow"),
        ({"optimizer": "lbfgs"}, "optimizer is 'lbfgs'; choose one of sgd, momentum, adam"),
        ({"activation": "step"}, "activation is 'step'; choose one of sigmoid, tanh, relu"),
        ({"latent_dim": 4}, "latent_dim must be a whole number from 1 to 3, got 4"),
        ({"data": "digits", "latent_dim": 31}, "latent_dim must be a whole number from 1 to 30, got 31"),
        ({"hidden": 2.5}, "hidden must be a whole number from 4 to 256, got 2.5"),
        ({"hidden": True}, "hidden must be a whole number from 4 to 256, got True"),
        ({"learning_rate": float("nan")}, "learning_rate must be from 1e-05 to 10, got nan"),
        ({"learning_rate": "1"}, "learning_rate must be from 1e-05 to 10, got '1'"),
        ({"noise": 0.6}, "noise must be from 0 to 0.5, got 0.6"),
        ({"level": 0.7}, "level must be from 0 to 0.5, got 0.7"),
        ({"sparsity_weight": -1.0}, "sparsity_weight must be from 0 to 2, got -1.0"),
        ({"batch_size": 0}, "batch_size must be a whole number from 1 to 1000, got 0"),
        ({"steps": 6000}, "steps must be a whole number from 1 to 5000, got 6000"),
        ({"seed": -1}, "seed must be a whole number from 0 to 9999, got -1"),
    ],
    ids=str,
)
def test_settings_are_bounded_with_a_sentence(settings, words):
    with pytest.raises(ValueError, match=words):
        TrainingSettings(**settings)
