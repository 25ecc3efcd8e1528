"""A link says the whole state of the page; the address bar has the one for what is shown."""

from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image

from aedemo.page.tabs import TABS
from tests.page.slots import slots

OF_IMAGES = [tab.name for tab in reversed(TABS)]
HELD = {
    "tab": "#ae-tabs > .tab-wrapper",
    "data": "#ae-sidebar .ae-data",
    "image": "#ae-sidebar .ae-thumbs",
    "seed": "#ae-sidebar .ae-seed",
    "slider": "#denoising-noise",
    "choice": '#view-denoising [data-name="kind"]',
}


def address(person) -> dict[str, str]:
    """What the address bar says, after it has come to rest."""
    person.page.wait_for_function("location.hash.slice(1) === aedemo.link.text()")
    return {key: value for key, [value] in parse_qs(urlsplit(person.page.url).fragment).items()}


def choose(person, tab: str, name: str, value: str) -> None:
    person.page.locator(f'#view-{tab} [data-name="{name}"] input[value="{value}"]').check(force=True)
    person.settle(tab)


def test_the_address_bar_follows_and_opens_what_was_shown(visit):
    one = visit()
    one.choose("digits", 1, seed=1)
    image = one.state("image").removeprefix("gallery:")
    assert address(one) == {"data": "digits", "image": image, "seed": "1"}
    one.tab("denoising")
    choose(one, "denoising", "kind", "masking")
    one.slide_to("denoising-noise", 3)
    one.tab("masked")
    one.slide_to("masked-mask-ratio", 10)
    choose(one, "masked", "mask", "block")
    said = address(one)
    assert said["tab"] == "masked" and said["mask"] == "block" and said["masked-mask-ratio"] == "50"
    assert said["kind"] == "masking" and "denoising-noise" in said

    other = visit(one.page.url, wait=False)
    other.settle("masked")
    assert [other.state(key) for key in ("data", "image", "seed")] == ["digits", one.state("image"), 1]
    assert other.page.locator("#ae-sidebar input#seed").input_value() == "1"
    for tab in ("masked", "denoising"):
        for person in (one, other):
            person.tab(tab)
        assert other.shown(tab) == one.shown(tab)
    assert address(other) == address(one)
    assert one.complaints() == other.complaints() == []


def test_a_link_opens_a_tab_with_each_slider_of_every_tab_where_it_says(visit, server, person, tabs=OF_IMAGES):
    person.choose("digits", 0, seed=0)
    places = {}
    for tab in tabs:
        person.tab(tab)
        sliders = [slot.name for slot in slots(tab) if slot.part == "slider"]
        places[tab] = {name: person.held(tab, name)["labels"][1].removesuffix(" %") for name in sliders}
    said = [f"{name}={place}" for there in places.values() for name, place in there.items()]
    other = visit(f"{server.url}#tab={tabs[0]}&data=digits&{'&'.join(said)}", wait=False)
    for tab in tabs:
        if tab != tabs[0]:
            other.tab(tab)
        other.settle(tab)
        shown = other.shown(tab)["sliders"]
        assert {name: slider["words"].removesuffix(" %") for name, slider in shown.items()} == places[tab]
    assert other.said() == "" and other.complaints() == []


@pytest.mark.parametrize(
    ("query", "data", "said"),
    [("#data=photos&image=no-such", "photos", "image = no-such"),
     ("?data=imagenet&image=24", "mnist", "data = imagenet"),
     ("#data=digits&image=<b>x</b>&seed=nine&colour=red&bottleneck=77&__theme=dark", "digits",
      "seed = nine; colour = red; __theme = dark; image = <b>x</b>; bottleneck = 77"),
     ("?data=digits&seed=99&__theme=dark", "digits", "seed = 99"),
     ("?data=digits&bottleneck=2&__theme=dark", "digits", "")],
)  # fmt: skip
def test_a_link_to_what_does_not_exist_opens_the_first_and_says_what_it_left_out(visit, server, query, data, said):
    person = visit(f"{server.url}{query}")
    assert person.state("data") == data and person.state("image").startswith("gallery:")
    assert 0 <= person.state("seed") <= 20
    person.frames()
    assert (person.said().endswith(f": {said}.")) if said else person.said() == ""
    assert person.complaints() == []


@pytest.mark.parametrize(
    ("tab", "said"),
    [("denoising", "kind=salt&trained_at=0.3"), ("masked", "mask=hand&hand=zz"), ("latent", "variant=gan&run=999"),
     ("masked", "ratio=seven"),
     ("latent", "point=99999")],
)  # fmt: skip
def test_a_choice_that_does_not_exist_falls_back_and_is_named(visit, server, tab, said):
    person = visit(f"{server.url}#tab={tab}&data=digits&{said}", wait=False)
    person.settle(tab)
    person.frames()
    assert person.message(tab) == "" and all(
        filmstrip["big"] or filmstrip["print"] for filmstrip in person.shown(tab)["filmstrips"].values()
    )
    assert said.split("&")[-1 if "hand" in said else 0].replace("=", " = ") in person.said()
    assert person.complaints() == []


def test_what_a_link_locks_is_out_of_reach_and_what_it_hides_out_of_sight(visit, server):
    held = "lock=slider,image&hide=tab,seed,kind"
    person = visit(f"{server.url}#tab=denoising&data=digits&denoising-noise=0.4&{held}", wait=False)
    person.settle("denoising")
    page = person.page
    for name in ("slider", "image"):
        assert page.locator(HELD[name]).is_visible() and page.locator(HELD[name]).evaluate("e => e.inert")
    for name in ("tab", "seed", "choice"):
        assert not page.locator(HELD[name]).is_visible()
    assert page.locator(HELD["data"]).is_visible() and not page.locator(HELD["data"]).evaluate("e => e.inert")
    before, box = person.shown("denoising"), page.locator("#denoising-noise input").bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    box = page.locator("#ae-sidebar .ae-thumbs button").nth(3).bounding_box()
    page.mouse.click(box["x"] + 20, box["y"] + 20)
    person.frames()
    assert person.shown("denoising") == before and before["sliders"]["denoising-noise"]["words"] == "0.4"
    assert address(person)["lock"] == "slider,image"
    assert person.complaints() == []


@pytest.mark.parametrize("held", ["lock=image", "hide=image"])
def test_next_over_a_projected_page_leaves_a_held_image(visit, server, held):
    person = visit(f"{server.url}#tab=sparse&data=digits&projector=1&{held}", wait=False)
    person.settle("sparse")
    before = person.state("image")
    person.page.locator("[data-tool=next]").click(force=True)
    person.frames()
    assert person.state("image") == before and person.page.locator("[data-tool=next]").is_disabled()


@pytest.mark.parametrize("held", ["lock=data", "hide=tab", "lock=image"])
def test_where_something_is_held_that_the_guide_moves_there_is_none(visit, server, held):
    person = visit(f"{server.url}#tab=sparse&data=digits&{held}", wait=False)
    person.settle("sparse")
    assert not person.page.locator("[data-tool=tour]").is_visible()


def test_share_makes_a_link_that_locks_hides_and_projects(visit):
    person = visit()
    person.choose("digits", 2)
    page = person.page
    page.locator("[popovertarget=ae-share]").click()
    field = page.locator("#ae-share .ae-link")
    assert urlsplit(field.input_value()).fragment == page.evaluate("aedemo.link.text()")
    page.locator('#ae-share [data-hold="seed"] input[value="lock"]').check(force=True)
    page.locator('#ae-share [data-hold="image"] input[value="hide"]').check(force=True)
    page.locator('#ae-share [data-share="projector"]').check()
    said = parse_qs(urlsplit(field.input_value()).fragment)
    assert (said["lock"], said["hide"], said["projector"]) == (["seed"], ["image"], ["1"])
    assert "lock" not in address(person)  # the teacher's own page stays free
    person.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator('#ae-share [data-share="copy"]').click()
    page.locator('#ae-share [data-share="note"]').get_by_text("clipboard").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == field.input_value()
    assert person.complaints() == []


def test_a_user_image_stays_out_of_the_link_which_says_so(visit, tmp_path):
    path = tmp_path / "mine.png"
    Image.fromarray(np.eye(40, dtype=np.uint8) * 255).save(path)
    person = visit()
    person.choose("digits", 1, seed=2)
    person.upload(path)
    person.page.wait_for_function("aedemo.state.image.startsWith('seen:')")
    assert address(person) == {"data": "digits", "seed": "2"}
    person.page.locator("[popovertarget=ae-share]").click()
    assert "stays in this page" in person.page.locator('#ae-share [data-share="note"]').inner_text()
    assert person.complaints() == []


def planes_of(person, tab: str) -> dict:
    """How the planes of a tab are seen: points or tiles, the classes that are shown, and what the first one paints."""
    view = person.page.locator(f"#view-{tab} [data-widget=plane-view] input:checked")
    pressed = person.page.locator(f'#view-{tab} .ae-legend [data-class][aria-pressed="true"]')
    canvas = f"#view-{tab} [data-widget=plane] .ae-dots >> nth=0"
    person.page.wait_for_function(
        "tab => aedemo.tabViews.get(tab).widgets.find((part) => part.slot === 'planes').axes", arg=tab
    )
    return {"view": view.input_value(), "classes": pressed.all_inner_texts(), "painted": person.pixels(canvas)}


@pytest.mark.parametrize("tab", ["deep", "latent"])
def test_a_link_keeps_how_planes_are_seen_and_which_of_their_classes(visit, tab):
    one = visit()
    one.choose("digits", 2)
    one.tab(tab)
    one.page.locator(f'#view-{tab} .ae-legend [data-class="5"]').first.dblclick()
    one.page.wait_for_timeout(400)
    one.page.locator(f'#view-{tab} .ae-legend [data-class="8"]').first.click()
    assert address(one)[f"{tab}-classes"] == "5,8" and f"{tab}-planes" not in address(one)
    points = planes_of(one, tab)
    one.page.locator(f"#view-{tab} [data-widget=plane-view] input[value=tiles]").check(force=True)
    said, tiles = address(one), planes_of(one, tab)
    assert said[f"{tab}-planes"] == "tiles" and points["classes"] == tiles["classes"] == ["5", "8"]

    other = visit(one.page.url, wait=False)
    other.settle(tab)
    found = planes_of(other, tab)
    assert (found["view"], found["classes"]) == ("tiles", ["5", "8"]) and address(other) == said
    np.testing.assert_array_equal(found["painted"], tiles["painted"])
    other.page.locator(f"#view-{tab} [data-widget=plane-view] input[value=points]").check(force=True)
    np.testing.assert_array_equal(planes_of(other, tab)["painted"], points["painted"])
    other.page.locator(f"#view-{tab} [data-all]").first.click()
    assert not {f"{tab}-planes", f"{tab}-classes"} & set(address(other))
    assert other.said() == "" and one.complaints() == other.complaints() == []


def test_classes_of_a_link_wait_for_their_data_set_and_unknown_ones_are_named(visit, server):
    person = visit(
        f"{server.url}#tab=deep&data=fashion&deep-classes=T-Shirt,ankle-boot,cat&deep-planes=cubes", wait=False
    )
    person.settle("deep")
    person.frames()
    assert planes_of(person, "deep")["classes"] == ["T-shirt", "ankle boot"] and "deep-classes = cat" in person.said()
    assert "deep-planes = cubes" in person.said()
    person.choose("digits", 0)
    assert len(planes_of(person, "deep")["classes"]) == 10 and "deep-classes" not in address(person)
    person.page.evaluate("aedemo.link.open('tab=deep&data=photos&deep-classes=cat')")
    person.page.wait_for_function("aedemo.state.data === 'photos'")
    person.settle("deep")
    person.frames()
    assert "deep-classes = cat" in person.said() and "deep-classes" not in address(person)
    assert person.complaints() == []


@pytest.mark.parametrize(
    "held", [pytest.param("lock=choice", marks=pytest.mark.slow), "lock=deep-planes,deep-classes", "hide=choice"]
)
def test_how_planes_are_seen_can_be_locked(visit, server, held):
    person = visit(f"{server.url}#tab=deep&data=digits&deep-classes=1,7&{held}", wait=False)
    person.settle("deep")
    legend = person.page.locator("#view-deep [data-widget=plane-legend]")
    view = person.page.locator("#view-deep [data-widget=plane-view]")
    assert legend.is_visible() and legend.evaluate("e => e.inert") and view.evaluate("e => e.inert")
    assert view.is_visible() == ("hide" not in held)
    assert planes_of(person, "deep")["classes"] == ["1", "7"]
    assert person.said() == "" and person.complaints() == []
