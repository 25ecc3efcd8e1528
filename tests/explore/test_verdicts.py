"""Sentences about a replay: each is said when its numbers say it, never earlier, and not of those that deny it."""

from dataclasses import replace

import pytest
import torch

from aedemo.corruption import percent
from aedemo.explore.training import Replay, TrainingSettings, prepare, record
from aedemo.explore.verdicts import VERDICTS, bent, verdicts

RUNS = {
    "linear": {"variant": "linear", "steps": 400},
    "linear-slow": {"variant": "linear", "optimizer": "sgd", "learning_rate": 1e-4, "steps": 60},
    "shallow": {"variant": "shallow", "learning_rate": 0.05, "steps": 400},
    "deep": {"steps": 400},
    "digits": {"data": "digits", "hidden": 128, "steps": 600},
    "ellipse": {"data": "ellipse", "latent_dim": 1, "steps": 500},
    "rolled": {"data": "swiss-roll", "steps": 200},
    "sparse": {"data": "digits", "variant": "sparse", "sparsity_weight": 1.0, "steps": 120},
    "dense": {"data": "digits", "variant": "sparse", "sparsity_weight": 0.0, "steps": 120},
    "fast": {"variant": "deep", "optimizer": "sgd", "learning_rate": 3.0, "steps": 100},
    "basis": {"data": "ring", "variant": "linear", "latent_dim": 2, "steps": 100},
}
EXPECTED = {
    "linear": {"meets"},
    "linear-slow": {"above"},
    "shallow": {"meets"},
    "deep": {"crosses", "unrolls"},
    "digits": {"plateau", "crosses"},
    "ellipse": {"ends-above"},
    "rolled": {"crosses", "stays-rolled"},
    "sparse": {"inactive", "crosses"},
    "dense": set(),
    "fast": {"overshoots", "diverges"},
    "basis": set(),
}


@pytest.fixture(scope="module")
def runs() -> dict[str, Replay]:
    return {name: record(prepare(TrainingSettings(**settings))) for name, settings in RUNS.items()}


@pytest.mark.parametrize("name", RUNS)
def test_what_is_said_of_each_run(name, runs):
    said = {event.name for event in verdicts(runs[name])}
    assert said >= EXPECTED[name]
    assert not said & ({"crosses", "unrolls", "stays-rolled"} if "linear" in name or name == "shallow" else set())
    assert {"overshoots", "diverges"} & said == {"overshoots", "diverges"} & EXPECTED[name]
    assert name not in ("dense", "basis") or not said & {"inactive", "meets", "above", "crosses", "ends-above"}


def test_each_verdict_is_said_of_some_run_but_for_one(runs):
    said = {event.name for run in runs.values() for event in verdicts(run)}
    assert set(VERDICTS) - said <= {"overfits"}  # has a test of its own


@pytest.mark.parametrize("name", RUNS)
def test_what_is_said_on_the_way_is_what_is_said_at_the_end(name, runs):
    run, whole = runs[name], verdicts(runs[name])
    for count in range(0, len(run.snapshots) + 1, 3):
        part = replace(run, snapshots=run.snapshots[:count], diverged=None)
        until = run.snapshots[count - 1].step if count else -1
        assert verdicts(part) == tuple(event for event in whole if event.step <= until and event.name != "diverges")


def at(run: Replay, name: str):
    """The sentence of a verdict, the snapshot it belongs to, and the one before."""
    event = next(event for event in verdicts(run) if event.name == name)
    place = next(k for k, snapshot in enumerate(run.snapshots) if snapshot.step == event.step)
    return event.sentence, run.snapshots[place], run.snapshots[place - 1]


def test_numbers_in_a_sentence_are_those_of_its_step(runs):
    words, now, before = at(runs["deep"], "crosses")
    best = runs["deep"].setup.pca.train_errors[2]
    assert now.train_error < 0.95 * best <= before.train_error
    assert f"{best:.3g}" in words and f"{now.train_error:.3g}" in words and "no plane" in words
    words, now, before = at(runs["linear"], "meets")
    assert now.train_error <= 1.01 * best < before.train_error
    assert f"{now.angle:.0f}°" in words and f"up to {now.axes_angle:.0f}°" in words and now.axes_angle >= 10
    words, now, _ = at(runs["sparse"], "inactive")
    assert f"{(now.active == 0).sum()} of 64 units" in words and (now.active == 0).mean() >= 0.25
    words, now, before = at(runs["deep"], "unrolls")
    assert now.chart >= 0.8 and now.train_error <= 0.1 * best
    assert before.chart < 0.8 or before.train_error > 0.1 * best
    assert f"{percent(now.chart)}" in words and now.chart > runs["deep"].setup.pca_chart


def test_a_plateau_is_flat_and_a_sheet_that_crossed_is_bent(runs):
    words, now, _ = at(runs["digits"], "plateau")
    assert "all it has learned so far is a plane" in words and bent(now, 2) < 0.02
    assert bent(runs["deep"].last, 2) > 0.05


def test_the_end_of_a_run_that_diverged_is_its_last_event(runs):
    *_, last = verdicts(runs["fast"])
    assert (last.name, last.step) == ("diverges", runs["fast"].diverged)
    assert f"not finite after step {last.step}" in last.sentence and "lower the learning rate" in last.sentence


def test_a_test_error_that_rises_while_the_training_error_falls_is_said(runs):
    run = runs["linear"]
    snapshots = [
        replace(s, train_error=1 / (k + 1), test_error=1 + abs(k - 5) / 10) for k, s in enumerate(run.snapshots)
    ]
    words, now, _ = at(replace(run, snapshots=tuple(snapshots)), "overfits")
    assert now is snapshots[7] and f"Since step {snapshots[5].step} the test error has risen by 20 %" in words
    fallen = [replace(s, test_error=s.train_error) for s in snapshots]
    assert "overfits" not in {event.name for event in verdicts(replace(run, snapshots=tuple(fallen)))}


@pytest.mark.parametrize("variant", ["linear", "deep"])
def test_blank_images_teach_nothing_and_nothing_is_said_of_what_was_learned(variant):
    settings = TrainingSettings(data="custom", variant=variant, steps=40)
    said = verdicts(record(prepare(settings, torch.full((8, 1, 16, 16), 0.5))))
    assert not {event.name for event in said} & {"plateau", "meets", "above", "crosses", "ends-above"}
