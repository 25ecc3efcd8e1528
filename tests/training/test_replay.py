"""The replay of a run's training: recorded on digits in a few steps, and as stored of MNIST and Fashion-MNIST."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from PIL import Image

from aedemo import checkpoints, datasets, training
from aedemo.training.recipes import RECIPES
from aedemo.training.replay import places, snapshot_steps, to_sheet
from tests.tables import contents

STEPS = 30
REPLAYED = [(data, at) for data, recipes in RECIPES.items() for at in recipes.get("deep").replayed]


@pytest.fixture
def recorded(tmp_checkpoints, monkeypatch):
    """A run on digits that leaves its replay; returns what trains it again."""
    recipe = replace(RECIPES["digits"]["deep"], seeds=1, replayed=(2,))

    def train(**changes):
        monkeypatch.setitem(RECIPES["digits"], "deep", replace(recipe, **changes))
        ((path, _),) = training.train("digits", "deep", settings=(2,), steps=STEPS, again=True)
        checkpoints.forget()
        return path

    return train


def frames(replay: checkpoints.TrainingReplay) -> np.ndarray:
    """The sheets, uint8 (S, h, w)."""
    whole = np.asarray(Image.open(io.BytesIO(replay.sheets)).convert("L"))
    columns, rows = replay.columns, -(-len(replay.steps) // replay.columns)
    cells = whole.reshape(rows, whole.shape[0] // rows, columns, -1).swapaxes(1, 2)
    return cells.reshape(rows * columns, *cells.shape[2:])[: len(replay.steps)]


def test_recording_changes_nothing_of_the_run(recorded):
    path = recorded()
    assert checkpoints.has_replay("digits", "deep", 2)
    weights = contents(path)[1]
    assert contents(recorded(replayed=()))[1] == weights
    assert [run.stem for run in path.parent.glob("*") if run.stem.isdecimal()] == ["002"]  # a replay is no run


def test_the_steps_are_even_on_a_logarithmic_axis_and_errors_fall(recorded):
    recorded()
    replay = checkpoints.load_replay("digits", "deep", 2)
    assert tuple(replay.steps) == tuple(sorted({*snapshot_steps(STEPS, 42)}))
    assert replay.steps[0] == 0 and replay.steps[-1] == STEPS
    assert replay.test_errors[-1] < replay.test_errors[0]
    error = checkpoints.load("digits", "deep").header(2).metrics["test_error"]
    assert replay.test_errors[-1] == pytest.approx(error, rel=1e-4)


@pytest.mark.parametrize(("data", "setting"), REPLAYED)
def test_the_last_snapshot_is_the_stored_run(data, setting):
    replay, latent = (load(data, "deep", setting) for load in (checkpoints.load_replay, checkpoints.load_latent_map))
    shown = slice(None, None, -(-len(latent.codes) // len(replay.labels)))
    assert np.array_equal(replay.labels, latent.labels[shown])
    assert np.array_equal(replay.codes[-1], latent.codes[shown])
    sweep = checkpoints.load(data, "deep")
    assert replay.test_errors[-1] == pytest.approx(sweep.header(setting).metrics["test_error"], rel=1e-4)
    with torch.no_grad():
        decoded = to_sheet(sweep[setting].decode(places(torch.from_numpy(replay.ranges[-1]))))
    assert np.abs(frames(replay)[-1] - decoded[..., 0].astype(float)).mean() < 8  # of 255: WebP
    assert len(replay.steps) == 40 and replay.steps[-1] == RECIPES[data]["deep"].steps


@pytest.mark.parametrize(("data", "setting"), REPLAYED)
def test_a_stored_replay_begins_as_one_blob_and_ends_in_clusters(data, setting):
    replay = checkpoints.load_replay(data, "deep", setting)
    assert (np.ptp(replay.codes[0], axis=0) < np.ptp(replay.codes[-1], axis=0) / 5).all()

    def apart(codes: np.ndarray) -> float:  # the classes' means explain so much of the variance
        means = np.stack([codes[replay.labels == label].mean(0) for label in range(10)])[replay.labels]
        return np.square(means - codes.mean(0)).sum() / np.square(codes - codes.mean(0)).sum()

    assert apart(replay.codes[0]) < 0.35 < 0.55 < apart(replay.codes[-1])
    size = sum(file.stat().st_size for file in checkpoints.sweep_folder(data, "deep").glob("replay.*"))
    assert size < 900_000 and len(datasets.get(data).classes) == 10


def test_the_replay_of_other_weights_is_refused(recorded):
    recorded()
    kept = checkpoints.load_replay("digits", "deep", 2)
    recorded(replayed=(), learning_rate=3e-3)
    assert not checkpoints.has_replay("digits", "deep", 2)
    with pytest.raises(checkpoints.CheckpointError, match=r"replay\.safetensors is not of the run in 002\.safetensors"):
        checkpoints.load_replay("digits", "deep", 2)
    checkpoints.save_replay("digits", "deep", 2, kept)
    checkpoints.forget()
    assert checkpoints.has_replay("digits", "deep", 2)


@pytest.mark.parametrize("corrupt", ["cut", "random", "missing"])
def test_a_corrupt_replay_is_a_sentence_and_the_run_is_read_all_the_same(corrupt, recorded):
    path = recorded().with_name("replay.safetensors")
    if corrupt == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-9] if corrupt == "cut" else bytes(range(256)) * 9)
    checkpoints.forget()
    assert not checkpoints.has_replay("digits", "deep", 2)
    with pytest.raises(checkpoints.CheckpointError, match=r"replay\.safetensors is .*aedemo train deep --data digits"):
        checkpoints.load_replay("digits", "deep", 2)
    assert checkpoints.load("digits", "deep")[2].encode(torch.rand(3, 1, 8, 8)).shape == (3, 2)
