"""Starts the page: `uv run app.py` at home, and the same file on a Hugging Face Space.

Address, port and path come from Gradio's own variables: GRADIO_SERVER_NAME, GRADIO_SERVER_PORT and GRADIO_ROOT_PATH.
"""

from aedemo.page import launch, zerogpu

if __name__ == "__main__":
    zerogpu.register()
    launch()
