"""The latent planes: the image decoded under the pointer is drawn at once, from what is in the page."""

import numpy as np
import pytest

from aedemo.explore.minima import starts
from tests.page.slots import decoded, exact, slots

PLANES = [slot.name for slot in slots("deep") if slot.part == "plane" and slot.name.startswith("plane-")]
each_plane = pytest.mark.parametrize("plane", PLANES)
# Digits have one code and a class, patches of photographs many codes and colours of their own.
each_kind = pytest.mark.parametrize(
    ("dataset", "plane"), [*(("digits", plane) for plane in PLANES), ("photos", "plane-deep")]
)


class Field:
    """A plane on the Deep tab, with its box of the decoded image."""

    def __init__(self, person, dataset: str, name: str):
        person.tab("deep")
        person.choose(dataset, 3)
        self.person, self.name, self.node = person, name, person.part("deep", name)
        self.drawn, place = person.plotted("deep", name), self.node.bounding_box()
        self.left, self.top = place["x"] + self.drawn["left"], place["y"] + self.drawn["top"]
        self.canvas = f'#view-deep [data-decoded-box="{self.node.get_attribute("data-decoded")}"] canvas'
        self.held = person.held_plane(name)
        grid = self.held["grid"]
        self.frames, self.size, self.exact = decoded(grid), grid["columns"], exact(grid)

    def at(self, right: float, up: float) -> tuple[float, float]:
        """A place in the window: a fraction of the way right and up over the plane."""
        return self.left + right * self.drawn["width"], self.top + (1 - up) * self.drawn["height"]

    def point(self, right: float, up: float) -> int:
        """Move the pointer to a fraction of the way right and up; returns the cell that is drawn."""
        self.person.page.mouse.move(*self.at(right, up))
        return self.cell()

    def painted(self, layer: str) -> np.ndarray:
        """The pixels of "dots" or "marks", int (H, W, 3), a pixel of the window each; black where nothing is."""
        return self.person.pixels(f'#view-deep [data-widget=plane][data-name="{self.name}"] .ae-{layer}')

    def place(self, codes: np.ndarray) -> np.ndarray:
        """Where codes (N, 2) belong, in pixels of the plane: (N, 2), from the left and from the top."""
        (left, right), (low, high) = self.held["x_range"], self.held["y_range"]
        u, v = codes.T
        x = self.drawn["left"] + (u - left) / (right - left) * self.drawn["width"]
        return np.stack([x, self.drawn["top"] + (high - v) / (high - low) * self.drawn["height"]], axis=1)

    def cell(self) -> int:
        """The cell that the plane names; its image is what the box shows."""
        cell = int(self.node.get_attribute("data-cell"))
        difference = np.abs(self.person.pixels(self.canvas) - self.frames[cell])
        assert difference.max() <= (0 if self.exact else 6)
        return cell


@each_kind
def test_the_pointer_draws_the_image_decoded_under_it_without_a_request(person, dataset, plane):
    field = Field(person, dataset, plane)
    last = field.size - 1
    with person.no_request():
        assert field.point(0.001, 0.001) == 0  # the lowest left: row 0 is the lowest y
        assert field.point(0.999, 0.001) == last
        assert field.point(0.001, 0.999) == last * field.size
        assert field.point(0.999, 0.999) == last * field.size + last
        row, column = divmod(field.point(0.25, 0.75), field.size)
        assert abs(column - 0.25 * last) <= 0.51 and abs(row - 0.75 * last) <= 0.51
        places = [(0.1 * k, 0.3 + 0.04 * k) for k in range(1, 10)]
        assert len({field.point(*place) for place in places}) >= 8


@each_kind
def test_arrow_keys_go_one_cell_at_a_time_and_stop_at_the_edge(person, dataset, plane):
    field = Field(person, dataset, plane)
    with person.no_request():
        middle = (field.size // 2) / (field.size - 1)  # of a cell, away from its edges
        start = field.point(middle, middle)
        field.node.focus()
        for key, step in (("ArrowRight", 1), ("ArrowUp", field.size), ("ArrowLeft", -1), ("ArrowDown", -field.size)):
            field.node.press(key)
            assert field.cell() == start + step
            start += step
        for _ in range(field.size):
            field.node.press("ArrowLeft")
        assert field.cell() % field.size == 0


@each_kind
def test_each_point_stands_at_its_code_in_the_colour_of_its_class_or_patch(person, dataset, plane):
    field = Field(person, dataset, plane)
    own, points = field.held["point_colors"], np.array(field.held["points"]).T
    colours = own or [field.held["colors"][group] for group in field.held["groups"]]
    expected = np.array([[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in colours])
    x, y = field.place(points).astype(int).T
    pixels = field.painted("dots")
    near = np.abs(pixels[y, x] - expected).max(1) <= 30
    assert len(points) > 300 and near.mean() > 0.5  # others may lie over a point
    assert 0.01 < pixels.any(-1).mean() < 0.6
    assert person.page.locator('#view-deep [data-widget="plane"] .scatterlayer .trace').count() == 0


@each_kind
def test_this_image_is_marked_and_decoded_at_the_start(person, dataset, plane):
    field = Field(person, dataset, plane)
    marks = field.held["marks"]
    assert len(marks) == (1 if dataset == "digits" else 256)
    ink, (x_low, x_high), (y_low, y_high) = field.painted("marks").any(-1), field.held["x_range"], field.held["y_range"]
    around = np.s_[-9:10] if dataset == "digits" else np.s_[-4:5]  # a ring, or a small cross
    inside = 0
    for x, y in field.place(np.array(marks)):
        rows, columns = (slice(max(0, round(p) + around.start), round(p) + around.stop) for p in (y, x))
        if rows.stop > 0 and columns.stop > 0 and rows.start < len(ink) and columns.start < ink.shape[1]:
            assert ink[rows, columns].any()
            inside += 1
    assert inside >= 0.9 * len(marks)
    assert ink.mean() < 0.1  # and nothing else is painted
    legend = field.node.locator("xpath=following-sibling::*[1]")
    assert field.held["mark_name"] in legend.inner_text()
    person.choose(index=4)  # another image: its own code is decoded
    z = person.held_plane(plane)["marks"][0]
    share = [(z[0] - x_low) / (x_high - x_low), (z[1] - y_low) / (y_high - y_low)]
    column, row = (min(field.size - 1, max(0, round(s * (field.size - 1)))) for s in share)
    assert field.cell() == row * field.size + column


@each_plane
def test_a_finger_draws_too(phone, plane):
    field = Field(phone, "digits", plane)
    with phone.no_request():
        phone.page.touchscreen.tap(*field.at(0.2, 0.8))
        first = field.cell()
        phone.page.touchscreen.tap(*field.at(0.8, 0.7))
        assert field.cell() != first


@pytest.mark.parametrize("dataset", ["digits", "photos"])
def test_of_small_planes_those_are_seen_whose_seed_was_trained(person, dataset):
    person.tab("deep")
    person.choose(dataset)
    small = person.page.locator("#view-deep [data-widget=plane].small")
    seen = [plane.get_attribute("data-name") for plane in small.all() if plane.is_visible()]
    trained = [
        f"start-{variant}-{seed}" for variant in ("deep", "deeper") for seed in range(len(starts(dataset, variant)))
    ]
    assert seen == trained and "start-deep-0" in seen
    for name in seen:
        canvas = f'#view-deep [data-widget=plane][data-name="{name}"] .ae-dots'
        assert 0.01 < person.pixels(canvas).any(-1).mean() < 0.6
