"""On a phone as on a desk: nothing sticks out of the window, and a finger moves every slider."""

import pytest

from tests.page.slots import BY_NAME, slots

SIZES = {
    "phone": {"width": 390, "height": 844, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
    "tablet": {"width": 820, "height": 1180, "has_touch": True},
    "desk": {"width": 1440, "height": 900},
}


@pytest.mark.parametrize("size", SIZES)
def test_no_tab_is_wider_than_the_window(visit, size):
    person = visit(**SIZES[size])
    for data in ("photos", "digits"):
        person.choose(data)
        for tab in BY_NAME:
            person.tab(tab)
            person.page.wait_for_timeout(150)
            wide, window = person.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert window == SIZES[size]["width"] and wide <= window, tab
            assert person.page.evaluate("probe.sticking()") == [], tab
    assert person.complaints() == []


def test_a_finger_moves_every_slider_without_a_request(visit):
    person = visit(**SIZES["phone"])
    finger = person.context.new_cdp_session(person.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
        )  # fmt: skip

    for tab in BY_NAME:
        person.tab(tab)
        for slider in [slot.name for slot in slots(tab) if slot.part == "slider"]:
            handle = person.page.locator(f"#{slider} input")
            handle.scroll_into_view_if_needed()
            box = handle.bounding_box()
            assert box["height"] >= 24 and box["width"] >= 120  # room for a finger
            person.slide(slider, "Home")
            y, left, right = box["y"] + box["height"] / 2, box["x"] + 10, box["x"] + box["width"] - 10
            positions = []
            with person.no_request():
                touch("touchStart", (left, y))
                for step in range(1, 11):
                    touch("touchMove", (left + (right - left) * step / 10, y))
                    shown = person.shown(tab, slider)
                    positions.append(shown["sliders"][slider]["value"])
                    assert {strip["frame"] for strip in shown["strips"].values()} == {positions[-1]}
                touch("touchEnd")
            assert positions == sorted(positions) and len(set(positions)) >= 6, (tab, slider)
            assert positions[-1] == int(handle.get_attribute("max"))


def test_the_rail_is_a_strip_on_top_and_all_tabs_can_be_reached(visit):
    person = visit(**SIZES["phone"])
    rail, main = (person.page.locator(place).bounding_box() for place in ("#ae-rail", "#ae-main"))
    assert rail["y"] + rail["height"] <= main["y"] + 1 and rail["height"] < 500
    for tab in BY_NAME:
        person.tab(tab)
        button = person.page.locator(f'#ae-tabs [role=tab][data-tab-id="{tab}"]').bounding_box()
        assert button["x"] >= 0 and button["x"] + button["width"] <= 390
