"""Names and colours that mean something, and Gradio's theme made from them."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr


@dataclass(frozen=True)
class Variant:
    """How a variant is named and coloured on every tab; `dark` is for dark mode, where `light` may be too faint."""

    title: str
    light: str
    dark: str


# Okabe and Ito's palette, which colour-blind eyes tell apart.
VARIANTS: dict[str, Variant] = {
    "image": Variant("Image", "#8b93a3", "#8b93a3"),
    "pca": Variant("PCA", "#4b5563", "#9aa5b6"),
    "linear": Variant("Linear", "#0072B2", "#3d9bd6"),
    "shallow": Variant("Two-layer", "#56B4E9", "#56B4E9"),
    "deep": Variant("Deep", "#009E73", "#10b98a"),
    "deeper": Variant("Deeper", "#0b6b50", "#6fd3b5"),
    "sparse": Variant("Sparse", "#E69F00", "#E69F00"),
    "denoising": Variant("Denoising", "#D55E00", "#e8702a"),
    "masked": Variant("Masked", "#CC79A7", "#CC79A7"),
}

# Tol's muted palette: the ten classes of a data set, the same on every tab.
CLASSES = (
    "#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499", "#777777",
)  # fmt: skip

FONT = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Consolas", "DejaVu Sans Mono", "monospace")


def variant_css() -> str:
    """`--v-<variant>` for each variant, in both modes: figures and parts read their colours from here."""
    light = "".join(f"--v-{name}:{row.light};" for name, row in VARIANTS.items())
    dark = "".join(f"--v-{name}:{row.dark};" for name, row in VARIANTS.items())
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
