"""The Linear tab: linear, two-layer and PCA side by side, their errors, their angles, their columns."""

from __future__ import annotations

import numpy as np

from aedemo.explore.linear import LinearView, linear
from aedemo.models import VARIANTS
from aedemo.page.components import (
    Curve,
    Diagram,
    Figure,
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
    network,
    row,
    slider,
    text,
    tiles,
)  # fmt: skip
from aedemo.page.networks import diagram
from aedemo.page.overlap import options, overlaps, patches_choice
from aedemo.page.readouts import (
    START_BOTTLENECK,
    all_bottlenecks,
    error_unit,
    numbers_for,
    published,
    reconstruction_frames,
    slider_values,
)
from aedemo.page.tab import Tab

BOTTLENECK = Slider("linear-bottleneck", VARIANTS["linear"].slider, "linear", offer=all_bottlenecks)
SLIDER, NETWORK = BOTTLENECK.name, "linear-network"
PATCHES = patches_choice("linear")
UNFINISHED = 2.0  # percent above PCA's training error, from which on a network was not trained to its end
LARGEST_SHOWN = 50  # percent; beyond it the axis would hide all other differences
THREE = tuple((name, VARIANTS[name].title) for name in ("linear", "shallow", "pca"))
COLUMNS = (
    ("eigenvectors", "PCA's eigenvectors", "pca"),
    ("rotated", "Learned, made orthonormal and rotated onto them", "linear"),
    ("learned", "Learned, as they are", "linear"),
)


def skeleton() -> str:
    """Slider, four images, two figures, three rows of columns."""
    return (
        card(network(NETWORK), slider(BOTTLENECK), row(choice(PATCHES)))
        + row(
            filmstrip("image", "Image", variant="image"),
            *(filmstrip(name, title, SLIDER, name, reconstruction=True) for name, title in THREE),
            narrow="pair",
        )
        + row(
            card(
                figure("above-pca", "Error above that of PCA against M, in percent", SLIDER),
                text("above-pca-words", quiet=True),
                title="Error above PCA's",
            ),
            card(figure("angles", "Largest principal angle against M", SLIDER), title="Angle to PCA's subspace"),
        )
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
    filmstrips["shallow"] = reconstruction_frames(
        view.shallow, map(_with_training, small, above_pca(view, "train", "shallow"))
    )
    filmstrips["image"] = frames_of(view.clean, f"{view.dimension} numbers", f"per {error_unit(data)}")
    return Payload(
        choices={PATCHES.name: options(PATCHES, linear_patches, view.overlapping)},
        sliders={SLIDER: slider_values(view.values, START_BOTTLENECK)},
        networks={NETWORK: _networks(view, data)},
        filmstrips=filmstrips,
        figures={"above-pca": _above_pca(view), "angles": _angles(view)},
        images={name: _tiles(view, name) for name, _, _ in COLUMNS},
        texts={
            "columns": tuple(_angle_words(m, angle) for m, angle in zip(view.values, view.angles, strict=True)),
            "above-pca-words": _above_pca_words(view),
            "published": published(data, "pca", "linear", "shallow"),
        },
    )  # fmt: skip


def _networks(view: LinearView, data: str) -> tuple[Diagram, ...]:
    """The linear one, and the other two, each shown while its column is looked at."""
    return tuple(diagram(data, name, view.values, view.clean, SLIDER, ("image", name)) for name, _ in THREE)


def above_pca(view: LinearView, split: str, variant: str) -> np.ndarray:
    """By how many percent the error of a variant is above PCA's at each M, (F,); NaN where PCA has none."""
    errors = view.train_error if split == "train" else view.test_error
    ours, pca = (np.asarray(errors[name], float) for name in (variant, "pca"))
    return 100 * (np.divide(ours, pca, out=np.full_like(ours, np.nan), where=pca > 0) - 1)


def _with_training(words: str, above: float) -> str:
    """The words under a reconstruction, and whether the network behind it was trained to its end."""
    return f"{words}; not trained to its end, {_percent(above)} above PCA in training" if above > UNFINISHED else words


def _above_pca(view: LinearView) -> Figure:
    lines = [
        Curve(f"{title}, {words}", view.values, above_pca(view, split, name), name, dash)
        for name, title in THREE[:2]
        for split, words, dash in (("test", "test", None), ("train", "training", "dot"))
    ]
    return curves(
        lines, "bottleneck M", "error above PCA (%)", log_x=True, ticks=view.values, at=view.values,
        y_axis={"range": [-1, LARGEST_SHOWN]} if _outside(view) else {"rangemode": "tozero"},
    )  # fmt: skip


def _outside(view: LinearView) -> list[int]:
    """The M at which the two-layer network's test error is beyond the axis."""
    above = above_pca(view, "test", "shallow")
    return [m for m, value in zip(view.values, above, strict=True) if value > LARGEST_SHOWN]


def _above_pca_words(view: LinearView) -> str:
    above = dict(zip(view.values, above_pca(view, "test", "shallow"), strict=True))
    far = ", ".join(f"{_percent(above[m])} at M = {m}" for m in _outside(view))
    return (
        "No network with a linear last layer has a smaller training error than PCA: 0 % is the best it can reach."
        + (f" Outside of the axis lies the two-layer network: {far}." if far else "")
    )


def _percent(value: float) -> str:
    return f"{value:,.0f} %" if value >= 10 else f"{value:.1f} %"


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


TAB = Tab("linear", "Linear = PCA", skeleton, payload, (BOTTLENECK,), (PATCHES,), seeded=False, network=NETWORK)
