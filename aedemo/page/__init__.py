"""All of Gradio and Plotly: `build_page()` makes the page, `launch()` opens it."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING, Any

# Gradio reads this when it is imported; without it the page would tell others that it runs.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

if TYPE_CHECKING:
    import gradio as gr


def build_page() -> gr.Blocks:
    """The whole page. Nothing is computed until a browser asks."""
    from aedemo.page.shell import build
    from aedemo.page.source import sidebar_source
    from aedemo.page.tabs import ALL_TABS

    return build(ALL_TABS, sidebar_source())


def launch() -> None:
    """Open the page on Gradio's usual address, or where GRADIO_SERVER_NAME, _PORT and GRADIO_ROOT_PATH say."""
    prepare()
    build_page().launch(**launch_options())


def prepare() -> None:
    """What each process does once before it hands out the page."""
    from aedemo.explore import threads
    from aedemo.page import prefetch
    from aedemo.page.trainers import trainers
    from aedemo.page.views import views

    _return_freed_memory()
    threads.one_each()
    if os.environ.get("AEDEMO_PREFETCH", "1") != "0":
        prefetch.start(views())
        trainers().warm()


def _return_freed_memory() -> None:
    """On Linux: what is freed of large blocks goes back to the system at once, so that a reading leaves no gaps behind.

    glibc would keep blocks of up to 32 MB once it has seen one freed, and a heap for every few threads: man 3 mallopt.
    What computations use for a moment is smaller, and is kept: asking for it again takes a third of their time.
    """
    mmap_threshold, trim_threshold, arenas = -3, -1, -8
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt:
        mallopt(mmap_threshold, 8 * 2**20)
        mallopt(trim_threshold, 16 * 2**20)
        mallopt(arenas, 2)


def launch_options() -> dict[str, Any]:
    """Keyword arguments for `launch()`: in Gradio 6 theme, styles and scripts belong there."""
    from starlette.middleware import Middleware

    from aedemo.page import tour, traversal
    from aedemo.page.assets import head
    from aedemo.page.privacy import BlockFileAccess, RequestSizeLimit, UploadQuota
    from aedemo.page.routes import routes
    from aedemo.page.source import sidebar_source
    from aedemo.page.state import entries
    from aedemo.page.tabs import ALL_TABS
    from aedemo.page.theme import theme
    from aedemo.page.uploaded import WholeRequests

    steps = tour.read_tour()
    middleware = (BlockFileAccess, UploadQuota, RequestSizeLimit, WholeRequests)
    state = entries(ALL_TABS, [name for name, _ in sidebar_source().data_sets], len(steps))
    return {
        "theme": theme(),
        "head": head(state, steps, (*ALL_TABS, traversal.VIEW)),
        "footer_links": [],
        "run_history": False,  # its record in the browser halves the rate of updates
        "ssr_mode": False,
        "max_file_size": "20mb",
        "app_kwargs": {
            "middleware": [Middleware(kind) for kind in middleware],
            "routes": routes(),
        },
    }
