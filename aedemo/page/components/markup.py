"""One function that writes an HTML element with everything escaped, so that no component can forget to."""

from __future__ import annotations

import re
from html import escape


def element(tag: str, *children: str, **attributes: str | int | bool | None) -> str:
    """`<tag attributes>children</tag>`: children are HTML already, attribute values are escaped here.

    `class_` becomes `class`, `data_slider` becomes `data-slider`; None and False leave an attribute out, True
    writes it without a value.
    """
    written = "".join(
        f" {name.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escape(str(value), quote=True)}"')
        for name, value in attributes.items()
        if value is not None and value is not False
    )
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


def void(tag: str, **attributes: str | int | bool | None) -> str:
    """An element that has no end tag, such as `<input>`."""
    return element(tag, **attributes).removesuffix(f"</{tag}>")


def words(text: str) -> str:
    """Plain text -> HTML."""
    return escape(unbroken(text), quote=False)


def unbroken(text: str) -> str:
    """The same with a number and its % on one line: between them stands a no-break space; page.js does it too."""
    return re.sub(r"(?<=\d) %", "\u00a0%", text)


def tint(variant: str | None) -> str | None:
    """The style that gives an element its variant's colour as `--tint`."""
    return f"--tint:var(--v-{variant})" if variant else None
