"""The Sparse tab: reconstruction, the filters that reconstruct this image, and the curves along λ."""

from __future__ import annotations

from aedemo.explore.sparse import SparseView, sparse
from aedemo.page.components import (
    Curve,
    Payload,
    Slider,
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
    START_WEIGHT,
    error_unit,
    map_of_errors,
    published,
    reconstruction_frames,
    slider_values,
)
from aedemo.page.tab import Tab

SPARSITY = Slider("sparse-sparsity", "Sparsity λ", "sparse")
SLIDER = SPARSITY.name
PATCHES = patches_choice("sparse")


def skeleton() -> str:
    """Slider, images, filters, curves."""
    return (
        card(slider(SPARSITY), row(choice(PATCHES)))
        + row(
            filmstrip("image", "Image", variant="image"),
            filmstrip("sparse", "Sparse", SLIDER, "sparse", reconstruction=True),
            filmstrip("error", "Signed error", SLIDER, "sparse"),
            filmstrip("pca", "PCA, same size", SLIDER, "pca", reconstruction=True),
            narrow="pair",
        )
        + card(
            heading("Filters that reconstruct this image, strongest first", "sparse"),
            text("units", SLIDER, quiet=True),
            images("filters", "Filters of the most active units", SLIDER, "sparse", size=60),
        )
        + row(
            card(figure("test-error", "Test error against λ", SLIDER, height=260), title="Error"),
            card(figure("code-sum", "Σ|z| against λ", SLIDER, height=260), title="Σ|z|, the penalty on the code"),
            card(figure("units-curve", "Active and dead units against λ", SLIDER, height=260), title="Units"),
        )
        + card(text("published", quiet=True))
    )


def payload(data: str, image: str, seed: int, sparse_patches: str = "") -> Payload:
    """One image through the run at each λ; sparse_patches: "side-by-side" or "overlapping", of photographs."""
    view = sparse(data, image, seed, overlaps(PATCHES, sparse_patches))
    part = error_unit(data)
    kept = [f"{round(n, 1):g} of {units:,} units active" for n, units in zip(view.active, view.units, strict=True)]
    components = [f"{k}, as units on average in test {part}{'es' if part == 'patch' else 's'}" for k in view.components]
    shown = [[(unit.filter, f"{unit.activation:.2f}") for unit in frame] for frame in view.strongest]
    return Payload(
        choices={PATCHES.name: options(PATCHES, sparse_patches, view.overlapping)},
        sliders={SLIDER: slider_values(view.weights, START_WEIGHT)},
        filmstrips={
            "image": frames_of(view.clean),
            "sparse": reconstruction_frames(view.reconstruction, kept),
            "error": map_of_errors(view.reconstruction.frames, view.clean, data),
            "pca": reconstruction_frames(view.pca, components),
        },
        images={"filters": tiles(0.5 + 0.5 * view.filters, shown)},
        figures={
            "test-error": _curve(view, [("test error", view.test_error, None)], f"squared error per {part}"),
            "code-sum": _curve(view, [("Σ|z|", view.code_sum, None)], f"Σ|z| per {part}"),
            "units-curve": _curve(
                view,
                [("active on average", view.active_units, None), ("dead", view.dead_units, "dot")],
                f"units, of {' or '.join(f'{units:,}' for units in sorted(set(view.units)))}",
            ),
        },
        texts={
            "units": tuple(_words(view, frame, part) for frame in range(len(view.weights))),
            "published": _wide_words(view, part) + published(data, "sparse_wide", "pca", naming=True),
        },
    )


def _curve(view: SparseView, lines: list, y_title: str):
    """λ runs over evenly spaced stops, as on the slider, so that λ = 0 has a place too."""
    stops = [f"{weight:g}" for weight in view.weights]
    return curves(
        [Curve(name, stops, y, "sparse", dash) for name, y, dash in lines],
        "sparsity λ", y_title, at=stops, x_axis={"tickvals": stops[::3], "tickangle": 0},
    )  # fmt: skip


def _words(view: SparseView, frame: int, part: str) -> str:
    mean = " (a patch, on average)" if part == "patch" else ""
    on = f"{round(view.active[frame], 1):g} of {view.units[frame]:,} units are active in this image{mean}"
    return (
        f"λ = {view.weights[frame]:g}: {on}; {view.dead_units[frame]} are inactive in every test {part}. "
        "Under each filter stands how strongly it is used."
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


TAB = Tab("sparse", "Sparse", skeleton, payload, (SPARSITY,), (PATCHES,), seeded=False)
