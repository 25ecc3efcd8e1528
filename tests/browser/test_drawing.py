"""Drawing: mouse, finger and pen; the models follow the stroke, one request at a time; each stroke can be undone."""

import numpy as np
import pytest

from tests.page.slots import BY_NAME

SHEET = "#ae-sidebar .ae-pad"


@pytest.fixture
def artist(person):
    """A person at an empty pad over digits, on the Denoising tab, which answers quickly: it has no map to draw."""
    person.tab("denoising")
    person.choose("digits", 0)
    opened(person)
    person.page.locator('#ae-sidebar [data-do="clear"]').click()
    yield person
    person.page.locator('#ae-sidebar [data-do="done"]').click()
    person.choose("digits", 0)


def opened(person) -> None:
    person.page.locator('#ae-sidebar [data-do="draw"]').click()
    still(person)


def still(person) -> None:
    """Wait until the models have answered the last stroke."""
    person.page.wait_for_function("!aedemo.sidebar.userImage.latest.busy")
    person.settle(person.active())


def stroke(person, *points: tuple[float, float]) -> None:
    """With the mouse, through points in parts of the pad."""
    box, mouse = person.page.locator(SHEET).bounding_box(), person.page.mouse
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    mouse.move(*places[0])
    mouse.down()
    for place in places[1:]:
        mouse.move(*place, steps=6)
    mouse.up()


SEVEN = ((0.3, 0.2), (0.7, 0.2), (0.45, 0.85))


def test_the_models_see_what_is_drawn_on_every_tab(artist):
    stroke(artist, *SEVEN)
    still(artist)
    seen = artist.filmstrip("denoising", "clean")
    assert seen.shape[:2] == (8, 8) and seen.max() > 200 and seen[0].max() > 150 and seen[-1].max() > 100
    assert artist.page.locator("#ae-sidebar .ae-user-image .ae-steps figcaption").last.inner_text() == "centred"
    for tab in BY_NAME:
        artist.tab(tab)
        assert artist.message(tab) == ""
    artist.tab("denoising")


def test_the_answer_follows_the_stroke_while_the_pen_is_down(artist):
    box, mouse = artist.page.locator(SHEET).bounding_box(), artist.page.mouse
    seen = set()
    mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.15 * box["height"])
    mouse.down()
    for k in range(12):
        mouse.move(box["x"] + (0.5 + 0.02 * k) * box["width"], box["y"] + (0.15 + 0.06 * k) * box["height"])
        artist.page.wait_for_timeout(120)
        seen.add(artist.prints("denoising")["clean"])
    mouse.up()
    assert len(seen) >= 4


def test_one_request_is_under_way_at_a_time_and_the_last_stroke_is_shown(artist):
    asked, most = [], [0]
    leaves = lambda request: request.method == "POST" and (asked.append(request), most.append(len(asked)))  # noqa: E731
    comes = lambda request: request in asked and asked.remove(request)  # noqa: E731
    artist.page.on("request", leaves)
    for event in ("requestfinished", "requestfailed"):
        artist.page.on(event, comes)
    for k in range(10):
        stroke(artist, (0.1 + 0.08 * k, 0.1), (0.5, 0.5), (0.1 + 0.08 * k, 0.9))
    still(artist)
    artist.page.remove_listener("request", leaves)
    assert 1 <= max(most) <= 1
    shown = artist.state("image")
    artist.page.evaluate("aedemo.sidebar.userImage.drawn()")  # what is on the pad, asked for once more
    still(artist)
    assert artist.state("image") == shown


def test_undo_takes_back_a_stroke_and_clear_all_of_them(artist):
    def seen() -> np.ndarray:
        still(artist)
        return artist.filmstrip("denoising", "clean")

    stroke(artist, (0.2, 0.2), (0.2, 0.8))
    one = seen()
    stroke(artist, (0.2, 0.8), (0.8, 0.8))
    two = seen()
    assert not np.array_equal(one, two)
    artist.page.locator('#ae-sidebar [data-do="undo"]').click()
    np.testing.assert_array_equal(seen(), one)
    artist.page.locator('#ae-sidebar [data-do="clear"]').click()
    np.testing.assert_array_equal(seen(), one)  # of an empty pad there is nothing to show
    assert artist.said().startswith("The pad is empty.")
    stroke(artist, (0.2, 0.5), (0.8, 0.5))
    assert not np.array_equal(seen(), one) and artist.said() == ""
    for _ in range(2):
        artist.page.locator('#ae-sidebar [data-do="undo"]').click()
    assert artist.said().startswith("The pad is empty.")


def test_what_is_all_erased_is_a_sentence_and_no_empty_sheet(artist):
    stroke(artist, *SEVEN)
    still(artist)
    seven = artist.filmstrip("denoising", "clean")
    artist.page.locator("#pen-size").fill("48")
    artist.page.locator("#ae-sidebar input[value=eraser]").check(force=True)
    stroke(artist, *SEVEN)
    stroke(artist, *SEVEN)
    still(artist)
    assert artist.said().startswith("Nothing found that stands out")
    assert artist.filmstrip("denoising", "clean").max() > 100 and seven.max() > 100
    artist.page.locator("#ae-sidebar input[value=pen]").check(force=True)
    artist.page.locator("#pen-size").fill("22")


def test_the_eraser_erases_and_the_pen_has_a_width(artist):
    def ink() -> float:
        return (artist.pixels(SHEET) > 128).mean()

    size = artist.page.locator("#pen-size")
    for width in ("8", "40"):
        size.fill(width)
        artist.page.locator('#ae-sidebar [data-do="clear"]').click()
        stroke(artist, (0.1, 0.5), (0.9, 0.5))
        assert ink() == pytest.approx(0.8 * int(width) / 280, rel=0.25)
    artist.page.locator("#ae-sidebar input[value=eraser]").check(force=True)
    stroke(artist, (0.1, 0.5), (0.5, 0.5))
    assert 0.2 < ink() / (0.8 * 40 / 280) < 0.6
    artist.page.locator("#ae-sidebar input[value=pen]").check(force=True)
    size.fill("22")


def test_a_drawing_stays_over_another_data_set_and_is_put_away_with_the_next_image(artist):
    stroke(artist, *SEVEN)
    still(artist)
    artist.choose("photos")
    still(artist)
    assert artist.filmstrip("denoising", "clean").shape[:2] == (128, 128)
    assert artist.filmstrip("denoising", "clean").mean() > 180  # dark ink on white paper
    artist.choose("digits")
    still(artist)
    assert artist.filmstrip("denoising", "clean").mean() < 128
    artist.choose(index=3)
    assert not artist.page.locator(SHEET).is_visible()
    opened(artist)
    assert (artist.pixels(SHEET) > 128).mean() > 0.03  # and is there again


def test_a_second_finger_draws_nothing(phone):
    phone.tab("denoising")
    phone.choose("digits", 0)
    opened(phone)
    phone.page.locator('#ae-sidebar [data-do="clear"]').click()
    phone.page.locator(SHEET).scroll_into_view_if_needed()
    box, touch = phone.page.locator(SHEET).bounding_box(), phone.context.new_cdp_session(phone.page)

    def send(kind: str, *points: tuple[int, float, float]) -> None:
        places = [{"id": k, "x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for k, x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

    send("touchStart", (0, 0.2, 0.2))
    send("touchStart", (0, 0.2, 0.2), (1, 0.8, 0.8))
    send("touchMove", (0, 0.4, 0.2), (1, 0.8, 0.7))
    send("touchMove", (0, 0.8, 0.2), (1, 0.8, 0.6))
    send("touchEnd")
    still(phone)
    ink = phone.pixels(SHEET).max(2) > 128
    height = len(ink)
    assert ink[: int(0.4 * height)].any(0).mean() > 0.6 and not ink[int(0.4 * height) :].any()
    phone.page.locator('#ae-sidebar [data-do="done"]').click()
    phone.choose(index=0)


def test_a_finger_draws_on_a_phone_and_sees_the_answers_beside(phone):
    phone.tab("compare")
    phone.choose("digits", 0)
    opened(phone)
    phone.page.locator(SHEET).scroll_into_view_if_needed()
    box = phone.page.locator(SHEET).bounding_box()
    touch = phone.context.new_cdp_session(phone.page)
    down = phone.page.evaluate("scrollY")
    for kind, points in (
        ("touchStart", [(0.3, 0.2)]), ("touchMove", [(0.7, 0.2)]), ("touchMove", [(0.5, 0.8)]), ("touchEnd", []),
    ):  # fmt: skip
        places = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})
    still(phone)
    assert phone.page.evaluate("scrollY") == down
    assert (phone.pixels(SHEET) > 128).mean() > 0.03
    assert phone.filmstrip("compare", "saw-pca").max() > 150
    echoes = phone.page.locator("#ae-sidebar .ae-echoes canvas")
    assert echoes.count() == 7 and echoes.first.is_visible()
    phone.page.locator('#ae-sidebar [data-do="done"]').click()
    phone.choose(index=0)
