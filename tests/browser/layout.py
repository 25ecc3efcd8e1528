"""The page at every width that people have: `python -m tests.browser.layout` walks them all, which takes an hour.

Widths from 320 to 2560 in steps of 40, every tab, the guide open and shut, the projector, the text spacing of WCAG
1.4.12, and browsers whose smallest type is 14, 20 and 24 pixels. Each fault is a line; none is the aim.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from aedemo.page.tabs import ALL_TABS
from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.page_driver import PageDriver
from tests.browser.server import Server

SCRIPT = (Path(__file__).parent / "layout.js").read_text("utf-8")
SIZES, WIDTHS = (14, 20, 24), range(320, 2561, 40)
SPACING = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important; }"
VIEWS = {"plain": "", "guide": "&step=5", "projector": "&projector=1"}
HEIGHT = 900


def smallest_type(size: int) -> list[str]:
    """Chromium's flags for a browser that shows no type below so many pixels."""
    return [*FLAGS, f"--blink-settings=minimumFontSize={size},minimumLogicalFontSize={size}"]


def faults(page_driver: PageDriver, tabs: Iterable[str], widths: Iterable[int]) -> Iterator[str]:
    """What overlaps or is cut off on the tabs at the widths, each with where."""
    page_driver.page.evaluate(SCRIPT)
    for tab in tabs:
        page_driver.tab(tab)
        for width in widths:
            page_driver.resize(width, HEIGHT)
            yield from (f"{tab} at {width}: {fault}" for fault in page_driver.page.evaluate("layout.faults()"))


def main() -> None:
    from playwright.sync_api import sync_playwright

    found = 0
    with Server(Path(tempfile.mkdtemp())) as server, sync_playwright() as playwright:
        for size in SIZES:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=smallest_type(size))
            for view, key in VIEWS.items():
                for data in ("photos", "digits"):
                    page_driver = PageDriver(browser, f"{server.url}#tab=sparse&data={data}{key}", wait=False)
                    page_driver.settle("sparse")
                    for spacing in (False, True):
                        if spacing:
                            page_driver.page.add_style_tag(content=SPACING)
                        where = f"{size} px, {view}, {data}{', spaced' if spacing else ''}"
                        tabs = ("sparse",) if view == "guide" else [tab.name for tab in ALL_TABS]
                        for fault in faults(page_driver, tabs, WIDTHS):
                            found += 1
                            print(f"{where}: {fault}", flush=True)
                    page_driver.leave()
            browser.close()
    print(f"{found} faults")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
