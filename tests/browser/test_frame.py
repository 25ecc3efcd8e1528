"""The frame over a user's image, for every data set: by mouse, finger and keys, and what the models see."""

import io
import re

import numpy as np
import pytest
from PIL import Image, ImageDraw

from aedemo import uploads
from tests.browser.test_accessibility import faults
from tests.browser.test_uploads import arrived, uploaded

FRAME, SEEN = "#ae-sidebar .ae-frame", "#ae-sidebar .ae-seen canvas"


@pytest.fixture
def two(tmp_path):
    """A large 1 at the left of a pad, and a small ring at its right; of so few pixels the copy is exact."""
    pad = Image.new("L", (240, 160), 240)
    draw = ImageDraw.Draw(pad)
    draw.line((64, 32, 64, 128), 20, 12)
    draw.ellipse((160, 64, 192, 104), outline=20, width=7)
    path = tmp_path / "two.png"
    pad.save(path)
    return path


@pytest.fixture
def wide(tmp_path):
    """Redder to the right."""
    image = np.zeros((120, 360, 3), np.uint8)
    image[..., 0], image[..., 2] = np.linspace(0, 255, 360), 90
    path = tmp_path / "wide.png"
    Image.fromarray(image).save(path)
    return path


def sides(person) -> list[float]:
    return person.page.evaluate("aedemo.sidebar.userImage.frame.sides")


def still(person) -> None:
    person.page.wait_for_function("!aedemo.sidebar.userImage.latest.busy")
    person.settle(person.active())


def pulled(person, start: tuple[float, float], end: tuple[float, float]) -> None:
    """From one place to another, in fractions of the image."""
    box, mouse = person.page.locator("#ae-sidebar .ae-original").bounding_box(), person.page.mouse
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end)]
    mouse.move(*at[0])
    mouse.down()
    mouse.move(*at[1], steps=5)
    mouse.up()
    still(person)


def expected(path, dataset: str, frame) -> np.ndarray:
    seen = uploads.for_dataset(uploads.read(path), dataset, uploads.Frame(*frame))
    return (seen.expand(3, -1, -1).permute(1, 2, 0).numpy() * 255).round()


@pytest.mark.parametrize("dataset", ["digits", "mnist", "photos"])
def test_what_the_models_see_is_what_the_frame_holds(person, two, dataset):
    person.tab("sparse")
    person.choose(dataset, 0)
    uploaded(person, two)
    first = sides(person)
    before = person.state("image")
    pulled(person, ((first[0] + first[2]) / 2, (first[1] + first[3]) / 2), (0.73, 0.52))  # to the ring
    assert person.state("image") != before and person.said() == ""
    left, _, right, _ = moved = sides(person)
    assert moved != first and right - left == pytest.approx(first[2] - first[0], abs=1e-6)
    shown = [round(side, 4) for side in moved]
    loss = 16 if dataset == "photos" else 1  # these are shown as a JPEG
    np.testing.assert_allclose(person.pixels(SEEN), expected(two, dataset, shown), atol=loss)
    person.page.locator('#ae-sidebar [data-do="guess"]').click()
    still(person)
    assert sides(person) == pytest.approx(first, abs=1e-3) and person.state("image") == before
    person.page.locator('#ae-sidebar [data-do="whole"]').click()
    still(person)
    assert sides(person) == pytest.approx([1 / 6, 0, 5 / 6, 1] if dataset == "photos" else [0, 0, 1, 1], abs=1e-3)
    person.choose(index=0)


def test_any_rectangle_by_its_corners_and_sides_and_a_square_of_a_photograph(person, two):
    person.tab("sparse")
    person.choose("mnist", 0)
    uploaded(person, two)
    person.page.locator('#ae-sidebar [data-do="whole"]').click()
    still(person)
    pulled(person, (0, 0), (0.1, 0.2))
    pulled(person, (1, 1), (0.6, 0.9))
    assert sides(person) == pytest.approx([0.1, 0.2, 0.6, 0.9], abs=0.02)
    pulled(person, (0.6, 0.5), (0.45, 0.1))  # a side moves one way only
    assert sides(person) == pytest.approx([0.1, 0.2, 0.45, 0.9], abs=0.02)
    by_hand = sides(person)
    person.choose("photos")
    still(person)
    left, top, right, bottom = sides(person)
    assert (right - left) * 240 == pytest.approx((bottom - top) * 160, abs=0.5)
    pulled(person, (right, bottom), (right - 0.2, bottom - 0.3))
    left, top, right, bottom = sides(person)
    assert (right - left) * 240 == pytest.approx((bottom - top) * 160, abs=0.5) and bottom < 0.8
    person.choose("mnist")
    still(person)
    assert sides(person) == by_hand  # each kind of frame stays as it was left
    person.choose(index=0)


def test_keys_move_and_resize_and_it_is_announced(person, two):
    person.tab("sparse")
    person.choose("mnist", 0)
    uploaded(person, two)
    frame = person.page.locator(FRAME)
    start = sides(person)
    frame.focus()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowUp"):
        person.page.keyboard.press(key)
    still(person)
    left, top, right, bottom = start
    assert sides(person) == pytest.approx([left + 0.02, top + 0.02, right + 0.04, bottom], abs=1e-6)
    said = [int(number) for number in re.findall(r"\d+", frame.get_attribute("aria-valuetext"))]
    now = [right - left + 0.02, bottom - top - 0.02, left + 0.02, top + 0.02]
    assert said == pytest.approx([100 * part for part in now], abs=0.6)
    assert "from the left" in frame.get_attribute("aria-valuetext")
    before = sides(person)
    person.page.keyboard.press("+")
    person.page.keyboard.press("-")
    still(person)
    assert sides(person) == pytest.approx(before, abs=1e-6)
    assert frame.get_attribute("role") == "slider" and "arrow keys" in frame.get_attribute("aria-label")
    person.choose(index=0)


def test_while_it_is_dragged_the_sidebar_follows_and_at_rest_the_tab(person, wide):
    person.tab("denoising")
    person.choose("photos", 0)
    uploaded(person, wide)
    before, shown = person.state("image"), person.pixels(SEEN)[..., 0].mean()
    person.page.evaluate("""() => {
        const { ask } = aedemo;
        let now = (aedemo.most = 0);
        aedemo.ask = async (...given) => {
            aedemo.most = Math.max(aedemo.most, (now += 1));
            return ask(...given).finally(() => (now -= 1));
        };
    }""")
    box, mouse = person.page.locator(FRAME).bounding_box(), person.page.mouse
    mouse.move(box["x"] + 20, box["y"] + 20)
    mouse.down()
    mouse.move(box["x"] + 320, box["y"] + 20, steps=10)
    person.page.wait_for_function(
        "before => { const c = document.querySelector('#ae-sidebar .ae-seen canvas'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; return d.filter((_, k) => k % 4 === 0)"
        ".reduce((a, b) => a + b) / (c.width * c.height) > before + 50; }",
        arg=shown,
    )
    assert person.state("image") == before  # the tab waits
    mouse.up()
    arrived(person, before)
    still(person)
    assert person.page.evaluate("aedemo.most") == 1  # one request under way at a time
    assert person.pixels("#ae-sidebar .ae-large canvas")[..., 0].mean() > 180
    assert person.distances("denoising", "clean")["sidebar"] < 3
    person.choose(index=0)


def test_a_finger_moves_and_resizes_it(phone, two):
    phone.tab("sparse")
    phone.choose("mnist", 0)
    uploaded(phone, two)
    touch = phone.context.new_cdp_session(phone.page)
    original = phone.page.locator("#ae-sidebar .ae-original")
    original.scroll_into_view_if_needed()
    grips = phone.page.locator(f"{FRAME} > i:visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => [width, height])"
    )
    assert len(grips) == 8 and min(min(grip) for grip in grips) >= 24
    box = original.bounding_box()
    left, top, right, bottom = sides(phone)
    for start, end in (((right, bottom), (0.8, 0.95)), (((left + 0.8) / 2, 0.5), ((left + 0.8) / 2 + 0.1, 0.5))):
        for kind, place in (("touchStart", start), ("touchMove", end), ("touchEnd", None)):
            points = (
                [{"x": box["x"] + place[0] * box["width"], "y": box["y"] + place[1] * box["height"]}] if place else []
            )
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        still(phone)
    assert sides(phone) == pytest.approx([left + 0.1, top, 0.9, 0.95], abs=0.03)
    phone.choose(index=0)


def test_where_nothing_stands_out_it_is_said_and_the_frame_can_be_dragged(person, tmp_path):
    pad = np.full((200, 300), 238, np.uint8)
    Image.fromarray(pad).save(tmp_path / "empty.png")
    person.tab("sparse")
    person.choose("mnist", 2)
    before, prints = person.state("image"), person.prints("sparse")
    person.upload(tmp_path / "empty.png")
    person.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    assert person.said().startswith("Nothing found that stands out")
    assert person.state("image") == before and person.prints("sparse") == prints
    assert person.page.locator(FRAME).is_visible() and not person.page.locator(SEEN).is_visible()
    pulled(person, (0.5, 0.5), (0.6, 0.5))
    assert person.page.locator(FRAME).is_visible() and person.state("image") == before
    person.choose("photos")  # of which it is a wall
    still(person)
    assert person.state("image").startswith("seen:") and person.said() == ""
    person.choose("mnist")
    still(person)
    assert person.said().startswith("Nothing found") and person.state("image").startswith("gallery:")
    assert person.state("data") == "mnist"
    person.choose(index=0)
    assert person.said() == ""


def test_other_marks_are_offered_and_a_click_takes_one(person, two):
    """Whatever is proposed: the server's answer gets another candidate here."""
    ring = "0.64,0.37,0.83,0.68"

    person.tab("sparse")
    person.choose("mnist", 0)
    person.page.evaluate(
        """(ring) => {
            for (const way of ["ask", "send"]) {
                const real = aedemo[way];
                aedemo[way] = (...given) => real(...given).then((answer) => {
                    answer.opened.candidates = [answer.opened.candidates[0], ring];
                    return answer;
                });
                aedemo.restore = [...(aedemo.restore ?? []), () => (aedemo[way] = real)];
            }
        }""",
        ring,
    )
    uploaded(person, two)
    first, marks = sides(person), person.page.locator("#ae-sidebar .ae-candidates button")
    assert marks.count() == 1 and "from the left" in marks.first.get_attribute("aria-label")
    before = person.state("image")
    marks.first.click()
    arrived(person, before)
    assert sides(person) == [float(side) for side in ring.split(",")]
    assert marks.count() == 1  # now the first one
    marks.first.click()
    still(person)
    assert sides(person) == pytest.approx(first) and person.state("image") == before
    person.page.evaluate("aedemo.restore.forEach((back) => back())")
    person.choose(index=0)


def test_the_program_of_the_view_has_the_frame(person, two):
    person.tab("sparse")
    person.choose("mnist", 0)
    uploaded(person, two)
    assert "frame" not in person.page.evaluate("Object.fromEntries(aedemo.link.view())")
    pulled(person, ((sides(person)[0] + sides(person)[2]) / 2, 0.5), (0.5, 0.5))
    frame = person.page.evaluate("Object.fromEntries(aedemo.link.view())")["frame"]
    assert [float(side) for side in frame.split(",")] == pytest.approx(sides(person), abs=1e-4)
    answer = person.page.evaluate("fetch(aedemo.address('/program.py?' + aedemo.link.view())).then((a) => a.text())")
    assert "aedemo.uploads.Frame(" in answer
    person.choose(index=0)


def test_dark_values_are_stretched_which_is_said_and_can_be_turned_off(person, tmp_path):
    deep = np.linspace(0, 4095, 200 * 300).reshape(200, 300).astype(np.uint16)  # 12 bits in 16
    stream = io.BytesIO()
    Image.fromarray(deep).save(stream, "PNG")
    (tmp_path / "deep.png").write_bytes(stream.getvalue())
    person.tab("sparse")
    person.choose("photos", 0)
    uploaded(person, tmp_path / "deep.png")
    notes = person.page.locator("#ae-sidebar .ae-notes")
    assert notes.is_visible() and len(notes.locator("p").first.inner_text()) > 20
    bright, before = person.pixels(SEEN).mean(), person.state("image")
    notes.get_by_role("button").click()
    arrived(person, before)
    still(person)
    assert bright > 100 and person.pixels(SEEN).mean() < 25
    notes.get_by_role("button").click()
    still(person)
    assert person.pixels(SEEN).mean() == pytest.approx(bright, abs=1)
    person.choose(index=0)
    assert not notes.is_visible()


@pytest.mark.parametrize("dark", [False, True])
def test_the_sidebar_with_an_image_has_no_serious_fault(person, two, dark):
    person.tab("sparse")
    person.choose("mnist", 0)
    uploaded(person, two)
    person.page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
    person.faded()
    found = faults(person, "#ae-sidebar")
    person.page.evaluate("document.body.classList.remove('dark')")
    assert found == []
    person.choose(index=0)
