"""What a tab is made of: functions that write its skeleton, and functions that make its payload.

Each component is a module with its own .js and .css file: a helper for the skeleton (`slider`, `filmstrip`, …), the
frozen dataclass of its payload (`Axis`, `Frames`, …) and a builder from arrays (`axis`, `filmstrip`, …).
"""

from aedemo.page.components.choice import Choice, Offer, Options, choice
from aedemo.page.components.downloads import downloads
from aedemo.page.components.figure import Curve, Figure, bars, curves, figure, heatmap
from aedemo.page.components.filmstrip import Frames, Traversal, error_frames, filmstrip, frames_of, mixed_frames
from aedemo.page.components.histogram import Histogram, histogram
from aedemo.page.components.images import Tiles, images, tiles
from aedemo.page.components.layout import card, heading, row, table, text
from aedemo.page.components.lead import lead
from aedemo.page.components.models import metrics, models
from aedemo.page.components.network import Diagram, DiagramFrame, network
from aedemo.page.components.patches import Patches, masked_frames, patches
from aedemo.page.components.plane import PLANE_VIEWS, LatentMap, decoded, plane, plane_legend, plane_view
from aedemo.page.components.plane_replay import PlaneReplay, plane_replay
from aedemo.page.components.slider import Axis, Slider, axis, slider
from aedemo.page.components.tab_view import Payload, tab_view

__all__ = [
    "PLANE_VIEWS",
    "Axis",
    "Choice",
    "Curve",
    "Diagram",
    "DiagramFrame",
    "Figure",
    "Frames",
    "Histogram",
    "LatentMap",
    "Offer",
    "Options",
    "Patches",
    "Payload",
    "PlaneReplay",
    "Slider",
    "Tiles",
    "Traversal",
    "axis",
    "bars",
    "card",
    "choice",
    "curves",
    "decoded",
    "downloads",
    "error_frames",
    "figure",
    "filmstrip",
    "frames_of",
    "heading",
    "heatmap",
    "histogram",
    "images",
    "lead",
    "masked_frames",
    "metrics",
    "mixed_frames",
    "models",
    "network",
    "patches",
    "plane",
    "plane_legend",
    "plane_replay",
    "plane_view",
    "row",
    "slider",
    "tab_view",
    "table",
    "text",
    "tiles",
]
