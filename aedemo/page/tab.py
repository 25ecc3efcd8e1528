"""One row of the page: what a tab looks like, what fills it, what it lets a person choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from aedemo.page.components import Choice, Payload, Slider


@dataclass(frozen=True)
class Tab:
    """A tab of the page.

    name: of its lesson (lessons/<name>.md), its HTTP endpoint and its scene (#scene-<name>).
    skeleton: its HTML, made once when the page is built, from the helpers of `components`.
    payload: (data, picture, seed, **choices) -> Payload; a ValueError becomes its message to a person.
    sliders: those of its skeleton, which the page moves by itself.
    choices: the segmented controls of its skeleton, passed to `payload` by their names.
    seeded: whether the seed changes what it shows; else another seed asks for nothing.
    """

    name: str
    title: str
    skeleton: Callable[[], str]
    payload: Callable[..., Payload]
    sliders: tuple[Slider, ...] = ()
    choices: tuple[Choice, ...] = ()
    seeded: bool = True
