"""The static edition: the tests of tabs, sliders, links, code and guide again, over exported files and no server."""

import fcntl
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from aedemo.page.static import Edition, export, runs
from aedemo.page.tabs import TABS
from tests.browser import test_code, test_links, test_sliders, test_tour
from tests.browser.conftest import run_folder
from tests.browser.page_driver import PageDriver
from tests.browser.server import Files

LIVE = "https://running.example/aedemo/"
GUIDED = ("linear", "sparse")  # tabs of the guide that are quick to export
each_tab = pytest.mark.parametrize("tab", [tab.name for tab in TABS])
# Programs are files here; that each tab has its own is tested on a server, so here on every other tab.
some_tabs = pytest.mark.parametrize(
    "tab", [pytest.param(tab.name, marks=pytest.mark.slow if k % 2 else ()) for k, tab in enumerate(TABS)]
)


def exported(factory, name: str, edition: Edition) -> Path:
    """A folder that all processes of this run share, exported by the first that wants it."""
    folder = run_folder(factory) / name
    with (folder.parent / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "index.html").is_file():
            with pytest.MonkeyPatch.context() as patch:  # of the training runs, those that are asked for below
                patch.setattr(runs, "VARIANTS", ("linear", "deep"))
                patch.setattr(runs, "SEEDS", (1,))
                export(folder, edition, lambda work, total, title: work)
    return folder


@pytest.fixture(scope="session")
def folder(browser, tmp_path_factory) -> Path:
    return exported(
        tmp_path_factory, "edition", Edition(("digits",), images=2, seeds=2, live=LIVE, training=("s-curve",))
    )


@pytest.fixture(scope="module")
def server(folder):
    with Files(folder) as files:
        yield files


@pytest.fixture(scope="module")
def shared(browser, server):
    page_driver = PageDriver(browser, server.url)
    yield page_driver
    page_driver.leave()


@each_tab
def test_each_tab_shows_each_image(person, tab):
    person.tab(tab)
    for index in (0, 1):
        person.choose("digits", index)
        assert person.message(tab) == ""
        assert all(filmstrip["big"] or filmstrip["print"] for filmstrip in person.shown(tab)["filmstrips"].values())


@pytest.mark.parametrize(("tab", "slider"), dict(reversed(test_sliders.SLIDERS)).items())  # the first of each tab
def test_keys_move_the_frames_without_a_request(person, tab, slider):
    test_sliders.test_keys_move_the_frames_without_a_request(person, "digits", tab, slider)


@some_tabs
def test_the_panel_has_the_program_of_the_view(person, tab):
    test_code.test_the_panel_has_the_program_of_the_view(person, tab)


def test_the_address_bar_follows_and_opens_what_was_shown(visit):
    test_links.test_the_address_bar_follows_and_opens_what_was_shown(visit)


def test_a_link_opens_each_slider_where_it_says(visit, server, person):
    test_links.test_a_link_opens_a_tab_with_each_slider_of_every_tab_where_it_says(
        visit, server, person, ("deep", "masked")
    )


@pytest.mark.parametrize(
    ("tab", "said"),
    [("denoising", "kind=salt&trained_at=0.3"), ("latent", "variant=gan&run=999"), ("latent", "point=5"),
     ("masked", "mask=hand&hand=e7c1")],
)  # fmt: skip
def test_what_is_not_in_the_edition_falls_back_and_is_named(visit, server, tab, said):
    test_links.test_a_choice_that_does_not_exist_falls_back_and_is_named(visit, server, tab, said)


def test_a_training_run_plays_and_any_other_says_what_it_needs(visit, server):
    person = visit(f"{server.url}#tab=training", wait=False)
    run = "aedemo.tabViews.get('training').widgets.find((part) => part.run)?.run"
    for variant in ("deep", "linear"):
        person.page.locator(f"#view-training input[value={variant}]").check(force=True)
        person.settle("training")
        person.page.wait_for_function(
            f"variant => {run}?.over && {run}.setup.settings.variant === variant", arg=variant
        )
        assert person.page.evaluate(f"{run}.snapshots.length") > 50 and person.message("training") == ""
    person.page.locator("[popovertarget=ae-code]").click()
    person.page.wait_for_function(
        "document.querySelector('#ae-code code').textContent.includes('VARIANT = \"linear\"')"
    )
    person.page.keyboard.press("Escape")
    note = person.page.locator("#view-training .ae-on-demand").first
    assert note.locator("a").get_attribute("href").startswith(LIVE)
    person.page.locator("#view-training input[value=sparse]").check(force=True)
    person.settle("training")
    assert person.message("training") in note.inner_text() and "need a server" in person.message("training")
    assert person.complaints() == []


# What is not seen is not drawn, so it is done sooner.
EVERY_CHOICE = """async (tab) => {
  const tabView = aedemo.tabViews.get(tab), seen = new Set(), said = [];
  tabView.element.style.display = "none";
  const waiting = [Object.fromEntries(tabView.choices)];
  while (waiting.length) {
    const state = waiting.shift();
    const id = JSON.stringify(state);
    if (seen.has(id)) continue;
    seen.add(id);
    tabView.choices = new Map(Object.entries(state));
    tabView.askIfStale();
    await aedemo.settled();
    said.push(tabView.element.querySelector(".ae-message").textContent);
    for (const { slot, name, element } of tabView.widgets) {
      if (slot !== "choices" || element.hidden) continue;
      for (const { value } of element.querySelectorAll("input:enabled")) {
        waiting.push({ ...Object.fromEntries(tabView.choices), [name]: value });
      }
    }
  }
  tabView.element.style.display = "";
  return said.filter(Boolean);
}"""


@pytest.fixture(scope="module")
def walker(browser, server):
    """A page that stays at its first image."""
    page_driver = PageDriver(browser, server.url)
    yield page_driver
    page_driver.leave()


@each_tab
def test_what_the_page_can_ask_for_is_there_and_nothing_else(walker, folder, tab):
    """Every choice of a tab in every order, of the first image; and of the rest the same."""
    person = walker
    person.tab(tab)
    image = person.state("image").removeprefix("gallery:")
    assert person.page.evaluate(EVERY_CHOICE, tab) == [] and person.complaints() == []
    asked = {Path(urlsplit(url).path).name for url in person.requests if f"/view/{tab}/" in url}
    there = {path.name for path in (folder / "view" / tab).iterdir()}
    of_first = {name for name in there if re.match(rf"data=digits,image={image}[,.](?!seed=)", name)}
    left = of_first - asked  # other images offer these, and what is chosen stays when the image changes
    assert asked and asked <= of_first and all("target=" in name for name in left)
    others = {re.sub(r"image=\d+(,seed=\d+)?", f"image={image}", name) for name in there}
    assert others == of_first


def test_what_needs_a_server_is_said_in_its_place_with_the_same_view_on_one_that_runs(visit, server, tmp_path):
    person = visit(f"{server.url}#tab=masked&data=digits&masked-mask-ratio=50", wait=False)
    person.settle("masked")
    page = person.page
    assert page.locator("#ae-sidebar [data-do=upload]").count() == 0
    notes = page.locator("#ae-sidebar .ae-on-demand, #view-masked .ae-choice .ae-on-demand:visible")
    assert [text.partition(" need")[0] for text in notes.all_inner_texts()] == [
        "Your own images, drawings and the camera", "Other seeds", "Masks by hand",
    ]  # fmt: skip
    notes.nth(2).locator("a").hover()
    link = notes.nth(2).locator("a").get_attribute("href")
    assert link == f"{LIVE}#{page.evaluate('aedemo.link.text()')}" and "masked-mask-ratio=50" in link
    assert page.locator('#view-masked input[value="hand"]').is_disabled()
    before = person.shown("masked")
    page.locator('#view-masked [data-name="masked"] .ae-image').click()
    assert person.message("masked").startswith("Masks by hand need a server")
    assert person.shown("masked") == before
    person.tab("latent")
    assert page.locator("#view-latent .ae-on-demand:visible").first.inner_text().startswith("The reconstruction of a")
    assert person.complaints() == []


def test_codes_are_saved_as_the_server_has_them(visit, server):
    from aedemo.explore.latent import codes_csv

    person = visit(f"{server.url}#tab=latent&data=digits&run=003", wait=False)
    person.settle("latent")
    with person.page.expect_download() as saved:
        person.page.locator('#view-latent [data-address="/codes.csv"]').click()
    assert Path(saved.value.path()).read_text("utf-8") == codes_csv("digits", "deep", "003")
    assert person.complaints() == []


def test_the_guide_leads_through_the_steps_that_are_there(browser, tmp_path_factory):
    folder = exported(tmp_path_factory, "guided", Edition(("mnist",), images=1, seeds=1, tabs=GUIDED))
    with Files(folder) as files:
        person = PageDriver(browser, f"{files.url}#tab=linear", wait=False)
        person.settle("linear")
        person.page.locator("[data-tool=tour]").click()
        steps = [step for step in test_tour.read_tour() if step.begin["tab"] in GUIDED]
        assert person.page.locator("#ae-tour [data-step]").count() == len(steps) == 4
        for number, step in enumerate(steps):
            person.page.locator(f'#ae-tour [data-step="{number}"]').click()
            person.settle(step.begin["tab"])
            assert person.page.locator("#ae-tour .ae-tour-title").inner_text() == step.title
            shown = person.shown(step.begin["tab"])["sliders"][step.move]["words"]
            assert shown.removesuffix(" %") == step.begin[step.move]
            test_tour.phase(person, 2)
            assert shown in test_tour.words(person) and "–" not in test_tour.words(person)
        assert person.page.locator("#ae-sidebar .ae-on-demand").first.inner_text().endswith("behind the page.")
        assert not person.page.locator("#ae-sidebar .ae-seed").is_visible()
        assert person.complaints() == []
        person.leave()
