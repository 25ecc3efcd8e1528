"""The replay of the deep plane in a browser: asked for when it is opened, then played without a request."""

import numpy as np
import pytest

from tests.browser.layout import faults
from tests.browser.page_driver import PageDriver

ROOT = '#view-deep [data-widget="plane-replay"]'
PLAYER = "aedemo.tabViews.get('deep').widgets.find((part) => part.name === 'deep-replay')"


@pytest.fixture
def opened(visit, server):
    """The replay of Fashion-MNIST, opened by the keyboard; it plays or not as the browser asks."""

    def open(**options) -> PageDriver:
        person = visit(f"{server.url}#tab=deep&data=fashion", wait=False, **options)
        person.settle("deep")
        assert not [url for url in person.requests if "part=replay" in url]
        person.page.locator(f"{ROOT} summary").focus()
        person.page.keyboard.press("Enter")
        person.page.wait_for_selector(f"{ROOT}[data-state=ready]")
        return person

    return open


def step(person) -> str:
    person.page.evaluate("new Promise(requestAnimationFrame)")  # it is drawn once a frame
    return person.page.locator(f'{ROOT} [data-says="step"]').inner_text()


def prints(person) -> list[int]:
    person.frames()
    return person.page.evaluate(f"[...document.querySelectorAll('{ROOT} canvas')].map((c) => probe.print(c))")


def test_it_is_asked_for_once_and_plays_and_scrubs_without_a_request(opened):
    person = opened()
    (address,) = [url for url in person.requests if "part=replay" in url]
    assert "image" not in address
    with person.no_request():
        person.page.wait_for_function(f"{PLAYER}.playing && {PLAYER}.index > 3")
        person.page.locator(f'{ROOT} [data-play="play"]').click()
        paused, scrubber = step(person), person.page.locator(f"{ROOT} .ae-scrub")
        person.page.wait_for_timeout(300)
        assert step(person) == paused
        scrubber.focus()
        person.page.keyboard.press("Home")
        assert step(person) == "step 0" == scrubber.get_attribute("aria-valuetext")
        first = prints(person)
        person.page.keyboard.press("End")
        assert step(person) == "step 14,000" and all(np.not_equal(first, prints(person)))
        last = prints(person)
        person.page.locator(f'{ROOT} [data-class="sandal"]').click()
        hidden = prints(person)
        assert hidden[0] != last[0] and hidden[1:] == last[1:]
        person.page.locator(f'{ROOT} [data-play="back"]').click()
    person.choose(index=4)
    assert step(person) not in ("step 0", "step 14,000")  # another image has the same replay
    assert len([url for url in person.requests if "part=replay" in url]) == 1
    assert list(faults(person, ("deep",), (390, 1366))) == []
    person.choose("digits")
    assert not person.page.locator(ROOT).is_visible() and person.complaints() == []


def test_nothing_plays_by_itself_where_motion_is_unwelcome(opened):
    person = opened(reduced_motion="reduce")
    person.page.wait_for_timeout(400)
    assert step(person) == "step 0" and not person.page.evaluate(f"{PLAYER}.playing")
    person.page.locator(f"{ROOT} .ae-scrub").focus()
    person.page.keyboard.press("ArrowRight")
    assert step(person) == "step 1"
    assert person.page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_a_link_opens_it_at_its_step(opened, visit, server):
    one = opened()
    one.page.locator(f"{ROOT} .ae-scrub").focus()
    one.page.keyboard.press("Home")
    for _ in range(9):
        one.page.keyboard.press("ArrowRight")
    at = step(one)
    one.page.wait_for_function(f"location.hash.includes('deep-replay={at.removeprefix('step ')}')")
    other = visit(one.page.url, wait=False)
    other.page.wait_for_selector(f"{ROOT}[data-state=ready]")
    assert step(other) == at and prints(other) == prints(one) and not other.page.evaluate(f"{PLAYER}.playing")
    assert "deep-replay" in other.page.url
    other.page.locator(f"{ROOT} summary").click()
    other.page.wait_for_function("!location.hash.includes('deep-replay')")
    nowhere = visit(f"{server.url}#tab=deep&data=digits&deep-replay=20", wait=False)
    nowhere.settle("deep")
    nowhere.page.wait_for_function("!location.hash.includes('deep-replay')")
    assert "deep-replay = 20" in nowhere.said()
    assert one.complaints() == other.complaints() == nowhere.complaints() == []
