"""The Deep tab: deep beside PCA at each bottleneck, and the two latent planes at M = 2."""

from __future__ import annotations

from aedemo.explore.deep import deep
from aedemo.page.components import Curve, Payload, card, curves, figure, filmstrip, row, slider, strip
from aedemo.page.planes import fill_planes, plane_cards
from aedemo.page.readouts import START_BOTTLENECK, a_picture, answer_strip, stops
from aedemo.page.tab import Tab

SLIDER = "deep-bottleneck"


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
    )


def payload(data: str, picture: str, seed: int) -> Payload:
    """Both at every M, and this picture in both planes."""
    view = deep(data, picture, seed)
    planes = fill_planes((view.deep_plane, view.pca_plane), view.classes, view.patchwise)
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
        planes=planes.planes,
        texts=planes.texts,
    )  # fmt: skip


TAB = Tab("deep", "Deep", skeleton, payload)
