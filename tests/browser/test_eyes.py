"""For every eye and machine: forced colours, a browser's larger type, English words, and no WebGL."""

import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import FLAGS, find_chromium
from tests.browser.layout import faults
from tests.browser.page_driver import PageDriver


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


def test_forced_colours_show_what_is_chosen_by_more_than_a_shade(visit):
    page_driver = visit(forced_colors="active")
    style = "(selector, pseudo, name) => getComputedStyle(document.querySelector(selector), pseudo)[name]"

    def css(selector: str, name: str, pseudo: str | None = None) -> str:
        return page_driver.page.evaluate(f"([s, p, n]) => ({style})(s, p, n)", [selector, pseudo, name])

    assert css(".ae-thumbs button[aria-pressed=true]", "outlineStyle") == "solid"
    assert css(".ae-thumbs button[aria-pressed=false]", "outlineStyle") == "none"
    chosen, other = (
        css(f".ae-data input{which} + span", "backgroundColor") for which in (":checked", ":not(:checked)")
    )
    assert chosen != other
    filmstrip = page_driver.page.locator("#bottleneck-input").screenshot()  # its right part, where nothing is filled
    shades = np.asarray(Image.open(io.BytesIO(filmstrip)).convert("L")).astype(int)[:, -40:-25]
    assert shades.max() - shades.min() > 100


@pytest.mark.parametrize("locale", [pytest.param("de-DE", marks=pytest.mark.slow), "ja-JP"])
def test_the_page_says_that_it_is_english_whatever_the_browser_speaks(locale, browser, server):
    page_driver = PageDriver(browser, server.url, locale=locale)
    assert page_driver.page.evaluate("document.documentElement.lang") == "en"
    page_driver.leave()


def test_a_browsers_larger_type_is_followed(launched, server):
    large = PageDriver(
        launched("--blink-settings=defaultFontSize=28"), f"{server.url}#tab=sparse&data=digits", wait=False
    )
    large.settle("sparse")
    large.page.wait_for_selector(".ae-lesson p", state="attached")
    sizes = large.page.evaluate(
        "['.ae-lesson p', '.ae-number', '.ae-quiet', '#ae-tabs button', '.ae-buttons button', '.ae-segments span']"
        ".map((s) => parseFloat(getComputedStyle(document.querySelector(s)).fontSize))"
    )
    assert min(sizes) >= 20  # 14 and 16 at the usual 16
    assert list(faults(large, ("sparse",), (390, 1366))) == list(faults(large, ("compare",), (1024, 1920))) == []
    heights = dict.fromkeys((320, 1366))  # of a figure whose legend and titles fill a phone's width
    for width in heights:
        large.resize(width, 900)
        large.tab("masked")
        large.part("masked", "curve").locator(".main-svg").first.wait_for()
        large.resize(width, 901)
        heights[width], room = large.page.evaluate(
            "[...document.querySelectorAll('#view-masked [data-name=curve]')].map((figure) =>"
            " [figure.clientHeight, figure.querySelector('.ae-plot')._fullLayout._size.h])[0]"
        )
        assert room >= 100
    assert heights[320] > heights[1366]
    large.leave()


def test_without_webgl_a_code_of_three_numbers_is_shown_flat_in_our_words(launched, server):
    address = f"{server.url}#tab=latent&data=digits&run=003"
    page_driver = PageDriver(launched("--disable-3d-apis"), address, wait=False)
    page_driver.settle("latent")
    page_driver.page.locator("#view-latent [data-name=latent-code] .main-svg").first.wait_for()
    words = page_driver.page.locator("#view-latent").inner_text()
    assert words.count("This browser has no WebGL to turn the map in space") == 1 and "get.webgl.org" not in words
    dots = page_driver.pixels("#view-latent [data-name=latent-code] .ae-dots")
    assert dots.std() > 5  # points are there
    page_driver.leave()
