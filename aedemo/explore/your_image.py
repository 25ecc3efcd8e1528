"""The tab for a user's image: how large each model's error is among those of test images, and what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints, datasets
from aedemo.checkpoints import OOD_BOTTLENECK
from aedemo.explore.compare import compared_variants
from aedemo.explore.denoising import trained_levels
from aedemo.explore.filmstrips import Filmstrip, bottlenecks, filmstrip
from aedemo.explore.gallery import find
from aedemo.explore.masked import START_RATIO, model_image
from aedemo.explore.plane import Plane, plane
from aedemo.models import VARIANTS
from aedemo.models.errors import MASK_SEED, image_errors
from aedemo.models.patchwise import Patchwise, pixel_mask

NEAREST = 4
START_MODEL = "deep"
IN_PLANES = ("deep", "pca")
OFF_MANIFOLD = 99.0  # percent of test images with a smaller error, above which hardly one of them lies
UNUSUAL = 95.0  # percent above which every twentieth of them lies
START_WEIGHT, NOISE = 0.1, "gaussian"
BINS = 24
BATCH = 100  # images at once: what a vision transformer keeps of 2,000 would fill a gigabyte


@dataclass(frozen=True)
class ModelScore:
    """What one variant makes of the image, for each of its runs that are shown.

    variant: its name; settings: (F,) of the runs, or one run for all positions of the slider
    reconstruction: the reconstructions; of the masked one, with the visible patches put back
    error: (F,) this image's error as models/errors.py has it
    percentile: (F,) percent of the test images with a smaller error; NaN where their errors are not stored
    nearest: (F, K) indices into the view's references, the nearest code first; K = 0 where there are none
    """

    variant: str
    settings: tuple
    reconstruction: Filmstrip
    error: np.ndarray
    percentile: np.ndarray
    nearest: np.ndarray


@dataclass(frozen=True)
class References:
    """The images that neighbours are looked for among: float32 (R, C, H, W) as the tabs show them, a name each."""

    images: Tensor
    names: tuple[str, ...]


@dataclass(frozen=True)
class ErrorHistogram:
    """The errors of test images of one run, and where this image's lies, on a logarithmic axis.

    edges: (B + 1,) rising; shares: (B,) of the test images, summing to 1; error: this image's
    """

    edges: np.ndarray
    shares: np.ndarray
    error: float


@dataclass(frozen=True)
class OutOfDistribution:
    """The shares of images of other kinds that an error above 99 % of the test errors finds.

    shown: (S,) names of the kinds, as the row of the data set has them; found: (S,) in [0, 1], by variant
    """

    shown: tuple[str, ...]
    found: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class YourImageView:
    """Everything that the bottleneck slider scrubs through.

    values: (F,) the M that exist; clean: float32 (1, C, H, W)
    scores: one for each variant that can reconstruct; missing: a sentence for each that cannot
    model: the variant whose histograms are shown, None where none is; histograms: (F,) or one for all positions
    out_of_distribution: what an error finds, None where that was not measured
    references: the images that neighbours are among; none of photographs, of which no test image travels
    planes: of the deep code and of PCA's, those at M = 2 that are stored, with this image in them
    """

    values: tuple[int, ...]
    clean: np.ndarray
    scores: tuple[ModelScore, ...]
    missing: tuple[str, ...]
    model: str | None
    histograms: tuple[ErrorHistogram, ...]
    out_of_distribution: OutOfDistribution | None
    references: References
    planes: Mapping[str, Plane]
    classes: tuple[str, ...]
    patchwise: bool


def your_image(dataset: str, image: str, seed: int = 0, model: str = START_MODEL) -> YourImageView:
    """One image beside the test images, by every variant, with the errors of one; the seed changes nothing here."""
    x, values = find(dataset, image), bottlenecks(dataset)
    scores, planes, missing = {}, {}, []
    try:
        among = references(dataset)
    except datasets.DataSetUnavailable as error:  # percentiles are stored and need no images
        among = References(x[:0], ())
        missing.append(str(error))
    for variant in compared_variants():
        try:
            scores[variant] = _score(dataset, variant, image, x, among, values)
            if variant in IN_PLANES:
                planes[variant] = plane(dataset, variant, x)
        except ValueError as error:
            missing.append(str(error))
    known = [name for name, score in scores.items() if not np.isnan(score.percentile).any()]
    model = model if model in known else START_MODEL if START_MODEL in known else next(iter(known), None)
    row = datasets.get(dataset)
    return YourImageView(
        values=values,
        clean=x.numpy(),
        scores=tuple(scores.values()),
        missing=tuple(missing),
        model=model,
        histograms=_histograms(dataset, scores[model]) if model else (),
        out_of_distribution=out_of_distribution(dataset),
        references=among,
        planes=planes,
        classes=row.classes,
        patchwise=row.patchwise,
    )


@lru_cache(maxsize=8)
def references(dataset: str) -> References:
    """The test images of the latent maps; none of photographs, of which none travels."""
    row = datasets.get(dataset)
    if row.patchwise:
        return References(torch.zeros(0, *row.shape), ())
    test = checkpoints.test_images(dataset)
    return References(test.images[test.sample], tuple(row.classes[label] for label in test.labels[test.sample]))


def out_of_distribution(dataset: str) -> OutOfDistribution | None:
    """What the errors of a data set's models find, as `aedemo evaluate` measured it."""
    found = {}
    for variant in filter(partial(checkpoints.has_runs, dataset), VARIANTS):
        headers = checkpoints.load(dataset, variant).headers
        if OOD_BOTTLENECK in headers and "ood_found" in (metrics := headers[OOD_BOTTLENECK].metrics):
            found[variant] = tuple(metrics["ood_found"])
    kinds = datasets.get(dataset).out_of_distribution
    return OutOfDistribution(kinds, found) if found and kinds else None


def _score(dataset: str, variant: str, image: str, x: Tensor, among: References, values: tuple) -> ModelScore:
    sweep = checkpoints.load(dataset, variant)
    row = VARIANTS[variant]
    settings = RUNS[row.axis](sweep, values)
    seen = model_image(dataset, image) if row.masks else x
    quantiles = checkpoints.load_test_errors(dataset, variant)
    reconstructions, errors, percentiles, nearest = [], [], [], []
    for setting in settings:
        model = sweep[setting]
        reconstructions.append(reconstruct_image(variant, model, seen))
        errors.append(float(image_errors(model, seen)))
        percentiles.append(percentile_of(errors[-1], quantiles.get(checkpoints.setting_name(setting))))
        if len(among.names):
            nearest.append(_nearest(_place_in(dataset, variant, setting, model, seen), x, among))
    track_of = filmstrip(torch.cat(reconstructions), seen)
    found = np.array(nearest) if nearest else np.zeros((len(settings), 0), int)
    return ModelScore(variant, settings, track_of, np.array(errors), np.array(percentiles), found)


def reconstruct_image(variant: str, model: nn.Module, x: Tensor) -> Tensor:
    """The reconstruction of an image (1, C, H, W); of a masked one, with the visible patches put back."""
    if not VARIANTS[variant].masks:
        return Patchwise(model)(x)
    result = model.reconstruct(x, seed=MASK_SEED)
    return x + (result.output - x) * pixel_mask(result.mask, model.patch_size)


def rank_among_tests(model: nn.Module, x: Tensor, quantiles: Tensor | None) -> float:
    """Percent of the test images with a smaller error than x (1, C, H, W), as the model sees it: `percentile_of`."""
    return percentile_of(float(image_errors(model, x)), quantiles)


def percentile_of(error: float, quantiles: Tensor | None) -> float:
    """Percent of the test images with a smaller error, from the 101 quantiles (0 %, 1 %, … 100 %) of their errors.

    NaN where those are not stored.
    """
    if quantiles is None:
        return np.nan
    return float(np.interp(error, quantiles.numpy(), np.linspace(0, 100, len(quantiles))))


def _histograms(dataset: str, score: ModelScore) -> tuple[ErrorHistogram, ...]:
    quantiles = checkpoints.load_test_errors(dataset, score.variant)
    names = [checkpoints.setting_name(setting) for setting in score.settings]
    return tuple(histogram(quantiles[name].numpy(), error) for name, error in zip(names, score.error, strict=True))


def histogram(quantiles: np.ndarray, error: float) -> ErrorHistogram:
    """Shares of the test images in bins of equal width in the logarithm, from the quantiles (101,) of their errors."""
    least = max(quantiles[quantiles > 0].min(initial=np.inf), 1e-9) if (quantiles > 0).any() else 1e-9
    low, high = (max(value, 1e-9) for value in (min(least, error or least), max(quantiles[-1], error)))
    edges = np.geomspace(low / 1.02, max(high, low) * 1.02, BINS + 1)
    below = np.interp(edges, quantiles, np.linspace(0, 1, len(quantiles)))  # the fraction of smaller errors
    below[0], below[-1] = 0, 1
    return ErrorHistogram(edges, np.diff(below), float(error))


def _place_in(dataset: str, variant: str, setting, model: nn.Module, seen: Tensor) -> Tensor:
    """The distance of an image's code from each reference's: (R,).

    A vision transformer would need seconds for the codes of all: its stored map has them, by principal components.
    """
    z, maps = model.encode(seen), checkpoints.latent_maps(dataset, variant)
    found = maps.get(checkpoints.setting_name(setting))
    if not VARIANTS[variant].masks or found is None:
        return (reference_codes(dataset, variant, setting) - z).norm(dim=1)
    return (found.components - (z - found.mean) @ found.axes.T).norm(dim=1)


def _nearest(distances: Tensor, x: Tensor, among: References) -> list[int]:
    """The nearest codes' indices, this very image left out."""
    order = distances.topk(min(NEAREST + 1, len(distances)), largest=False).indices.tolist()
    return [k for k in order if not torch.equal(among.images[k], x[0])][:NEAREST]


@lru_cache(maxsize=256)
def reference_codes(dataset: str, variant: str, setting) -> Tensor:
    """The references' codes at one run, (R, M)."""
    model = checkpoints.load(dataset, variant)[setting]
    return torch.cat([model.encode(part) for part in references(dataset).images.split(BATCH)])


# The runs of a variant that are asked, by its axis: at every bottleneck, or the one run that other tabs start from.
RUNS = {
    ("latent_dim",): lambda sweep, values: tuple(sweep.nearest(m) for m in values),
    ("sparsity_weight",): lambda sweep, values: (sweep.nearest(START_WEIGHT),),
    ("noise", "level"): lambda sweep, values: ((NOISE, _middle(trained_levels(sweep, NOISE))),),
    ("mask_ratio",): lambda sweep, values: (sweep.nearest(START_RATIO),),
}


def _middle(levels: tuple) -> float:
    return levels[len(levels) // 2]
