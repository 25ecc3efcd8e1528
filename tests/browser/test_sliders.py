"""Dragging sends no request: every frame is in the page already, and each filmstrip shows the slider's."""

import numpy as np
import pytest

from tests.page.slots import BY_NAME, decoded, exact, slots

SLIDERS = [(tab, slot.name) for tab in BY_NAME for slot in slots(tab) if slot.part == "slider"]
# Small images on every slider by keys; on photographs, which come as JPEG, the mouse goes over one of each tab.
FIRST = dict(reversed(SLIDERS))
ON_PHOTOS = ("bottleneck", "masked-mask-ratio")
by_key = pytest.mark.parametrize(
    ("dataset", "tab", "slider"),
    [*(("digits", *found) for found in SLIDERS),
     *(pytest.param("photos", *found, marks=pytest.mark.slow) for found in SLIDERS if found[1] in ON_PHOTOS)],
)  # fmt: skip
by_mouse = pytest.mark.parametrize(
    ("tab", "slider"),
    [pytest.param(tab, slider, id=slider, marks=() if FIRST[tab] == slider else pytest.mark.slow)
     for tab, slider in SLIDERS],
)  # fmt: skip


def at(lines: list[str], position: int) -> str:
    return lines[min(position, len(lines) - 1)] if lines else ""


class Check:
    """Compares what is shown with what the last payload holds, position after position."""

    def __init__(self, person, tab: str, slider: str):
        self.person, self.tab, self.slider = person, tab, slider
        self.held = person.held(tab, slider)
        self.filmstrips, self.labels = self.held["filmstrips"], self.held["labels"]
        self.frames = {name: decoded(filmstrip) for name, filmstrip in self.filmstrips.items()}
        self.seen: dict[int, dict] = {}

    def now(self) -> int:
        """Frames, words and captions belong to the position of the slider; returns it."""
        shown = self.person.shown(self.tab, self.slider)
        position = shown["sliders"][self.slider]["value"]
        assert shown["sliders"][self.slider]["words"] == self.labels[position]
        assert set(shown["filmstrips"]) == set(self.filmstrips)
        for name, filmstrip in shown["filmstrips"].items():
            assert (filmstrip["filmstrip"], filmstrip["frame"]) == (name, position)
            assert filmstrip["big"] == at(self.filmstrips[name]["big"], position)
            assert filmstrip["small"] == at(self.filmstrips[name]["small"], position)
        for name, words in shown["texts"].items():
            assert words == at(self.held["texts"][name], position)
        for name, captions in shown["tiles"].items():
            assert [c.strip() for c in captions] == [
                text for _, text in at(self.held["tiles"][name]["shown"], position)
            ]
        self.seen[position] = {name: filmstrip["print"] for name, filmstrip in shown["filmstrips"].items()}
        return position

    def pixels(self, position: int) -> None:
        """The pixels are the payload's; a browser decodes JPEG as Pillow does, to a few grey levels."""
        for name, frames in self.frames.items():
            difference = np.abs(self.person.filmstrip(self.tab, name) - frames[min(position, len(frames) - 1)])
            lossy = (
                1 if "limit" in self.filmstrips[name] else 0 if exact(self.filmstrips[name]) else 6
            )  # opacity is rounded
            assert difference.max() <= lossy, name

    def changes(self) -> None:
        """Between any two positions that were seen, the image changed where the frames differ, and only there."""
        for one in self.seen:
            for other in self.seen:
                for name, frames in self.frames.items():
                    a, b = (frames[min(k, len(frames) - 1)] for k in (one, other))
                    assert (self.seen[one][name] == self.seen[other][name]) == np.array_equal(a, b), (name, one, other)


@by_key
def test_keys_move_the_frames_without_a_request(person, dataset, tab, slider):
    person.tab(tab)
    person.choose(dataset, 0)
    check = Check(person, tab, slider)
    last = len(check.labels) - 1
    assert check.filmstrips and last >= 7
    check.now()
    with person.no_request():
        for key, expected in (
            ("Home", 0),
            ("ArrowRight", 1),
            ("ArrowRight", 2),
            ("End", last),
            ("ArrowLeft", last - 1),
        ):
            person.slide(slider, key)
            assert check.now() == expected
            if key in ("Home", "ArrowLeft"):
                check.pixels(expected)
    check.changes()


@by_mouse
def test_a_mouse_drags_through_every_frame_without_a_request(person, tab, slider):
    person.tab(tab)
    person.choose("photos", 0)
    check = Check(person, tab, slider)
    count, mouse = len(check.labels), person.page.mouse
    handle = person.page.locator(f"#{slider} input")
    handle.scroll_into_view_if_needed()
    person.slide(slider, "Home")
    box = handle.bounding_box()
    left, right, middle = box["x"] + 9, box["x"] + box["width"] - 9, box["y"] + box["height"] / 2
    with person.no_request():
        mouse.move(left, middle)
        mouse.down()
        assert check.now() == 0
        for step in range(1, count):
            mouse.move(left + (right - left) * step / (count - 1), middle)
            check.now()
        assert check.now() == count - 1 and len(check.seen) >= count - 1
        check.pixels(count - 1)
        mouse.move(left - 300, middle)  # far outside: the slider still holds on
        assert check.now() == 0
        mouse.up()
    check.changes()
