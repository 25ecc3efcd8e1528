"""The tab for one's own picture: does it look like what the models were trained on?

Each model ranks it by its error among test pictures, and names those with the nearest codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor, nn

from aedemo import checkpoints, datasets
from aedemo.explore.denoising import trained_levels
from aedemo.explore.gallery import find, gallery
from aedemo.explore.masked import START_RATIO, model_picture
from aedemo.explore.plane import Plane, plane
from aedemo.explore.tracks import Track, bottlenecks, track
from aedemo.models.errors import MASK_SEED, picture_errors
from aedemo.models.patchwise import Patchwise, pixel_mask
from aedemo.pictures import resize

NEAREST = 4
IN_PLANES = ("deep", "pca")
OFF_MANIFOLD = 99.0  # percent of test pictures with a smaller error, above which a picture looks like none of them
UNUSUAL = 95.0  # percent above which it may still be one of them, as every twentieth is
START_WEIGHT, NOISE = 0.1, "gaussian"
BATCH = 100  # pictures at once: what a vision transformer keeps of 2,000 would fill a gigabyte


@dataclass(frozen=True)
class Standing:
    """Where one variant puts the picture, for each of its runs that are shown.

    variant: its name; settings: (F,) of the runs, or one run for all positions of the slider
    answer: what each draws; of the masked one, with the visible patches put back
    rank: (F,) percent of the test pictures that it draws with a smaller error; not-a-number where that is not known
    nearest: (F, K) indices into the view's references, the nearest code first
    """

    variant: str
    settings: tuple
    answer: Track
    rank: np.ndarray
    nearest: np.ndarray


@dataclass(frozen=True)
class References:
    """The pictures that neighbours are looked for among: float32 (R, C, H, W) as the tabs show them, a name each."""

    pictures: Tensor
    names: tuple[str, ...]


@dataclass(frozen=True)
class PlaceView:
    """Everything that the bottleneck slider scrubs through.

    values: (F,) the M that exist; clean: float32 (1, C, H, W)
    standings: one for each variant that can answer; missing: a sentence for each that cannot
    strangers, unusual: (F,) how many of the standings rank it above 99 % and 95 % of the test pictures
    judges: how many have a rank
    references: the pictures that neighbours are among
    planes: of the deep code and of PCA's, those at M = 2 that are stored, with this picture in them
    """

    values: tuple[int, ...]
    clean: np.ndarray
    standings: tuple[Standing, ...]
    missing: tuple[str, ...]
    strangers: np.ndarray
    unusual: np.ndarray
    judges: int
    references: References
    planes: Mapping[str, Plane]
    classes: tuple[str, ...]
    patchwise: bool


def place(dataset: str, picture: str, seed: int = 0) -> PlaceView:
    """One picture among the test pictures, by every variant; the seed changes nothing here."""
    x, values = find(dataset, picture), bottlenecks(dataset)
    standings, planes, missing = [], {}, []
    try:
        among = references(dataset)
    except datasets.DataSetUnavailable as error:  # ranks are stored and need no pictures
        among = References(x[:0], ())
        missing.append(str(error))
    for variant in ASKED:
        try:
            standings.append(_standing(dataset, variant, picture, x, among, values))
            if variant in IN_PLANES:
                planes[variant] = plane(dataset, variant, x)
        except ValueError as error:
            missing.append(str(error))
    ranks = np.array([np.broadcast_to(s.rank, len(values)) for s in standings]).reshape(-1, len(values))
    row = datasets.get(dataset)
    return PlaceView(
        values=values,
        clean=x.numpy(),
        standings=tuple(standings),
        missing=tuple(missing),
        strangers=(ranks > OFF_MANIFOLD).sum(0),
        unusual=(ranks > UNUSUAL).sum(0),
        judges=int((~np.isnan(ranks[:, 0])).sum()),
        references=among,
        planes=planes,
        classes=row.classes,
        patchwise=row.patchwise,
    )


@lru_cache(maxsize=8)
def references(dataset: str) -> References:
    """A sample of the test pictures; of photographs the gallery's, since no test photographs come with the project."""
    row = datasets.get(dataset)
    if row.patchwise:
        items = gallery(dataset)
        return References(torch.stack([item.picture for item in items]), tuple(item.title for item in items))
    sample = datasets.test_sample(dataset)
    return References(sample.images, tuple(row.classes[label] for label in sample.labels))


def forget() -> None:
    """Read the references and their codes again: a data set has come."""
    references.cache_clear()
    _codes.cache_clear()


def code_of(model: nn.Module, x: Tensor) -> Tensor:
    """One code a picture, (N, C, H, W) -> (N, M): of a photograph (N, 2 M), see below.

    The means of z's positive and of its negative parts over the patches say how much of each filter, and of its
    opposite, is in a photograph, and not where (Csurka et al., Visual categorization with bags of keypoints, 2004).
    """
    if hasattr(model, "reconstruct"):
        return torch.cat([model.encode(part) for part in x.split(BATCH)])
    z = torch.cat([Patchwise(model).encode(part) for part in x.split(BATCH)])  # (N, patches, M)
    return z[:, 0] if z.shape[1] == 1 else torch.cat([z.clamp_min(0).mean(1), z.clamp_max(0).mean(1)], dim=1)


def _standing(dataset: str, variant: str, picture: str, x: Tensor, among: References, values: tuple) -> Standing:
    sweep = checkpoints.load(dataset, variant)
    settings = ASKED[variant](sweep, values)
    seen = model_picture(dataset, picture) if variant == "masked" else x
    quantiles = checkpoints.load_test_errors(dataset, variant)
    answers, rank, nearest = [], [], []
    for setting in settings:
        model = sweep[setting]
        answers.append(drawn(model, seen))
        rank.append(rank_among_tests(model, seen, quantiles.get(checkpoints.setting_name(setting))))
        nearest.append(_nearest(code_of(model, seen), _codes(dataset, variant, setting), x, among))
    return Standing(variant, settings, track(torch.cat(answers), seen), np.array(rank), np.array(nearest))


def drawn(model: nn.Module, x: Tensor) -> Tensor:
    """What a model answers to a picture (1, C, H, W); of a masked one, with the visible patches put back."""
    if not hasattr(model, "reconstruct"):
        return Patchwise(model)(x)
    result = model.reconstruct(x, seed=MASK_SEED)
    return x + (result.output - x) * pixel_mask(result.mask, model.patch_size)


def rank_among_tests(model: nn.Module, x: Tensor, quantiles: Tensor | None) -> float:
    """Percent of the test pictures that a model draws with a smaller error than x (1, C, H, W), as the model sees it.

    quantiles: (101,) of the errors of those; not-a-number where they are not stored.
    """
    return np.nan if quantiles is None else rank_of(float(picture_errors(model, x)), quantiles.numpy())


def rank_of(error: float, quantiles: np.ndarray) -> float:
    """Percent of the test pictures with a smaller error, from the 101 quantiles (0 %, 1 %, … 100 %) of their errors."""
    return float(np.interp(error, quantiles, np.linspace(0, 100, len(quantiles))))


def _nearest(z: Tensor, codes: Tensor, x: Tensor, among: References) -> list[int]:
    """The nearest codes' indices, this very picture left out."""
    distances = (codes - z).norm(dim=1) if len(codes) else torch.zeros(0)
    order = distances.argsort()[: NEAREST + 1].tolist()
    return [k for k in order if not torch.equal(among.pictures[k], x[0])][:NEAREST]


@lru_cache(maxsize=256)
def _codes(dataset: str, variant: str, setting) -> Tensor:
    """The references' codes at one run, (R, M), or (R, 2 M) of photographs."""
    try:
        pictures = references(dataset).pictures
    except datasets.DataSetUnavailable:
        return torch.zeros(0, 1)
    model = checkpoints.load(dataset, variant)[setting]
    if variant == "masked":
        pictures = torch.stack([resize(p, model.input_shape[1:]) for p in pictures])
    return code_of(model, pictures)


# The runs of each variant that are asked: all bottlenecks, or the one run that other tabs start from.
ASKED = {
    **dict.fromkeys(("pca", "linear", "shallow", "deep"), lambda sweep, values: values),
    "sparse": lambda sweep, values: (sweep.nearest(START_WEIGHT),),
    "denoising": lambda sweep, values: ((NOISE, _middle(trained_levels(sweep, NOISE))),),
    "masked": lambda sweep, values: (sweep.nearest(START_RATIO),),
}


def _middle(levels: tuple) -> float:
    return levels[len(levels) // 2]
