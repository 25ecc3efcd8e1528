"""Thirty people train at once, each with settings of their own: `uv run python -m tests.benchmarks.training_class`.

Prints when the first and the last of them had their whole replay, on points and on digits, and how long views of the
gallery that are kept already take meanwhile, as a multiple of what they take alone.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from aedemo.page.release import release
from tests.browser.server import Server

PATIENCE = 300.0  # seconds
DATA = {"points": {"data": "s-curve"}, "digits": {"data": "digits", "hidden": "128"}}


async def trained(client: httpx.AsyncClient, settings: dict[str, str], seed: int) -> float:
    """Seconds until a run with a seed of its own has come whole."""
    began = time.perf_counter()
    response = await client.get("/training", params={**settings, "seed": seed, "v": release()})
    response.raise_for_status()
    return time.perf_counter() - began


async def looked(client: httpx.AsyncClient, until: asyncio.Event, least: int = 20) -> list[float]:
    """Seconds that a kept view takes, four times a second until the event, and at least so many times."""
    times = []
    while len(times) < least or not until.is_set():
        began = time.perf_counter()
        (await client.get("/view/linear", params={"data": "digits", "image": "24", "v": release()})).raise_for_status()
        times.append(time.perf_counter() - began)
        await asyncio.sleep(0.25)
    return times


async def measure(url: str, people: int) -> None:
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, trust_env=False) as client:
        done = asyncio.Event()
        done.set()
        await looked(client, done, 4)  # computed, and read by this process
        alone = statistics.median(await looked(client, done))
        # The page starts its processes when it starts; here it does when they are first asked for.
        await asyncio.gather(*(trained(client, DATA["points"], 1000 + i) for i in range(os.cpu_count() or 1)))
        for k, (name, settings) in enumerate(DATA.items()):
            over = asyncio.Event()
            looking = asyncio.create_task(looked(client, over))
            times = sorted(await asyncio.gather(*(trained(client, settings, 100 * k + i) for i in range(people))))
            over.set()
            meanwhile = statistics.median(await looking)
            print(f"{name}: first replay after {times[0]:.1f} s, the last after {times[-1]:.1f} s")
            print(f"  views: {1000 * meanwhile:.0f} ms, alone {1000 * alone:.0f} ms, {meanwhile / alone:.1f} times")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as folder, Server(Path(folder)) as server:
        asyncio.run(measure(server.url, people))


if __name__ == "__main__":
    main()
