"""Latent planes with this image in them, as several tabs show them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from math import isnan
from urllib.parse import urlencode

import numpy as np

from aedemo.checkpoints import setting_name
from aedemo.explore.plane import Field, Plane
from aedemo.page.components import LatentMap, Payload, card, decoded, heading, plane, row, text
from aedemo.page.sprites import Sprite, sprite

DECODED = "/decoded"  # where the images of decoded planes are fetched
PLANES = (("deep", "Deep code, M = 2"), ("pca", "PCA, first two components"))
OF_PATCHES = "each dot is a test patch in its own mean colour"
EMPTY = LatentMap(np.zeros((0, 2)), np.zeros(0, int), (), np.zeros((0, 2)), None, (-1, 1), (-1, 1), ("", ""))


def plane_cards(prefix: str = "") -> str:
    """Two cards side by side: the deep plane and PCA's; `prefix` keeps names apart where several tabs show them."""
    return row(*(_card(prefix, name, title) for name, title in PLANES))


def fill_planes(planes: Mapping[str, Plane], classes: tuple[str, ...], patchwise: bool, prefix: str = "") -> Payload:
    """The planes and their words, by the names in PLANES; empty where there is none."""
    shown = {f"{prefix}plane-{name}": planes.get(name) for name, _ in PLANES}
    return Payload(
        planes={name: plane_map(found, classes, patchwise) if found else EMPTY for name, found in shown.items()},
        texts={f"{name}-words": _words(found, patchwise) if found else "not trained" for name, found in shown.items()},
    )


def _card(prefix: str, name: str, title: str) -> str:
    box = f"{prefix}decoded-{name}"
    return card(
        heading(title, name),
        text(f"{prefix}plane-{name}-words", quiet=True),
        row(plane(f"{prefix}plane-{name}", box, title), decoded(box, "Decoded here", name), columns=(3, 1)),
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
    )  # fmt: skip


@lru_cache(maxsize=24)
def decoded_plane(field: Field) -> Sprite | None:
    """The decoded plane as one image: the same for everybody."""
    if field.decoded is None:
        return None
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
