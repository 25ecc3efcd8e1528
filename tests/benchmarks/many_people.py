"""How long a new image takes when a class is in front of the page: `uv run python -m tests.benchmarks.many_people`.

People are played over HTTP, beside the server and on the same cores. Each asks for a new image every two seconds, as
the page does (`GET /view/…`, or `POST` for a user's image), with a browser's cache of their own, and stays on a
tab and a data set for some images. Most choose from the gallery, where the first ones are chosen more often; every
sixth looks at images of their own, which are opened first and then sent whole with each request. Nobody asks for
anything in between: dragging a slider is done in the page and costs the server nothing, as
tests/browser/test_sliders.py holds.

First one person goes alone through every tab and data set twice, so that all models have been read; the times of the
second round are what to compare those of many people with, since both were taken on the same, perhaps busy, machine.
With --ready the server first computes the gallery's common views, as it does in idle time before a class begins.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import itertools
import os
import random
import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import httpx
import numpy as np
from PIL import Image, ImageDraw

from aedemo.page.release import release
from aedemo.page.tabs import TABS
from tests.benchmarks.memory import resident
from tests.browser.server import Server

PACE, THIS_PROJECT, STAYS, SEED_KEPT = 2.0, 1 / 6, 5, 0.9  # seconds, share of people, images on a tab, share of images
FINE = b'"message":null'


@dataclass
class Page:
    """What the page knows of its server: the galleries, and what each person's browser has kept."""

    client: httpx.AsyncClient
    galleries: dict[str, list[str]] = field(default_factory=dict)
    kept: set[tuple[str, str]] = field(default_factory=set)

    async def open(self) -> None:
        for data in ("photos", "mnist", "fashion", "digits"):
            answer = (await self.client.get("/gallery", params={"data": data})).json()
            if answer["items"]:
                self.galleries[data] = [f"gallery:{item[0]}" for item in answer["items"]]

    async def tab(self, tab, data: str, image: str, seed: int, session: str) -> bool:
        """Whether a tab's view came, and without a complaint."""
        own = not image.startswith("gallery:")
        query = {"data": data, "image": "" if own else image.removeprefix("gallery:")}
        if tab.seeded and seed:
            query["seed"] = str(seed)
        address = f"/view/{tab.name}?{urlencode(query)}"
        if own:
            answer = await self.client.post(address, content=image)
        elif (session, address) in self.kept:
            return True
        else:
            answer = await self.client.get(f"{address}&v={release()}")
            if "immutable" in answer.headers.get("cache-control", ""):
                self.kept.add((session, address))
        return answer.status_code == 200 and FINE in answer.content


@dataclass
class Times:
    """Seconds from choosing an image to its answer, of gallery images and of people's own; failures."""

    gallery: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def say(self, who: str, seconds: float, used: float) -> None:
        every = self.gallery + self.own
        for name, times in (("all", every), ("of the gallery", self.gallery), ("their own", self.own)):
            if times:
                middle, most = statistics.median(times), max(times)
                print(f"{who:12} {name:15} {len(times):6} {middle:8.3f} {np.quantile(times, 0.95):8.3f} {most:8.3f}")
        count = max(len(every), 1)
        print(f"{'':12} {len(self.failures)} failed; {count / seconds:.1f} images/s; {used:.1f} s of its CPU "
              f"in {seconds:.0f} s: {1000 * used / count:.0f} ms an image", flush=True)  # fmt: skip
        for failure in sorted(set(self.failures))[:5]:
            print(f"{'':12} {failure}")


class Person:
    """Somebody with a tab, a data set and a taste; every choice is drawn from a seed of their own."""

    def __init__(self, page: Page, number: int, times: Times):
        self.page, self.times, self.session = page, times, f"person{number}"
        self.random = random.Random(number)
        self.brings = self.random.random() < THIS_PROJECT

    async def stay(self, ends: float) -> None:
        await asyncio.sleep(self.random.uniform(0, PACE))  # they do not click in step
        for turn in itertools.count(self.random.randrange(STAYS)):
            if (began := time.monotonic()) >= ends:
                return
            if turn % STAYS == 0 or turn < STAYS:
                tab, data = self.random.choice(TABS), self.random.choice(list(self.page.galleries))
            try:
                if not await self.look(tab, data):
                    self.times.failures.append(f"{tab.name} of {data} did not answer as it should")
            except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
                self.times.failures.append(f"{tab.name} of {data}: {error!r}")
            taken = time.monotonic() - began
            (self.times.own if self.brings else self.times.gallery).append(taken)
            await asyncio.sleep(max(0.0, PACE - taken))

    async def look(self, tab, data: str) -> bool:
        """One new image."""
        seed = 0 if self.random.random() < SEED_KEPT else self.random.randrange(1, 20)
        if self.brings:
            return await self.page.tab(tab, data, await self.opened(data), seed, self.session)
        items = self.page.galleries[data]
        place = min(int(self.random.expovariate(1 / 6)), len(items) - 1)  # the first ones oftener
        return await self.page.tab(tab, data, items[place], seed, self.session)

    async def opened(self, data: str) -> str:
        """An image of their own as the page keeps it, opened anew: 640×480 pixels that nobody else has."""
        make = photograph if data == "photos" else sign
        file = make(self.random.randrange(2**32))
        query = {"data": data, "copy": "1", "frame": "0,0,1,1"}
        return (await self.page.client.post("/open", params=query, content=file)).json()["opened"]["image"]


def photograph(seed: int) -> bytes:
    """Soft blots, as a JPEG."""
    blots = np.random.default_rng(seed).integers(0, 255, (6, 8, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(blots).resize((640, 480), Image.Resampling.BICUBIC).save(stream, "JPEG")
    return stream.getvalue()


def sign(seed: int) -> bytes:
    """A light stroke through some places on a dark ground, as a JPEG: what stands out is what the models see."""
    places = np.random.default_rng(seed).integers((120, 80), (520, 400), (5, 2))
    image = Image.new("L", (640, 480))
    ImageDraw.Draw(image).line([tuple(map(int, place)) for place in places], fill=255, width=36, joint="curve")
    stream = io.BytesIO()
    image.save(stream, "JPEG")
    return stream.getvalue()


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processor, by itself and in its system calls: man 5 proc."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_until_idle(pid: int) -> float:
    """Seconds until a process has used less than a tenth of a core for five seconds."""
    began, used = time.monotonic(), cpu_seconds(pid)
    while True:
        time.sleep(5)
        used, before = cpu_seconds(pid), used
        if used - before < 0.5:
            return time.monotonic() - began


async def alone(page: Page, pid: int) -> None:
    """One person through everything; the first round reads the models, the second is the measure."""
    for turn, who in enumerate(("models read", "one person")):
        times, began, used = Times(), time.monotonic(), cpu_seconds(pid)
        for data, items in page.galleries.items():
            for tab in TABS:
                asked = time.monotonic()
                # A seed that nobody else has: kept answers must not make one person look fast.
                if not await page.tab(tab, data, items[turn], 100 + turn, "alone"):
                    times.failures.append(f"{tab.name} of {data} did not answer as it should")
                times.gallery.append(time.monotonic() - asked)
        times.say(who, time.monotonic() - began, cpu_seconds(pid) - used)


async def many(page: Page, pid: int, crowd: int, people: int, seconds: float) -> None:
    times, began, used = Times(), time.monotonic(), cpu_seconds(pid)
    await asyncio.gather(*(Person(page, 1000 * crowd + k, times).stay(began + seconds) for k in range(people)))
    times.say(f"{people} people", time.monotonic() - began, cpu_seconds(pid) - used)
    now, most = resident(pid)
    print(f"{'':12} {now:.0f} MB resident, at most {most:.0f} MB")


async def play(url: str, pid: int, crowds: list[int], seconds: float) -> None:
    # The server closes a connection after 5 idle seconds; a browser would notice, httpx may ask in that very moment.
    limits = httpx.Limits(max_connections=None, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=url, timeout=60, limits=limits, trust_env=False) as client:
        page = Page(client)
        await page.open()
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before anybody came; seconds of a new image:")
        print(f"{'who':12} {'images':15} {'count':>6} {'median':>8} {'p95':>8} {'max':>8}")
        await alone(page, pid)
        for crowd, people in enumerate(crowds):  # the later ones find answers kept, and others look at other images
            await many(page, pid, crowd, people, seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, nargs="+", default=[30, 100])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--ready", action="store_true", help="wait until the common views are computed")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder), AEDEMO_PREFETCH=str(int(options.ready))) as server,
    ):
        if options.ready:
            print(f"common views computed in {wait_until_idle(server.process.pid):.0f} s")
        asyncio.run(play(server.url, server.process.pid, options.people, options.seconds))


if __name__ == "__main__":
    main()
