"""Our metrics beside those that papers printed, or that this project set itself: what was reached and what was not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aedemo.checkpoints.paths import has_runs
from aedemo.checkpoints.runs import Sweep, load

HINTON = "Hinton and Salakhutdinov 2006"
BALDI = "theory of Baldi and Hornik 1989"
MAKHZANI = "Makhzani and Frey 2014"
THIS_PROJECT, FURTHER = "this project's goal", "this project's further goal"
THREE_QUARTERS = 0.75


@dataclass(frozen=True)
class Published:
    """A metric that somebody printed, or that this project set itself.

    dataset, variant: whose; what: of what; ours: reads ours from the sweep, lower is better
    value: theirs, None where nobody printed one; source: where it stands; percent: True for shares
    goal: what this project set out to reach; None for a baseline, which others are measured against
    naming: True where classes are named from the code
    """

    dataset: str
    variant: str
    what: str
    ours: Callable[[Sweep], float]
    value: float | None
    source: str
    goal: float | None
    percent: bool = False
    naming: bool = False

    def words(self, value: float) -> str:
        """A value of this kind: "13.87", "0.0235", "1.35 %"."""
        if self.percent:
            return f"{100 * value:.2f} %"
        return f"{value:.3g}" if 0 < value < 1 else f"{value:.2f}"


@dataclass(frozen=True)
class Comparison:
    """Ours beside theirs; reached: whether ours is no worse than the goal, None for a baseline."""

    published: Published
    ours: float

    @property
    def reached(self) -> bool | None:
        goal = self.published.goal
        return None if goal is None else self.ours <= goal

    def __str__(self) -> str:
        row = self.published
        theirs = "" if row.value is None else f" ({row.source}: {row.words(row.value)})"
        return f"{row.what}: {row.words(self.ours)}{theirs}"


def beside_published(dataset: str, *variants: str) -> tuple[Comparison, ...]:
    """What papers printed of these variants on a data set, as far as we have the run."""
    known = [variant for variant in variants if has_runs(dataset, variant)]
    rows = [row for row in PUBLISHED if row.dataset == dataset and row.variant in known]
    return tuple(Comparison(row, ours) for row in rows if (ours := _ours(row)) is not None)


def _ours(row: Published) -> float | None:
    try:
        return row.ours(load(row.dataset, row.variant))
    except (KeyError, ValueError):  # no such run, or one without that metric
        return None


def _error_at(latent_dim: int) -> Callable[[Sweep], float]:
    return lambda sweep: sweep.header(latent_dim).metrics["test_error"]


def _best_probe(sweep: Sweep) -> float:
    return min(sweep.header(value).metrics["probe_error"] for value in sweep.values)


def _pixel_probe(sweep: Sweep) -> float:
    return sweep.header(sweep.values[-1]).metrics["pixel_probe_error"]


def _largest_angle(sweep: Sweep) -> float:
    return max(max(angles) for angles in sweep.metrics("principal_angles"))


def _beyond_pca(sweep: Sweep) -> float:
    """By what fraction the linear network's test error differs most from PCA's."""
    pca = load(sweep.dataset, "pca")
    return max(
        abs(sweep.header(m).metrics["test_error"] / pca.header(m).metrics["test_error"] - 1) for m in sweep.values
    )


def _of_imputation(sweep: Sweep) -> float:
    """Error on removed pixels at 75 %, relative to that of PCA imputation."""
    imputation = load(sweep.dataset, "ppca")
    place = round(THREE_QUARTERS / 0.05)
    ours, pca = (
        s.header(v).metrics["masked_error_at"][place]
        for s, v in ((sweep, THREE_QUARTERS), (imputation, imputation.values[-1]))
    )
    return ours / pca


_NAMED, _NAMING = "classes misclassified from", {"percent": True, "naming": True}
PUBLISHED = (
    Published("mnist", "pca", "test error with 30 components", _error_at(30), 13.87, HINTON, 13.875),
    Published("mnist", "deeper", "test error of the deeper network at M = 30", _error_at(30), 3.00, HINTON, 3.0),
    Published("mnist", "deep", "test error of four layers at M = 30", _error_at(30), None, THIS_PROJECT, 5.5),
    Published("mnist", "linear", "largest angle to PCA's subspace, degrees", _largest_angle, 0.0, BALDI, 1.0),
    Published("mnist", "linear", "test error away from PCA's", _beyond_pca, 0.0, BALDI, 0.001, percent=True),
    Published("mnist", "sparse_wide", f"{_NAMED} its code", _best_probe, 0.0135, MAKHZANI, 0.019, **_NAMING),
    Published("mnist", "denoising_wide", f"{_NAMED} its code", _best_probe, 0.0195, MAKHZANI, 0.018, **_NAMING),
    Published("mnist", "pca", f"{_NAMED} raw pixels", _pixel_probe, 0.072, MAKHZANI, None, **_NAMING),
    *(
        Published(name, "masked", "error at 75 % relative to PCA imputation", _of_imputation, None, source, goal, True)
        for name, first, further in (("mnist", 0.6, 0.55), ("fashion", 0.6, 0.55), ("photos", 0.45, 0.4))
        for source, goal in ((THIS_PROJECT, first), (FURTHER, further))
    ),
)


@dataclass(frozen=True)
class MaskSampling:
    """What a kind of mask was worth in pre-training: ImageNet accuracies of a ViT-L, in [0, 1].

    kind: a row of MASK_KINDS; ratio: the mask ratio; finetuned, probe: after fine-tuning, and of a linear probe
    """

    kind: str
    ratio: float
    finetuned: float
    probe: float


MASK_SAMPLING_SOURCE = "He et al. 2022, table 1"
MASK_SAMPLING = (
    MaskSampling("random", 0.75, 0.849, 0.735),
    MaskSampling("block", 0.5, 0.839, 0.723),
    MaskSampling("block", 0.75, 0.828, 0.639),
    MaskSampling("grid", 0.75, 0.840, 0.660),
)
