"""The training runs of a static edition: each a file at the address that the page asks of a server."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from aedemo.datasets.points import POINT_SETS
from aedemo.explore.replay_bytes import stream
from aedemo.explore.training import prepare, replay
from aedemo.page.program import program
from aedemo.page.static.documents import file_name, write_file
from aedemo.page.training import PREFIX, TAB, read_settings

VARIANTS, SEEDS = ("linear", "shallow", "deep"), (0, 1)
DATA = (*POINT_SETS, "digits")  # those that need no images of a user
# What training-settings.js never leaves out of an address, and what it says of some networks alone.
ALWAYS = ("data", "variant", "seed", "latent_dim", "optimizer", "learning_rate", "batch_size")
MEANS = {"deep": ("hidden", "activation")}


@dataclass(frozen=True)
class TrainingRun:
    """One run. settings: by their names on the server, as texts."""

    settings: Mapping[str, str]

    @property
    def name(self) -> str:
        """In the alphabet's order, as static.js sorts them: the order of a page's controls is no matter."""
        return file_name(urlencode(sorted(self.settings.items())))

    @property
    def paths(self) -> tuple[Path, Path]:
        """Of the records and of the program, relative to the edition's folder."""
        return Path("training") / f"{self.name}.replay", Path("training") / f"{self.name}.py"

    def write(self, folder: Path) -> None:
        """The records as a server streams them, compressed, and the program; what is there stays."""
        records, code = (folder / path for path in self.paths)
        if records.is_file() and code.is_file():
            return
        setup = prepare(read_settings(self.settings))
        write_file(code, program(TAB.name, {PREFIX + key: value for key, value in self.settings.items()}).encode())
        write_file(records, gzip.compress(b"".join(stream(setup, replay(setup))), 9, mtime=0))


def training_runs(data: tuple[str, ...]) -> Iterator[TrainingRun]:
    """Each of the data sets with each network and seed; all else as the tab begins.

    M as the page sets it where the data change: one less than the points have dimensions, 2 of digits.
    """
    start = {control.name.removeprefix(PREFIX): control.default for control in TAB.choices}
    for name in data:
        latent_dim = POINT_SETS[name].dimension - 1 if name in POINT_SETS else 2
        for variant in VARIANTS:
            kept = {*ALWAYS, *MEANS.get(variant, ()), *(["noise"] if name in POINT_SETS else [])}
            for seed in SEEDS:
                chosen = {"data": name, "variant": variant, "latent_dim": str(latent_dim), "seed": str(seed)}
                yield TrainingRun({key: chosen.get(key, value) for key, value in start.items() if key in kept})
