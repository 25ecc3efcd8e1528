"""The Deep tab: deep beside PCA at each bottleneck, and the two latent planes at M = 2."""

from __future__ import annotations

from aedemo.explore.deep import DeepView, Plane, deep
from aedemo.page.components import (
    Curve,
    LatentMap,
    Payload,
    card,
    curves,
    decoded,
    figure,
    filmstrip,
    heading,
    latent_map,
    plane,
    row,
    slider,
    strip,
    text,
)  # fmt: skip
from aedemo.page.readouts import START_BOTTLENECK, a_picture, answer_strip, stops
from aedemo.page.tab import Tab

SLIDER = "deep-bottleneck"
PLANES = (("deep", "Deep code, M = 2"), ("pca", "PCA, first two components"))


def skeleton() -> str:
    """Slider, pictures and curve, then the planes."""
    return (
        card(slider(SLIDER, "Bottleneck M", "deep"))
        + row(
            filmstrip("picture", "Picture", variant="picture"),
            filmstrip("deep", "Deep", SLIDER, "deep"),
            filmstrip("pca", "PCA", SLIDER, "pca"),
            card(figure("error", "Test error against M, deep and PCA", SLIDER, height=290)),
            columns=(1, 1, 1, 1.35),
            narrow="pair",
        )
        + row(*(_plane_card(name, title) for name, title in PLANES))
    )


def payload(data: str, picture: str, seed: int) -> Payload:
    """Both at every M, and this picture in both planes."""
    view = deep(data, picture, seed)
    part = a_picture(data)
    small = [f"{m} of {view.dimension} numbers a {part}" for m in view.values]
    lines = [Curve("Deep", view.values, view.deep_error, "deep"), Curve("PCA", view.values, view.pca_error, "pca")]
    return Payload(
        sliders={SLIDER: stops(view.values, START_BOTTLENECK)},
        strips={
            "picture": strip(view.clean, f"{view.dimension} numbers", f"a {part}"),
            "deep": answer_strip(view.deep, small),
            "pca": answer_strip(view.pca, small),
        },
        figures={
            "error": curves(
                lines, "bottleneck M", f"squared error a {part}",
                log_x=True, log_y=True, ticks=view.values, at=view.values,
            )
        },
        planes={"plane-deep": _map(view, view.deep_plane), "plane-pca": _map(view, view.pca_plane)},
        texts={
            "plane-deep-words": _words(view, view.deep_plane),
            "plane-pca-words": _words(view, view.pca_plane),
        },
    )  # fmt: skip


def _plane_card(name: str, title: str) -> str:
    box = f"decoded-{name}"
    return card(
        heading(title, name),
        text(f"plane-{name}-words", quiet=True),
        row(plane(f"plane-{name}", box, title), decoded(box, "Decoded here", name), columns=(3, 1)),
    )


def _map(view: DeepView, shown: Plane) -> LatentMap:
    stored = shown.map
    return latent_map(
        stored.codes.numpy(), stored.labels.numpy(), view.classes, stored.decoded.numpy(),
        (float(stored.xs[0]), float(stored.xs[-1])), (float(stored.ys[0]), float(stored.ys[-1])),
        marks=shown.marks, mark_name="this picture's patches" if view.patchwise else "this picture",
        colours=stored.colours.numpy() if view.patchwise else None,
    )  # fmt: skip


def _words(view: DeepView, shown: Plane) -> str:
    stored = shown.map
    words = f"trustworthiness {stored.trustworthiness:.2f}"
    if view.patchwise:
        return f"{words} · each dot is a test patch in its own mean colour"
    return f"{words} · neighbour accuracy {stored.neighbour_accuracy:.2f}"


TAB = Tab("deep", "Deep", skeleton, payload)
