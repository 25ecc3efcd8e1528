"""A sample of the walk in layout.py: at widths that people have nothing overlaps, is cut off or sticks out."""

import pytest

from aedemo.page.tabs import ALL_TABS
from tests.browser.conftest import find_chromium
from tests.browser.layout import SPACING, VIEWS, faults, smallest_type
from tests.browser.page_driver import PageDriver
from tests.browser.test_phone import OTHERS, assert_fits
from tests.page.slots import BY_NAME

WIDTHS = (320, 390, 768, 1024, 1180, 1280, 1366, 1920)
TABS = [tab.name for tab in ALL_TABS]


def some(k: int, count: int = 1) -> list[int]:
    """Of a whole row of tabs each gets other widths than its neighbours, and each width has its tabs."""
    return [WIDTHS[(count * k + i) % len(WIDTHS)] for i in range(count)]


@pytest.fixture(scope="module")
def large_type(browser, server):
    """A person whose browser shows no type below 20 pixels."""
    chromium = browser.browser_type.launch(executable_path=find_chromium(), args=smallest_type(20))
    yield PageDriver(chromium, server.url)
    chromium.close()


@pytest.mark.parametrize("tab", TABS)
def test_nothing_overlaps_is_cut_off_or_sticks_out(tab, person):
    """On either data set; on a tablet and on a desk one half of the tabs on photographs, the other on digits."""
    k = TABS.index(tab)
    widths = {"photos": dict.fromkeys([320, *some(k, 2)]), "digits": some(k + 3)}  # photographs' words are longer
    if tab not in BY_NAME:  # Training shows nothing of a data set
        del widths["digits"]
    for data in reversed(widths) if tab in OTHERS else widths:
        person.choose(data)
        assert list(faults(person, (tab,), widths[data])) == []
    assert_fits(person, tab, (820, 1180), (1440, 900))


@pytest.mark.slow
@pytest.mark.parametrize("data", ["photos", "digits"])
def test_nothing_overlaps_or_is_cut_off_at_any_of_these_widths(data, person):
    person.choose(data)
    assert list(faults(person, TABS if data == "photos" else BY_NAME, WIDTHS)) == []
    person.resize(1440, 900)


@pytest.mark.parametrize("view", VIEWS)
def test_nor_where_the_browser_shows_larger_type(view, large_type, server):
    large_type.open(f"{server.url}#tab=sparse&data=photos{VIEWS[view]}", wait=False)
    large_type.settle("sparse")
    tabs = ("sparse",) if view == "guide" else ("compare", "linear", "deep", "masked")
    for k, tab in enumerate(tabs):
        widths = some(k + 2 * (view == "projector"), 2) if len(tabs) > 1 else WIDTHS[::2]
        assert list(faults(large_type, (tab,), widths)) == []


def test_nor_with_the_text_spacing_of_wcag(visit, server):
    person = visit(f"{server.url}#tab=masked&data=digits", wait=False)
    person.settle("masked")
    person.page.add_style_tag(content=SPACING)
    for k, tab in enumerate(("masked", "your_image")):
        assert list(faults(person, (tab,), WIDTHS[2 * k :: 4])) == []
    person.resize(1440, 900)
    assert person.page.locator("#ae-tabs [role=tab]").count() == len(ALL_TABS)  # no tab is lost
