"""Masks by hand: a click, a stroke and the keys hide and show patches, and the answers follow."""

import numpy as np
import pytest

from aedemo.explore.masked import from_hex

SLIDER = "masked-mask-ratio"
FIELD = '#view-masked [data-name="masked"] .ae-image'


@pytest.fixture(autouse=True)
def at_random_again(request):
    """The page stays open for other tests, which want to move its slider."""
    people = [request.getfixturevalue(name) for name in ("person", "phone") if name in request.fixturenames]
    yield
    for someone in people:
        someone.tab("masked")
        choose_kind(someone, "random")


def open_tab(person, dataset: str = "digits") -> None:
    person.tab("masked")
    person.choose(dataset, 3)
    choose_kind(person, "random")
    person.slide_to(SLIDER, 10)


def choose_kind(person, kind: str) -> None:
    person.page.locator(f'#view-masked [data-name="mask"] input[value="{kind}"]').check(force=True)
    person.settle("masked")


def mask(person) -> np.ndarray:
    """(h, w), read off the image: removed patches are grey all over."""
    grid = person.page.evaluate("aedemo.tabViews.get('masked').widgets.find((p) => p.name === 'masked').sprite.grid")
    pixels = person.filmstrip("masked", "masked")
    height, width = (side // count for side, count in zip(pixels.shape[:2], grid, strict=True))
    patches = pixels.reshape(grid[0], height, grid[1], width, 3)
    return (np.abs(patches - 128).max((1, 3, 4)) <= 2).astype(int)


def at(person, row: int, column: int) -> tuple[float, float]:
    """The middle of a patch in the window."""
    field = person.page.locator(FIELD)
    field.evaluate("element => element.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box, (rows, columns) = field.bounding_box(), mask(person).shape
    return box["x"] + (column + 0.5) * box["width"] / columns, box["y"] + (row + 0.5) * box["height"] / rows


def chosen_kind(person) -> str:
    return person.page.locator('#view-masked [data-name="mask"] input:checked').get_attribute("value")


def sent(person) -> np.ndarray:
    """The mask that the server was asked for."""
    digits = person.page.evaluate("aedemo.tabViews.get('masked').choices.get('hand')")
    return from_hex(digits, mask(person).shape).numpy()


def test_a_click_hides_or_shows_a_patch_and_the_answers_follow(person):
    open_tab(person)
    before, answers = mask(person), person.prints("masked")
    person.page.mouse.click(*at(person, 1, 2))
    person.settle("masked")
    after = mask(person)
    assert [tuple(place) for place in np.argwhere(after != before)] == [(1, 2)]
    np.testing.assert_array_equal(sent(person), after)
    changed = {name for name, number in person.prints("masked").items() if number != answers[name]}
    assert changed == {"masked", "reconstruction", "joined", "pca"}
    assert (
        chosen_kind(person) == "hand"
        and f"{(1 - after).sum()} of {after.size} patches" in person.shown("masked")["filmstrips"]["masked"]["big"]
    )
    person.page.mouse.click(*at(person, 1, 2))
    person.settle("masked")
    np.testing.assert_array_equal(mask(person), before)


def test_a_stroke_does_to_every_patch_what_it_does_to_the_first(person):
    open_tab(person)
    row = int(np.argmax(mask(person).sum(1) > 0))
    first = bool(mask(person)[row, 0])
    page = person.page
    page.mouse.move(*at(person, row, 0))
    page.mouse.down()
    page.mouse.move(*at(person, row, mask(person).shape[1] - 1), steps=12)
    page.mouse.up()
    person.settle("masked")
    assert (mask(person)[row] == (not first)).all()
    np.testing.assert_array_equal(sent(person), mask(person))


def test_the_last_visible_patch_stays(person):
    open_tab(person)
    person.slide_to(SLIDER, 19)
    (place,) = np.argwhere(mask(person) == 0)
    person.page.mouse.click(*at(person, *place))
    person.frames()
    assert (mask(person) == 0).sum() == 1 and chosen_kind(person) == "random"


def test_keys_choose_a_patch_and_change_it(person):
    open_tab(person)
    before = mask(person)
    person.page.focus(FIELD)
    rows, columns = before.shape
    for key in [*["ArrowUp"] * rows, *["ArrowLeft"] * columns, "ArrowRight", "ArrowDown", " "]:
        person.page.keyboard.press(key)
    person.settle("masked")
    assert [tuple(place) for place in np.argwhere(mask(person) != before)] == [(1, 1)]
    assert "Arrow keys" in person.page.locator(FIELD).get_attribute("aria-label")
    said = person.page.locator('#view-masked [data-name="masked"] .ae-unseen').inner_text()
    assert said == f"Row 2, column 2: {'hidden' if mask(person)[1, 1] else 'visible'}"


def test_a_mask_stays_for_the_next_image_and_goes_with_another_kind(person):
    open_tab(person)
    before = mask(person)
    person.page.mouse.click(*at(person, 0, 0))
    person.settle("masked")
    by_hand = mask(person)
    assert person.page.locator(f"#{SLIDER} input").is_disabled()
    person.choose(index=5)
    np.testing.assert_array_equal(mask(person), by_hand)
    choose_kind(person, "random")
    np.testing.assert_array_equal(mask(person), before)  # and the slider stands where it stood
    assert person.page.locator(f"#{SLIDER} input").is_enabled()


def test_by_hand_begins_with_the_mask_that_is_seen_and_another_kind_leaves_none_of_it(person):
    open_tab(person)
    before = mask(person)
    choose_kind(person, "hand")
    np.testing.assert_array_equal(mask(person), before)
    np.testing.assert_array_equal(sent(person), before)
    assert "hand" in person.page.evaluate("aedemo.link.text()")
    choose_kind(person, "block")
    assert "hand" not in person.page.evaluate("aedemo.link.text()")
    choose_kind(person, "hand")
    assert mask(person).sum() == pytest.approx(before.sum(), abs=2)
    assert (np.ptp(np.argwhere(mask(person)), axis=0) < mask(person).shape).all()


def test_a_mask_of_another_grid_begins_anew(person):
    open_tab(person)
    person.page.mouse.click(*at(person, 0, 0))
    person.settle("masked")
    person.choose("photos", 1)
    assert chosen_kind(person) == "hand" and mask(person).shape == (12, 12) and mask(person).mean() == 0.75
    person.page.mouse.click(*at(person, 0, 0))
    person.settle("masked")
    np.testing.assert_array_equal(sent(person), mask(person))


def test_a_finger_taps_and_strokes_but_does_not_change_what_it_scrolls_past(phone):
    open_tab(phone)
    finger = phone.context.new_cdp_session(phone.page)

    def drag(*points: tuple[float, float]) -> None:
        for kind, point in zip(["touchStart", *["touchMove"] * (len(points) - 1)], points, strict=True):
            finger.send(
                "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": point[0], "y": point[1]}]}
            )  # fmt: skip
            phone.page.wait_for_timeout(30)
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        phone.settle("masked")

    before = mask(phone)
    x, y = at(phone, 1, 1)
    drag(*((x, y - 12 * step) for step in range(8)))
    np.testing.assert_array_equal(mask(phone), before)
    drag(at(phone, 1, 1))
    assert [tuple(place) for place in np.argwhere(mask(phone) != before)] == [(1, 1)]
    (left, top), (right, _) = at(phone, 2, 0), at(phone, 2, 3)
    wanted = not before[2, 0]
    drag(*((left + (right - left) * step / 10, top) for step in range(11)))
    assert (mask(phone)[2] == wanted).all()
