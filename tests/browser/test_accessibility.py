"""axe-core in Chromium finds nothing serious, on any tab, light and dark; keys reach what the mouse does."""

from pathlib import Path

import pytest

from aedemo.page.tabs import ALL_TABS
from tests.browser.conftest import lacking
from tests.page.slots import BY_NAME

WORST = ("serious", "critical")
OF_COLOURS = ("color-contrast", "link-in-text-block")
# Tabs that are not seen are taken away meanwhile: axe-core measures whatever is in the document.
LOOK = """async ([within, rules, everywhere]) => {
  const views = [...document.querySelectorAll("[id^=view-]")];
  const hidden = everywhere ? [] : views.filter((view) => !view.checkVisibility());
  const places = hidden.map((element) => [element, document.createComment("")]);
  for (const [element, place] of places) element.replaceWith(place);
  try {
    const only = rules.length ? { runOnly: rules } : {};
    return await axe.run(within, { resultTypes: ["violations"], preload: false, ...only });
  } finally {
    for (const [element, place] of places) place.replaceWith(element);
  }
}"""


def faults(person, within: str = "html", rules: tuple[str, ...] = (), everywhere: bool = False) -> list[str]:
    """What axe-core finds wrong in a part of the page as it stands: how bad, rule, element.

    By dark only what colours decide, unless rules are named: all else is as in light mode.
    everywhere: also on tabs that are not seen
    """
    try:
        import axe_playwright_python
    except ImportError as error:
        lacking(f"the accessibility check needs axe-core: {error}")
    script = Path(axe_playwright_python.__file__).parent / "axe.min.js"
    if not person.page.evaluate("'axe' in window"):
        person.page.evaluate(script.read_text("utf-8"))
    if person.page.evaluate("document.body.classList.contains('dark')"):
        rules = rules or OF_COLOURS
    found = person.page.evaluate(LOOK, [within, rules, everywhere])
    assert len(found["passes"]) > (0 if rules else 5)  # it did look
    return [
        f"{fault['impact']}: {fault['id']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
        if fault["impact"] in WORST
    ]


@pytest.fixture(scope="module", params=["light", "dark"])
def reader(request, shared, server):
    """The shared page, light or dark, on digits; all of it has been looked at once."""
    dark = request.param == "dark"
    shared.page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
    shared.tab("compare")
    shared.choose("digits", 0)
    shared.faded()
    assert faults(shared) == []
    yield shared
    shared.page.evaluate("document.body.classList.remove('dark')")


@pytest.mark.parametrize("tab", [tab.name for tab in ALL_TABS])
def test_no_tab_has_a_serious_fault(reader, tab):
    reader.tab(tab)
    reader.faded()
    assert faults(reader, f"#view-{tab}" if tab in BY_NAME else "html") == []  # Training goes without the sidebar
    if tab not in BY_NAME:  # the last: names that elements refer to are there once, in what is not seen too
        assert faults(reader, rules=("duplicate-id-aria",), everywhere=True) == []


def test_neither_the_panels_nor_the_tour_have_a_serious_fault(reader):
    page = reader.page
    for panel in ("ae-share", "ae-code"):
        page.locator(f"[popovertarget={panel}]").click()
        assert faults(reader, f"#{panel}") == []
        page.keyboard.press("Escape")
        assert not page.locator(f"#{panel}").is_visible()
    page.locator("[data-tool=tour]").click()
    reader.settle(reader.active())
    dark = page.evaluate("document.body.classList.contains('dark')")
    for phase in (0, 3) if dark else range(4):
        page.locator(f'#ae-tour [data-phase="{phase}"]').click()
        assert faults(reader, "#ae-tour") == []
    page.locator("[data-tour=leave]").click()


def test_the_tab_key_reaches_every_control_and_shows_where_it_is(person):
    person.tab("denoising")
    page = person.page
    page.locator("#ae-sidebar").evaluate("() => document.activeElement.blur()")
    reached, hidden = set(), []
    for _ in range(120):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const e = document.activeElement, style = getComputedStyle(e), next = e.nextElementSibling;
            const mark = (s) => s && (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0);
            const shown = mark(style) || (next && mark(getComputedStyle(next))) || e.type === 'range';
            const { tool, do: act, tabId } = e.dataset;
            return [e.id || e.name || tool || act || tabId || e.className, shown, e.tagName]; }"""
        )
        if found[2] != "BODY":
            reached.add(found[0])
            if not found[1]:
                hidden.append(found[0])
    assert {"denoising-noise-input", "ae-kind", "ae-trained_at", "ae-data", "seed", "upload", "next", "tour"} <= reached
    assert hidden == []


def test_each_strip_reads_aloud_its_numbers(person):
    person.tab("denoising")
    person.choose("digits", 1)
    shown = person.shown("denoising")["filmstrips"]
    for name, filmstrip in shown.items():
        said = person.page.locator(f'#view-denoising .filmstrip[data-name="{name}"] .ae-image').get_attribute(
            "aria-label"
        )
        assert filmstrip["big"] in said and len(said) > len(filmstrip["big"])
