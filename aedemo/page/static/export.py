"""Writes a static edition: what there is, in which order, and what a folder must be."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from aedemo import checkpoints
from aedemo.checkpoints import setting_name
from aedemo.explore import threads
from aedemo.explore.latent import codes_csv, mapped
from aedemo.page import training
from aedemo.page.assets import PLAYERS, head, plotly_script, script
from aedemo.page.release import release
from aedemo.page.shell import build
from aedemo.page.sidebar import SidebarSource, gallery_response
from aedemo.page.source import sidebar_source
from aedemo.page.state import entries
from aedemo.page.static.documents import PIECES, Documents, Place, file_name, pieces_of, read_document, write_file
from aedemo.page.static.on_demand import sentences
from aedemo.page.static.runs import DATA, TrainingRun, training_runs
from aedemo.page.static.shell import write_shell
from aedemo.page.static.template import template
from aedemo.page.static.walk import Walk, walk
from aedemo.page.tab import Tab
from aedemo.page.tabs import ALL_TABS, TABS
from aedemo.page.theme import theme
from aedemo.page.tour import Step, read_tour

IMAGES, SEEDS = 5, 1  # by default; README.md has what they weigh
MARK = "edition.json"  # in each folder that was exported
FRONT_MATTER = """---
title: aedemo
colorFrom: blue
colorTo: green
sdk: static
app_file: index.html
license: mit
short_description: One image through every deterministic autoencoder
---

The static edition of aedemo, an explorer of autoencoders: files alone, made by `aedemo export`.
"""


@dataclass(frozen=True)
class Edition:
    """What is exported.

    data: names of data sets, all that have models where empty
    images: of each gallery, the first so many, and those that the guided tour shows
    seeds: 0, 1, … so many
    live: the address of a page that runs, or ""
    tabs: names of tabs, all where empty
    training: the data of the training runs, all where empty
    """

    data: tuple[str, ...] = ()
    images: int = IMAGES
    seeds: int = SEEDS
    live: str = ""
    tabs: tuple[str, ...] = ()
    training: tuple[str, ...] = ()

    def __post_init__(self):
        there = checkpoints.available()
        if unknown := [name for name in self.data if name not in there]:
            raise ValueError(f"{unknown[0]!r} has no models; choose from {', '.join(there)}")
        if min(self.images, self.seeds) < 1:
            raise ValueError(f"images are {self.images} and seeds {self.seeds}; export at least one of each")
        if self.live and not self.live.startswith(("http://", "https://")):
            raise ValueError(f"live is {self.live!r}; give an address that begins with https://")

    @property
    def steps(self) -> list[Step]:
        """Those of the guided tour whose tab and data set are here."""
        tabs, data = {tab.name for tab in self.rows}, dict(self.source.data_sets)
        return [step for step in read_tour() if step.begin["tab"] in tabs and step.begin["data"] in data]

    @property
    def rows(self) -> list[Tab]:
        """The tabs in the order of the page."""
        return [tab for tab in ALL_TABS if not self.tabs or tab.name in self.tabs]

    @property
    def of_images(self) -> list[Tab]:
        """Those that show something of an image."""
        return [tab for tab in self.rows if tab.payload]

    @property
    def runs(self) -> list[TrainingRun]:
        """What the Training tab plays."""
        return list(training_runs(self.training or DATA)) if any(tab is training.TAB for tab in self.rows) else []

    @property
    def source(self) -> SidebarSource:
        """The sidebar with these data sets, images and seeds."""
        whole = sidebar_source()
        kept = tuple((name, title) for name, title in whole.data_sets if not self.data or name in self.data)
        return replace(whole, data_sets=kept, gallery=partial(self._gallery, whole), seeds=self.seeds - 1)

    def _gallery(self, whole: SidebarSource, data: str) -> list:
        shown = {step.begin.get("image") for step in read_tour() if step.begin["data"] == data}
        items = whole.gallery(data)
        return [item for place, item in enumerate(items) if place < self.images or item.id in shown]


def export(folder: Path, edition: Edition, progress: Callable[[Iterable, int, str], Iterable]) -> list[Path]:
    """Writes all files; those of the same release that are there already stay. Returns them, relative to the folder.

    progress: (work, how much of it, its name) -> the same work, shown while it is done
    Raises ValueError where the folder holds something else.
    """
    threads.one_each()
    claim(folder)
    source = edition.source
    images = {data: [item.id for item in source.gallery(data)] for data, _ in source.data_sets}
    documents = Documents(folder, {tab.name: tab for tab in edition.of_images})
    pairs = [(data, tab) for data in images for tab in edition.of_images]
    walks = {
        (data, tab.name): walk(tab, images[data], lambda image, request, data=data, tab=tab: documents.read(
            tab, Place(data, image), request))
        for data, tab in progress(pairs, len(pairs), "finding what can be chosen")
    }  # fmt: skip
    wanted = {documents.path(*one): one for one in _views(images, edition, walks)}  # a part may be of no image
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        written = pool.map(lambda one: documents.write(*one), wanted.values())
        list(progress(written, len(wanted), "computing views"))
    for run in progress(edition.runs, len(edition.runs), "training"):
        run.write(folder)
    pieces = set().union(*(pieces_of(read_document(path.read_bytes())) for path in wanted))
    files = [path.relative_to(folder) for path in wanted] + [Path(PIECES) / f"{name}.piece" for name in pieces]
    files += [path for run in edition.runs for path in run.paths]
    files += _beside(folder, source) + _shell(folder, edition, source, walks)
    _tidy(folder, {*files, Path(MARK)})
    return sorted(files)


def claim(folder: Path) -> None:
    """The folder is new, empty, or of an earlier export, whose views go if code or checkpoints are others now."""
    mark = folder / MARK
    if folder.exists() and not mark.is_file() and any(folder.iterdir()):
        raise ValueError(f"{folder} holds other files: give a new folder, or one that was exported before")
    if mark.is_file() and json.loads(mark.read_text("utf-8")).get("release") != release():
        _tidy(folder, {Path(MARK)})
    write_file(mark, json.dumps({"release": release()}).encode())


def _views(images: dict[str, list[str]], edition: Edition, walks: dict[tuple[str, str], Walk]) -> Iterator[tuple]:
    """Every document: (tab, place, request)."""
    for data, ids in images.items():
        for image in ids:
            for tab in edition.of_images:
                for seed in range(edition.seeds if tab.seeded else 1):
                    for request in walks[data, tab.name].requests:
                        yield tab, Place(data, image, seed), request


def _beside(folder: Path, source: SidebarSource) -> list[Path]:
    """Galleries, the codes of maps, programs, scripts that are loaded later, and what the hosts want."""
    files = {
        Path("programs.json"): json.dumps({tab.name: asdict(template(tab)) for tab in TABS}).encode(),
        Path("plotly.min.js"): plotly_script().read_bytes(),
        Path("players.js"): script(PLAYERS).encode(),
        Path("alive"): b"",
        Path(".nojekyll"): b"",
        Path("README.md"): FRONT_MATTER.encode(),
    }
    for data, _ in source.data_sets:
        files[Path("gallery") / f"data={data}.json"] = gallery_response(source, data).encode()
        for variant, settings in mapped(data).items():
            for run in map(setting_name, settings):
                name = file_name(f"data={data}&variant={variant}&run={run}")
                table = codes_csv(data, variant, run).encode()
                files[Path("codes.csv") / f"{name}.csv.gz"] = gzip.compress(table, 9, mtime=0)
    for path, content in files.items():
        write_file(folder / path, content)
    return list(files)


def _shell(folder: Path, edition: Edition, source: SidebarSource, walks: dict[tuple[str, str], Walk]) -> list[Path]:
    """index.html and its scripts, with all that static.js has to know."""
    views: dict[str, dict] = {data: {} for data, _ in source.data_sets}
    for (data, tab), found in walks.items():
        aliases = {request.query: other.query for request, other in found.aliases.items()}
        views[data][tab] = {"requests": [request.query for request in found.requests], "aliases": aliases}
    told = {"live": edition.live.partition("#")[0], "onDemand": sentences(), "views": views}
    told |= {"runs": [run.name for run in edition.runs]}
    steps = edition.steps
    state = entries(edition.rows, list(views), len(steps), edition.seeds - 1)
    options = {"theme": theme(), "head": head(state, steps, edition.rows, told)}
    return write_shell(folder, lambda: build(edition.rows, source, endpoints=False, steps=steps), options)


def _tidy(folder: Path, kept: set[Path]) -> None:
    """Whatever an earlier export has left goes, and folders that it leaves empty."""
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and path.relative_to(folder) not in kept:
            path.unlink()
