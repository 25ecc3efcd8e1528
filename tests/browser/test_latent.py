"""The Latent tab: maps of any variant's code, points that are clicked, three numbers in space, files to take away."""

import csv
import io
import urllib.request

import pytest

from aedemo import checkpoints

SIDES = ("latent-code", "latent-pca")


def held(person, name: str) -> dict:
    return person.page.evaluate("name => probe.plane('latent', name)", name)


def select(person, control: str, value: str) -> None:
    person.page.locator(f'#view-latent [data-name="{control}"] input[value="{value}"]').check(force=True)
    person.settle("latent")


def open_tab(person, dataset: str = "digits", run: str = "002", variant: str = "deep") -> None:
    person.tab("latent")
    person.choose(dataset, 3)
    select(person, "variant", variant)
    if variant == "deep":
        select(person, "run", run)


def click_point(person, name: str, index: int) -> None:
    """Click where Plotly has drawn a point of the map."""
    drawn, plane = person.plotted("latent", name), held(person, name)
    box = person.part("latent", name).bounding_box()
    (left, right), (bottom, top) = drawn["x"], drawn["y"]
    x, y = (column[index] for column in plane["points"])
    across, up = (x - left) / (right - left), (y - bottom) / (top - bottom)
    person.page.mouse.click(
        box["x"] + drawn["left"] + across * drawn["width"], box["y"] + drawn["top"] + (1 - up) * drawn["height"]
    )
    person.settle("latent")


def lonely_point(plane: dict) -> int:
    """A point far from all others, so that a click can mean no other."""
    points = list(zip(*plane["points"], strict=True))
    width, height = (plane[axis][1] - plane[axis][0] for axis in ("x_range", "y_range"))

    def room(k: int) -> float:
        x, y = points[k]
        return min(((x - u) / width) ** 2 + ((y - v) / height) ** 2 for j, (u, v) in enumerate(points) if j != k)

    return max(range(len(points)), key=room)


def texts(person) -> dict:
    return person.shown("latent")["texts"]


def test_a_click_on_a_point_shows_that_test_image_in_both_maps(person):
    open_tab(person)
    mine = person.prints("latent")
    point = lonely_point(held(person, "latent-code"))
    click_point(person, "latent-code", point)
    assert [held(person, side)["picked"] for side in SIDES] == [point, point]
    latent = checkpoints.load_latent_map("digits", "deep", 2)
    words = person.shown("latent")["filmstrips"]["chosen"]["small"]
    assert words == f"{latent.labels[point]}, test image {latent.indices[point]}"
    shown = person.prints("latent")
    assert all(shown[name] != mine[name] for name in ("chosen", "reconstruction-code", "reconstruction-pca"))
    assert len(person.shown("latent")["tiles"]["near-code"]) == len(person.shown("latent")["tiles"]["near-pca"]) == 6
    assert "This test image's error is larger" in texts(person)["verdict"]
    legend = person.page.locator('#view-latent [data-legend-of="latent-code"]').inner_text()
    assert "chosen point" in legend and "this image" in legend
    box = person.page.locator('#view-latent [data-decoded-box="latent-code-decoded"]')
    spoken = box.inner_text()
    assert f"chosen test image: {latent.labels[point]}" in spoken
    node = person.part("latent", "latent-code").bounding_box()
    with person.no_request():  # whoever looks around comes back to the point
        person.page.mouse.move(node["x"] + 0.6 * node["width"], node["y"] + 0.5 * node["height"])
        assert box.inner_text() != spoken
        person.page.mouse.move(5, 5)
        assert box.inner_text() == spoken
    person.page.locator('#view-latent [data-legend-of="latent-code"] .mark').click()  # back to the sidebar's image
    person.settle("latent")
    assert held(person, "latent-code")["picked"] is None
    click_point(person, "latent-code", point)
    person.choose(index=5)  # another image of the sidebar takes its place
    assert held(person, "latent-code")["picked"] is None and "This image's error is larger" in texts(person)["verdict"]


def test_moving_over_a_map_decodes_without_a_request_and_enter_chooses(person):
    open_tab(person)
    node = person.part("latent", "latent-pca")
    person.plotted("latent", "latent-pca")
    with person.no_request():
        node.focus()
        before = node.get_attribute("data-cell")
        for _ in range(5):
            node.press("ArrowRight")
        assert node.get_attribute("data-cell") != before
    node.press("Enter")
    person.settle("latent")
    assert held(person, "latent-pca")["picked"] is not None


@pytest.mark.parametrize("variant", ["linear", "sparse", "denoising", "masked", "deeper"])
def test_each_variant_has_a_map_beside_pcas(person, variant):
    open_tab(person, variant=variant)
    assert held(person, "latent-code")["points"] != held(person, "latent-pca")["points"]
    assert len(held(person, "latent-code")["groups"]) == len(held(person, "latent-pca")["groups"]) == 360
    for name in ("figures-code", "figures-pca"):
        words = texts(person)[name]
        assert "trustworthiness" in words and "k-NN accuracy" in words and "test error" in words
    assert person.message("latent") == ""


def test_two_units_can_be_chosen_where_a_code_is_long_and_not_where_it_is_whole(person):
    open_tab(person, run="010")
    across = person.page.locator('#view-latent [data-name="across"]')
    assert not across.is_visible() and "PC 1" in texts(person)["title-code"]
    select(person, "axes", "units")
    assert across.is_visible() and "z₁ and z₂" in texts(person)["title-code"]
    select(person, "up", "6")
    assert "z₁ and z₇" in texts(person)["title-code"]
    select(person, "run", "002")
    assert not across.is_visible()


def test_three_numbers_stand_in_space_decode_and_have_whole_ticks(person):
    open_tab(person, run="003")
    assert [len(held(person, side)["points"]) for side in SIDES] == [3, 3]
    node = person.part("latent", "latent-code")
    person.page.wait_for_function(
        "() => probe.parts('latent', 'plane')[0].plot.data?.some(({ type }) => type === 'scatter3d')"
    )
    assert node.locator(".gl-container canvas, .no-webgl").count() > 0
    ticks = person.page.evaluate(
        "() => probe.parts('latent', 'plane')"
        ".flatMap(({ plot }) => ['x', 'y', 'z'].map((k) => plot.layout.scene[k + 'axis'].dtick))"
    )
    assert len(ticks) == 6 and all(tick >= 1 and tick == int(tick) for tick in ticks)
    box = person.page.locator('#view-latent [data-decoded-box="latent-code-decoded"]')
    assert box.is_visible()
    with person.no_request():
        node.focus()
        first = node.get_attribute("data-cell")
        node.press("ArrowRight")
        node.press("ArrowRight")
        index = int(node.get_attribute("data-cell"))
        assert str(index) != first
    model, latent = checkpoints.load("digits", "deep")[3], checkpoints.load_latent_map("digits", "deep", 3)
    expected = model.decode(latent.codes[index][None]).clamp(0, 1)[0, 0].numpy() * 255
    shown = person.pixels('#view-latent [data-decoded-box="latent-code-decoded"] canvas')[..., 0]
    assert abs(shown - expected).max() <= 1
    node.press("Enter")
    person.settle("latent")
    assert held(person, "latent-code")["picked"] == index
    select(person, "run", "002")
    person.plotted("latent", "latent-code")  # and back in the plane
    person.errors = [error for error in person.errors if "WebGL" not in error]


def test_no_reconstruction_stands_beside_a_code_that_cannot_be_decoded(person):
    open_tab(person, variant="masked")
    code, pca = (
        person.page.locator(f'#view-latent .filmstrip[data-name="reconstruction-{side}"]') for side in ("code", "pca")
    )
    assert not code.locator(".ae-image").is_visible() and pca.locator(".ae-image").is_visible()
    assert not person.page.locator('[data-decoded-box="latent-code-decoded"]').is_visible()
    open_tab(person)
    assert code.locator(".ae-image").is_visible()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_map_can_be_saved(person, kind):
    open_tab(person)
    person.plotted("latent", "latent-code")
    with person.page.expect_download() as waiting:
        person.page.locator(f'#view-latent [data-of="latent-code"] [data-save="{kind}"]').click()
    data = waiting.value.path().read_bytes()
    assert waiting.value.suggested_filename == f"aedemo-code-digits.{kind}"
    assert data.startswith(b"\x89PNG") if kind == "png" else data.count(b'class="point ') > 360 * 0.9


def test_codes_can_be_saved_as_csv(person):
    open_tab(person, run="010")
    with person.page.expect_download() as waiting:
        person.page.locator('#view-latent [data-save="csv"]').click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text("utf-8"))))
    assert len(rows) == 360 and {"test_input", "class", "z1", "z10", "pc2"} <= set(rows[0])


def test_codes_can_be_read_from_a_program(server):
    with urllib.request.urlopen(f"{server.url}codes.csv?data=digits&variant=sparse") as answer:
        assert answer.headers["Content-Type"].startswith("text/csv") and answer.read().count(b"\n") == 361
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server.url}codes.csv?data=nonsense")
