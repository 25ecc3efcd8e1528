"""Where the columns of Compare lead: to the tab of each variant, with what is chosen on Compare."""

from __future__ import annotations

from urllib.parse import urlencode

from aedemo import checkpoints
from aedemo.explore.compare import NOISE, ModelColumn
from aedemo.explore.denoising import trained_levels
from aedemo.explore.masked import START_RATIO

# The tab about a variant; Latent shows the code of any other.
TAB_OF = {
    "pca": "linear",
    "linear": "linear",
    "shallow": "linear",
    "deep": "deep",
    "sparse": "sparse",
    "denoising": "denoising",
    "masked": "masked",
}

PATCHWISE = ("linear", "sparse", "denoising")  # the tabs that offer overlapping patches


def leads_to(column: ModelColumn, data: str, patches: str | None) -> tuple[str, ...]:
    """The settings of the variant's tab as a link says them, one line for each position of the column's slider.

    patches: whether they overlap, as the choice says it; None where the models see whole images.
    """
    tab = TAB_OF.get(column.variant)
    if tab is None:
        runs = [{"variant": column.variant, "run": checkpoints.setting_name(setting)} for setting in column.settings]
        return tuple(urlencode({"tab": "latent"} | run) for run in runs)
    shared = {"tab": tab}
    if patches and tab in PATCHWISE:
        shared[f"{tab}_patches"] = patches
    return tuple(urlencode(shared | _settings(column, data, value)) for value in column.values)


def _settings(column: ModelColumn, data: str, value: float) -> dict[str, str]:
    """The controls of the tab that show the model of this column, at this value of its slider."""
    if column.variant == "denoising":
        levels = trained_levels(checkpoints.load(data, "denoising"), NOISE)
        nearest = min(levels, key=lambda level: abs(level - value))
        return {"kind": NOISE, "trained_at": f"{nearest:g}", "denoising-noise": f"{value:g}"}
    if column.variant == "masked":
        trained = checkpoints.load(data, "masked").nearest(START_RATIO)
        return {"mask": "random", "ratio": f"{trained:g}", "masked-mask-ratio": f"{100 * value:.0f}"}
    tab = TAB_OF[column.variant]
    slider = {"latent_dim": "bottleneck", "sparsity_weight": "sparsity"}[column.axis]
    return {f"{tab}-{slider}": f"{value:g}"}
