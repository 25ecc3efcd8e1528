"""For every eye and machine: forced colours, a browser's larger type, English words, and no WebGL."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.layout import faults
from tests.browser.visitor import Visitor


@pytest.fixture(scope="module")
def launched(browser):
    """Browsers with other flags, closed at the end."""
    others = []

    def launch(*flags: str):
        others.append(browser.browser_type.launch(executable_path=find_chromium(), args=[*FLAGS, *flags]))
        return others[-1]

    yield launch
    for other in others:
        other.close()


def test_forced_colours_show_what_is_chosen_by_more_than_a_shade(browser, server):
    visitor = Visitor(browser, server.url, forced_colors="active")
    style = "(selector, pseudo, name) => getComputedStyle(document.querySelector(selector), pseudo)[name]"

    def css(selector: str, name: str, pseudo: str | None = None) -> str:
        return visitor.page.evaluate(f"([s, p, n]) => ({style})(s, p, n)", [selector, pseudo, name])

    assert css(".ae-thumbs button[aria-pressed=true]", "outlineStyle") == "solid"
    assert css(".ae-thumbs button[aria-pressed=false]", "outlineStyle") == "none"
    chosen, other = (
        css(f".ae-data input{which} + span", "backgroundColor") for which in (":checked", ":not(:checked)")
    )
    assert chosen != other
    track = visitor.page.locator("#bottleneck-input").screenshot()  # its right part, where nothing is filled
    shades = np.asarray(Image.open(io.BytesIO(track)).convert("L")).astype(int)[:, -40:-25]
    assert shades.max() - shades.min() > 100
    visitor.leave()


@pytest.mark.parametrize("locale", ["de-DE", "ja-JP"])
def test_the_page_says_that_it_is_english_whatever_the_browser_speaks(locale, browser, server):
    visitor = Visitor(browser, server.url, locale=locale)
    assert visitor.page.evaluate("document.documentElement.lang") == "en"
    visitor.leave()


def test_a_browsers_larger_type_is_followed(launched, server):
    large = Visitor(launched("--blink-settings=defaultFontSize=28"), f"{server.url}#tab=sparse&data=digits", wait=False)
    large.settle("sparse")
    large.page.wait_for_selector(".ae-lesson p", state="attached")
    sizes = large.page.evaluate(
        "['.ae-lesson p', '.ae-number', '.ae-quiet', '#ae-tabs button', '.ae-buttons button', '.ae-segments span']"
        ".map((s) => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))"
    )
    assert min(sizes) >= 20  # 14 and 16 at the usual 16
    assert list(faults(large, ("sparse", "compare"), (390, 1024, 1366, 1920))) == []
    large.leave()


def test_without_webgl_a_code_of_three_numbers_is_shown_flat_in_our_words(launched, server):
    address = f"{server.url}#tab=latent&data=digits&run=003"
    visitor = Visitor(launched("--disable-3d-apis"), address, wait=False)
    visitor.settle("latent")
    visitor.page.locator("#scene-latent [data-name=latent-code] .main-svg").first.wait_for()
    words = visitor.page.locator("#scene-latent").inner_text()
    assert words.count("This browser has no WebGL to turn the map in space") == 2 and "get.webgl.org" not in words
    dots = visitor.pixels("#scene-latent [data-name=latent-code] .ae-dots")
    assert dots.std() > 5  # points are there
    visitor.leave()
