"""The choice: a small segmented control for what only the server can answer (kind of noise, level trained at)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from aedemo.page.components.markup import element, void, words

# What a control can be set to, by the settings that stand above it in the tab's program: {"DATA": "mnist"} -> values.
Offer = Callable[[Mapping[str, object]], Sequence]


@dataclass(frozen=True)
class Choice:
    """A control of a tab: declared once, used in the skeleton and as an argument of the tab's payload function.

    name: the argument's name; options: (value, title) each; the first is chosen at the start unless `start` says.
    made: True where its value is a user's work, as a mask made by hand, which is never kept for others.
    offer: its values in a program, where they depend on what is chosen, or are no text; else those of the options.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    start: str | None = None
    made: bool = False
    offer: Offer | None = None

    def offered(self, chosen: Mapping[str, object]) -> Sequence:
        """The values that a program may have here; none where the view makes no use of it."""
        return self.offer(chosen) if self.offer else tuple(value for value, _ in self.options)

    @property
    def default(self) -> str:
        return self.start if self.start is not None else self.options[0][0] if self.options else ""


@dataclass(frozen=True)
class Options:
    """Other options for a choice than the skeleton's, where they depend on the data set, and the one chosen.

    hidden: whether the choice changes nothing here; what was chosen stays for where it does.
    """

    options: tuple[tuple[str, str], ...]
    chosen: str
    hidden: bool = False


def choice(control: Choice) -> str:
    """A group of radio buttons that looks like one segmented control; arrow keys work as in any radio group."""
    return element(
        "fieldset",
        element("legend", words(control.label)),
        element("div", segments(control.name, control.options, control.default), class_="ae-segments"),
        class_="ae-choice",
        data_widget="choice",
        data_name=control.name,
    )


def segments(name: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    """The radio buttons of a segmented control."""
    return "".join(
        element(
            "label",
            void("input", type="radio", name=f"ae-{name}", value=value, checked=value == chosen),
            element("span", words(title)),
        )
        for value, title in options
    )
