"""The tools over the tabs: guided tour, code, link, projector, light and dark."""

from __future__ import annotations

from aedemo.page.components.choice import segments
from aedemo.page.components.markup import element, void, words
from aedemo.page.sidebar import LOGO
from aedemo.page.state import CONTROLS

HELD = dict(zip(CONTROLS, ("Tabs", "Data set", "Image", "Seed", "Sliders", "Choices"), strict=True))
FREE = (("", "free"), ("lock", "locked"), ("hide", "hidden"))


def toolbar() -> str:
    """Buttons, and the two panels that they open."""
    return element(
        "div",
        element("p", LOGO, class_="ae-logo"),
        _tool("Guide", "A guided tour through section 19.1, in eight steps", data_tool="tour", aria_pressed="false"),
        _tool("Code", "The Python program that shows this", popovertarget="ae-code"),
        _tool("Share", "A link to what is shown", popovertarget="ae-share"),
        _tool("Projector", "Large type for the last row", data_tool="projector", aria_pressed="false"),
        _tool("Next", "The next image", data_tool="next"),
        _tool("◐", "Light or dark", data_theme_toggle=True, aria_label="Light or dark"),
        class_="ae-tools-row",
    ) + (_share() + _code())


def _tool(title: str, tip: str, **attributes: str | bool) -> str:
    return element("button", words(title), type="button", title=tip, **attributes)


def _panel(name: str, title: str, *children: str) -> str:
    return element(
        "div", element("h2", words(title)), *children, id=name, popover="auto", role="dialog", aria_label=title,
        class_="ae-panel",
    )  # fmt: skip


def _share() -> str:
    rows = (
        element(
            "fieldset",
            element("legend", words(title)),
            element("div", segments(f"hold-{kind}", FREE, ""), class_="ae-segments"),
            class_="ae-choice",
            data_hold=kind,
        )
        for kind, title in HELD.items()
    )
    large = element("label", void("input", type="checkbox", data_share="projector"), " opens large, for a projector")
    return _panel(
        "ae-share",
        "A link to what is shown",
        element(
            "p",
            void("input", type="text", readonly=True, aria_label="The link", class_="ae-link"),
            element("button", "Copy link", type="button", data_share="copy"),
            class_="ae-copy",
        ),
        element("p", class_="ae-quiet", data_share="note", role="status"),
        element("p", "It opens with:", class_="ae-quiet"),
        *rows,
        element("p", large),
    )


def _code() -> str:
    return _panel(
        "ae-code",
        "The program behind what is shown",
        element("pre", element("code"), tabindex=0),
        element(
            "p",
            element("button", "Copy", type="button", data_code="copy"),
            element("a", "Save as a file", href="", download="aedemo_view.py", data_code="save"),
            class_="ae-copy",
        ),
        element("p", class_="ae-quiet", data_code="note", role="status"),
    )
