"""Latent planes with this image in them, as several tabs show them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isnan
from urllib.parse import urlencode

import numpy as np

from aedemo.checkpoints import setting_name
from aedemo.explore.latent import mapped_setting
from aedemo.explore.plane import Field, Plane, field
from aedemo.page.components import (
    LatentMap,
    Payload,
    card,
    decoded,
    heading,
    plane,
    plane_legend,
    plane_view,
    row,
    text,
)
from aedemo.page.components.markup import element
from aedemo.page.sprites import Sprite, sprite

DECODED = "/decoded"  # where the images of decoded planes are fetched
PLANES = (("deep", "Deep code, M = 2"), ("pca", "PCA, first two components"))
OF_PATCHES = "each dot is a test patch in its own mean colour"
EMPTY = LatentMap(np.zeros((0, 2)), np.zeros(0, int), (), np.zeros((0, 2)), None, (-1, 1), (-1, 1), ("", ""))


@dataclass(frozen=True)
class MapPanel:
    """One of two planes that stand side by side.

    name: its slot; title: what it is, for a screen reader; decodes: over what is decoded in it; variant: its colour
    above, below: what stands over it and under it
    """

    name: str
    title: str
    decodes: str
    variant: str
    above: str
    below: str = ""


def plane_pair(
    left: MapPanel, right: MapPanel, view: str, classes: str, height: int = 440, picks: str | None = None
) -> str:
    """Two planes with one cursor and one legend, and between them what both decode.

    view, classes: the names of the choice between points and tiles, and of the legend.
    """

    def column(side: MapPanel) -> str:
        shown = plane(side.name, f"{side.name}-decoded", side.title, height, picks)
        return element("div", side.above, shown, side.below, class_="ae-side")

    boxes = (decoded(f"{side.name}-decoded", side.decodes, side.variant, size=None) for side in (left, right))
    pair = element("div", column(left), element("div", *boxes, class_="ae-boxes"), column(right), class_="ae-pair")
    return element(
        "div",
        element("div", plane_legend(left.name, classes), plane_view(view), class_="ae-pair-tools"),
        pair,
        class_="ae-planes",
    )


def plane_cards(legend: str, prefix: str = "") -> str:
    """Two cards side by side: the deep plane and PCA's; `prefix` keeps names apart where several tabs show them.

    legend: the name of both legends.
    """
    return row(*(_card(prefix, name, title, legend) for name, title in PLANES))


def fill_planes(planes: Mapping[str, Plane], classes: tuple[str, ...], patchwise: bool, prefix: str = "") -> Payload:
    """The planes and their words, by the names in PLANES; empty where there is none."""
    shown = {f"{prefix}plane-{name}": planes.get(name) for name, _ in PLANES}
    same = len({tuple(found.map.indices.tolist()) for found in planes.values()}) == 1
    return Payload(
        planes={
            name: plane_map(found, classes, patchwise, picks=same) if found else EMPTY for name, found in shown.items()
        },
        texts={f"{name}-words": _words(found, patchwise) if found else "not trained" for name, found in shown.items()},
    )


def _card(prefix: str, name: str, title: str, legend: str) -> str:
    box = f"{prefix}decoded-{name}"
    return card(
        heading(title, name),
        text(f"{prefix}plane-{name}-words", quiet=True),
        row(
            plane(f"{prefix}plane-{name}", box, title, legend=legend),
            decoded(box, "Decoded here", name),
            columns=(3, 1),
        ),
    )


def plane_map(
    shown: Plane, classes: tuple[str, ...], patchwise: bool, picked: int | None = None, picks: bool = True
) -> LatentMap:
    """A plane as its component takes it."""
    field = shown.field
    return LatentMap(
        field.points, field.map.labels.numpy(), classes, shown.marks, _grid(field),
        (float(field.xs[0]), float(field.xs[-1])), (float(field.ys[0]), float(field.ys[-1])), field.titles,
        "this image's patches" if patchwise else "this image",
        field.map.colours.numpy() if patchwise else None, picked, picks,
        input_name="test patch" if patchwise else "test image",
    )  # fmt: skip


@lru_cache(maxsize=24)
def decoded_plane(field: Field) -> Sprite | None:
    """The decoded plane as one image: the same for everybody."""
    if field.decoded is None:
        return None
    if field.points.shape[1] == 3:  # one for each point
        return sprite(field.decoded)
    rows, columns = field.decoded.shape[:2]
    return sprite(field.decoded.reshape(rows * columns, *field.decoded.shape[2:]), columns=columns)


@lru_cache(maxsize=24)
def _grid(field: Field) -> Sprite | None:
    """The decoded plane by its address, so that a page fetches it once and not with each new image.

    The address ends in a digest of what lies there: a browser may keep it for good.
    """
    found = decoded_plane(field)
    if found is None:
        return None
    dataset, variant, setting, units = field.of
    asked = {"data": dataset, "variant": variant, "run": setting_name(setting)}
    asked |= {"units": ",".join(map(str, units or ())), "of": digest(found)}
    return replace(found, data=b"", address=f"{DECODED}?{urlencode(asked)}")


def find_decoded(asked: Mapping[str, str]) -> Sprite:
    """The image behind an address that `_grid` made: data, variant, run, units and, where it is named, the digest.

    Raises ValueError with a sentence where there is none, or another one by now.
    """
    data, variant = asked.get("data", ""), asked.get("variant", "deep")
    setting = mapped_setting(data, variant, asked.get("run", ""))
    found = decoded_plane(field(data, variant, setting, _two(asked.get("units", ""))))
    if found is None:
        raise ValueError(f"{data}/{variant} decodes no plane at {setting!r}")
    if asked.get("of", digest(found)) != digest(found):
        raise ValueError(f"the models of {data} are others now: load the page again")
    return found


def _two(units: str) -> tuple[int, ...] | None:
    """Units of a code, as "0,5" -> (0, 5); of "" None, the coordinates that the code itself has."""
    if not units:
        return None
    found = re.fullmatch(r"(\d{1,9}),(\d{1,9})", units)
    if found is None or int(found[1]) == int(found[2]):
        raise ValueError(f"units are {units!r}; choose two of the code, as in units=0,1")
    return int(found[1]), int(found[2])


def digest(image: Sprite) -> str:
    """Of what an image shows: another one has another."""
    return hashlib.sha256(image.data).hexdigest()[:16]


def _words(shown: Plane, patchwise: bool) -> str:
    stored = shown.map
    if isnan(stored.trustworthiness):
        return "too few test images to measure the plane"
    words = f"trustworthiness {stored.trustworthiness:.2f}"
    if patchwise:
        return f"{words} · {OF_PATCHES}"
    if isnan(stored.knn_accuracy):  # one class, or too few of each
        return words
    return f"{words} · k-NN accuracy {100 * stored.knn_accuracy:.1f} %"
