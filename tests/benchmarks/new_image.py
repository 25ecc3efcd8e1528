"""How long a new image takes to its first frame, and the computing alone: `python tests/benchmarks/new_image.py`.

In the browser: from the click on a thumbnail to the moment the tab's filmstrips have changed and are painted.
On the server: the tab's explore function for the same image, in this process, before the page is opened.
Medians over some images; each is chosen when all of the one before has arrived, what comes later too.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from aedemo.explore import compare, deep, denoising, latent, linear, masked, sparse, your_image
from aedemo.explore.gallery import gallery
from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.page_driver import PageDriver
from tests.browser.server import Server
from tests.explore.reference import ALL_DATASETS
from tests.page.slots import BY_NAME

COMPUTE = {
    "compare": compare.compare,
    "linear": linear.linear,
    "deep": deep.deep,
    "sparse": sparse.sparse,
    "denoising": partial(denoising.denoising, overlapping=True),  # as the tab begins
    "masked": masked.masked,
    "latent": latent.latent,
    "your_image": your_image.your_image,
}
ALL_THERE = "() => !document.querySelector('.ae-late:not([hidden])')"
CLICK = """([tab, index]) => new Promise((resolve) => {
  const scene = aedemo.tabViews.get(tab), began = performance.now();
  // Filled, then painted: the second frame begins when the first has been drawn.
  scene.element.addEventListener("aedemo:filled", () =>
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began))), { once: true });
  document.querySelectorAll("#ae-sidebar .ae-thumbs button")[index].click();
})"""


def computing(tab: str, data: str, index: int) -> float:
    """Milliseconds of the explore function alone, models already read."""
    image = f"gallery:{gallery(data)[index].id}"
    COMPUTE[tab](data, image, 0)
    began = time.perf_counter()
    COMPUTE[tab](data, image, 0)
    return 1000 * (time.perf_counter() - began)


def payloads(tab: str, data: str, index: int) -> float:
    """Milliseconds of the whole payload: explore, sprites, JSON."""
    choices = {control.name: control.default for control in BY_NAME[tab].choices}
    began = time.perf_counter()
    BY_NAME[tab].payload(data, f"gallery:{gallery(data)[index].id}", 0, **choices).to_json()
    return 1000 * (time.perf_counter() - began)


def first_frame(person: PageDriver, tab: str, index: int) -> float:
    """Milliseconds from the click on an image of the gallery to its first frame."""
    person.page.wait_for_function(ALL_THERE)
    return person.page.evaluate(CLICK, [tab, index])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--images", type=int, default=5)
    parser.add_argument("--data", nargs="+", default=ALL_DATASETS)
    parser.add_argument("--tabs", nargs="+", default=list(BY_NAME), choices=list(BY_NAME))
    options = parser.parse_args()
    from playwright.sync_api import sync_playwright

    images = range(1, options.images + 1)
    alone = {}
    for data in options.data:
        for tab in options.tabs:
            alone[tab, data] = [statistics.median(run(tab, data, k) for k in images) for run in (computing, payloads)]
    with Server(Path(tempfile.mkdtemp())) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        person = PageDriver(browser, server.url)
        print(
            f"{'tab':10} {'data':8} {'explore ms':>10} {'payload ms':>10} {'first frame ms':>14} {'beyond explore':>14}"
        )
        for data in options.data:
            person.tab("compare")
            person.choose(data)
            for tab in options.tabs:
                person.tab(tab)
                person.choose(index=0)
                shown = statistics.median(first_frame(person, tab, k) for k in images)
                computed, made = alone[tab, data]
                over = shown - computed
                print(f"{tab:10} {data:8} {computed:10.0f} {made:10.0f} {shown:14.0f} {over:14.0f}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
