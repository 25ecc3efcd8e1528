"""One row of the page: what a tab looks like, what fills it, what it lets a person choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aedemo.page.components import Choice, Payload, Slider


@dataclass(frozen=True)
class Part:
    """A portion of a tab with an address of its own, so that the rest does not travel with it.

    payload: (data, image, seed, **choices) -> Payload
    choices: the names of those that it takes
    covers: those of them that change nothing else on the tab: where only they were changed, the page asks for the part
    of_image: whether it depends on the image or the seed; else its address names neither
    """

    name: str
    payload: Callable[..., Payload]
    choices: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    of_image: bool = True


@dataclass(frozen=True)
class Tab:
    """A tab of the page.

    name: of its lesson (lessons/<name>.md), its HTTP endpoint and its tab view (#view-<name>).
    skeleton: its HTML, made once when the page is built, from the helpers of `components`.
    payload: (data, image, seed, **choices) -> Payload; a ValueError becomes its message to a person. None where the
        tab shows nothing of an image: then one of its parts asks for what it shows, at an address of its own.
    sliders: those of its skeleton, which the page moves by itself.
    choices: the segmented controls of its skeleton, passed to `payload` by their names.
    seeded: whether the seed changes what it shows; else another seed asks for nothing.
    network: the name of its network diagram, by which links keep a unit that was dragged; "" without one.
    plane_view, plane_classes: what links keep of its latent planes: the names of the choice between points and tiles,
        and of the legend; "" without one.
    replay: the name of the replay of its plane, of which links keep the step; "" without one.
    on_page: whether it is a tab of the page; else a view that the page's scripts ask for beside the tabs.
    parts: portions of its payload that can be asked for alone, because few choices change them or because they are
        slow, and arrive after the rest.
    """

    name: str
    title: str
    skeleton: Callable[[], str]
    payload: Callable[..., Payload] | None
    sliders: tuple[Slider, ...] = ()
    choices: tuple[Choice, ...] = ()
    seeded: bool = True
    network: str = ""
    plane_view: str = ""
    plane_classes: str = ""
    replay: str = ""
    on_page: bool = True
    parts: tuple[Part, ...] = ()
