"""A person in front of the page: what they do, what they see, and what their browser asks for meanwhile."""

from __future__ import annotations

import base64
import io
import re
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from PIL import Image

PROBE = (Path(__file__).parent / "probe.js").read_text("utf-8")
PATIENCE = 60_000  # milliseconds until something must have happened, on a machine that trains beside
WIDTH, HEIGHT = 1440, 900  # of a window, unless a test says otherwise


class PageDriver:
    """A fresh browser context with the page open on its first tab."""

    def __init__(self, browser, url: str, width: int = WIDTH, height: int = HEIGHT, wait: bool = True, **options):
        self.context = browser.new_context(viewport={"width": width, "height": height}, **options)
        self.context.add_init_script(PROBE)
        self.context.set_default_timeout(PATIENCE)
        self.page = page = self.context.new_page()
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("response", lambda r: r.status >= 400 and self.errors.append(f"{r.status} {r.url}"))
        self.open(url, wait)

    def open(self, url: str, wait: bool = True) -> None:
        """Load a page anew; what the one before asked for and complained of is forgotten."""
        self.page.goto("about:blank")  # or another #… would be the same page
        self.url, self.requests, self.errors = url, [], []
        self.page.goto(url)
        if wait:
            self.settle("compare")

    def leave(self) -> None:
        self.context.close()

    def _failed(self, request) -> None:
        called_off = request.failure == "net::ERR_ABORTED" and re.search(
            r"part=nonlocal-means|/(open|training)\?", request.url
        )
        # HEAD is the page's question whether the server is there; Chromium drops its empty answer.
        if request.method != "HEAD" and not called_off:
            self.errors.append(f"{request.method} {request.url} failed: {request.failure}")

    # --- what the browser did ------------------------------------------------------------------------------------
    def complaints(self) -> list[str]:
        """Errors since the last time this was asked, and requests to other hosts."""
        own = urlsplit(self.url).netloc
        outside = [url for url in self.requests if urlsplit(url).netloc not in ("", own)]
        found, self.errors = self.errors + outside, []
        return found

    @contextmanager
    def no_request(self):
        """Whatever is done inside asks the server for nothing; what arrives after the rest has arrived before."""
        self.page.wait_for_function("() => !document.querySelector('.ae-late:not([hidden])')")
        before = len(self.requests)
        yield
        self.page.wait_for_timeout(60)
        asked = [url[:120] for url in self.requests[before:]]
        assert not asked, asked

    # --- what the person does ------------------------------------------------------------------------------------
    def settle(self, tab: str) -> None:
        """Wait until the tab shows what is chosen."""
        self.page.wait_for_function("tab => window.aedemo && probe.settled(tab)", arg=tab)

    def tab(self, name: str) -> None:
        if self.active() != name:
            self.page.locator(f'#ae-tabs [role=tab][data-tab-id="{name}"]').click()
        self.settle(name)

    def choose(self, data: str | None = None, index: int | None = None, seed: int | None = None) -> None:
        """Data set, image of the gallery and seed by their controls in the sidebar; waits for the tab."""
        if data and data != self.state("data"):
            self.page.locator(f'#ae-sidebar input[name="ae-data"][value="{data}"]').check()
            self.page.wait_for_function("data => aedemo.state.data === data", arg=data)
            self.settle(self.active())
        if index is not None:
            self.page.locator("#ae-sidebar .ae-thumbs button").nth(index).click()
        if seed is not None and seed != self.state("seed"):
            self._press("#ae-sidebar input#seed", "Home", *["ArrowRight"] * seed)
        self.settle(self.active())

    def do(self, button: str) -> None:
        """Press one of the sidebar's buttons: next, random."""
        self.page.locator(f'#ae-sidebar [data-do="{button}"]').click()
        self.settle(self.active())

    def resize(self, width: int, height: int) -> None:
        """Another window; waits until figures have followed it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.evaluate("width => probe.drawn(width)", width)

    def frames(self) -> None:
        """Two frames, in which whatever was asked for is drawn."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def faded(self) -> None:
        """Wait until colours have faded into those that were chosen."""
        self.page.evaluate(
            "new Promise(requestAnimationFrame)"
            ".then(() => document.getAnimations().filter((a) => isFinite(a.effect.getComputedTiming().endTime)))"
            ".then((fading) => Promise.allSettled(fading.map(({ finished }) => finished)))"
        )

    def upload(self, path: Path | str) -> None:
        self.page.locator("#ae-sidebar .ae-sidebar-inner > input[type=file]").set_input_files(path)

    def slide(self, slider: str, *keys: str) -> None:
        self._press(f"#{slider} input", *keys)

    def _press(self, selector: str, *keys: str) -> None:
        self.page.focus(selector)
        for key in keys:
            self.page.keyboard.press(key)

    def slide_to(self, slider: str, position: int) -> None:
        self.slide(slider, "Home", *["ArrowRight"] * position)

    # --- what the person sees ------------------------------------------------------------------------------------
    def active(self) -> str:
        return self.page.evaluate("aedemo.active")

    def state(self, key: str):
        return self.page.evaluate("key => aedemo.state[key]", key)

    def held(self, tab: str, slider: str) -> dict:
        """Labels, frames and words that came for a slider."""
        return self.page.evaluate("([tab, slider]) => probe.held(tab, slider)", [tab, slider])

    def held_plane(self, name: str) -> dict:
        """Points, marks and decoded grid that came for a plane of the Deep tab."""
        return self.page.evaluate("name => probe.plane('deep', name)", name)

    def shown(self, tab: str, slider: str | None = None) -> dict:
        return self.page.evaluate("([tab, slider]) => probe.shown(tab, slider)", [tab, slider])

    def plotted(self, tab: str, name: str) -> dict:
        """A figure or a plane as Plotly drew it, scrolled into sight."""
        self.part(tab, name).locator(".main-svg").first.wait_for()
        return self.page.evaluate("([tab, name]) => probe.plotted(tab, name)", [tab, name])

    def part(self, tab: str, name: str):
        """The element of a figure or a plane, scrolled into sight."""
        node = self.page.locator(f'#view-{tab} :is([data-widget=figure], [data-widget=plane])[data-name="{name}"]')
        node.evaluate("element => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
        return node

    def distances(self, tab: str, name: str) -> dict:
        """How far a filmstrip's image is from the sidebar's and each thumbnail's, and which of those is pressed."""
        return self.page.evaluate("([tab, name]) => probe.distances(tab, name)", [tab, name])

    def css(self, name: str) -> str:
        return self.page.evaluate("name => aedemo.css(name)", name)

    def prints(self, tab: str) -> dict[str, int]:
        """A number for the image that each filmstrip shows."""
        return {name: filmstrip["print"] for name, filmstrip in self.shown(tab)["filmstrips"].items()}

    def message(self, tab: str) -> str:
        """The banner of a tab; empty where there is none."""
        banner = self.page.locator(f"#view-{tab} .ae-message").first
        return banner.inner_text() if banner.is_visible() else ""

    def said(self) -> str:
        """The sidebar's message; empty where there is none."""
        message = self.page.locator("#ae-sidebar .ae-sidebar-message")
        return message.inner_text() if message.is_visible() else ""

    def pixels(self, selector: str, ground: str | None = None) -> np.ndarray:
        """The pixels of a canvas, int (H, W, 3): as they look on a ground, or black where nothing is drawn."""
        text = self.page.locator(selector).evaluate("canvas => canvas.toDataURL('image/png')")
        image = Image.open(io.BytesIO(base64.b64decode(text.partition(",")[2])))
        if ground:
            image = Image.alpha_composite(Image.new("RGBA", image.size, ground), image.convert("RGBA"))
        return np.asarray(image.convert("RGB")).astype(int)

    def filmstrip(self, tab: str, name: str) -> np.ndarray:
        """The pixels that a filmstrip shows now."""
        return self.pixels(f'#view-{tab} .filmstrip[data-name="{name}"] canvas', "white")
