"""Several processes behind one port, each with a page of its own: uvicorn's workers."""

from __future__ import annotations

import os

import uvicorn

FACTORY = "aedemo.page.asgi:application"  # named and not imported: the process that starts the others needs no page


def serve(workers: int) -> None:
    """Hand out the page from so many processes until they are stopped; address and port as `launch` has them."""
    if workers < 1:
        raise ValueError(f"workers are {workers}; take at least one")
    host = os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1")
    port = int(os.environ.get("GRADIO_SERVER_PORT", "7860"))
    print(f"* Running on local URL:  http://{host}:{port} ({workers} processes)", flush=True)
    uvicorn.run(FACTORY, factory=True, host=host, port=port, workers=workers, log_level="warning", access_log=False)
