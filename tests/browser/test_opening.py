"""The page opens on something to look at, on every tab, in light and dark mode, and asks no other host for anything."""

import pytest

from tests.page.slots import BY_NAME, slots

SEVEN = ("pca", "linear", "shallow", "deep", "sparse", "denoising", "masked")


def test_it_opens_on_compare_with_a_digit_and_two_numbers_through_all_seven(visit):
    person = visit()
    assert person.active() == "compare" and person.state("data") == "mnist"
    assert person.shown("compare")["sliders"]["bottleneck"]["words"] == "2"
    assert person.message("compare") == "" and person.said() == ""
    filmstrips = person.shown("compare")["filmstrips"]
    assert len(filmstrips) == 3 * len(SEVEN) and len(
        {filmstrip["print"] for filmstrip in filmstrips.values()}
    ) >= 2 * len(SEVEN)
    sidebar = person.pixels("#ae-sidebar .ae-large canvas")
    assert sidebar.shape[:2] == (28, 28) and sidebar.std() > 20
    for variant in SEVEN:
        for line in ("saw", "reconstruction"):
            image = person.filmstrip("compare", f"{line}-{variant}")
            assert image.shape[:2] == (28, 28) and image.std() > 15  # an image, not a blank
        assert person.filmstrip("compare", f"error-{variant}").std() > 1
    texts = person.shown("compare")["texts"]
    assert all(texts[f"psnr-{variant}"].endswith(" dB") for variant in SEVEN)
    assert person.complaints() == []


EVERY = (*BY_NAME, "compare")


@pytest.fixture(
    params=[
        ("shared", False, EVERY),
        ("shared_phone", True, ("compare", "linear", "compare")),
        pytest.param(("shared_phone", True, EVERY), marks=pytest.mark.slow),
    ],
    ids=["light", "dark", "dark, every tab"],
)
def opened(request):
    """A page that was opened in light mode, and one that was opened in dark mode; and tabs that are seen in both."""
    name, dark, tabs = request.param
    return request.getfixturevalue(name), dark, tabs


def assert_has_its_lesson(person, tab: str) -> None:
    """Its claim, its formula, and a question to try."""
    view = person.page.locator("#ae-tabs [role=tabpanel]:visible")
    assert len(view.locator(".ae-lesson h1").first.inner_text()) > 10, tab
    assert view.locator(".ae-lesson .katex").count() >= 1, tab
    assert "$" not in view.locator(".ae-lesson").first.inner_text(), tab  # no formula was left as it was written
    assert view.locator(".ae-lesson .katex-error").count() == 0, tab
    assert "?" in view.locator(".prose.ae-try").first.inner_text(), tab


def test_every_tab_has_its_lesson_and_works_in_light_and_dark_without_an_error_or_another_host(opened):
    person, dark, tabs = opened
    assert person.page.evaluate("document.body.classList.contains('dark')") == dark
    for tab in tabs:
        person.tab(tab)
        assert person.message(tab) == ""
        assert_has_its_lesson(person, tab)
        for slot in slots(tab):
            if slot.part in ("figure", "plane"):
                drawn = f'#view-{tab} [data-name="{slot.name}"]'  # or hidden, where there is nothing to draw
                person.page.wait_for_selector(f"{drawn} .main-svg, {drawn}[hidden]", state="attached")
        person.page.locator("[data-theme-toggle]").click()  # the next in the other mode
    if len(tabs) % 2:
        person.page.locator("[data-theme-toggle]").click()
    person.page.evaluate("probe.drawn(innerWidth)")
    assert person.page.evaluate("document.body.classList.contains('dark')") == dark
    assert person.complaints() == [] and len(person.requests) > 20  # it did watch them


def test_contrast_of_words_is_at_least_four_and_a_half_to_one(person):
    for dark in (False, True):
        person.page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
        for ground in ("--ae-card", "--ae-page"):
            for ink in ("--ae-ink", "--ae-quiet"):
                assert person.page.evaluate(CONTRAST, [ink, ground]) >= 4.5, (dark, ink, ground)
    person.page.evaluate("document.body.classList.remove('dark')")


CONTRAST = """([one, other]) => {
  const luminance = (name) => {
    const [r, g, b] = aedemo.css(name).match(/[0-9a-f]{2}/gi).map((x) => parseInt(x, 16) / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}"""
