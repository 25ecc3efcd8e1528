"""How many images per second a dragged slider shows in headless Chromium: `python tests/benchmarks/dragging.py`.

A mouse is dragged to and fro as fast as the browser takes it. Once a frame of the screen (requestAnimationFrame) the
page is asked which frame of its filmstrip each slider shows; an image counts when it differs from the one before.
`frames` is how often the screen was painted meanwhile: no slider can show more images than that.
Options: seconds of dragging for each slider (2), data sets (all).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.page_driver import PageDriver
from tests.browser.server import Server
from tests.explore.reference import ALL_DATASETS
from tests.page.slots import BY_NAME, slots

COUNT = """([tab, slider]) => {
  const filmstrips = [...document.querySelectorAll(`#view-${tab} .filmstrip[data-slider="${slider}"]`)];
  const seen = (window.seen = { frames: 0, images: 0, from: performance.now(), on: true });
  let before = filmstrips.map((filmstrip) => filmstrip.dataset.frame).join();
  const look = () => {
    const now = filmstrips.map((filmstrip) => filmstrip.dataset.frame).join();
    seen.frames += 1;
    seen.images += now !== before;
    before = now;
    if (seen.on) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
READ = """() => { seen.on = false; const seconds = (performance.now() - seen.from) / 1000;
  return [seen.images / seconds, seen.frames / seconds] }"""


def rate(person: PageDriver, tab: str, slider: str, seconds: float) -> tuple[float, float, int]:
    """(images per second, screen frames a second, requests) while the mouse drags."""
    handle = person.page.locator(f"#{slider} input")
    handle.scroll_into_view_if_needed()
    box, stops = handle.bounding_box(), int(handle.get_attribute("max"))
    middle, before = box["y"] + box["height"] / 2, len(person.requests)
    mouse = person.page.mouse
    mouse.move(box["x"] + 10, middle)
    mouse.down()
    person.page.evaluate(COUNT, [tab, slider])
    ends, step = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        step += 1
        place = stops - abs(step % (2 * stops) - stops)  # to and fro, a stop at a time
        mouse.move(box["x"] + 10 + (box["width"] - 20) * place / stops, middle)
    images, frames = person.page.evaluate(READ)
    mouse.up()
    return images, frames, len(person.requests) - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--data", nargs="+", default=ALL_DATASETS)
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    with Server(Path(tempfile.mkdtemp())) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        person = PageDriver(browser, server.url)
        print(f"{'tab':10} {'slider':22} {'data':8} {'images/s':>10} {'frames/s':>9} {'requests':>9}")
        for data in options.data:
            person.tab("compare")
            person.choose(data)
            for tab in BY_NAME:
                person.tab(tab)
                for slot in slots(tab):  # metrics are drawn once, when they are first seen
                    if slot.part in ("figure", "plane"):
                        drawn = f'#view-{tab} [data-name="{slot.name}"]'
                        person.page.wait_for_selector(f"{drawn} .main-svg, {drawn}[hidden]", state="attached")
                person.page.wait_for_timeout(500)
                rates = []
                for slider in [slot.name for slot in slots(tab) if slot.part == "slider"]:
                    images, frames, requests = rate(person, tab, slider, options.seconds)
                    rates.append(images)
                    print(f"{tab:10} {slider:22} {data:8} {images:10.1f} {frames:9.1f} {requests:9d}", flush=True)
                if rates:
                    print(f"{tab:10} {'(slowest of the tab)':22} {data:8} {min(rates):10.1f}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
