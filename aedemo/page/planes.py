"""Latent planes with this picture in them, as several tabs show them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from aedemo.explore.deep import Plane
from aedemo.page.components import LatentMap, Payload, card, decoded, heading, latent_map, plane, row, text

PLANES = (("deep", "Deep code, M = 2"), ("pca", "PCA, first two components"))


def plane_cards(prefix: str = "") -> str:
    """Two cards side by side: the deep plane and PCA's; `prefix` keeps names apart where several tabs show them."""
    return row(*(_card(prefix, name, title) for name, title in PLANES))


def fill_planes(planes: Sequence[Plane], classes: tuple[str, ...], patchwise: bool, prefix: str = "") -> Payload:
    """The planes and their words, in the order of PLANES."""
    shown = {f"{prefix}plane-{name}": stored for (name, _), stored in zip(PLANES, planes, strict=True)}
    return Payload(
        planes={name: _map(stored, classes, patchwise) for name, stored in shown.items()},
        texts={f"{name}-words": _words(stored, patchwise) for name, stored in shown.items()},
    )


def _card(prefix: str, name: str, title: str) -> str:
    box = f"{prefix}decoded-{name}"
    return card(
        heading(title, name),
        text(f"{prefix}plane-{name}-words", quiet=True),
        row(plane(f"{prefix}plane-{name}", box, title), decoded(box, "Decoded here", name), columns=(3, 1)),
    )


def _map(shown: Plane, classes: tuple[str, ...], patchwise: bool) -> LatentMap:
    stored = shown.map
    return latent_map(
        stored.codes.numpy(), stored.labels.numpy(), classes, stored.decoded.numpy(),
        (float(stored.xs[0]), float(stored.xs[-1])), (float(stored.ys[0]), float(stored.ys[-1])),
        marks=shown.marks, mark_name="this picture's patches" if patchwise else "this picture",
        colours=stored.colours.numpy() if patchwise else None,
    )  # fmt: skip


def _words(shown: Plane, patchwise: bool) -> str:
    stored = shown.map
    if isnan(stored.trustworthiness):
        return "too few test pictures to measure the plane"
    words = f"trustworthiness {stored.trustworthiness:.2f}"
    if patchwise:
        return f"{words} · each dot is a test patch in its own mean colour"
    if isnan(stored.neighbour_accuracy):  # one class, or too few of each
        return words
    return f"{words} · neighbour accuracy {stored.neighbour_accuracy:.2f}"
