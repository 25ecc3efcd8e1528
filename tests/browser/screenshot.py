"""The image of the page that README shows, from the running page: `uv run python -m tests.browser.screenshot`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.page_driver import PageDriver
from tests.browser.server import Server

IMAGE = Path(__file__).with_name("page.jpg")
SHOWN = "#tab=compare&data=mnist"


def main() -> None:
    from playwright.sync_api import sync_playwright

    with Server(Path(tempfile.mkdtemp())) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        person = PageDriver(browser, f"{server.url}{SHOWN}", wait=False)
        person.settle("compare")
        person.page.screenshot(path=IMAGE, type="jpeg", quality=88)
        browser.close()
    print(f"{IMAGE.name}: {IMAGE.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
