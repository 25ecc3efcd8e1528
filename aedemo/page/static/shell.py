"""The frame of a static edition: Gradio's own page as it serves it, with addresses that hold below any path."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import gradio as gr
from gradio.context import Context
from gradio.routes import BUILD_PATH_LIB as ASSETS
from gradio.routes import STATIC_PATH_LIB as STATIC
from gradio.routes import App
from starlette.testclient import TestClient

HOST = "http://static-edition.invalid"
HERE = 'new URL(".", location.href).href.slice(0, -1)'
FILE = r"[\w.-]+\.(?:js|css|woff2)"
# A kind of component, and how its scripts are fetched: row:{component:()=>v(()=>import(`./Index-….js`),…)}
COMPONENT = re.compile(r'"?([\w-]+)"?:\{((?:(?:component|example|base):\(\)=>[^{}]*?import\(`\./[\w.-]+`\)[^{}]*?)+)\}')


def write_shell(folder: Path, build: Callable[[], gr.Blocks], options: Mapping) -> list[Path]:
    """index.html, theme.css and the scripts and styles that they load; returns the files, relative to the folder."""
    Context.id = 0  # which numbers the parts of the page, whatever this process has made before
    page = build()
    page.app_id = 0  # a random number otherwise
    app = gr.mount_gradio_app(App(), page, path="/", theme=options["theme"], head=options["head"],
                              footer_links=[], run_history=False, ssr_mode=False)  # fmt: skip
    with TestClient(app, base_url=HOST) as client:
        index, theme = client.get("/").text, client.get("/theme.css").content
    files = {Path("index.html"): _relative(index).encode(), Path("theme.css"): theme}
    kinds = {component["type"] for component in page.config["components"]}
    for path in scripts_and_styles(re.findall(rf"assets/({FILE})", index), kinds):
        files[Path("assets") / path.name] = path.read_bytes()
    resizer = Path("static/js/iframeResizer.contentWindow.min.js")
    files[resizer] = (Path(STATIC).parent / resizer).read_bytes()
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return list(files)


def _relative(index: str) -> str:
    """Gradio writes its own address into the page as a text; here the browser finds it. Nothing names another host."""
    index = index.replace(json.dumps(HOST), HERE)
    index = re.sub(r'<meta\s+(?:property|name)="(?:og|twitter):[^>]*>', "", index)
    index = re.sub(r'<link rel="manifest"[^>]*>', '<link rel="icon" href="data:,">', index)
    if HOST in index:
        raise ValueError("Gradio writes its address into the page in another way than before")
    return index


def scripts_and_styles(first: Iterable[str], kinds: set[str]) -> list[Path]:
    """All that Gradio's page may load, beginning with `first`, but for components of other kinds than these."""
    waiting, found = list(first), {}
    while waiting:
        path = Path(ASSETS) / waiting.pop()
        if path in found or not path.is_file():
            continue
        found[path] = None
        text = path.read_text("utf-8", "replace")
        if path.suffix == ".css":
            waiting += [name for name in re.findall(rf"url\(\W*({FILE})", text) if name.endswith(".woff2")]
            continue
        listed = re.search(r"__vite__mapDeps=.*?=\[([^\]]*)\]", text)
        names = re.findall(rf"\./({FILE})", listed[1]) if listed else []
        text = COMPONENT.sub(lambda match: match[0] if match[1] in kinds else "", text[listed.end() if listed else 0 :])
        for numbers in re.findall(r"__vite__mapDeps\(\[([\d,]*)\]\)", text):
            waiting += [names[int(number)] for number in numbers.split(",") if number]
        waiting += re.findall(rf"[\"'`]\./({FILE})[\"'`]", text)
    return sorted(found)
