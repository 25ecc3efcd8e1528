"""What only a running page can compute: the one list, from which the walk, the page and its sentences are made."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class OnDemand:
    """Something that no static edition holds, and what the page says in its place.

    tab: where a person would ask for it; "" for the sidebar
    choice: the tab's choice that would ask for it, or "seed"; "" for an image of a user's
    values: those of its values that are meant; empty for every one but those that the page begins with
    """

    tab: str
    choice: str
    sentence: str
    values: tuple[str, ...] = ()


ON_DEMAND = (
    OnDemand("", "", "Your own images, drawings and the camera need a server behind the page."),
    OnDemand("", "seed", "Other seeds need a server behind the page."),
    OnDemand("masked", "mask", "Masks by hand need a server behind the page.", values=("hand",)),
    OnDemand("masked", "hand", "Masks by hand need a server behind the page."),
    OnDemand("latent", "point", "The reconstruction of a clicked point needs a server behind the page."),
    OnDemand("latent", "across", "Other pairs of units need a server behind the page."),
    OnDemand("latent", "up", "Other pairs of units need a server behind the page."),
    OnDemand("sparse", "unit", "Other units need a server behind the page."),
    OnDemand(
        "training",
        "",
        "Here are linear, two-layer and deep networks from seeds 0 and 1, on points and digits. Other settings, and "
        "images of your own, need a server behind the page.",
    ),
)


def exported(tab: str, choice: str, value: str) -> bool:
    """Whether a choice may be set to a value where there is no server behind the page."""
    return not any(
        (row.tab, row.choice) == (tab, choice) and (not row.values or value in row.values) for row in ON_DEMAND
    )


def sentences() -> list[dict]:
    """The list for static.js."""
    return [asdict(row) for row in ON_DEMAND]
