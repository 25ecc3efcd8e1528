"""What other seeds found, on the Deep tab: each one's code at M = 2 laid over the first one's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aedemo.corruption import percent
from aedemo.explore.deep import DeepView
from aedemo.explore.minima import SeedRun
from aedemo.page.components import LatentMap, heading, plane, row, text
from aedemo.page.planes import EMPTY

NETWORKS, OTHERS = {"deep": "Deep", "deeper": "Deeper"}, (1, 2)  # the seeds beside the first
SEEDED = (2, 30)  # the M that they were trained at
NO_BREAK = "\u00a0"


def seed_planes() -> tuple[str, ...]:
    """A row of small planes for each network, and a text on them."""
    rows = (row(*(_seed_plane(variant, seed) for seed in OTHERS), narrow="pair") for variant in NETWORKS)
    return (*rows, text("starts", quiet=True))


def _seed_plane(variant: str, seed: int) -> str:
    """A small plane of another seed's code, laid over the first one's; nothing is decoded in it."""
    name = f"seed-{variant}-{seed}"
    title = f"{NETWORKS[variant]}, seed {seed + 1} over seed 1"  # short enough for a small plane
    return row(
        heading(title, variant),
        plane(name, "", title, height=190, small=True),
        text(f"{name}-words", quiet=True),
        columns=1,
    )


def seed_maps(view: DeepView) -> dict[str, LatentMap]:
    """The small planes; empty ones where a seed was not trained."""
    return {
        f"seed-{variant}-{seed}": _laid_over(view, found[0], found[seed])
        if seed < len(found) and found[seed].aligned is not None
        else EMPTY
        for variant, found in zip(NETWORKS, view.starts, strict=True)
        for seed in OTHERS
    }


def _laid_over(view: DeepView, first: SeedRun, other: SeedRun) -> LatentMap:
    both = np.concatenate([first.points, other.aligned])
    low, high = both.min(0), both.max(0)
    margin = 0.06 * np.maximum(high - low, 1e-6)
    (left, bottom), (right, top) = (low - margin).tolist(), (high + margin).tolist()
    colours = first.colours if view.patchwise else None
    return replace(
        EMPTY, points=first.points, over=other.aligned, groups=first.labels, names=view.classes,
        x_range=(left, right), y_range=(bottom, top), colours=colours,
        every=-(-len(view.deep_plane.map.labels) // len(first.points)),
        input_name="test patch" if view.patchwise else "test image",
    )  # fmt: skip


def seed_words(view: DeepView, part: str) -> dict[str, str]:
    """What the planes show, and under each the errors of both seeds."""
    words = "Here one seed was trained: look at MNIST or Fashion-MNIST for what others find."
    if max(map(len, view.starts)) > 1:
        words = (
            f"The same network from other random weights. Each dot is a test {part} in seed 1's code; the line ends "
            "where the other seed puts it after the best linear map of its code, which the next layer could undo. In "
            "the same minimum all lines would vanish."
        )
        firsts = (f"{NETWORKS[found[0].variant]} {_errors(found[0])}" for found in view.starts if found)
        words += f" Test errors of seed 1: {'; '.join(firsts)}."
    texts = {"starts": words}
    for variant, found in zip(NETWORKS, view.starts, strict=True):
        for seed in OTHERS:
            texts[f"seed-{variant}-{seed}-words"] = _words(found[seed]) if seed < len(found) else "not trained"
    return texts


def _errors(start: SeedRun) -> str:
    return ", ".join(f"{error:.3g} at M = {m}".replace(" ", NO_BREAK) for m, error in start.errors if m in SEEDED)


def _words(other: SeedRun) -> str:
    """Its test errors, and how far its code differs from the first one's."""
    errors = f"test error {_errors(other)}"
    return errors if other.left is None else f"{errors} · {percent(other.left)} of the variance not explained"
