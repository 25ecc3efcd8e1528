"""Taking a figure away: as PNG or SVG, and its numbers as CSV."""

from __future__ import annotations

from aedemo.page.components.markup import element


def downloads(of: str, file: str, csv: str | None = "") -> str:
    """Small buttons that save the figure or plane named `of`, under the name `file`.

    csv: the address of its numbers, to which the page adds the data set and the tab view's choices; "" for a figure,
        whose numbers are in the page; None for no such button.
    """
    buttons = [element("button", kind.upper(), type="button", data_save=kind) for kind in ("png", "svg")]
    if csv is not None:
        buttons.append(element("button", "CSV", type="button", data_save="csv", data_address=csv))
    return element(
        "p",
        element("span", "Save as "),
        *buttons,
        class_="ae-quiet ae-downloads",
        data_widget="downloads",
        data_name=f"save-{of}",
        data_of=of,
        data_file=file,
    )
