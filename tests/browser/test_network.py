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


@pytest.mark.parametrize("data", ["digits", "photos"])
def test_it_fits_a_phone_with_its_slider(phone, data):
    for tab in ("deep", "denoising", "masked"):
        phone.tab(tab)
        phone.choose(data, 0)
        box = network(phone, tab).bounding_box()
        slider = phone.page.locator(f"#view-{tab} .ae-slider").first.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
        assert slider["y"] + slider["height"] - box["y"] < 300
        inside = network(phone, tab).evaluate("e => e.firstChild.nextSibling.scrollWidth <= e.clientWidth + 1")
        assert inside
