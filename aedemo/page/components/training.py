"""The player of training runs: its buttons and scrubber, its drawings, and compact controls for settings."""

from __future__ import annotations

from aedemo.page.components.choice import Choice
from aedemo.page.components.markup import element, void, words

# What the buttons draw, in a square of 16.
ICONS = {
    "start": "M3 3h2v10H3zM13 3v10L6 8z",
    "back": "M11 3v10L4 8z",
    "play": "M4 2.5v11L13 8z",
    "step": "M5 3v10l7-5z",
}
TITLES = {"start": "To the start", "back": "One snapshot back", "play": "Play", "step": "One snapshot on"}
KEEP = element("button", "Keep this run", type="button", data_play="keep", aria_pressed="false")
SPEEDS = (("0.5", "½×"), ("1", "1×"), ("2", "2×"), ("4", "4×"))


def setting(control: Choice, as_range: bool = False) -> str:
    """A choice among many values in little room: a menu, or a slider where the values are numbers of one kind."""
    name = f"{control.name}-input"
    values = [value for value, _ in control.options]
    if as_range:
        at = values.index(control.default)
        box = void("input", type="range", id=name, min=0, max=len(values) - 1, value=at, autocomplete="off")
        titles = " ".join(title for _, title in control.options)
        box += element("output", words(dict(control.options)[control.default]), for_=name)
        return _setting(control, name, box, data_values=" ".join(values), data_titles=titles)
    options = (
        element("option", words(title), value=value, selected=value == control.default)
        for value, title in control.options
    )
    return _setting(control, name, element("select", *options, id=name, autocomplete="off"))


def _setting(control: Choice, name: str, box: str, **given: str) -> str:
    return element(
        "div",
        element("label", words(control.label), for_=name),
        box,
        class_="ae-choice ae-setting",
        data_widget="setting",
        data_name=control.name,
        **given,
    )


def player(name: str, dimensions: str, classes: str, upload: str, accept: str, file: str) -> str:
    """All that shows a training run: buttons, scrubber, sentence, drawings.

    dimensions: JSON, the D of each point set by its name; classes: JSON, a colour for each label; upload: the words of
    the button that brings user images; accept: the files that it takes; file: what saved figures are called
    """
    bring = void("input", type="file", multiple=True, accept=accept, hidden=True, aria_label=upload)
    brought = element(
        "div",
        element("button", words(upload), type="button", data_play="bring"),
        bring,
        element("p", class_="ae-quiet", data_says="brought", role="status"),
        class_="ae-buttons ae-brought",
        hidden=True,
    )
    return element(
        "div",
        brought,
        element("section", transport(KEEP), class_="ae-card ae-transport"),
        element("p", class_="ae-claim ae-verdict", data_says="verdict", aria_live="polite"),
        element("p", class_="ae-quiet", data_says="compared", aria_live="polite"),
        element(
            "div",
            _drawing("space", "Data space", file),
            element("div", 
                _drawing("error", "Squared error per example", file, csv=True),
                _drawing("code", "Code", file),
            ),
            class_="ae-views",
        ),
        class_="ae-player",
        data_widget="training",
        data_name=name,
        data_dimensions=dimensions,
        data_classes=classes,
    )  # fmt: skip


def transport(*more: str) -> str:
    """The buttons, scrubber, step and speed of a player, and what else stands beside them."""
    buttons = (
        element(
            "button",
            element("svg", element("path", d=ICONS[name]), viewBox="0 0 16 16", aria_hidden="true"),
            type="button",
            title=TITLES[name],
            aria_label=TITLES[name],
            data_play=name,
        )
        for name in ICONS
    )
    scrubber = void("input", type="range", min=0, max=1000, value=0, class_="ae-scrub", aria_label="Gradient step")
    speeds = (element("option", words(title), value=value, selected=value == "1") for value, title in SPEEDS)
    return (
        element("div", *buttons, class_="ae-keys", role="group", aria_label="Player")
        + element("div", scrubber, element("div", class_="ae-happened", aria_hidden="true"), class_="ae-track")
        + element("output", class_="ae-number", data_says="step")
        + element("select", *speeds, data_play="speed", aria_label="Speed")
        + "".join(more)
    )


def _drawing(name: str, title: str, file: str, csv: bool = False) -> str:
    """A card with a canvas, the words under it, and buttons that save it."""
    kinds = ("png", "svg", "csv") if csv else ("png", "svg")
    saves = (
        element("button", kind.upper(), type="button", data_save=kind, aria_label=f"{title} as {kind.upper()}")
        for kind in kinds
    )
    canvas = element("canvas", width=1, height=1, data_draws=name, role="img", aria_label=title)
    return element(
        "section",
        element("h2", words(title), data_title=name),
        element("div", canvas, class_=f"ae-drawn ae-drawn-{name}"),
        element("p", class_="ae-quiet", data_says=name),
        element("p", element("span", "Save as "), *saves, class_="ae-quiet ae-downloads", data_of=name, data_file=file),
        class_="ae-card",
    )
