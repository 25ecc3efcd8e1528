"""The Deep tab: deep beside PCA at each bottleneck, the two latent planes at M = 2, the way to another picture."""

from __future__ import annotations

import numpy as np

from aedemo.explore.deep import DeepView, deep
from aedemo.explore.walk import SHARES
from aedemo.page.components import (
    Choice,
    Curve,
    Options,
    Payload,
    Strip,
    card,
    choice,
    curves,
    figure,
    filmstrip,
    row,
    slider,
    strip,
)  # fmt: skip
from aedemo.page.planes import fill_planes, plane_cards
from aedemo.page.readouts import START_BOTTLENECK, a_picture, answer_strip, percent, stops
from aedemo.page.tab import Tab

SLIDER, WALK = "deep-bottleneck", "deep-walk"
TOWARDS = Choice("towards", "Towards", (("", "another picture"),))
WALKS = ("walk-deep", "walk-pca", "walk-fade")
BLANK = np.full((1, 1, 8, 8), 0.85, np.float32)


def skeleton() -> str:
    """Slider, pictures and curve, then the planes."""
    return (
        card(slider(SLIDER, "Bottleneck M", "deep"))
        + row(
            filmstrip("picture", "Picture", variant="picture"),
            filmstrip("deep", "Deep", SLIDER, "deep", answer=True),
            filmstrip("pca", "PCA", SLIDER, "pca", answer=True),
            card(figure("error", "Test error against M, deep and PCA", SLIDER, height=290)),
            columns=(1, 1, 1, 1.35),
            narrow="pair",
        )
        + plane_cards()
        + card(
            row(choice(TOWARDS)),
            slider(WALK, "Share of the other", "deep", kind="knob"),
            row(
                filmstrip("walk-deep", "Through the deep code", WALK, "deep", size=260),
                filmstrip("walk-pca", "Through PCA's code", WALK, "pca", size=260),
                filmstrip("walk-fade", "Cross-fade of the pixels", WALK, "picture", size=260),
                narrow="pair",
            ),
            title="From this picture to another",
        )
    )


def payload(data: str, picture: str, seed: int, towards: str = "") -> Payload:
    """Both at every M, this picture in both planes, and the way from it to another."""
    view = deep(data, picture, seed, towards)
    planes = fill_planes((view.deep_plane, view.pca_plane), view.classes, view.patchwise)
    part = a_picture(data)
    small = [f"{m} of {view.dimension} numbers a {part}" for m in view.values]
    lines = [Curve("Deep", view.values, view.deep_error, "deep"), Curve("PCA", view.values, view.pca_error, "pca")]
    return Payload(
        choices={"towards": Options(view.others, view.towards)},
        sliders={SLIDER: stops(view.values, START_BOTTLENECK), WALK: stops(SHARES, 0.5, percent)},
        strips={
            **_walk(view),
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
        planes=planes.planes,
        texts=planes.texts,
    )  # fmt: skip


def _walk(view: DeepView) -> dict[str, Strip]:
    way = view.walk
    if way is None:
        return {name: strip(BLANK, "–", "the gallery's pictures are not here") for name in WALKS}
    words = f"M = {way.latent_dim}"
    return {
        "walk-deep": strip(way.deep, words, "decoded along the line between two codes"),
        "walk-pca": strip(way.pca, words, "fades, as all that is linear does"),
        "walk-fade": strip(way.fade, "no model", "two pictures laid over each other"),
    }


TAB = Tab("deep", "Deep", skeleton, payload, (TOWARDS,))
