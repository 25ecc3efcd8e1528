"""The variants of the chapter, one row each. Training, checkpoints, tests and sliders are made from these rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn

from aedemo.corruption import percent
from aedemo.models.dense import Deep, Deeper, Denoising, Linear, Shallow, Sparse
from aedemo.models.masked import Masked
from aedemo.models.pca import PCA, ProbabilisticPCA


@dataclass(frozen=True)
class Variant:
    """One row of VARIANTS.

    axis:     the arguments of `model` that a sweep trains one run for each value of
    masks:    patches are removed: the model sees the rest of a whole image, even of a data set of patches
    decodes:  an image can be decoded from the code alone
    compared: whether Compare and Your image show it
    slider:   what a slider over its axis is called; of what corrupts, over the level of a test image
    words:    how the setting of a run is printed
    wide_of:  of a single run with more units, the variant whose sweep it stands apart from; not every data set has one
    """

    name: str
    title: str
    model: type[nn.Module]
    axis: tuple[str, ...]
    masks: bool = False
    decodes: bool = True
    compared: bool = True
    slider: str = "Bottleneck M"
    words: Callable[[int | float | tuple], str] = "M = {}".format
    wide_of: str = ""


def _noise(setting: tuple[str, float]) -> str:
    noise, level = setting
    return f"σ = {level:g}" if noise == "gaussian" else f"{percent(level)} zeroed"


def _removed(ratio: float) -> str:
    return f"{percent(ratio)} removed"


_SPARSE = {"model": Sparse, "axis": ("sparsity_weight",), "slider": "Sparsity λ", "words": "λ = {:g}".format}
_DENOISING = {"model": Denoising, "axis": ("noise", "level"), "slider": "Noise level", "words": _noise}
VARIANTS = {
    row.name: row
    for row in (
        Variant("pca", "PCA", PCA, axis=("latent_dim",)),
        Variant("linear", "Linear", Linear, axis=("latent_dim",)),
        Variant("shallow", "Two-layer", Shallow, axis=("latent_dim",)),
        Variant("deep", "Deep", Deep, axis=("latent_dim",)),
        Variant("deeper", "Deeper", Deeper, axis=("latent_dim",), compared=False),
        Variant("sparse", "Sparse", **_SPARSE),
        Variant("denoising", "Denoising", **_DENOISING),
        Variant("sparse_wide", "Sparse, 1,000 units", **_SPARSE, compared=False, wide_of="sparse"),
        Variant("denoising_wide", "Denoising, 1,000 units", **_DENOISING, compared=False, wide_of="denoising"),
        Variant(
            "masked",
            "Masked",
            Masked,
            axis=("mask_ratio",),
            masks=True,
            decodes=False,
            slider="Mask ratio",
            words=_removed,
        ),
        Variant("ppca", "PPCA imputation", ProbabilisticPCA, axis=("latent_dim",), masks=True, compared=False),
    )
}


def get_variant(name: str) -> Variant:
    """The row of VARIANTS with this name; ValueError lists the names that exist."""
    if name not in VARIANTS:
        raise ValueError(f"variant {name!r} is unknown; choose one of {', '.join(VARIANTS)}")
    return VARIANTS[name]
