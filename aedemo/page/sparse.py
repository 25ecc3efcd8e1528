"""The Sparse tab: reconstruction, the filters that reconstruct this image, and the curves along λ."""

from __future__ import annotations

from dataclasses import replace

from aedemo.explore.sparse import START_WEIGHT, SparseView, sparse
from aedemo.explore.unit import unit_name
from aedemo.models import VARIANTS
from aedemo.page import sparse_unit
from aedemo.page.components import (
    Curve,
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
from aedemo.page.readouts import error_unit, map_of_errors, published, reconstruction_frames, slider_values, trained_at
from aedemo.page.tab import Tab

SPARSITY = Slider("sparse-sparsity", VARIANTS["sparse"].slider, "sparse", offer=trained_at("sparse"))
SLIDER, NETWORK = SPARSITY.name, "sparse-network"
PATCHES = patches_choice("sparse")


def skeleton() -> str:
    """Slider, filters beside the unit that is open, images, curves."""
    return (
        card(network(NETWORK), slider(SPARSITY), row(choice(PATCHES)))
        + row(
            card(
                heading("Filters that reconstruct this image, strongest first", "sparse"),
                text("units", SLIDER, quiet=True),
                images(
                    "filters",
                    "Filters of the most active units",
                    SLIDER,
                    "sparse",
                    size=60,
                    picks=sparse_unit.UNIT.name,
                ),
            ),
            sparse_unit.skeleton(),
        )
        + row(
            filmstrip("image", "Image", variant="image"),
            filmstrip("sparse", "Sparse", SLIDER, "sparse", reconstruction=True),
            filmstrip("error", "Signed error", SLIDER, "sparse"),
            filmstrip("pca", "PCA, same size", SLIDER, "pca", reconstruction=True),
            narrow="pair",
        )
        + row(
            card(
                figure("probe", "Error of a linear probe on the code against λ", SLIDER, height=260),
                title="What the code is worth: a linear probe",
            ),
            card(figure("test-error", "Test error against λ", SLIDER, height=260), title="Error"),
            card(figure("code-sum", "Σ|z| against λ", SLIDER, height=260), title="Σ|z|, the penalty on the code"),
            card(figure("units-curve", "Active and dead units against λ", SLIDER, height=260), title="Units"),
            columns=2,
        )
        + card(text("published", quiet=True))
    )


def payload(data: str, image: str, seed: int, sparse_patches: str = "", unit: str = "") -> Payload:
    """One image through the run at each λ, and one unit.

    sparse_patches: "side-by-side" or "overlapping", of photographs; unit: "λ:index", "" for the strongest
    """
    view = sparse(data, image, seed, overlaps(PATCHES, sparse_patches))
    part = error_unit(data)
    kept = [f"{round(n, 1):g} of {units:,} units active" for n, units in zip(view.active, view.units, strict=True)]
    components = [f"{k}, as units on average in test {part}{'es' if part == 'patch' else 's'}" for k in view.components]
    chosen, opened = sparse_unit.opened(data, image, unit)
    return replace(
        opened,
        choices={PATCHES.name: options(PATCHES, sparse_patches, view.overlapping)},
        sliders={SLIDER: slider_values(view.weights, START_WEIGHT), **opened.sliders},
        networks={
            NETWORK: (
                diagram(
                    data,
                    "sparse",
                    view.weights,
                    view.clean,
                    SLIDER,
                    ("image", "sparse"),
                    error="error",
                    traversal=sparse_unit.STRIP,
                ),
            )
        },
        filmstrips={
            **opened.filmstrips,
            "image": frames_of(view.clean),
            "sparse": reconstruction_frames(view.reconstruction, kept),
            "error": map_of_errors(view.reconstruction.frames, view.clean, data),
            "pca": reconstruction_frames(view.pca, components),
        },
        images={"filters": _filters(view, chosen), **opened.images},
        figures={
            "probe": _probe(view),
            "test-error": _curve(view, [("test error", view.test_error, None)], f"squared error per {part}"),
            "code-sum": _curve(view, [("Σ|z|", view.code_sum, None)], f"Σ|z| per {part}"),
            "units-curve": _curve(
                view,
                [("active on average", view.active_units, None), ("dead", view.dead_units, "dot")],
                f"units, of {' or '.join(f'{units:,}' for units in sorted(set(view.units)))}",
            ),
        },
        texts={
            **opened.texts,
            "units": tuple(_words(view, frame, part) for frame in range(len(view.weights))),
            "published": _wide_words(view, part) + published(data, "sparse_wide", "pca", naming=True),
        },
    )


def _curve(view: SparseView, lines: list, y_title: str):
    return _lines(view, [(name, y, "sparse", dash) for name, y, dash in lines], y_title)


def _lines(view: SparseView, lines: list, y_title: str) -> Figure:
    """λ runs over evenly spaced stops, as on the slider, so that λ = 0 has a place too."""
    stops = [f"{weight:g}" for weight in view.weights]
    return curves(
        [Curve(name, stops, y, variant, dash) for name, y, variant, dash in lines],
        "sparsity λ", y_title, at=stops, x_axis={"tickvals": stops[::3], "tickangle": 0},
    )  # fmt: skip


def _filters(view: SparseView, chosen: str) -> Tiles:
    """The strongest units of each λ; chosen: the name of the one that is open."""
    shown = [[(unit.filter, f"{unit.activation:.2f}") for unit in frame] for frame in view.strongest]
    pairs = zip(view.weights, view.strongest, strict=True)
    values = tuple(tuple(unit_name(weight, unit.unit) for unit in frame) for weight, frame in pairs)
    return replace(tiles(0.5 + 0.5 * view.filters, shown), values=values, chosen=chosen)


def _probe(view: SparseView) -> Figure:
    """How much better a linear classifier does on the code than on the pixels that the code is made of."""
    if view.probe_error is None or view.pixel_probe_error is None:
        return Figure()
    errors = [100 * error for error in view.probe_error]
    pixels = [100 * view.pixel_probe_error] * len(errors)
    lines = [("on the code", errors, "sparse", None), ("on raw pixels", pixels, "image", "dot")]
    return _lines(view, lines, "test images classified wrongly (%)")


def _words(view: SparseView, frame: int, part: str) -> str:
    mean = " (a patch, on average)" if part == "patch" else ""
    on = f"{round(view.active[frame], 1):g} of {view.units[frame]:,} units are active in this image{mean}"
    return (
        f"λ = {view.weights[frame]:g}: {on}; {view.dead_units[frame]} are inactive in every test {part}. "
        "Under each filter stands how strongly it is used; a click opens its unit."
    )


def _wide_words(view: SparseView, part: str) -> str:
    """The run that stands apart from the sweep, beside the sweep's own at the same λ; empty where there is none."""
    wide = view.wide
    if wide is None or wide.weight not in view.weights:
        return ""
    at = view.weights.index(wide.weight)
    probe = "" if wide.probe_error is None else f", error of a linear probe on the code {100 * wide.probe_error:.2f} %"
    return (
        f"Apart from these curves stands a run with {wide.units:,} units at λ = {wide.weight:g}: test error "
        f"{wide.test_error:.2f} per {part} (with {view.units[at]:,} units {view.test_error[at]:.2f}), "
        f"{wide.active_units:.0f} units active on average ({view.active_units[at]:.0f}){probe}. "
    )


TAB = Tab(
    "sparse",
    "Sparse",
    skeleton,
    payload,
    (SPARSITY, sparse_unit.ACTIVATION),
    (PATCHES, sparse_unit.UNIT),
    seeded=False,
    parts=(sparse_unit.PART,),
    network=NETWORK,
)
