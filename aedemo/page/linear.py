"""The Linear tab: linear, two-layer and PCA side by side, their errors, their angles, their columns."""

from __future__ import annotations

import numpy as np

from aedemo.explore.linear import LinearView, linear
from aedemo.page.components import (
    Curve,
    Payload,
    Slider,
    Tiles,
    card,
    choice,
    curves,
    figure,
    filmstrip,
    frames_of,
    heading,
    images,
    row,
    slider,
    text,
    tiles,
)  # fmt: skip
from aedemo.page.overlap import options, overlaps, patches_choice
from aedemo.page.readouts import (
    START_BOTTLENECK,
    error_unit,
    numbers_for,
    published,
    reconstruction_frames,
    slider_values,
)
from aedemo.page.tab import Tab

BOTTLENECK = Slider("linear-bottleneck", "Bottleneck M", "linear")
SLIDER = BOTTLENECK.name
PATCHES = patches_choice("linear")
BEHIND = 1.02  # times PCA's training error, above which a network is called undertrained
THREE = (("linear", "Linear"), ("shallow", "Two-layer"), ("pca", "PCA"))
COLUMNS = (
    ("eigenvectors", "PCA's eigenvectors", "pca"),
    ("rotated", "Learned, made orthonormal and rotated onto them", "linear"),
    ("learned", "Learned, as they are", "linear"),
)


def skeleton() -> str:
    """Slider, four images, three figures, three rows of columns."""
    return (
        card(slider(BOTTLENECK), row(choice(PATCHES)))
        + row(
            filmstrip("image", "Image", variant="image"),
            *(filmstrip(name, title, SLIDER, name, reconstruction=True) for name, title in THREE),
            narrow="pair",
        )
        + row(
            card(figure("test", "Test error against M", SLIDER), title="Error on test images"),
            card(figure("train", "Train error against M", SLIDER), title="Error on training images"),
            card(figure("angles", "Largest principal angle against M", SLIDER), title="Angle to PCA's subspace"),
        )
        + card(text("undertrained"))
        + card(text("published", quiet=True))
        + card(
            *(
                heading(title, variant) + images(name, title, SLIDER, variant, size=72)
                for name, title, variant in COLUMNS
            ),
            text("columns", SLIDER, quiet=True),
            title="What each number of the code adds to the image",
        )
    )


def payload(data: str, image: str, seed: int, linear_patches: str = "") -> Payload:
    """The three at every M; linear_patches: "side-by-side" or "overlapping", of photographs."""
    view = linear(data, image, seed, overlaps(PATCHES, linear_patches))
    small = numbers_for(view.values, view.dimension, data)
    filmstrips = {name: reconstruction_frames(getattr(view, name), small) for name, _ in THREE}
    filmstrips["image"] = frames_of(view.clean, f"{view.dimension} numbers", f"a {error_unit(data)}")
    return Payload(
        choices={PATCHES.name: options(PATCHES, linear_patches, view.overlapping)},
        sliders={SLIDER: slider_values(view.values, START_BOTTLENECK)},
        filmstrips=filmstrips,
        figures={
            "test": _errors(view, view.test_error, data),
            "train": _errors(view, view.train_error, data),
            "angles": _angles(view),
        },
        images={name: _tiles(view, name) for name, _, _ in COLUMNS},
        texts={
            "columns": tuple(_angle_words(m, angle) for m, angle in zip(view.values, view.angles, strict=True)),
            "undertrained": _undertrained(view),
            "published": published(data, "pca", "linear", "shallow"),
        },
    )  # fmt: skip


def _errors(view: LinearView, errors: dict, data: str):
    lines = [Curve(title, view.values, errors[name], name) for name, title in THREE]
    return curves(
        lines, "bottleneck M", f"squared error per {error_unit(data)}",
        log_x=True, log_y=True, ticks=view.values, at=view.values,
    )  # fmt: skip


def _undertrained(view: LinearView) -> str:
    """Where the two-layer network's training stopped short of PCA's training error, which it could reach."""
    pairs = zip(view.values, view.train_error["shallow"], view.train_error["pca"], strict=True)
    behind = [f"{m} ({100 * (error / best - 1):.0f} %)" for m, error, best in pairs if error > BEHIND * best > 0]
    if not behind:
        return ""
    return (
        f"The two-layer network's training error is still above PCA's at M = {', '.join(behind)}: its optimizer was "
        "stopped before the end, so more of the gap is training than principle."
    )


def _angles(view: LinearView):
    lines = [Curve("Linear", view.values, view.angles, "linear")]
    lines.append(Curve("Two-layer", view.values, view.shallow_angles, "shallow"))
    return curves(
        lines, "bottleneck M", "largest principal angle (°)", log_x=True, ticks=view.values, at=view.values,
        y_axis={"range": [-3, 93], "tickvals": [0, 15, 30, 45, 60, 75, 90]},
    )  # fmt: skip


def _tiles(view: LinearView, name: str) -> Tiles:
    """One sprite with the columns of each M; a frame shows those of its own M."""
    banks = [getattr(columns, name) for columns in view.columns]
    first = np.cumsum([0] + [len(bank) for bank in banks])
    shown = [[(first[k] + i, str(i + 1)) for i in range(len(bank))] for k, bank in enumerate(banks)]
    return tiles(0.5 + 0.5 * np.concatenate(banks), shown)


def _angle_words(m: int, angle: float) -> str:
    turned = f"at most {angle:.2f}°" if angle >= 0.01 else "less than 0.01°"
    return (
        f"M = {m}: the span of the learned columns is turned from PCA's by {turned}. "
        "Grey is zero, light positive, dark negative."
    )


TAB = Tab("linear", "Linear = PCA", skeleton, payload, (BOTTLENECK,), (PATCHES,), seeded=False)
