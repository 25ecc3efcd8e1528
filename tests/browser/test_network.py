"""The network diagram: it follows sliders and pointer without a request, and its bars can be dragged and are kept."""

import numpy as np
import pytest
from PIL import Image

from aedemo import checkpoints
from tests.page.slots import BY_NAME


def network(person, tab: str):
    return person.page.locator(f'#view-{tab} [data-name="{BY_NAME[tab].network}"]')


def bars(person, tab: str):
    return network(person, tab).locator(".ae-unit")


def output(person, tab: str) -> np.ndarray:
    """The pixels of the reconstruction at its end."""
    return person.pixels(f'#view-{tab} [data-name="{BY_NAME[tab].network}"] .ae-stage-image:last-child canvas')


def note(person, tab: str) -> str:
    return network(person, tab).locator(".ae-network-title span").inner_text()


def settled(person, tab: str) -> None:
    """The traversal that was asked for is here."""
    person.page.wait_for_function(
        "([tab, name]) => aedemo.tabViews.get(tab).widgets.find((part) => part.name === name).traversal?.sprite",
        arg=[tab, BY_NAME[tab].network],
    )


def open_deep(person, latent_dim: int = 5) -> None:
    person.tab("deep")
    person.choose("digits", 2)
    person.slide_to("deep-bottleneck", checkpoints.load("digits", "deep").values.index(latent_dim))


def test_it_follows_the_slider_without_a_request(person):
    open_deep(person)
    values = checkpoints.load("digits", "deep").values
    with person.no_request():
        for position, latent_dim in enumerate(values):
            person.slide_to("deep-bottleneck", position)
            assert bars(person, "deep").count() == latent_dim
            assert f"a code of {latent_dim} unit" in network(person, "deep").get_attribute("aria-label")
            assert network(person, "deep").locator("[role=slider]").count() == (latent_dim if latent_dim <= 10 else 0)
            np.testing.assert_array_equal(output(person, "deep"), person.filmstrip("deep", "deep"))


def test_compare_shows_the_column_under_the_pointer(person):
    person.tab("compare")
    person.choose("digits", 0)
    for variant, words in (("linear", "Linear, M = "), ("sparse", "Sparse, λ = "), ("masked", "tokens")):
        with person.no_request():
            person.page.locator(f'#view-compare [data-name="reconstruction-{variant}"]').hover()
        assert words in network(person, "compare").get_attribute("aria-label")


def test_a_bar_is_moved_by_keys_with_one_request_and_put_back(person):
    open_deep(person)
    own, bar = output(person, "deep"), bars(person, "deep").nth(2)
    was = bar.get_attribute("aria-valuenow")
    before = len(person.requests)
    bar.press("ArrowUp")
    settled(person, "deep")
    assert [url for url in person.requests[before:] if "/view/traversal?" in url] == person.requests[before:]
    assert len(person.requests) == before + 1 and float(bar.get_attribute("aria-valuenow")) > float(was)
    with person.no_request():
        bar.press("End")
        assert bar.get_attribute("aria-valuenow") == bar.get_attribute("aria-valuemax")
        assert not np.array_equal(output(person, "deep"), own) and "z₃ =" in note(person, "deep")
        bar.press("Escape")
    assert bar.get_attribute("aria-valuenow") == was
    np.testing.assert_array_equal(output(person, "deep"), own)


@pytest.mark.parametrize("tab", ["deep", "sparse"])
def test_a_bar_is_dragged_and_a_double_click_puts_it_back(person, tab):
    person.tab(tab)
    person.choose("digits", 1)
    if tab == "deep":
        open_deep(person)
    own, bar, mouse = output(person, tab), bars(person, tab).first, person.page.mouse
    bar.scroll_into_view_if_needed()
    box = bar.bounding_box()
    x, top, bottom = box["x"] + box["width"] / 2, box["y"], box["y"] + box["height"]
    mouse.move(x, (top + bottom) / 2)
    mouse.down()
    mouse.move(x, bottom, steps=4)
    settled(person, tab)
    with person.no_request():
        low = float(bar.get_attribute("aria-valuenow"))
        mouse.move(x, bottom + 200, steps=3)  # outside: the bar holds on
        assert bar.get_attribute("aria-valuenow") == bar.get_attribute("aria-valuemin")
        mouse.move(x, top, steps=6)
        assert float(bar.get_attribute("aria-valuenow")) > low
        mouse.move(x, bottom + 200)
        mouse.up()
        assert not np.array_equal(output(person, tab), own)
        mouse.dblclick(x, (top + bottom) / 2)
    np.testing.assert_array_equal(output(person, tab), own)
    assert note(person, tab) == "Drag a bar."


def test_a_link_keeps_a_dragged_bar_and_another_image_drops_it(person, visit, server):
    open_deep(person)
    bars(person, "deep").nth(1).press("PageDown")
    settled(person, "deep")
    shown, said = output(person, "deep"), note(person, "deep")
    person.page.wait_for_function("() => location.hash.includes('deep-network=deep-2-')")
    link = person.page.evaluate("location.href")
    person.choose(index=4)
    assert note(person, "deep") == "Drag a bar."
    other = visit(link, wait=False)
    other.settle("deep")
    settled(other, "deep")
    assert note(other, "deep") == said
    np.testing.assert_array_equal(output(other, "deep"), shown)
    assert other.complaints() == []


def test_the_image_of_a_person_is_sent_to_the_traversal_and_to_nothing_else(person, tmp_path):
    open_deep(person)
    Image.fromarray(np.random.default_rng(2).integers(0, 256, (40, 40), np.uint8)).save(tmp_path / "mine.png")
    person.upload(tmp_path / "mine.png")
    person.page.wait_for_function("() => aedemo.state.image.startsWith('seen:')")
    person.settle("deep")
    with person.page.expect_request("**/view/traversal?**") as asked:
        bars(person, "deep").nth(0).press("ArrowUp")
    settled(person, "deep")
    assert asked.value.method == "POST" and asked.value.post_data.startswith("seen:data:image/png")
    assert "image=&" in asked.value.url
    person.choose("digits", 0)


@pytest.mark.parametrize(
    ("data", "tabs"),
    [("digits", ("deep", "denoising")), ("photos", ("masked",)),
     pytest.param("photos", ("deep", "denoising"), marks=pytest.mark.slow),
     pytest.param("digits", ("masked",), marks=pytest.mark.slow)],
    ids=lambda value: value if isinstance(value, str) else ", ".join(value),
)  # fmt: skip
def test_it_fits_a_phone_with_its_slider(phone, data, tabs):
    for tab in tabs:
        phone.tab(tab)
        phone.choose(data, 0)
        box = network(phone, tab).bounding_box()
        slider = phone.page.locator(f"#view-{tab} .ae-slider").first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert slider["y"] + slider["height"] - box["y"] < 300
        inside = network(phone, tab).evaluate("e => e.firstChild.nextSibling.scrollWidth <= e.clientWidth + 1")
        assert inside


def large(person, tab: str) -> dict:
    """The filmstrip that shows what the diagram reconstructs: its pixels and its words."""
    name, error = {"sparse": ("sparse", "error"), "compare": ("reconstruction-deep", "error-deep")}.get(tab, (tab, ""))
    lines = person.page.locator(f'#view-{tab} .filmstrip[data-name="{name}"] [data-line]').all_text_contents()
    found = {"image": person.filmstrip(tab, name), "words": lines}
    return found | ({"error": person.pixels(f'#view-{tab} .filmstrip[data-name="{error}"] canvas')} if error else {})


@pytest.mark.parametrize("tab", ["deep", "sparse", "compare"])
def test_the_large_reconstruction_follows_a_dragged_bar(person, tab):
    person.tab(tab)
    person.choose("digits", 2)
    if tab == "deep":
        open_deep(person)
    if tab == "compare":
        person.page.locator('#view-compare [data-name="reconstruction-deep"]').hover()
    own, bar = large(person, tab), bars(person, tab).first
    was = bar.get_attribute("aria-valuenow")
    bar.press("PageUp" if float(was) < 0 else "PageDown")
    settled(person, tab)
    with person.no_request():
        for key in ("Home", "End", "PageDown"):
            bar.press(key)
            if bar.get_attribute("aria-valuenow") == was:  # as strong a unit as there is ends at its own value
                continue
            moved = large(person, tab)
            np.testing.assert_array_equal(moved["image"], output(person, tab))
            assert note(person, tab).startswith(moved["words"][1]) and moved["words"][0].endswith("dB")
            assert not np.array_equal(moved["image"], own["image"])
            if "error" in moved:
                assert not np.array_equal(moved["error"], own["error"])
        if tab == "compare":  # another column under the pointer: the dragged one stays
            person.page.locator('#view-compare [data-name="reconstruction-linear"]').hover()
            np.testing.assert_array_equal(large(person, tab)["image"], moved["image"])
            person.page.locator('#view-compare [data-name="reconstruction-deep"]').hover()
        bar.dblclick()
    for key, value in large(person, tab).items():
        np.testing.assert_array_equal(value, own[key])


def test_the_error_map_of_a_dragged_bar_is_drawn_as_the_server_draws_it(person):
    person.tab("sparse")
    person.choose("digits", 2)
    person.slide_to("sparse-sparsity", checkpoints.load("digits", "sparse").values.index(0.1))
    theirs = large(person, "sparse")["error"]
    ours = person.page.evaluate(
        """() => {
          const { widgets } = aedemo.tabViews.get("sparse");
          const part = (name) => widgets.find((one) => one.slot === "filmstrips" && one.name === name);
          const [image, sparse, error] = ["image", "sparse", "error"].map(part);
          const frame = +sparse.element.dataset.frame;
          const made = aedemo.sprite.difference([sparse.sprite, frame], [image.sprite, 0], error.sprite.limit);
          const canvas = document.createElement("canvas");
          aedemo.draw(canvas, made, 0);
          return [...canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data];
        }"""
    )
    ours = np.array(ours).reshape(*theirs.shape[:2], 4)
    canvas = "#view-sparse .filmstrip[data-name=error] canvas"
    theirs = person.page.locator(canvas).evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    )
    theirs = np.array(theirs).reshape(ours.shape)
    assert np.abs(ours[..., 3] - theirs[..., 3]).max() <= 8  # an image has whole grey levels, an error map has its own
    large_errors = theirs[..., 3] > 30
    assert np.abs(ours - theirs)[large_errors].max() <= 8 and large_errors.sum() > 20


def test_another_position_of_the_slider_drops_a_dragged_bar_from_the_large_reconstruction(person):
    open_deep(person)
    bars(person, "deep").nth(1).press("PageDown")
    settled(person, "deep")
    moved = large(person, "deep")
    person.slide("deep-bottleneck", "ArrowRight")
    np.testing.assert_array_equal(large(person, "deep")["image"], output(person, "deep"))
    assert "z₂" not in " ".join(large(person, "deep")["words"])
    person.slide("deep-bottleneck", "ArrowLeft")  # where it was dragged, it is as it was left
    np.testing.assert_array_equal(large(person, "deep")["image"], moved["image"])
    bars(person, "deep").nth(1).press("Escape")
    assert large(person, "deep")["words"] != moved["words"]


def around(person, tab: str) -> dict[str, list[float]]:
    """The patches that are outlined, by the filmstrips they are outlined in: top, left, height, width in pixels."""
    return person.page.evaluate(
        """(tab) => Object.fromEntries([...document.querySelectorAll(`#view-${tab} .ae-around`)].map((around) => {
          const { width, height } = around.parentElement.querySelector("canvas"), { style } = around;
          const share = (side, of) => Math.round(parseFloat(style[side]) * of) / 100;
          const place = [share("top", height), share("left", width), share("height", height), share("width", width)];
          return [around.closest(".filmstrip").dataset.name, place];
        }))""",
        tab,
    )


@pytest.mark.parametrize("tab", ["deep", "compare"])
def test_of_a_photograph_the_patch_follows_a_dragged_bar_at_its_place(person, tab):
    person.tab(tab)
    person.choose("photos", 3)
    images = {"image": "deep"}
    if tab == "deep":
        person.slide_to("deep-bottleneck", checkpoints.load("photos", "deep").values.index(5))
    else:
        images = {"saw-deep": "reconstruction-deep"}
        person.page.locator('#view-compare [data-name="reconstruction-deep"]').hover()
        person.slide_to("bottleneck", checkpoints.load("photos", "deep").values.index(5))
    person.page.mouse.move(0, 0)
    assert around(person, tab) == {}
    own, bar = large(person, tab), bars(person, tab).first
    bar.focus()
    assert set(around(person, tab)) == {*images, *images.values()}  # which patch it is, before anything is moved
    was = bar.get_attribute("aria-valuenow")
    bar.press("PageDown" if float(was) > 0 else "PageUp")
    settled(person, tab)
    with person.no_request():
        bar.press("Home" if float(was) > 0 else "End")
        moved = large(person, tab)
        top, left, height, width = map(int, around(person, tab)[next(iter(images.values()))])
        rows, columns = slice(top, top + height), slice(left, left + width)
        assert (height, width) == (8, 8)
        np.testing.assert_array_equal(moved["image"][rows, columns], output(person, tab))
        changed = (moved["image"] != own["image"]).any(2)
        assert changed[rows, columns].any() and changed.sum() == changed[rows, columns].sum()
        if "error" in moved:
            assert not np.array_equal(moved["error"][rows, columns], own["error"][rows, columns])
        assert note(person, tab).split(" ·")[0] in moved["words"][1] and "outlined patch" in moved["words"][1]
        bar.press("Escape")
        bar.evaluate("bar => bar.blur()")
    assert around(person, tab) == {}
    for key in ("image", "words"):
        np.testing.assert_array_equal(large(person, tab)[key], own[key])


@pytest.mark.parametrize("data", ["digits", "photos"])
def test_the_large_reconstruction_follows_the_activation_of_the_unit_that_is_open(visit, server, data):
    person = visit(f"{server.url}#tab=sparse&data={data}", wait=False)
    person.settle("sparse")
    person.choose(index=1)
    own = large(person, "sparse")
    shown = person.page.locator('#view-sparse .filmstrip[data-name="traversal"]')
    with person.no_request():
        for key in ("End", "ArrowLeft"):
            person.slide("sparse-unit", key)
            moved = large(person, "sparse")
            np.testing.assert_array_equal(moved["image"], person.filmstrip("sparse", "traversal"))
            assert moved["words"][0] == shown.locator("[data-line=big]").inner_text()
            assert f"set to {person.shown('sparse')['sliders']['sparse-unit']['words']}" in moved["words"][1]
            assert not np.array_equal(moved["image"], own["image"])
            assert not np.array_equal(moved["error"], own["error"])
        person.slide("sparse-sparsity", "ArrowRight")  # another network: the unit is none of its
        assert "set to" not in large(person, "sparse")["words"][1]
        person.slide("sparse-sparsity", "ArrowLeft")
        np.testing.assert_array_equal(large(person, "sparse")["image"], moved["image"])
    bars(person, "sparse").first.press("PageDown")  # the bar was dragged last
    settled(person, "sparse")
    assert "z" in large(person, "sparse")["words"][1] and "set to" not in large(person, "sparse")["words"][1]
    person.slide("sparse-unit", "ArrowLeft")  # and now the unit's activation
    assert "set to" in large(person, "sparse")["words"][1] and note(person, "sparse") == "Drag a bar."
    person.choose(index=2)
    person.choose(index=1)
    assert person.complaints() == []
    for key, value in large(person, "sparse").items():
        np.testing.assert_array_equal(value, own[key])
