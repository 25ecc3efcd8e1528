"""A link from what one tab shows to the tab that is about it, with the same settings."""

from __future__ import annotations

from aedemo.page.components.markup import element


def lead(name: str, label: str, *children: str, slider: str | None = None, again: bool = False) -> str:
    """`<a>` around its children; label: what a screen reader says of it.

    again: another link leads there too, so that keys and screen readers pass over this one
    The payload says where it leads (`texts`): the settings as a link says them, one line for each frame of `slider`.
    """
    return element(
        "a",
        *children,
        class_="ae-lead",
        aria_label=label,
        title=label,
        tabindex=-1 if again else None,
        aria_hidden="true" if again else None,
        data_widget="lead",
        data_name=name,
        data_slider=slider,
    )
