"""How long training runs take, and how many bytes their replays have: `python tests/benchmarks/training.py`.

Budgets of one core: points, 2,000 steps in 1.5 s; digits, 4,000 steps of 64–128–2–128–64 in 3 s; the first snapshot
0.4 s after the call; 600 kB, for a user's images 2 MB. Each run is made five times: the fastest says what the code
takes, the median what a busy machine makes of it.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import torch

from aedemo.explore.replay_bytes import stream
from aedemo.explore.training import TrainingSettings, prepare, replay

TURNS = 5
RUNS = {
    "S-curve, deep": {},
    "S-curve, deeper": {"variant": "deeper"},
    "Swiss roll, SGD": {"data": "swiss-roll", "optimizer": "sgd"},
    "moons, linear": {"data": "moons", "variant": "linear", "latent_dim": 1},
    "ring, denoising": {"data": "ring", "variant": "denoising"},
    "ring, sparse": {"data": "ring", "variant": "sparse"},
    "digits, deep": {"data": "digits", "hidden": 128, "steps": 4000},
    "200 images, deep": {"data": "custom", "hidden": 128},
}


def timed(settings: TrainingSettings, images: torch.Tensor | None) -> tuple[float, float, int]:
    """Seconds until the first snapshot is there as bytes, and until the end; bytes of all."""
    began, first, size = time.perf_counter(), None, 0
    setup = prepare(settings, images)
    for count, record in enumerate(stream(setup, replay(setup))):
        size += len(record)
        if count == 1:
            first = time.perf_counter() - began
    return first, time.perf_counter() - began, size


def main() -> None:
    torch.set_num_threads(1)
    images = torch.rand(200, 3, 16, 16, generator=torch.Generator().manual_seed(0))
    print(f"{'run':18} {'steps':>6} {'first s':>8} {'fastest s':>10} {'median s':>9} {'kB':>6}")
    timed(TrainingSettings(steps=20), None)  # the first run of a process loads libraries
    for name, given in RUNS.items():
        settings = TrainingSettings(**given)
        turns = [timed(settings, images if settings.data == "custom" else None) for _ in range(TURNS)]
        firsts, seconds, sizes = zip(*turns, strict=True)
        first, fastest, median = statistics.median(firsts), min(seconds), statistics.median(seconds)
        print(
            f"{name:18} {settings.steps:6} {first:8.3f} {fastest:10.2f} {median:9.2f} {sizes[0] / 1e3:6.0f}", flush=True
        )


if __name__ == "__main__":
    main()
