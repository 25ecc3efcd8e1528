"""A sample of the walk in layout.py: at widths that people have nothing overlaps, is cut off or sticks out."""

import pytest

from aedemo.page.tabs import ALL_TABS
from tests.browser.conftest import find_chromium
from tests.browser.layout import SPACING, VIEWS, faults, smallest_type
from tests.browser.page_driver import PageDriver
from tests.page.slots import BY_NAME

WIDTHS = (320, 390, 768, 1024, 1180, 1280, 1366, 1920)


@pytest.fixture(scope="module")
def large_type(browser):
    """A browser that shows no type below 20 pixels."""
    chromium = browser.browser_type.launch(executable_path=find_chromium(), args=smallest_type(20))
    yield chromium
    chromium.close()


@pytest.mark.parametrize("data", ["photos", "digits"])
def test_nothing_overlaps_or_is_cut_off(data, person):
    person.choose(data)
    tabs = [tab.name for tab in ALL_TABS] if data == "photos" else BY_NAME  # Training shows nothing of a data set
    assert list(faults(person, tabs, WIDTHS[:: 1 if data == "photos" else 3])) == []
    person.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("view", VIEWS)
def test_nor_where_the_browser_shows_larger_type(view, large_type, server):
    page_driver = PageDriver(large_type, f"{server.url}#tab=sparse&data=photos{VIEWS[view]}", wait=False)
    page_driver.settle("sparse")
    tabs = ("sparse",) if view == "guide" else ("compare", "linear", "deep", "masked")
    assert list(faults(page_driver, tabs, WIDTHS[::2])) == []
    page_driver.leave()


def test_nor_with_the_text_spacing_of_wcag(browser, server):
    page_driver = PageDriver(browser, f"{server.url}#tab=masked&data=digits", wait=False)
    page_driver.settle("masked")
    page_driver.page.add_style_tag(content=SPACING)
    assert list(faults(page_driver, ("masked", "your_image"), WIDTHS[::2])) == []
    assert page_driver.page.locator("#ae-tabs [role=tab]").count() == len(ALL_TABS)  # no tab is lost
    page_driver.leave()
