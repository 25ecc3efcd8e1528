"""Names and colours that mean something, and Gradio's theme made from them."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from aedemo.models import VARIANTS


@dataclass(frozen=True)
class Colour:
    """The colour of a variant on every tab; `dark` is for dark mode, where `light` may be too faint."""

    light: str
    dark: str


# Okabe and Ito's palette, which colour-blind eyes tell apart; "image" is what no model made.
COLOURS: dict[str, Colour] = {
    "image": Colour("#8b93a3", "#8b93a3"),
    "pca": Colour("#4b5563", "#9aa5b6"),
    "linear": Colour("#0072B2", "#3d9bd6"),
    "shallow": Colour("#56B4E9", "#56B4E9"),
    "deep": Colour("#009E73", "#10b98a"),
    "deeper": Colour("#0b6b50", "#6fd3b5"),
    "sparse": Colour("#E69F00", "#E69F00"),
    "denoising": Colour("#D55E00", "#e8702a"),
    "masked": Colour("#CC79A7", "#CC79A7"),
}
OTHERS = (Colour("#8c6d1f", "#d3b55b"), Colour("#7a4fbf", "#a98ae0"), Colour("#a33d5e", "#e0819f"))  # variants without

# Tol's muted palette: the ten classes of a data set, the same on every tab.
CLASSES = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499", "#777777",
)  # fmt: skip

FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Consolas", "DejaVu Sans Mono", "monospace")


def colour(name: str) -> Colour:
    """The colour of a variant: its row, that of the variant it is a wide run of, or one of OTHERS."""
    if name in COLOURS:
        return COLOURS[name]
    if VARIANTS[name].wide_of:
        return colour(VARIANTS[name].wide_of)
    without = [other for other, row in VARIANTS.items() if other not in COLOURS and not row.wide_of]
    return OTHERS[without.index(name) % len(OTHERS)]


def variant_css() -> str:
    """`--v-<variant>` for each variant, in both modes: figures and parts read their colours from here."""
    found = {name: colour(name) for name in (*COLOURS, *VARIANTS)}
    light = "".join(f"--v-{name}:{row.light};" for name, row in found.items())
    dark = "".join(f"--v-{name}:{row.dark};" for name, row in found.items())
    return f":root{{{light}}}\n.dark{{{dark}}}\n"


def theme() -> gr.themes.Base:
    """Paper and ink for the little of Gradio that stays visible (text, formulas, tabs)."""
    return gr.themes.Base(font=FONT, font_mono=MONO, text_size="lg").set(
        body_background_fill="#fbfaf6",
        body_background_fill_dark="#12151b",
        body_text_color="#1b2230",
        body_text_color_dark="#e9ecf3",
        body_text_color_subdued="#687083",
        body_text_color_subdued_dark="#98a1b3",
        background_fill_primary="#ffffff",
        background_fill_primary_dark="#1a1e27",
        border_color_primary="#e4e1d8",
        border_color_primary_dark="#2a303d",
        link_text_color="#2f4fd0",
        link_text_color_dark="#8ea4ff",
        block_background_fill="transparent",
        block_background_fill_dark="transparent",
        block_border_width="0px",
    )
