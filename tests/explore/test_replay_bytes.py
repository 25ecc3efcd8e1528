"""A replay as bytes: small, and the same numbers again within what its integers can say."""

import itertools
import json
import struct
from dataclasses import asdict

import numpy as np
import pytest
import torch

from aedemo.explore.replay_bytes import ARRAYS, pack, records, stream, to_bytes
from aedemo.explore.training import BOUNDS, SPREAD, TrainingSettings, prepare, record, replay
from aedemo.explore.verdicts import verdicts
from aedemo.training.replay import snapshot_steps

RUNS = {
    "sheet": {"steps": 100},
    "curve": {"data": "moons", "latent_dim": 1, "steps": 60},
    "arrows": {"data": "s-curve", "variant": "denoising", "steps": 60},
    "units": {"data": "digits", "variant": "sparse", "hidden": 256, "steps": 60},
    "digits": {"data": "digits", "steps": 60},
    "custom": {"data": "custom", "steps": 60},
    "diverged": {"variant": "linear", "optimizer": "sgd", "learning_rate": 10.0, "steps": 60},
}


@pytest.fixture(scope="module")
def runs():
    images = torch.rand(200, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    return {
        name: record(prepare(TrainingSettings(**given), images if name == "custom" else None))
        for name, given in RUNS.items()
    }


@pytest.mark.parametrize("name", RUNS)
def test_what_is_read_is_what_was_measured(name, runs):
    run = runs[name]
    (setup, fixed), *moving, (end, nothing) = records(to_bytes(run))
    assert setup["settings"] == asdict(run.setup.settings) and setup["kind"] == "setup"
    np.testing.assert_allclose(setup["pca_train_errors"], run.setup.pca.train_errors, rtol=1e-8)
    shown = run.setup.examples.train[:, 0, 0] if run.setup.examples.points else run.setup.examples.shown
    np.testing.assert_allclose(fixed["points" if run.setup.examples.points else "shown"], shown, atol=1 / 255)
    assert end["kind"] == "end" and end["diverged"] == run.diverged and nothing == {}
    assert len(moving) == len(run.snapshots)
    for (numbers, arrays), snapshot in zip(moving, run.snapshots, strict=True):
        assert numbers["kind"] == "snapshot" and numbers["step"] == snapshot.step
        assert numbers["train_error"] == pytest.approx(snapshot.train_error, rel=1e-8)
        assert arrays.keys() == {part for part in ARRAYS if getattr(snapshot, part) is not None}
        for part, read in arrays.items():
            expected = getattr(snapshot, part)
            image = not run.setup.examples.points and expected.ndim > 2
            step = 1 / 255 if image else np.ptp(expected) / 65535
            expected = expected.clip(0, 1) if image else expected
            np.testing.assert_allclose(read, expected, atol=0.51 * step + 1e-6 * np.abs(expected).max())
    events = [event for numbers, _ in (*moving, (end, None)) for event in numbers["events"]]
    assert events == [asdict(event) for event in verdicts(run)]


@pytest.mark.parametrize("name", RUNS)
def test_a_replay_of_the_most_snapshots_keeps_its_bytes(name, runs):
    run = runs[name]
    first, *moving = (len(part) for part in stream(run.setup, run.snapshots))
    count = len(snapshot_steps(BOUNDS["steps"][1], SPREAD))
    assert first + count * max(moving) <= (2_000_000 if name == "custom" else 600_000)


def test_a_record_is_sent_as_soon_as_its_snapshot_is_there():
    setup = prepare(TrainingSettings(steps=5000))
    parts = stream(setup, replay(setup))
    numbers = [next(records(part))[0] for part in itertools.islice(parts, 3)]
    assert [part["kind"] for part in numbers] == ["setup", "snapshot", "snapshot"]
    assert [part["step"] for part in numbers[1:]] == [0, 1]
    parts.close()


def test_the_layout_is_the_one_that_is_written_down():
    """Read by hand, as a browser does."""
    values = np.array([[-1.0, 3.0], [0.0, 1.0]])
    data = pack({"kind": "x"}, {"a": values, "b": np.full(3, 7.0)})
    json_length, values_length = struct.unpack("<II", data[:8])
    assert len(data) == 8 + json_length + values_length and not (8 + json_length) % 8 and not values_length % 8
    of = json.loads(data[8 : 8 + json_length])["arrays"]
    assert of["a"] == {"dtype": "uint16", "shape": [2, 2], "offset": 0, "low": -1.0, "scale": 4 / 65535}
    stored = struct.unpack_from("<4H", data, 8 + json_length)
    assert stored == (0, 65535, 16384, 32768)
    assert of["b"]["offset"] == 8 and of["b"]["low"] == 7 and of["b"]["scale"] == 0
    np.testing.assert_array_equal(next(records(data))[1]["b"], 7)
    with pytest.raises(ValueError):  # NaN is no JSON
        pack({"x": float("nan")}, {})
