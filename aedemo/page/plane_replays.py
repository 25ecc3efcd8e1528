"""The replay on the Deep tab: how the plane of the stored run came about. It travels when somebody opens it."""

from __future__ import annotations

from aedemo.explore.minima import AT
from aedemo.explore.plane_replay import PlaneReplay, has_plane_replay, plane_replay
from aedemo.page import components
from aedemo.page.components import Payload
from aedemo.page.sprites import PIXEL_LIMIT, Sprite
from aedemo.page.tab import Part

NAME = "deep-replay"  # and what a link calls its step


def card() -> str:
    """Closed until it is opened; hidden where no replay is stored."""
    return components.plane_replay(
        NAME,
        "Replay: how training unfolded the deep plane",
        "The network of the deep plane above, from random weights to the run that is shown. Both axes always span the "
        "codes of the snapshot, so the numbers beside them grow while the code spreads.",
        "deep",
    )


def later(data: str) -> dict[str, str]:
    """What the tab's payload says of it: which part holds it, where there is one."""
    return {NAME: PART.name} if has_plane_replay(data) else {}


def payload(data: str, image: str, seed: int) -> Payload:
    """The replay of a data set, whatever the image."""
    found = plane_replay(data)
    stored = found.replay
    height, width = (stored.rows * side for side in found.shape[1:])
    pixelated = max(found.shape[1:]) <= PIXEL_LIMIT
    sheets = Sprite(stored.sheets, "image/webp", width, height, stored.columns, len(stored.steps), pixelated)
    shown = components.PlaneReplay(
        stored.steps, stored.test_errors, found.pca_error, stored.codes, stored.ranges, stored.labels, found.classes,
        sheets, stored.rows, _words(found),
    )  # fmt: skip
    return Payload(replays={NAME: shown})


def _words(found: PlaneReplay) -> str:
    """From the numbers: the errors at both ends, where PCA's was passed, and where steps are longest."""
    errors = found.replay.test_errors
    words = f"Test error {errors[0]:.1f} before the first step, {errors[-1]:.1f} after the last"
    pca = f"PCA with {AT} components: {found.pca_error:.1f}"
    ahead = "" if found.ahead is None else f", which every snapshot from step {found.ahead:,} on is below"
    return f"{words}; {pca}{ahead}. The learning rate is highest at step {found.peak:,}."


PART = Part("replay", payload, of_image=False)
