"""Projector mode: type for the last row, no sidebar, and every tab still whole."""

import pytest

from aedemo.page.tabs import TABS


@pytest.fixture(scope="module")
def projected(shared, server):
    shared.choose("digits", 0)
    plain = shared.page.locator(".ae-heading:visible").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    shared.page.locator("[data-tool=projector]").click()
    yield shared, plain
    shared.page.locator("[data-tool=projector]").click()
    assert shared.page.locator("#ae-sidebar").is_visible()
    assert shared.complaints() == []


@pytest.mark.parametrize("tab", [tab.name for tab in TABS])
def test_type_and_images_grow_and_nothing_sticks_out(projected, tab):
    person, _ = projected
    person.tab(tab)
    page = person.page
    bar = page.locator("#ae-sidebar").bounding_box()
    assert (
        bar["height"] < 140
        and page.locator("#ae-sidebar .ae-data").is_visible()
        and page.locator("[data-tool=next]").is_visible()
    )
    assert page.evaluate("probe.sticking()") == []
    small = page.evaluate(
        """tab => [...document.querySelectorAll(`#view-${tab} :is(p, label, output, figcaption, legend, h2)`)]
        .filter((e) => e.checkVisibility() && e.textContent.trim()).map((e) => parseFloat(getComputedStyle(e).fontSize))
        .filter((size) => size < 18)""",
        tab,
    )
    assert small == []


def test_readings_grow_by_a_half_and_next_changes_the_image(projected):
    person, plain = projected
    person.tab("compare")
    size = person.page.locator(".ae-heading:visible").first.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
    assert size >= 1.4 * plain
    before = person.state("image")
    person.page.locator("[data-tool=next]").click()
    person.settle("compare")
    assert person.state("image") != before
