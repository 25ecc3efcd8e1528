"""The latent planes: the image decoded under the pointer is drawn at once, from what is in the page."""

import numpy as np
import pytest
from PIL import Image

from aedemo.explore.minima import starts
from tests.page.slots import decoded, exact, slots

PLANES = [slot.name for slot in slots("deep") if slot.part == "plane" and slot.name.startswith("plane-")]
each_plane = pytest.mark.parametrize("plane", PLANES)
# Digits have one code and a class, patches of photographs many codes and colours of their own.
KINDS = [*(("digits", plane) for plane in PLANES), ("photos", "plane-deep")]
each_kind = pytest.mark.parametrize(("dataset", "plane"), KINDS)


def sampled(*kinds: tuple[str, str]):
    """These by default; the others when all is walked."""
    rest = [pytest.param(*kind, marks=pytest.mark.slow) for kind in KINDS if kind not in kinds]
    return pytest.mark.parametrize(("dataset", "plane"), [*kinds, *rest])


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


@sampled(("digits", "plane-pca"), ("photos", "plane-deep"))
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


@sampled(("digits", "plane-deep"))
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
    legend = person.page.locator('#view-deep [data-legend-of="plane-deep"]')
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
        f"seed-{variant}-{start.seed}" for variant in ("deep", "deeper") for start in starts(dataset, variant)[1:]
    ]
    assert seen == trained and bool(seen) == (dataset == "digits")
    for name in seen:
        canvas = f'#view-deep [data-widget=plane][data-name="{name}"] .ae-dots'
        assert 0.01 < person.pixels(canvas).any(-1).mean() < 0.6


def test_the_other_plane_shows_the_nearest_test_image_at_its_own_place(person):
    field = Field(person, "digits", "plane-deep")
    other = person.held_plane("plane-pca")
    points = np.array(field.held["points"]).T
    with person.no_request():
        for place in ((0.3, 0.6), (0.7, 0.4)):
            field.point(*place)
            pixels = field.place(points)
            here = np.array([field.drawn["left"] + place[0] * field.drawn["width"],
                             field.drawn["top"] + (1 - place[1]) * field.drawn["height"]])  # fmt: skip
            near = int(np.linalg.norm(pixels - here, axis=1).argmin())
            z, size = np.array(other["points"])[:, near], other["grid"]["columns"]
            (left, right), (low, high) = other["x_range"], other["y_range"]
            column, row = (round(float(s) * (size - 1)) for s in
                           ((z[0] - left) / (right - left), (z[1] - low) / (high - low)))  # fmt: skip
            assert int(person.part("deep", "plane-pca").get_attribute("data-cell")) == row * size + column
            said = person.page.locator('#view-deep [data-decoded-box="plane-pca-decoded"]').inner_text()
            assert f"the same test image: {other['names'][other['groups'][near]]}" in said


def test_seed_planes_answer_the_pointer_and_the_keys(person):
    person.tab("deep")
    person.choose("digits", 3)
    node = person.part("deep", "seed-deep-1")
    person.plotted("deep", "seed-deep-1")
    box = node.bounding_box()
    said = node.locator("xpath=following-sibling::*[1]")
    with person.no_request():
        before = person.part("deep", "plane-deep").get_attribute("data-cell")
        node.scroll_into_view_if_needed()
        box = node.bounding_box()
        person.page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.3 * box["height"])
        first = said.inner_text()
        assert first.startswith("nearest test image: ")
        person.page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.7 * box["height"])
        assert said.inner_text() != "" and person.part("deep", "plane-deep").get_attribute("data-cell") != before
        node.focus()
        for _ in range(12):
            node.press("ArrowLeft")
        assert said.inner_text().startswith("nearest test image: ")


def test_a_press_hides_a_class_in_all_planes_and_two_show_it_alone(person):
    field = Field(person, "digits", "plane-deep")
    classes = person.page.locator('#view-deep [data-legend-of="plane-deep"] [data-class]')
    amounts = lambda: [field.painted("dots").any(-1).sum(),  # noqa: E731
                       person.pixels('#view-deep [data-name="plane-pca"] .ae-dots').any(-1).sum()]  # fmt: skip
    with person.no_request():
        whole = amounts()
        classes.nth(3).click()
        fewer = amounts()
        assert all(now < before for now, before in zip(fewer, whole, strict=True))
        assert classes.nth(3).get_attribute("aria-pressed") == "false"
        person.page.wait_for_timeout(400)
        classes.nth(3).click()
        assert amounts() == whole
        person.page.wait_for_timeout(400)
        classes.nth(5).dblclick()
        pressed = [button.get_attribute("aria-pressed") for button in classes.all()]
        assert pressed == ["true" if k == 5 else "false" for k in range(10)]
        assert all(now < 0.5 * before for now, before in zip(amounts(), whole, strict=True))
        person.page.locator('#view-deep [data-legend-of="plane-deep"] [data-all]').click()
        assert amounts() == whole


def test_a_plane_can_be_seen_as_fifteen_by_fifteen_decoded_tiles(person):
    field = Field(person, "digits", "plane-deep")
    view = person.page.locator("#view-deep [data-widget=plane-view]")
    with person.no_request():
        view.locator("input[value=tiles]").check(force=True)
        pixels = field.painted("dots")
        drawn, size = field.drawn, field.size
        side = round(min(drawn["width"], drawn["height"]) / 15) - 1
        for row, column in ((1, 1), (7, 7), (13, 3), (4, 12)):  # from the lowest left
            left = round(drawn["left"] + (column + 0.5) / 15 * drawn["width"] - side / 2)
            top = round(drawn["top"] + (1 - (row + 0.5) / 15) * drawn["height"] - side / 2)
            tile = pixels[top : top + side, left : left + side, 0]
            cell = Image.fromarray(field.frames[(2 * row + 1) * size + 2 * column + 1]).convert("L")
            assert np.corrcoef(tile.ravel(), np.asarray(cell.resize((side, side))).ravel())[0, 1] > 0.8
        view.locator("input[value=points]").check(force=True)


def finger(phone):
    """touch(kind, *points) for a finger that moves as a person's does."""
    session = phone.context.new_cdp_session(phone.page)
    return lambda kind, *points: session.send(
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]}
    )


def test_a_finger_scrolls_up_and_down_and_explores_sideways_or_where_it_rests(phone):
    field, touch = Field(phone, "digits", "plane-deep"), finger(phone)
    x, y = field.at(0.3, 0.5)
    scrolled = lambda: phone.page.evaluate("scrollY")  # noqa: E731
    first, top = field.cell(), scrolled()
    with phone.no_request():
        touch("touchStart", (x, y))
        for step in range(1, 11):
            touch("touchMove", (x, y - 12 * step))
        touch("touchEnd")
        phone.page.wait_for_timeout(300)
        assert scrolled() > top + 40 and field.cell() == first
        field = Field(phone, "digits", "plane-deep")
        (x, y), top, cells = field.at(0.2, 0.5), scrolled(), set()
        touch("touchStart", (x, y))
        for step in range(1, 11):
            touch("touchMove", (x + 12 * step, y))
            cells.add(field.cell())
        touch("touchEnd")
        assert len(cells) > 4 and abs(scrolled() - top) < 2
        cells, (x, y) = set(), field.at(0.5, 0.3)
        touch("touchStart", (x, y))
        phone.page.wait_for_timeout(400)
        for step in range(1, 11):
            touch("touchMove", (x, y - 8 * step))
            cells.add(field.cell())
        touch("touchEnd")
        assert len(cells) > 4 and abs(scrolled() - top) < 2


@pytest.mark.parametrize("dark", [False, True])
def test_class_colours_near_the_ground_have_an_outline(person, dark):
    person.tab("deep")
    person.choose("digits")
    person.page.evaluate("dark => document.body.classList.toggle('dark', dark)", dark)
    colours = person.held_plane("plane-deep")["colors"]
    outlined = dict(zip(colours, person.page.evaluate("cs => cs.map((c) => aedemo.outlined(c))", colours), strict=True))
    person.page.evaluate("document.body.classList.remove('dark')")
    assert bool(outlined["#332288"]) == dark and bool(outlined["#88CCEE"]) == (not dark)


def test_decoded_images_are_at_least_300_pixels_wide_and_400_on_a_projector(person):
    person.tab("deep")
    person.choose("digits")
    width = lambda: [box["width"] for box in (  # noqa: E731
        person.page.locator(f'#view-deep [data-decoded-box="plane-{name}-decoded"] canvas').bounding_box()
        for name in ("deep", "pca"))]  # fmt: skip
    assert min(width()) >= 300
    person.page.set_viewport_size({"width": 1920, "height": 1080})
    person.page.locator("[data-tool=projector]").click()
    assert min(width()) >= 400
    person.page.locator("[data-tool=projector]").click()
    person.page.set_viewport_size({"width": 1440, "height": 900})


def test_the_deeper_network_is_shown_only_where_it_was_trained(person):
    person.tab("deep")
    person.choose("digits", 0)
    filmstrip = person.page.locator('#view-deep .filmstrip[data-name="deeper"]')
    labels = person.held("deep", "deep-bottleneck")["labels"]
    with person.no_request():
        for frame, label in enumerate(labels):
            person.slide_to("deep-bottleneck", frame)
            assert filmstrip.locator(".ae-image").is_visible() == (label in ("2", "30"))
            assert filmstrip.locator("[data-line=small]").inner_text()
