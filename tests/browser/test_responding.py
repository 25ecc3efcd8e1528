"""What looks alive answers: curves and maps move controls, tiles lead to tabs, filters open units, Back goes back."""

import pytest


def click_plot(person, tab: str, name: str, x: float, y: float) -> None:
    """At a share of the width and height of a figure's axes."""
    drawn, box = person.plotted(tab, name), person.part(tab, name).bounding_box()
    across, down = drawn["left"] + x * drawn["width"], drawn["top"] + y * drawn["height"]
    person.page.mouse.click(box["x"] + across, box["y"] + down)


@pytest.mark.parametrize(
    ("tab", "name", "slider"),
    [("linear", "above-pca", "linear-bottleneck"), ("sparse", "test-error", "sparse-sparsity"),
     ("denoising", "curves", "denoising-noise"), ("masked", "curve", "masked-mask-ratio")],
)  # fmt: skip
def test_a_click_on_a_curve_moves_the_slider_there(person, tab, name, slider):
    person.tab(tab)
    person.choose("digits", 0)
    at = person.plotted(tab, name)["at"]
    with person.no_request():
        for x in (0.7, 0.2):
            click_plot(person, tab, name, x, 0.5)
            drawn = person.plotted(tab, name)
            near = min(range(len(at)), key=lambda k: abs(at[k] - drawn["left"] - x * drawn["width"]))
            assert person.shown(tab, slider)["sliders"][slider]["value"] == near


def test_a_click_on_a_legend_switches_its_line(person):
    person.tab("linear")
    person.choose("digits", 0)
    person.part("linear", "angles").locator(".legendtoggle").last.click()
    person.page.wait_for_function(
        "aedemo.tabViews.get('linear').widgets.find((p) => p.name === 'angles').plot.data[1].visible === 'legendonly'"
    )
    person.choose(index=1)  # and it stays so
    assert person.part("linear", "angles").locator(".legendtoggle").count() == 2
    person.part("linear", "angles").locator(".legendtoggle").last.click()


def test_a_cell_of_the_map_sets_the_level_trained_at_and_the_noise(person):
    person.tab("denoising")
    person.choose("digits", 0)
    click_plot(person, "denoising", "map", 0.9, 0.3)  # the last column, the second row
    person.settle("denoising")
    chosen = person.page.locator('#view-denoising [data-name="trained_at"] input:checked').input_value()
    shown = person.shown("denoising")
    assert chosen == "0.2" and shown["sliders"]["denoising-noise"]["words"] == "0.5"
    assert shown["filmstrips"]["denoised"]["small"] == "trained at σ = 0.2"


def test_a_tile_leads_to_its_tab_with_the_same_settings_and_back_returns(visit, server):
    person = visit(f"{server.url}#data=digits&bottleneck=20&noise=0.4")
    page, before = person.page, person.shown("compare")
    for variant, tab, filmstrip in (("deep", "deep", "deep"), ("denoising", "denoising", "denoised")):
        page.locator(f'[data-name="to-{variant}-reconstruction"]').click()
        person.settle(tab)
        assert person.shown(tab)["filmstrips"][filmstrip]["big"] == before["texts"][f"psnr-{variant}"]
        page.wait_for_function("location.hash.slice(1) === aedemo.link.text()")
        page.go_back()
        person.settle("compare")
        assert person.shown("compare") == before
    page.go_forward()
    person.settle("denoising")
    assert person.complaints() == []


def test_back_goes_to_the_data_set_and_the_settings_before(visit, server):
    person = visit(f"{server.url}#tab=sparse&data=digits&sparse-sparsity=0.5", wait=False)
    person.settle("sparse")
    image = person.state("image")
    person.choose("mnist")
    person.slide("sparse-sparsity", "Home")
    person.page.wait_for_function("location.hash.slice(1) === aedemo.link.text()")
    person.page.go_back()
    person.page.wait_for_function("aedemo.state.data === 'digits'")
    person.settle("sparse")
    assert person.state("image") == image
    assert person.shown("sparse")["sliders"]["sparse-sparsity"]["words"] == "0.5"
    assert person.complaints() == []


def test_the_invitation_goes_when_it_was_followed(visit):
    person = visit()
    words = person.page.locator("#bottleneck .ae-invitation")
    assert words.is_visible() and words.inner_text().endswith("how many numbers does a digit need?")
    person.choose("fashion")
    assert "a piece of clothing" in words.inner_text()
    person.slide("bottleneck", "ArrowRight")
    assert not words.is_visible()
    person.choose("mnist")
    assert not words.is_visible()


def test_ssim_and_mse_are_said_where_the_pointer_rests_or_the_focus_stands(person):
    person.tab("compare")
    person.page.mouse.move(0, 0)
    tip = person.page.locator("#tip-deep")
    assert not tip.is_visible()
    person.page.locator('[data-name="to-deep-reconstruction"]').hover()
    assert tip.is_visible() and tip.inner_text().split()[::2] == ["SSIM", "MSE"]
    person.page.mouse.move(0, 0)
    person.page.locator("[aria-describedby=tip-deep]").focus()
    assert tip.is_visible()
    person.page.evaluate("document.activeElement.blur()")


def test_a_click_on_a_filter_opens_its_unit_whose_activation_is_then_free(visit, server):
    person = visit(f"{server.url}#tab=sparse&data=digits", wait=False)
    person.settle("sparse")
    filters = person.page.locator('#view-sparse [data-name="filters"] button')
    asked = len(person.requests)
    filters.nth(2).click()
    person.settle("sparse")
    (request,) = [url for url in person.requests[asked:] if "/view/" in url]
    assert "part=unit" in request
    value = filters.nth(2).get_attribute("value")
    assert filters.nth(2).get_attribute("aria-pressed") == "true"
    weight, unit = value.split(":")
    shown = person.shown("sparse")
    symbol = "z" + "".join("₀₁₂₃₄₅₆₇₈₉"[int(digit)] for digit in str(int(unit) + 1))
    assert shown["texts"]["unit-title"] == f"Unit {symbol} at λ = {weight}"
    assert shown["sliders"]["sparse-unit"]["words"] == shown["tiles"]["filters"][2].strip()
    prints = set()
    with person.no_request():
        for place in (0, 10, 20):
            person.slide_to("sparse-unit", place)
            prints.add(person.shown("sparse")["filmstrips"]["traversal"]["print"])
    assert len(prints) == 3
    other = visit(f"{server.url}#{person.page.evaluate('aedemo.link.text()')}", wait=False)
    other.settle("sparse")
    assert other.shown("sparse") == person.shown("sparse")
    assert person.complaints() == other.complaints() == []


def test_the_seed_is_offered_where_something_is_random(person):
    seed = person.page.locator("#ae-sidebar .ae-seed")
    for tab, random in (("linear", False), ("compare", True), ("sparse", False), ("masked", True)):
        person.tab(tab)
        assert seed.is_visible() == random


def test_light_and_dark_are_remembered(visit):
    person = visit()
    person.page.locator("[data-theme-toggle]").click()
    person.open(person.url)
    assert person.page.evaluate("document.body.classList.contains('dark')")
    person.page.locator("[data-theme-toggle]").click()
    person.open(person.url)
    assert not person.page.evaluate("document.body.classList.contains('dark')")


def test_an_error_map_has_its_ground_as_zero(person):
    person.tab("compare")
    canvas = person.page.locator('#view-compare [data-name="error-pca"] canvas')
    opacity = canvas.evaluate(
        "(c) => { const { data } = c.getContext('2d').getImageData(0, 0, c.width, c.height);"
        " return [...data].filter((_, i) => i % 4 === 3); }"
    )
    assert 0 in opacity and max(opacity) > 100
    ground = person.page.locator('#view-compare [data-name="error-pca"] .ae-image')
    assert ground.evaluate("(e) => getComputedStyle(e).backgroundColor") == "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize(("width", "height", "lines"), [(390, 844, 2), (1280, 800, 1)])
def test_all_seven_reconstructions_are_seen_as_tiles(visit, width, height, lines):
    person = visit()
    person.resize(width, height)
    boxes = person.page.evaluate(
        "[...document.querySelector('#view-compare .ae-models').children]"
        ".map((tile) => tile.getBoundingClientRect().toJSON())"
    )
    assert len(boxes) == 7 and all(box["left"] >= 0 and box["right"] <= width for box in boxes)
    assert len({round(box["top"]) for box in boxes}) == lines
    person.resize(1440, 900)
