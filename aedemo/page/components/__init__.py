"""What a tab is made of: functions that write its skeleton, and functions that make its payload.

Each component is a module with its own .js and .css file: a helper for the skeleton (`slider`, `filmstrip`, …), the
frozen dataclass of its payload (`Axis`, `Strip`, …) and a builder from arrays (`axis`, `strip`, …).
"""

from aedemo.page.components.choice import Choice, Options, choice
from aedemo.page.components.downloads import downloads
from aedemo.page.components.figure import Curve, Figure, bars, curves, figure, heatmap
from aedemo.page.components.filmstrip import Strip, error_strip, filmstrip, mixed_strip, strip
from aedemo.page.components.histogram import Histogram, histogram
from aedemo.page.components.layout import card, heading, row, table, text
from aedemo.page.components.patches import Patches, masked_strip, patches
from aedemo.page.components.pictures import Tiles, pictures, tiles
from aedemo.page.components.plane import LatentMap, decoded, plane
from aedemo.page.components.scene import Payload, scene
from aedemo.page.components.slider import Axis, Slider, axis, slider

__all__ = [
    "Axis",
    "Choice",
    "Curve",
    "Figure",
    "Histogram",
    "LatentMap",
    "Options",
    "Patches",
    "Payload",
    "Slider",
    "Strip",
    "Tiles",
    "axis",
    "bars",
    "card",
    "choice",
    "curves",
    "decoded",
    "downloads",
    "error_strip",
    "figure",
    "filmstrip",
    "heading",
    "heatmap",
    "histogram",
    "masked_strip",
    "mixed_strip",
    "patches",
    "pictures",
    "plane",
    "row",
    "scene",
    "slider",
    "strip",
    "table",
    "text",
    "tiles",
]
