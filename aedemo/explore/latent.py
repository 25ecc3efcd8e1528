"""The Latent tab: the code of any variant beside PCA's, over the same test images."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from aedemo import checkpoints, datasets
from aedemo.checkpoints import LatentMap, Setting, setting_name
from aedemo.explore.filmstrips import Filmstrip, filmstrip
from aedemo.explore.gallery import find
from aedemo.explore.mapped import mapped_inputs
from aedemo.explore.masked import model_image
from aedemo.explore.plane import Plane, plane
from aedemo.explore.your_image import OFF_MANIFOLD, rank_among_tests, reconstruct_image
from aedemo.models import VARIANTS
from aedemo.models.patchwise import Patchwise

NEAREST = 6
BASELINE, MAX_BASELINE = "pca", 30  # PCA keeps as many numbers as the code, or 30 where that has more


@dataclass(frozen=True)
class MapPanel:
    """One of the two maps.

    plane: the points, and this image among them
    nearest: indices of the test inputs whose codes are nearest to the chosen one's, the nearest first; of a
        photograph, whose patches have a code each, to that of its patch with the most contrast; none where the map
        is of whole photographs, which cannot be shown
    reconstruction: the reconstruction of the chosen one
    code: (1, M), of the chosen one; of a photograph, that of its patch with the most contrast
    """

    variant: str
    setting: Setting
    plane: Plane
    nearest: tuple[int, ...]
    reconstruction: Filmstrip
    code: Tensor

    @property
    def map(self) -> LatentMap:
        return self.plane.map


@dataclass(frozen=True)
class LatentView:
    """Both maps, what may be chosen, and what was.

    variants: names of those that have maps; settings: the runs of this variant that have one
    units: those of its code that may be axes, none where the whole code is shown; axes: the two that are, None for
        principal components
    chosen: float32 (1, C, H, W), the test input that was clicked, else this image; picked: its index, or None
    same: whether both maps have the same test inputs, so that one can be clicked; not whole photographs beside patches
    inputs: by their indices, the test inputs that are among the nearest, float32 (C, h, w)
    real: whether those are the test inputs themselves, and not what PCA keeps of them
    known: whether the chosen one is known itself, so that its reconstruction has an error
    rank: percent of the test images with a smaller error than the chosen one; NaN where
        that is not known
    """

    variants: tuple[str, ...]
    settings: tuple[Setting, ...]
    units: tuple[int, ...]
    axes: tuple[int, int] | None
    code: MapPanel
    pca: MapPanel
    chosen: np.ndarray
    picked: int | None
    same: bool
    inputs: Mapping[int, np.ndarray]
    real: bool
    known: bool
    rank: float
    classes: tuple[str, ...]
    patchwise: bool

    @property
    def off_manifold(self) -> bool:
        """Whether its error is above that of 99 % of the test images."""
        return self.rank > OFF_MANIFOLD


def latent(
    dataset: str,
    image: str,
    seed: int = 0,
    variant: str = "deep",
    run: str = "",
    axes: tuple[int, int] | None = None,
    point: int | None = None,
) -> LatentView:
    """The map of one run beside PCA's; the seed changes nothing here.

    run: by its file's name, "002"; axes: two units of the code; point: a test input by its index in the map.
    What this sweep does not have, as when another data set was chosen, falls back: to the deep one, its first map, the
    first two principal components, this image. ValueError where no map is stored.
    """
    row, maps = datasets.get(dataset), mapped(dataset)
    if BASELINE not in maps or len(maps) < 2:
        raise ValueError(f"No map of a code is stored for {dataset} yet; make one: aedemo train all --data {dataset}")
    variants = tuple(name for name in maps if name != BASELINE)
    variant = variant if variant in variants else "deep" if "deep" in variants else variants[0]
    setting = next((s for s in maps[variant] if setting_name(s) == run), maps[variant][0])
    found = checkpoints.load_latent_map(dataset, variant, setting)
    units = () if found.latent_dim <= 3 else tuple(found.units.tolist())
    axes = axes if axes and set(axes) <= set(units) and axes[0] != axes[1] else None
    baseline = min(maps[BASELINE], key=lambda m: abs(m - min(found.latent_dim, MAX_BASELINE)))
    same = torch.equal(found.indices, checkpoints.load_latent_map(dataset, BASELINE, baseline).indices)
    picked = point if point is not None and same and 0 <= point < len(found.labels) else None

    x = find(dataset, image)
    seen = {name: model_image(dataset, image) if VARIANTS[name].masks else x for name in (variant, BASELINE)}
    chosen, known = (None, True) if picked is None else mapped_inputs(dataset, (picked,))
    code = _side(dataset, variant, setting, seen[variant], axes, picked, chosen)
    pca = _side(dataset, BASELINE, baseline, seen[BASELINE], None, picked, chosen)
    if not same:  # whole photographs, of which this project has no image, beside PCA's patches
        code = replace(code, nearest=())
    near = sorted({*code.nearest, *pca.nearest})
    inputs, real = mapped_inputs(dataset, near)
    target = seen[variant] if chosen is None else chosen
    quantiles = checkpoints.load_test_errors(dataset, variant).get(setting_name(setting))
    model = checkpoints.load(dataset, variant)[setting]
    return LatentView(
        variants=variants,
        settings=maps[variant],
        units=units,
        axes=axes,
        code=code,
        pca=pca,
        chosen=target.numpy(),
        picked=picked,
        same=same,
        inputs=dict(zip(near, inputs.numpy(), strict=True)),
        real=real,
        known=known,
        rank=rank_among_tests(model, target, quantiles) if known else np.nan,
        classes=row.classes,
        patchwise=row.patchwise,
    )


def codes_csv(dataset: str, variant: str, run: str = "") -> str:
    """The map of a run as CSV: a test input a line, its class, its code, and both principal components.

    The units of the code are named by their number from 1; a wide code has its most variable ones. ValueError where
    there is no map of such a run.
    """
    row = datasets.get(dataset)
    found = checkpoints.load_latent_map(dataset, variant, mapped_setting(dataset, variant, run))
    columns = {"test_input": found.indices.tolist(), "class": [row.classes[label] for label in found.labels]}
    for unit, values in zip(found.units.tolist(), found.codes.T, strict=True):
        columns[f"z{unit + 1}"] = [f"{value:.5g}" for value in values.tolist()]
    for k, values in enumerate(found.components.T[:2]):
        columns[f"pc{k + 1}"] = [f"{value:.5g}" for value in values.tolist()]
    table = io.StringIO()
    csv.writer(table, lineterminator="\n").writerows([columns, *zip(*columns.values(), strict=True)])
    return table.getvalue()


def mapped_setting(dataset: str, variant: str, run: str) -> Setting:
    """The setting that a run's name stands for, the first one for ""; ValueError where there is no map of it."""
    datasets.get(dataset)
    maps = mapped(dataset)
    if variant not in maps:
        raise ValueError(f"{dataset} has no map of {variant!r}; choose one of {', '.join(maps)}")
    names = {setting_name(setting): setting for setting in maps[variant]}
    if run and run not in names:
        raise ValueError(f"{dataset}/{variant} has no map at {run!r}; choose one of {', '.join(names)}")
    return names.get(run, maps[variant][0])


def mapped_units(dataset: str, variant: str, setting: Setting) -> tuple[int, ...]:
    """The units of a code that can be axes of its map; none of a code that is shown whole."""
    found = checkpoints.load_latent_map(dataset, variant, setting)
    return () if found.latent_dim <= 3 else tuple(found.units.tolist())


def mapped(dataset: str) -> dict[str, tuple[Setting, ...]]:
    """The runs of each variant whose code is mapped; a sweep with a file that cannot be read is left out."""
    found = {}
    for variant in VARIANTS:
        try:
            maps = checkpoints.latent_maps(dataset, variant)
            values = checkpoints.load(dataset, variant).values if maps else ()
        except checkpoints.CheckpointError:
            continue
        if settings := tuple(value for value in values if setting_name(value) in maps):
            found[variant] = settings
    return found


def _side(
    dataset: str,
    variant: str,
    setting: Setting,
    seen: Tensor,
    axes: tuple | None,
    picked: int | None,
    chosen: Tensor | None,
) -> MapPanel:
    """One map with the image `seen` in it, and what its model says of the chosen test input, if one was."""
    model, found = checkpoints.load(dataset, variant)[setting], checkpoints.load_latent_map(dataset, variant, setting)
    shown = plane(dataset, variant, seen, setting, axes)
    if chosen is None:
        z, target, reconstruction = shown.codes, seen, reconstruct_image(variant, model, seen)
    else:
        # The stored code is the test input's own; of a wide code only a part is stored.
        z = found.codes[picked][None] if found.whole else model.encode(chosen)
        target, reconstruction = (
            chosen,
            model.decode(z) if VARIANTS[variant].decodes else reconstruct_image(variant, model, chosen),
        )
    if len(z) > 1:
        z = z[Patchwise(model).patches(seen)[0].flatten(2).var(2).mean(1).argmax()][None]
    return MapPanel(variant, setting, shown, _nearest(found, z, picked), filmstrip(reconstruction, target), z)


def _nearest(found: LatentMap, z: Tensor, picked: int | None) -> tuple[int, ...]:
    """The test inputs with the codes nearest to z (1, M); of a wide code, by its first principal components."""
    codes, place = (found.codes, z) if found.whole else (found.components, (z - found.mean) @ found.axes.T)
    order = (codes - place).norm(dim=1).argsort().tolist()
    return tuple(index for index in order[: NEAREST + 1] if index != picked)[:NEAREST]
