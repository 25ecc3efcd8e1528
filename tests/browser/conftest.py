"""One server, `python app.py` on a free port, and one browser a process, the system's Chromium."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.page_driver import HEIGHT, WIDTH, PageDriver
from tests.browser.server import SharedServer

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]  # fmt: skip
# The first has no window to draw, and loads a page in four fifths of the others' time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

MEDIA = {"reduced_motion", "forced_colors", "color_scheme"}  # what a page can be told while it is open


def find_chromium() -> str | None:
    """The system's browser: by its usual places, then by PATH."""
    places = [f"/usr/bin/{name}" for name in NAMES] + [shutil.which(name) for name in NAMES]
    return next((place for place in places if place and Path(place).exists()), None)


def lacking(reason: str):
    """Skip, or fail where AEDEMO_REQUIRE_BROWSER=1 says that a browser must be there."""
    (pytest.fail if os.environ.get("AEDEMO_REQUIRE_BROWSER") == "1" else pytest.skip)(reason)


def run_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def browser():
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        lacking(f"browser tests need playwright: {error}")
    path = find_chromium()
    if path is None:
        lacking(f"browser tests need Chromium: none of {', '.join(NAMES)} is installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(browser, tmp_path_factory) -> Iterator[SharedServer]:
    with SharedServer(run_folder(tmp_path_factory) / "server") as started:
        yield started


@pytest.fixture
def alone_on_disk(server) -> Iterator[None]:
    """No other process of this run uploads files or looks for them meanwhile."""
    with (server.folder / "disk.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def guests(browser) -> Iterator[list[PageDriver]]:
    """Pages that are opened again from test to test."""
    known: list[PageDriver] = []
    yield known
    for page_driver in known:
        page_driver.leave()


@pytest.fixture
def visit(browser, server, guests):
    """visit(**options): a person who has just opened the page.

    Their browser has seen the page before, which loads it in a third of the time; the page keeps nothing in it but
    light or dark. With other options than of MEDIA it is a fresh one.
    """
    here, others = iter(list(guests)), []
    server.check()

    def open_page(url: str = server.url, wait: bool = True, **options) -> PageDriver:
        if options.keys() - MEDIA:
            others.append(PageDriver(browser, url, wait=wait, **options))
            return others[-1]
        page_driver = next(here, None)
        if not page_driver:
            page_driver = PageDriver(browser, "about:blank", wait=False)
            guests.append(page_driver)
        page_driver.page.emulate_media(**options)
        page_driver.open(url, wait)
        return page_driver

    yield open_page
    for page_driver in others:
        page_driver.leave()
    for page_driver in guests:
        page_driver.page.goto("about:blank")  # where nothing plays on
        page_driver.page.emulate_media(**dict.fromkeys(MEDIA, "null"))
        page_driver.page.set_viewport_size(
            {"width": WIDTH, "height": HEIGHT}
        )  # as it was before a test made it smaller


@pytest.fixture(scope="session")
def shared(browser, server) -> Iterator[PageDriver]:
    page_driver = PageDriver(browser, server.url)
    yield page_driver
    page_driver.leave()


@pytest.fixture
def person(shared, server) -> Iterator[PageDriver]:
    """A person at 1440×900 whose page stays open from test to test, since opening it takes seconds.

    After each test: no error, and nothing asked of another host.
    """
    server.check()
    if shared.active() == "training":  # where nobody chooses an image
        shared.tab("compare")
    yield shared
    shared.page.evaluate("localStorage.removeItem('aedemo-theme')")  # or the page would hold to it in tests to come
    assert shared.complaints() == []


@pytest.fixture(scope="session")
def shared_phone(browser, server) -> Iterator[PageDriver]:
    dark = {"color_scheme": "dark"}
    page_driver = PageDriver(
        browser, server.url, 390, 844, has_touch=True, is_mobile=True, device_scale_factor=2, **dark
    )
    yield page_driver
    page_driver.leave()


@pytest.fixture
def phone(shared_phone, server) -> Iterator[PageDriver]:
    """A person with a phone in dark mode, whose page stays open from test to test."""
    server.check()
    yield shared_phone
    assert shared_phone.complaints() == []
