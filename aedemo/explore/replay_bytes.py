"""A replay as bytes, small enough to stream while a network trains and simple enough for a DataView.

A replay is records one after the other, each of them

    bytes 0–3     J, the length of the JSON in bytes, uint32
    bytes 4–7     B, the length of the values in bytes, uint32
    8 … 8 + J     an object as JSON in UTF-8, padded with spaces so that 8 + J is a multiple of 8
    … + B         the values of its arrays, padded with zeros to a multiple of 8

with all numbers little-endian. In the JSON, `kind` says what the record is, and `arrays` describes each array by its
name: {"dtype": "uint8" or "uint16", "shape": [...], "offset": bytes from the start of the values, "low": a,
"scale": b}. Value i of it is a + b · q[i], q the stored integers in row-major order. Offsets are multiples of 8, so a
Uint16Array can lie on the bytes. An array that a record does not have is not in `arrays`.

The first record is of kind "setup", then one of kind "snapshot" for each, with the events that became true there, and
one of kind "end".
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

import numpy as np

from aedemo.explore.snapshots import Snapshot, arrow_places
from aedemo.explore.training import Diverged, Replay, Setup
from aedemo.explore.verdicts import verdicts

LENGTHS = struct.Struct("<II")
ALIGNED = 8
NUMBERS = ("step", "train_error", "test_error", "components", "angle", "axes_angle", "chart")
ARRAYS = ("codes", "reconstructions", "surface", "active", "arrows")
LEVELS = {"uint8": 255, "uint16": 65535}


def stream(setup: Setup, items: Iterable[Snapshot | Diverged]) -> Iterator[bytes]:
    """The records of a replay while it runs: `items` are those of `training.replay`."""
    yield setup_record(setup)
    run, told = Replay(setup, ()), 0
    for item in items:
        diverged = item.step if isinstance(item, Diverged) else None
        snapshots = run.snapshots if diverged is not None else (*run.snapshots, item)
        run = Replay(setup, snapshots, diverged)
        events = verdicts(run)
        fresh, told = [asdict(event) for event in events[told:]], len(events)
        if diverged is None:
            yield snapshot_record(setup, item, fresh)
    yield pack({"kind": "end", "diverged": run.diverged, "events": fresh if run.diverged is not None else []}, {})


def to_bytes(replay: Replay) -> bytes:
    """A whole replay, the same bytes as streaming it gives."""
    end = () if replay.diverged is None else (Diverged(replay.diverged),)
    return b"".join(stream(replay.setup, (*replay.snapshots, *end)))


def setup_record(setup: Setup) -> bytes:
    """What does not move: the settings, the shown examples, PCA, and its errors with 0, 1, … components."""
    examples, pca = setup.examples, setup.pca
    numbers = {
        "kind": "setup",
        "settings": asdict(setup.settings),
        "shape": examples.shape,
        "moving": len(examples.moving),
        "pca_train_errors": [_rounded(value) for value in pca.train_errors],
        "pca_test_errors": [_rounded(value) for value in pca.test_errors],
    }
    if examples.points:
        numbers |= {"mean": pca.mean.tolist(), "components": pca.components.tolist()}
        arrays = {"points": examples.train.numpy().reshape(-1, *examples.shape), "colours": examples.colours}
        if setup.settings.variant == "denoising":
            arrays |= {"arrow_places": arrow_places(examples.shape[0]).numpy()}
            arrays |= {"seen": setup.seen_train[: len(examples.shown)].numpy().reshape(-1, *examples.shape)}
        return pack(numbers, arrays)
    if examples.labels is not None:
        numbers["labels"] = examples.labels[: len(examples.moving)].tolist()
    return pack(numbers, {"shown": examples.shown.numpy()}, images=True)


def snapshot_record(setup: Setup, snapshot: Snapshot, events: list[dict]) -> bytes:
    """One snapshot with the events that became true there. Images are clamped to [0, 1] and take 8 bits a value."""
    numbers = {name: _rounded(getattr(snapshot, name)) for name in NUMBERS}
    arrays = {name: getattr(snapshot, name) for name in ARRAYS if getattr(snapshot, name) is not None}
    return pack({"kind": "snapshot", **numbers, "events": events}, arrays, images=not setup.examples.points)


def pack(numbers: Mapping, arrays: Mapping[str, np.ndarray], images: bool = False) -> bytes:
    """One record; images: whether arrays with more than two axes are images."""
    described, parts, offset = {}, [], 0
    for name, array in arrays.items():
        image = images and array.ndim > 2
        stored, low, scale = quantise(array.clip(0, 1), "uint8", (0, 1)) if image else quantise(array, "uint16")
        described[name] = {
            "dtype": stored.dtype.name,
            "shape": list(array.shape),
            "offset": offset,
            "low": low,
            "scale": scale,
        }
        data = stored.tobytes()
        parts.append(data + bytes(-len(data) % ALIGNED))
        offset += len(parts[-1])
    text = json.dumps({**numbers, "arrays": described}, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % ALIGNED)
    return LENGTHS.pack(len(text), offset) + text + b"".join(parts)


def quantise(
    array: np.ndarray, dtype: str, bounds: tuple[float, float] | None = None
) -> tuple[np.ndarray, float, float]:
    """Integers q, little-endian, and a, b with array ≈ a + b · q; bounds: the range of q, else that of the array."""
    low, high = bounds or (float(array.min()), float(array.max()))
    scale = (high - low) / LEVELS[dtype]
    steps = np.zeros(array.shape) if scale == 0 else (array.astype(np.float64) - low) / scale
    return steps.round().astype(np.dtype(dtype).newbyteorder("<")), low, scale


def records(data: bytes) -> Iterator[tuple[dict, dict[str, np.ndarray]]]:
    """The records in `data`, each as its numbers and its arrays, float32: what a browser does, in Python."""
    place = 0
    while place < len(data):
        json_length, values_length = LENGTHS.unpack_from(data, place)
        start = place + LENGTHS.size + json_length
        numbers = json.loads(data[place + LENGTHS.size : start])
        arrays = {}
        for name, of in numbers.pop("arrays").items():
            dtype, count = np.dtype(of["dtype"]).newbyteorder("<"), int(np.prod(of["shape"]))
            stored = np.frombuffer(data, dtype, count, start + of["offset"])
            arrays[name] = (of["low"] + of["scale"] * stored).astype(np.float32).reshape(of["shape"])
        yield numbers, arrays
        place = start + values_length


def _rounded(value: float | int | None) -> float | int | None:
    """A number with 9 digits, as many as tell two float32 apart."""
    return float(f"{value:.9g}") if isinstance(value, float) else value
