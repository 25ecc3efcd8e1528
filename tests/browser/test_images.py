"""The image is chosen once, in the sidebar: every tab shows it, and sliders stay where they were."""

import pytest

from tests.page.slots import BY_NAME

IMAGE = {"compare": "saw-pca", "linear": "image", "deep": "image", "sparse": "image", "denoising": "clean",
           "masked": "clean", "your_image": "image", "latent": "chosen"}  # fmt: skip
CORRUPTED = {
    "saw-denoising",
    "reconstruction-denoising",
    "error-denoising",
    "saw-masked",
    "reconstruction-masked",
    "error-masked",
}


def assert_shows_the_sidebars_image(person, tab: str) -> None:
    """The tab's own image is the sidebar's, and where that is one of the gallery, no other is nearer."""
    now = person.distances(tab, IMAGE[tab])
    assert now["sidebar"] < 6
    if now["pressed"] >= 0:
        assert now["thumbs"][now["pressed"]] == min(now["thumbs"])


@pytest.mark.parametrize(
    ("dataset", "tabs"),
    [("photos", ("linear", "sparse", "your_image")), ("digits", ("compare", "deep", "denoising", "masked", "latent")),
     pytest.param("photos", tuple(BY_NAME), marks=pytest.mark.slow),
     pytest.param("digits", tuple(BY_NAME), marks=pytest.mark.slow)],
    ids=["photos", "digits", "photos, all", "digits, all"],
)  # fmt: skip
def test_every_tab_shows_the_image_of_the_sidebar(person, dataset, tabs):
    person.choose(dataset, 5)
    for tab in tabs:
        person.tab(tab)
        assert_shows_the_sidebars_image(person, tab)


def test_whatever_is_pressed_in_the_sidebar_changes_what_is_shown(person):
    """Mostly on digits: Compare takes a second for each photograph that nobody has asked for."""
    person.tab("compare")
    person.choose("digits", 0, seed=0)
    person.slide_to("mask-ratio", 12)  # without a mask there is no error, whatever the image
    before = person.prints("compare")
    for act in (
        lambda: person.choose(index=3),
        lambda: person.do("next"),
        lambda: person.do("random"),
        lambda: person.choose("photos"),
        lambda: person.do("random"),
        lambda: person.choose("digits"),
    ):
        act()
        now = person.prints("compare")
        assert all(now[name] != before[name] for name in now)
        assert_shows_the_sidebars_image(person, "compare")
        before = now


def test_next_goes_through_the_gallery_and_begins_again(person):
    person.choose("digits", 0)
    count = person.page.locator("#ae-sidebar .ae-thumbs button").count()
    person.choose(index=count - 1)
    person.do("next")
    assert person.page.evaluate("aedemo.sidebar.index") == 0


def test_another_seed_changes_the_corruption_alone(person):
    person.tab("compare")
    person.choose("digits", 2, seed=0)
    person.slide_to("noise", 10)
    person.slide_to("mask-ratio", 10)
    before = person.prints("compare")
    person.choose(seed=1)
    now = person.prints("compare")
    assert {name for name in now if now[name] != before[name]} == CORRUPTED
    person.choose(seed=0)
    assert person.prints("compare") == before


def test_sliders_stay_where_they_were_put(person):
    person.tab("compare")
    person.choose("photos", 0)
    wanted = {"bottleneck": 1, "sparsity": 4, "noise": 3, "mask-ratio": 6}
    for slider, position in wanted.items():
        person.slide_to(slider, position)
    said = {name: now["words"] for name, now in person.shown("compare")["sliders"].items()}
    for act in (
        lambda: person.choose("digits"),
        lambda: person.choose(index=1),
        lambda: person.choose(seed=2),
        lambda: (person.tab("deep"), person.tab("compare")),
        lambda: person.choose(seed=0),
    ):
        act()
        shown = person.shown("compare")
        assert {name: now["words"] for name, now in shown["sliders"].items()} == said
        for name, filmstrip in shown["filmstrips"].items():
            assert filmstrip["frame"] == wanted[filmstrip["slider"]], name


def test_the_last_of_many_choices_is_shown(person):
    """Somebody clicks faster than the server computes: `ready` belongs to the last image, whatever came between."""
    person.tab("compare")
    person.choose("photos", 0)
    for index in (1, 2, 3, 4, 5, 7):
        person.page.locator("#ae-sidebar .ae-thumbs button").nth(index).click()
    person.settle("compare")
    assert_shows_the_sidebars_image(person, "compare")
    person.page.wait_for_function("!aedemo.tabViews.get('compare').latest.busy")  # no other answer is under way
    assert_shows_the_sidebars_image(person, "compare")


def test_ready_waits_for_what_is_chosen_while_frames_are_decoded(person):
    person.tab("denoising")
    person.choose("digits", 0)
    person.page.evaluate("""() => {
      const { sprite } = aedemo;
      window.undo = () => (aedemo.sprite = sprite);
      aedemo.sprite = Object.assign(async (data) => {
        window.decoding = true;
        await new Promise((done) => setTimeout(done, 400));
        return sprite(data);
      }, sprite);
    }""")
    buttons = person.page.locator("#ae-sidebar .ae-thumbs button")
    buttons.nth(3).click()
    person.page.wait_for_function("window.decoding")
    held = []
    person.page.route("**/view/**", lambda route: held.append(route))
    buttons.nth(5).click()
    person.page.wait_for_timeout(700)  # the image before is decoded, and shown
    assert person.page.evaluate("aedemo.tabViews.get('denoising').element.dataset.state") == "asking"
    held[0].continue_()
    person.settle("denoising")
    assert_shows_the_sidebars_image(person, "denoising")
    person.page.unroute("**/view/**")
    person.page.evaluate("() => { undo(); }")


def test_choices_of_the_denoising_tab_ask_again_and_are_shown(person):
    person.tab("denoising")
    person.choose("digits", 1)
    person.slide_to("denoising-noise", 12)
    before = person.prints("denoising")
    person.page.locator('#view-denoising input[name="ae-trained_at"]').first.check(force=True)
    person.settle("denoising")
    trained = person.prints("denoising")
    assert {name for name in trained if trained[name] != before[name]} == {"denoised"}
    person.page.locator('#view-denoising input[name="ae-kind"][value="masking"]').check(force=True)
    person.settle("denoising")
    zeroed = person.prints("denoising")
    assert {name for name in zeroed if zeroed[name] != trained[name]} == {"noisy", "denoised", "pca"}
    person.page.locator('#view-denoising input[name="ae-kind"][value="gaussian"]').check(force=True)
    person.settle("denoising")


def test_a_gallery_seen_before_is_not_asked_for_again(person):
    person.tab("compare")
    person.choose("digits")
    person.choose("photos")
    before = len(person.requests)
    person.choose("digits")
    asked = person.requests[before:]
    assert [url for url in asked if "/view/" in url] and not [url for url in asked if "/gallery" in url]
