"""What a replay shows, in sentences: each belongs to the first step at which the numbers say it.

A verdict reads the snapshots up to its own step and no later one, so what is said while a network trains is what is
said when its replay is whole.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from aedemo.corruption import percent
from aedemo.explore.snapshots import Snapshot
from aedemo.explore.training import Replay

AT_PCA = {"linear": 0.01, "shallow": 0.05}  # how near to PCA's error counts as there
BELOW = 0.95  # of PCA's error: outside of what counts as resting there
RESTS = 0.05  # how far the error may be from PCA's on the plateau
FLAT = 0.02  # fraction of the reconstructions' variance outside the best line or plane
ROTATED = 10.0  # degrees
INACTIVE = 0.25  # fraction of the units
OVERSHOOT = 2.0  # times the error before training
RISEN, FALLEN = 1.1, 0.9  # of the test and of the training error, since the test error was lowest
UNROLLED, NEAR = 0.8, 0.1  # R², and the error in PCA's
SHEETS = {"s-curve": "S-curve", "swiss-roll": "Swiss roll", "spiral": "spiral"}
TITLES = {
    "linear": "linear network",
    "shallow": "two-layer network",
    "deep": "deep network",
    "deeper": "deeper network",
    "sparse": "sparse network",
    "denoising": "denoiser",
}


@dataclass(frozen=True)
class Event:
    """A sentence that is true of a replay from this step on, or at it; `name` says which of VERDICTS it is."""

    name: str
    step: int
    sentence: str


def verdicts(replay: Replay) -> tuple[Event, ...]:
    """The events of a replay, whole or as far as it has come, in the order of their steps."""
    found = []
    for name, verdict in VERDICTS.items():
        said = verdict(replay)
        if said is not None:
            found.append(Event(name, *said))
    return tuple(sorted(found, key=lambda event: event.step))


Said = tuple[int, str] | None


def _meets(replay: Replay) -> Said:
    """Linear or two-layer, near PCA's error; neither can be below it on training examples."""
    variant = replay.setup.settings.variant
    near = AT_PCA.get(variant)
    first = near and _first(replay, lambda s: 0 < s.train_error <= (1 + near) * replay.pca_error(s))
    if not first:
        return None
    words = f"The {TITLES[variant]}'s training error, {_number(first.train_error)}, is within {percent(near)} of PCA's"
    if variant == "shallow":
        return first.step, f"{words}. It cannot fall below that line: its output is a linear function of its code."
    words += f", and its {_flat_name(replay)} lies {first.angle:.0f}° from PCA's."
    if first.axes_angle is not None and first.axes_angle >= ROTATED:
        words += f" Its columns are rotated against the principal axes, by up to {first.axes_angle:.0f}°."
    return first.step, words


def _above(replay: Replay) -> Said:
    """Linear or two-layer, at its last step still above PCA's error."""
    last, variant = replay.last, replay.setup.settings.variant
    if variant not in AT_PCA or last is None or _meets(replay) or not replay.pca_error(last):
        return None
    over = last.train_error / replay.pca_error(last) - 1
    steps = f"After {last.step:,} steps"
    return last.step, f"{steps} the {TITLES[variant]}'s training error is {percent(over)} above PCA's."


def _crosses(replay: Replay) -> Said:
    """Below the best that PCA can do."""
    first = _first_below(replay)
    if first is None:
        return None
    variant, best = replay.setup.settings.variant, _number(replay.pca_error(first))
    limits = {
        "sparse": f"PCA with as many components as units are active on average, {first.components}, is at {best}",
        "denoising": f"no projection of PCA comes closer than {best}",
    }
    limit = limits.get(variant, f"no {_flat_name(replay)} comes closer than {best}")
    return (
        first.step,
        f"The {TITLES[variant]} is below PCA's line: {limit}, its training error is {_number(first.train_error)}.",
    )


def _ends_above(replay: Replay) -> Said:
    """A network that may cross PCA's line, and did not."""
    last, variant = replay.last, replay.setup.settings.variant
    if last is None or variant in AT_PCA or _first_below(replay) or not replay.pca_error(last):
        return None
    if last.train_error < replay.pca_error(last):  # below, but no more than a plateau may be
        return None
    errors = f"{_number(last.train_error)}, PCA's {_number(replay.pca_error(last))}"
    return (
        last.step,
        f"In {last.step:,} steps the {TITLES[variant]} has not crossed PCA's line: its training error is {errors}.",
    )


def _plateau(replay: Replay) -> Said:
    """Deep networks rest at PCA's error, for as many steps as they needed to come there, and ten at least."""
    if replay.setup.settings.variant not in ("deep", "deeper"):
        return None
    since = None
    for snapshot in replay.snapshots:
        best = replay.pca_error(snapshot)
        if not best or abs(snapshot.train_error - best) > RESTS * best:  # blank images: nothing is there to learn
            since = None
        elif since is None:
            since = snapshot.step
        elif snapshot.step >= max(2 * since, since + 10):
            words = f"The training error has been within {percent(RESTS)} of PCA's since step {since}"
            if bent(snapshot, replay.setup.settings.latent_dim) < FLAT:
                words += f": all it has learned so far is a {_flat_name(replay)}, about as good as PCA's"
            return snapshot.step, f"{words}."
    return None


def _inactive(replay: Replay) -> Said:
    """Units that no training example activates."""
    settings = replay.setup.settings
    if settings.variant != "sparse":
        return None
    first = _first(replay, lambda s: (s.active == 0).mean() >= INACTIVE)
    if first is None:
        return None
    count = int((first.active == 0).sum())
    return first.step, (
        f"With λ = {settings.sparsity_weight:g}, {count} of {settings.hidden} units are inactive: no training example"
        " activates them."
    )


def _overshoots(replay: Replay) -> Said:
    """Far above the error before training, and above what the mean alone would have."""
    start = max(replay.snapshots[0].train_error, float(replay.setup.pca.train_errors[0])) if replay.snapshots else 0
    first = _first(replay, lambda s: s.train_error > OVERSHOOT * start)
    if first is None:
        return None
    now, before = _number(first.train_error), _number(replay.snapshots[0].train_error)
    return first.step, (
        f"The training error has risen from {before} to {now}: steps of a learning rate of"
        f" {replay.setup.settings.learning_rate:g} overshoot."
    )


def _diverges(replay: Replay) -> Said:
    if replay.diverged is None:
        return None
    step = replay.diverged
    return step, f"The error is not finite after step {step:,}: the training ends here, lower the learning rate."


def _overfits(replay: Replay) -> Said:
    """The test error rises while the training error falls."""
    best = None
    for snapshot in replay.snapshots:
        if best is None or snapshot.test_error < best.test_error:
            best = snapshot
        elif snapshot.test_error > RISEN * best.test_error and snapshot.train_error < FALLEN * best.train_error:
            risen = snapshot.test_error / best.test_error - 1
            return snapshot.step, (
                f"Since step {best.step:,} the test error has risen by {percent(risen)} while the training error has "
                "fallen: the network learns what only the training examples have."
            )
    return None


def _unrolls(replay: Replay) -> Said:
    """The decoder lies in a curve or sheet, and the code is a chart of it.

    One of the two is not enough: a plane that looks at the S-curve from its side is a chart, and a sheet that is torn
    can lie near a Swiss roll.
    """
    if not _has_chart(replay):
        return None
    first = _first(replay, lambda s: s.chart >= UNROLLED and s.train_error <= NEAR * replay.pca_error(s))
    return first and (first.step, f"The {_sheet(replay)} is unrolled: {_explained(replay, first)}.")


def _stays_rolled(replay: Replay) -> Said:
    last = replay.last
    if not _has_chart(replay) or last is None or _unrolls(replay):
        return None
    return last.step, f"After {last.step:,} steps the {_sheet(replay)} is not unrolled: {_explained(replay, last)}."


VERDICTS: dict[str, Callable[[Replay], Said]] = {
    "meets": _meets,
    "above": _above,
    "plateau": _plateau,
    "crosses": _crosses,
    "ends-above": _ends_above,
    "inactive": _inactive,
    "overshoots": _overshoots,
    "diverges": _diverges,
    "overfits": _overfits,
    "unrolls": _unrolls,
    "stays-rolled": _stays_rolled,
}


def bent(snapshot: Snapshot, latent_dim: int) -> float:
    """The fraction of the variance of the reconstructions that no M-dimensional affine subspace has: 0 of a flat sheet.

    1 where there are too few of them to tell.
    """
    if len(snapshot.reconstructions) < 4 * latent_dim:
        return 1.0
    y = snapshot.reconstructions.reshape(len(snapshot.reconstructions), -1).astype(float)
    variances = np.square(np.linalg.svd(y - y.mean(0), compute_uv=False))
    return float(variances[latent_dim:].sum() / max(variances.sum(), 1e-12))


def _first(replay: Replay, says: Callable[[Snapshot], bool]) -> Snapshot | None:
    return next((snapshot for snapshot in replay.snapshots if says(snapshot)), None)


def _first_below(replay: Replay) -> Snapshot | None:
    if replay.setup.settings.variant in AT_PCA:
        return None
    return _first(replay, lambda s: s.train_error < BELOW * replay.pca_error(s))


def _has_chart(replay: Replay) -> bool:
    """Whether the code has as many numbers as the curve or sheet has coordinates, of a network that can bend."""
    coordinates, settings = replay.setup.examples.coordinates, replay.setup.settings
    bends = settings.variant in ("deep", "deeper")
    return bends and coordinates is not None and settings.latent_dim == coordinates.shape[1]


def _explained(replay: Replay, snapshot: Snapshot) -> str:
    share = snapshot.train_error / replay.pca_error(snapshot)
    own, pcas = (max(chart, 0.0) for chart in (snapshot.chart, replay.setup.pca_chart))
    return (
        f"the training error is {percent(share)} of PCA's, and the nearest codes tell {percent(own)} of where a "
        f"point lies on it, PCA's tell {percent(pcas)}"
    )


def _sheet(replay: Replay) -> str:
    return SHEETS[replay.setup.settings.data]


def _flat_name(replay: Replay) -> str:
    """What PCA has M dimensions of."""
    m = replay.setup.settings.latent_dim
    return {1: "line", 2: "plane"}.get(m, f"{m}-dimensional subspace")


def _number(value: float) -> str:
    return f"{value:.3g}"
