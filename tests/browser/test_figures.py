"""Plotly figures keep their zoom over a new image, follow light and dark, and mark where the slider stands."""

import csv
import io
import re

import pytest

from tests.page.slots import BY_NAME, slots

FIGURES = [(tab, slot.name, slot.slider) for tab in BY_NAME for slot in slots(tab) if slot.part == "figure"]
FIGURES.remove(("denoising", "whole", "denoising-noise"))  # of photographs alone: tests/browser/test_overlap.py
FOLLOWING = {tab: (name, slider) for tab, name, slider in reversed(FIGURES) if slider}  # the first of each tab
each_tab = pytest.mark.parametrize("tab", FOLLOWING)


@pytest.mark.parametrize("tab", ["linear", "masked"])
def test_the_zoom_stays_over_another_image_another_tab_and_a_moved_slider(person, tab):
    name, slider = FOLLOWING[tab]
    person.tab(tab)
    person.choose("digits", 0)
    whole, place, mouse = person.plotted(tab, name), person.part(tab, name).bounding_box(), person.page.mouse
    left, top = place["x"] + whole["left"], place["y"] + whole["top"]
    with person.no_request():
        mouse.move(left + 0.2 * whole["width"], top + 0.2 * whole["height"])
        mouse.down()
        mouse.move(left + 0.5 * whole["width"], top + 0.5 * whole["height"], steps=4)
        mouse.move(left + 0.7 * whole["width"], top + 0.8 * whole["height"], steps=4)
        mouse.up()
        person.page.wait_for_timeout(400)  # Plotly tells a double click from two zooms
    zoomed = person.plotted(tab, name)
    assert abs(zoomed["x"][1] - zoomed["x"][0]) < 0.7 * abs(whole["x"][1] - whole["x"][0])
    person.choose(index=1)
    person.slide(slider, "End", "ArrowLeft")
    person.tab("compare")
    person.tab(tab)
    person.resize(1440, 900)
    after = person.plotted(tab, name)
    assert after["x"] == pytest.approx(zoomed["x"]) and after["y"] == pytest.approx(zoomed["y"])
    person.part(tab, name).locator(".nsewdrag").first.dblclick()  # and the whole comes back
    person.page.wait_for_function("([tab, name]) => probe.plotted(tab, name).auto !== false", arg=[tab, name])
    assert person.plotted(tab, name)["x"] == pytest.approx(whole["x"], rel=0.02)


def test_figures_follow_light_and_dark(person):
    seen = {}
    person.choose("digits", 0)
    for _ in ("light", "dark"):
        for tab, name, _ in FIGURES:
            person.tab(tab)
            now = person.plotted(tab, name)
            assert now["words"] == person.css("--ae-quiet"), (tab, name)
            assert now["lines"] in (None, person.css("--ae-line")), (tab, name)  # a map has no grid
            assert now["paper"] == "rgba(0,0,0,0)"  # the card's own
            for trace in now["traces"]:
                if trace["variant"]:
                    assert trace["colour"] == person.css(f"--v-{trace['variant']}")
            seen.setdefault((tab, name), []).append(now["words"])
        person.page.locator("[data-theme-toggle]").click()
    assert all(light != dark for light, dark in seen.values())


@each_tab
def test_a_line_marks_where_the_slider_stands(person, tab):
    name, slider = FOLLOWING[tab]
    person.tab(tab)
    person.choose("digits", 0)
    expected, node = person.plotted(tab, name)["at"], person.part(tab, name)
    for position in (2, 5, 7):
        person.slide_to(slider, position)
        marker = node.locator(".ae-marker")
        assert marker.is_visible()
        place = marker.bounding_box()["x"] - node.bounding_box()["x"]
        assert place == pytest.approx(expected[position], abs=2)
    assert expected == sorted(expected) and expected[7] - expected[2] > 40


def save(person, tab: str, name: str, kind: str) -> tuple[str, str]:
    """The name and the text of a file that a button under a figure gives."""
    with person.page.expect_download() as waiting:
        person.page.locator(f'#view-{tab} [data-of="{name}"] [data-save="{kind}"]').click()
    return waiting.value.suggested_filename, waiting.value.path().read_text("utf-8")


def test_the_numbers_of_each_figure_can_be_saved_as_csv(person):
    for tab, name, _ in FIGURES:
        person.tab(tab)
        person.choose("digits", 0)
        person.plotted(tab, name)
        file, text = save(person, tab, name, "csv")
        figure = person.page.evaluate("([tab, name]) => probe.figure(tab, name)", [tab, name])
        head, *rows = csv.reader(io.StringIO(text))
        axes = [figure["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
        if figure["data"][0]["type"] == "heatmap":
            (cells,) = figure["data"]
            expected = [[x, y, z] for y, line in zip(cells["y"], cells["z"], strict=True)
                        for x, z in zip(cells["x"], line, strict=True)]  # fmt: skip
            axes = [*axes, cells["colorbar"]["title"]["text"]]
        else:
            expected = [[trace.get("name") or "", x, y] for trace in figure["data"]
                        for x, y in zip(trace["x"], trace["y"], strict=True)]  # fmt: skip
            axes = ["series", *axes]
        assert file == f"aedemo-{name}-digits.csv" and head == axes and len(rows) == len(expected) >= 5
        for row, wanted in zip(rows, expected, strict=True):
            for cell, value in zip(row, wanted, strict=True):
                assert cell == value if isinstance(value, str) else float(cell) == value, (tab, name, row)


def test_a_figure_can_be_saved_as_svg(person):
    person.tab("linear")
    person.choose("digits", 0)
    person.plotted("linear", "above-pca")
    file, text = save(person, "linear", "above-pca", "svg")
    assert file == "aedemo-above-pca-digits.svg" and "bottleneck M" in text and text.count('class="point') >= 15


def test_what_is_saved_in_dark_mode_is_for_white_paper_too(person):
    person.tab("linear")
    person.choose("digits", 0)
    person.plotted("linear", "above-pca")
    _, light = save(person, "linear", "above-pca", "svg")
    person.page.locator("[data-theme-toggle]").click()
    person.resize(1440, 900)
    _, dark = save(person, "linear", "above-pca", "svg")
    assert person.page.evaluate("document.body.classList.contains('dark')")
    person.page.locator("[data-theme-toggle]").click()

    def colours(text: str) -> list[str]:
        return re.findall(r"(?:fill|stroke): (rgb\([^)]*\)|#\w+)", text)

    assert len(colours(light)) > 50 and colours(dark) == colours(light)


def test_on_paper_figures_shrink_as_a_whole(person):
    person.tab("sparse")
    person.choose("digits", 0)
    person.plotted("sparse", "units-curve")
    person.page.emulate_media(media="print")
    person.resize(1440, 900)  # here, unlike on paper, figures follow the width
    person.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    boxes = person.page.evaluate(
        "[...document.querySelectorAll('#view-sparse .ae-figure .main-svg')].map((svg) => [svg.viewBox.baseVal.width, "
        "+svg.getAttribute('width'), svg.getBoundingClientRect().right, "
        "svg.closest('.ae-card').getBoundingClientRect().right])"
    )
    assert len(boxes) >= 4
    for seen, drawn, right, end in boxes:
        assert seen == drawn > 100 and right <= end
    person.page.emulate_media(media="screen")
    person.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert person.page.locator("#view-sparse .main-svg[viewBox]").count() == 0
