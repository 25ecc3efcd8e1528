"""On a phone as on a desk: nothing sticks out of the window, and a finger moves every slider."""

import pytest

from tests.page.slots import BY_NAME, slots

ALL = tuple(BY_NAME)
SOME, OTHERS = ALL[: len(ALL) // 2], ALL[len(ALL) // 2 :]


def assert_fits(person, tab: str, *sizes: tuple[int, int]) -> None:
    """What a tab shows now, at each of the sizes."""
    for width, height in sizes:
        person.resize(width, height)
        wide, window = person.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert window == width and wide <= window, (tab, width)
        assert person.page.evaluate("probe.sticking()") == [], (tab, width)
        assert person.page.evaluate("probe.twoLines()") == [], (tab, width)


def assert_all_fit(person, shown: dict[str, tuple[str, ...]], *sizes: tuple[int, int]) -> None:
    """Tabs by data sets; photographs' words are longer. Wider windows: test_layout.py, beside what overlaps."""
    for data, tabs in shown.items():
        person.choose(data)
        for tab in tabs:
            person.tab(tab)
            assert_fits(person, tab, *sizes)


def test_no_tab_is_wider_than_a_phone(phone):
    assert_all_fit(phone, {"photos": SOME, "digits": OTHERS}, (390, 844))


@pytest.mark.slow
def test_no_tab_is_wider_than_a_phone_or_a_desk_on_either_data_set(phone, person):
    assert_all_fit(phone, {"photos": ALL, "digits": ALL}, (390, 844))
    assert_all_fit(person, {"photos": ALL, "digits": ALL}, (820, 1180), (1440, 900))


def test_a_finger_moves_every_slider_without_a_request(phone):
    finger = phone.context.new_cdp_session(phone.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )  # fmt: skip

    for tab in BY_NAME:
        phone.tab(tab)
        for slider in [slot.name for slot in slots(tab) if slot.part == "slider"]:
            handle = phone.page.locator(f"#{slider} input")
            handle.scroll_into_view_if_needed()
            phone.slide(slider, "Home")
            phone.frames()  # focus may scroll
            box = handle.bounding_box()
            assert box["height"] >= 24 and box["width"] >= 120  # room for a finger
            y, left, right = box["y"] + box["height"] / 2, box["x"] + 10, box["x"] + box["width"] - 10
            positions = []
            with phone.no_request():
                touch("touchStart", (left, y))
                for step in range(1, 11):
                    touch("touchMove", (left + (right - left) * step / 10, y))
                    shown = phone.shown(tab, slider)
                    positions.append(shown["sliders"][slider]["value"])
                    assert {filmstrip["frame"] for filmstrip in shown["filmstrips"].values()} == {positions[-1]}
                touch("touchEnd")
            assert positions == sorted(positions) and len(set(positions)) >= 6, (tab, slider)
            assert positions[-1] == int(handle.get_attribute("max"))


def test_the_slider_stays_at_the_edge_while_its_tab_scrolls(phone):
    phone.tab("deep")
    handle = phone.page.locator("#deep-bottleneck")
    at = [(phone.page.evaluate("y => scrollTo(0, y)", y), handle.bounding_box()["y"])[1] for y in (0, 900, 2000)]
    assert at[0] > 300 and at[1] == at[2] == 0
    phone.slide("deep-bottleneck", "Home")
    assert handle.bounding_box()["y"] == 0 and handle.locator("output").inner_text() == "1"
    phone.page.evaluate("scrollTo(0, 0)")


def test_images_stand_in_pairs(phone):
    for tab, pair in {
        "denoising": ("noisy", "denoised"),
        "linear": ("image", "linear"),
        "masked": ("masked", "reconstruction"),
    }.items():
        phone.tab(tab)
        one, other = (phone.page.locator(f'#view-{tab} .filmstrip[data-name="{name}"]').bounding_box() for name in pair)
        assert one["y"] == other["y"] and one["x"] + one["width"] < other["x"], tab


def test_the_sidebar_is_a_strip_on_top_and_all_tabs_can_be_reached(phone):
    sidebar, main = (phone.page.locator(place).bounding_box() for place in ("#ae-sidebar", "#ae-tabs"))
    assert sidebar["y"] + sidebar["height"] <= main["y"] + 1 and sidebar["height"] < 90
    for tab in BY_NAME:
        phone.tab(tab)
        button = phone.page.locator(f'#ae-tabs [role=tab][data-tab-id="{tab}"]').bounding_box()
        assert button["x"] >= 0 and button["x"] + button["width"] <= 390


def test_a_link_for_the_projector_leaves_a_phone_a_way_out(visit, server):
    person = visit("about:blank", wait=False)
    person.page.set_viewport_size({"width": 390, "height": 844})
    person.open(f"{server.url}#tab=sparse&data=digits&projector=1", wait=False)
    person.settle("sparse")
    tools, tabs = (
        person.page.locator(part).bounding_box() for part in ("#ae-top .ae-tools-row", "#ae-tabs .tab-wrapper")
    )
    assert tools["y"] + tools["height"] <= tabs["y"] and tools["x"] >= 0
    person.page.locator("[data-tool=projector]").click()
    assert person.page.locator("#ae-sidebar").is_visible()
    assert not person.page.locator("[data-tool=projector]").is_visible()
    person.page.set_viewport_size({"width": 1440, "height": 900})


def test_the_guide_fits_and_nothing_lies_over_a_figure(phone):
    page = phone.page
    page.evaluate("aedemo.tour.go(2, 3)")  # the longest words: Explain, Next step
    phone.settle("linear")
    page.locator("#ae-tour [data-tour=next]").filter(has_text="Next step").wait_for()
    assert page.evaluate(
        "[...document.querySelectorAll('#ae-tour button')].filter((b) => b.scrollWidth > b.clientWidth + 1).length"
    ) == 0  # fmt: skip
    phases, go = (page.locator(f"#ae-tour {part}").bounding_box() for part in (".ae-tour-phases", ".ae-buttons"))
    assert phases["x"] + phases["width"] <= go["x"] and go["x"] + go["width"] <= 390
    page.locator("#ae-tour [data-phase='0']").click()
    answers = page.locator("#ae-tour li:visible")
    assert answers.count() == 3
    assert set(answers.evaluate_all("items => items.map((item) => getComputedStyle(item).listStyleType)")) == {"none"}
    page.locator("#ae-tour [data-tour=leave]").click()
    phone.plotted("linear", "above-pca")
    assert page.locator(".modebar-btn").count() == 0  # a finger zooms nothing
