"""The tab for a user's image: where its error lies among those of test images, and how little that shows."""

from __future__ import annotations

import numpy as np

from aedemo import datasets
from aedemo.checkpoints import OOD_VARIANTS
from aedemo.corruption import percent
from aedemo.explore.compare import compared_variants
from aedemo.explore.your_image import (
    START_MODEL,
    ModelScore,
    OutOfDistribution,
    YourImageView,
    your_image,
)
from aedemo.models import VARIANTS
from aedemo.page.components import (
    Choice,
    Diagram,
    Frames,
    Histogram,
    Options,
    Payload,
    Slider,
    Tiles,
    card,
    choice,
    filmstrip,
    frames_of,
    heading,
    histogram,
    images,
    network,
    row,
    slider,
    table,
    text,
    tiles,
)  # fmt: skip
from aedemo.page.networks import diagram
from aedemo.page.planes import fill_planes, plane_cards
from aedemo.page.readouts import (
    BLANK,
    START_BOTTLENECK,
    all_bottlenecks,
    among_tests,
    decibels,
    run_words,
    slider_values,
)
from aedemo.page.tab import Tab

BOTTLENECK = Slider("your_image-bottleneck", VARIANTS["deep"].slider, "deep", offer=all_bottlenecks)
SLIDER, NETWORK, CLASSES = BOTTLENECK.name, "your_image-network", "your_image-classes"
MODEL = Choice("model", "Model", tuple((v, VARIANTS[v].title) for v in compared_variants()), START_MODEL)
UNKNOWN = "–"
CLEAN = {"denoising": ", clean input"}  # where other tabs show a noisy one
KINDS = {"noise": "uniform noise", "photographs": "photographs, framed as uploads are", "blank": "a blank image"}
MAX_KINDS = max(len(row.out_of_distribution) for row in datasets.DATASETS.values())


def skeleton() -> str:
    """The image and what one model makes of it, its error among others, what an error finds, then all models."""
    variants = compared_variants()
    reconstructions = [
        filmstrip(
            f"reconstruction-{v}", f"{VARIANTS[v].title}: reconstruction", _follows(v), bare=True, reconstruction=True
        )
        for v in variants
    ]
    ranks = [text(f"rank-{v}", _follows(v), large="number") for v in variants]
    near = [images(f"near-{v}", f"{VARIANTS[v].title}: nearest codes", _follows(v), v, size=44) for v in variants]
    lines = [("Reconstruction", reconstructions), ("Error percentile", ranks), ("Nearest codes", near)]
    found = [(text(f"kind-{k}"), [text(f"found-{k}-{v}") for v in OOD_VARIANTS]) for k in range(MAX_KINDS)]
    return (
        card(choice(MODEL), network(NETWORK), slider(BOTTLENECK))
        + row(
            filmstrip("image", "Your image", variant="image"),
            filmstrip("chosen", "Reconstruction", SLIDER, "deep"),
            card(
                text("percentile", SLIDER, large="claim"),
                histogram("errors", "Errors of test images, and of this one", SLIDER),
                text("how", SLIDER, quiet=True),
                title="Its error among those of test images",
            ),
            columns=(1, 1, 2),
            narrow="pair",
        )
        + card(
            table([heading(VARIANTS[v].title, v) for v in OOD_VARIANTS], found, slots=True),
            text("found-words"),
            title="How many images of other kinds does the error find?",
        )
        + card(
            table([heading(VARIANTS[v].title, v) for v in variants], lines),
            text("legend", quiet=True),
            title="All models",
        )
        + plane_cards(CLASSES, "your_image-")
    )


def _follows(variant: str) -> str | None:
    return SLIDER if VARIANTS[variant].axis == ("latent_dim",) else None


def payload(data: str, image: str, seed: int, model: str = START_MODEL) -> Payload:
    """Errors, percentiles and neighbours at every M; a variant that cannot reconstruct stays blank and says so.

    model: the variant whose errors are shown as a histogram.
    """
    if model and model not in compared_variants():
        raise ValueError(f"model is {model!r}; choose one of {', '.join(compared_variants())}")
    view = your_image(data, image, seed, model)
    planes = fill_planes(view.planes, view.classes, view.patchwise, "your_image-")
    scores = {score.variant: score for score in view.scores}
    texts, filmstrips, near = dict(planes.texts), {"image": frames_of(view.clean)}, {}
    for variant in compared_variants():
        score = scores.get(variant)
        texts[f"rank-{variant}"] = _percentiles(score)
        filmstrips[f"reconstruction-{variant}"] = _reconstructions(score)
        near[f"near-{variant}"] = _neighbours(score, view)
    filmstrips["chosen"] = _reconstructions(scores.get(view.model))
    texts |= _words(view, scores.get(view.model)) | _found(view.out_of_distribution)
    known = tuple((v, VARIANTS[v].title) for v, score in scores.items() if not np.isnan(score.percentile).any())
    return Payload(
        choices={MODEL.name: Options(known, view.model or "")},
        sliders={SLIDER: slider_values(view.values, START_BOTTLENECK)},
        networks={NETWORK: _networks(view, data, scores.get(view.model))},
        filmstrips=filmstrips,
        images=near,
        histograms={"errors": Histogram.of(view.histograms, view.model or "deep")},
        planes=planes.planes,
        texts=texts,
        message=" ".join(dict.fromkeys(view.missing)) or None,
    )


def _networks(view: YourImageView, data: str, score: ModelScore | None) -> tuple[Diagram, ...]:
    """The model whose histogram is seen."""
    if score is None:
        return ()
    return (diagram(data, score.variant, score.settings, view.clean, SLIDER, ("image", "chosen")),)


def _words(view: YourImageView, score: ModelScore | None) -> dict[str, str | tuple[str, ...]]:
    near = (
        "No test photographs travel with the project, so none are named as nearest."
        if view.patchwise
        else "Nearest codes: the test images whose codes are nearest; of the masked model, by 20 principal components."
    )
    known = score is not None
    said = tuple(among_tests("Its", percentile) for percentile in score.percentile) if known else ()
    return {
        "percentile": said or "No model has stored its test errors.",
        "how": tuple(map(_error_words, score.error, [score.variant] * len(score.error))) if known else "",
        "legend": f"Error percentile: the fraction of test images with a smaller error. {near}",
    }


def _error_words(error: float, variant: str) -> str:
    counted = (
        "per removed value, at 75 % removed" if VARIANTS[variant].masks else "summed over the image or a mean patch"
    )
    return f"Squared error {counted}: {error:.4g}. The line marks it among the errors of test images."


def _reconstructions(score: ModelScore | None) -> Frames:
    if score is None:
        return frames_of(BLANK, "–", "not trained")
    return frames_of(
        score.reconstruction.frames,
        decibels(score.reconstruction.metrics.psnr),
        [run_words(score.variant, s) + CLEAN.get(score.variant, "") for s in score.settings],
        score.reconstruction.metrics.mse,
    )


def _percentiles(score: ModelScore | None) -> tuple[str, ...]:
    if score is None:
        return (UNKNOWN,)
    return tuple(UNKNOWN if np.isnan(value) else f"{min(value, 100):.1f} %" for value in score.percentile)


def _neighbours(score: ModelScore | None, view: YourImageView) -> Tiles:
    """The images that are near at some M, and of those the ones near at each."""
    if score is None or not score.nearest.size:
        return tiles(BLANK, [[(0, "none")]])
    used, place_of = np.unique(score.nearest, return_inverse=True)
    names = [view.references.names[index] for index in used]
    shown = [[(int(k), names[k]) for k in frame] for frame in place_of.reshape(score.nearest.shape)]
    return tiles(view.references.images[used].numpy(), shown)


def _found(out_of_distribution: OutOfDistribution | None) -> dict[str, str]:
    """The table of what errors find, and the sentence that follows from it."""
    texts = {f"kind-{k}": "" for k in range(MAX_KINDS)}
    texts |= {f"found-{k}-{v}": "" for k in range(MAX_KINDS) for v in OOD_VARIANTS} | {"found-words": ""}
    if out_of_distribution is None:
        return texts
    for k, kind in enumerate(out_of_distribution.shown):
        texts[f"kind-{k}"] = KINDS.get(kind) or datasets.get(kind).title
        for v in OOD_VARIANTS:
            texts[f"found-{k}-{v}"] = (
                percent(out_of_distribution.found[v][k]) if v in out_of_distribution.found else UNKNOWN
            )
    least = min(
        (share, kind)
        for shares in out_of_distribution.found.values()
        for share, kind in zip(shares, out_of_distribution.shown, strict=True)
    )
    words = "At M = 30, with an alarm above 99 % of the test errors, so one false alarm in a hundred. "
    if least[0] < 1:
        words += (
            f"The least that an error finds is {percent(least[0])} of {texts_of(least[1])}: a model also copies images "
            "that it never saw, so a small error does not show that an image belongs."
        )
    texts["found-words"] = words
    return texts


def texts_of(kind: str) -> str:
    """A kind of image inside a sentence."""
    return {"noise": "uniform noise", "photographs": "the photographs", "blank": "blank images"}.get(
        kind, f"the images of {datasets.get(kind).title}" if kind in datasets.DATASETS else kind
    )


TAB = Tab(
    "your_image",
    "Your image",
    skeleton,
    payload,
    (BOTTLENECK,),
    (MODEL,),
    seeded=False,
    network=NETWORK,
    plane_classes=CLASSES,
)
