"""The page's own scripts and styles, read from the files beside the components, and the place of plotly.js."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

from aedemo.page.theme import variant_css

HERE = Path(__file__).parent / "components"

# page.js defines what the others register with, so it comes first; the order of the rest does not matter.
SCRIPTS = (
    "page.js", "connection.js", "scene.js", "sprite.js", "slider.js", "filmstrip.js", "plot.js", "figure.js",
    "plane.js", "choice.js", "pictures.js", "patches.js", "text.js", "downloads.js",
    "latest.js", "link.js", "draw.js", "camera.js", "own.js", "fetch.js", "rail.js",
)  # fmt: skip
STYLES = (
    "page.css", "layout.css", "slider.css", "filmstrip.css", "figure.css", "plane.css", "choice.css", "pictures.css",
    "patches.css", "rail.css", "own.css", "downloads.css",
)  # fmt: skip


def plotly_script() -> Path:
    """plotly.js as the Python package carries it, found without importing plotly."""
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("plotly is not installed: its plotly.min.js draws the figures")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def head() -> str:
    """Everything for the page's <head>, inline: some 30 kB, no request, the same under any root path.

    The styles go here and not into `css=`, because Gradio rewrites the selectors of that one.
    """
    styles = variant_css() + "\n".join((HERE / name).read_text("utf-8") for name in STYLES)
    scripts = "\n".join((HERE / name).read_text("utf-8") for name in SCRIPTS)
    settings = json.dumps({"plotly": f"/gradio_api/file={plotly_script().as_posix()}"})
    if "</script" in scripts or "</style" in styles:
        raise ValueError("a script or style of the page closes its own tag")
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{styles}</style><script>window.aedemoSettings = {settings};\n{scripts}</script>"
    )
