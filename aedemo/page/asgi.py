"""The page as an ASGI application: one for each of uvicorn's workers, of which any may answer any request."""

from __future__ import annotations

import os

import fastapi
import gradio as gr

from aedemo.page import build_page, launch_options, prepare


def application() -> fastapi.FastAPI:
    """The page that `launch` opens, below GRADIO_ROOT_PATH."""
    prepare()
    return gr.mount_gradio_app(
        fastapi.FastAPI(openapi_url=None),
        build_page(),
        path="/",
        root_path=os.environ.get("GRADIO_ROOT_PATH"),
        show_error=False,
        **launch_options(),
    )
