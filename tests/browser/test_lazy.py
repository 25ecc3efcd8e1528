"""The script of the Training tab and of a plane's replay: asked for when it is needed, once, and again if it failed."""

import pytest

from tests.browser.test_training import PLAYER, settle

REPLAY = '#view-deep [data-widget="plane-replay"]'


def asked(person) -> int:
    return sum("/players.js?" in url for url in person.requests)


def open_replay(person) -> None:
    person.page.locator(f"{REPLAY} summary").click()
    person.page.wait_for_selector(f"{REPLAY}[data-state=ready]")


def test_it_is_not_asked_for_before_it_is_needed_and_then_once(visit, server):
    person = visit()
    for tab in ("linear", "deep", "sparse"):
        person.tab(tab)
    assert asked(person) == 0
    person.tab("training")
    settle(person)
    assert asked(person) == 1
    person.page.locator("#view-training input[value=linear]").check(force=True)
    settle(person)
    person.tab("deep")
    open_replay(person)
    person.tab("training")
    assert asked(person) == 1 and person.complaints() == []


def test_a_replay_asks_for_it_once_and_the_training_tab_has_it_then(visit, server):
    person = visit(f"{server.url}#tab=deep&data=fashion", wait=False)
    person.settle("deep")
    open_replay(person)
    assert asked(person) == 1
    person.tab("training")
    settle(person)
    assert asked(person) == 1 and person.complaints() == []


def test_settings_that_are_changed_meanwhile_hold(visit, server):
    person = visit()
    waiting = []
    person.page.route("**/players.js?*", lambda route: waiting.append(route))
    person.page.locator('#ae-tabs [role=tab][data-tab-id="training"]').click()
    person.page.locator("#view-training input[value=linear]").check(force=True)
    person.page.locator("#view-training input[value=moons]").check(force=True)
    assert len(waiting) == 1 and not [url for url in person.requests if "/training?" in url]
    waiting[0].continue_()
    settle(person)
    person.page.unroute("**/players.js?*")
    chosen = person.page.evaluate(f"{PLAYER}.run.setup.settings")
    assert chosen["variant"] == "linear" and chosen["data"] == "moons" and chosen["latent_dim"] == 1
    assert len([url for url in person.requests if "/training?" in url]) == 1 and person.complaints() == []


WRONG = {
    "busy": ({"status": 500, "body": "no", "content_type": "text/plain"}, "The server failed at this (500)."),
    "login": ({"status": 200, "body": "<p>Log in", "content_type": "text/html"}, "such as a login page"),
    "other": ({"status": 200, "body": "1", "content_type": "text/javascript"}, "is no script of this page"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_where_it_cannot_be_had_the_tab_says_so_and_asks_again(visit, server, wrong):
    response, words = WRONG[wrong]
    person = visit()
    person.page.route("**/players.js?*", lambda route: route.fulfill(**response))
    person.tab("training")
    message = person.page.locator("#view-training .ae-message")
    assert "could not be loaded" in message.inner_text() and words in message.inner_text()
    person.tab("deep")
    person.page.locator(f"{REPLAY} summary").click()
    trouble = person.page.locator(f"{REPLAY} [data-says=trouble]")
    trouble.locator("button").wait_for()
    assert words in trouble.inner_text()
    person.page.unroute("**/players.js?*")
    trouble.locator("button").click()
    person.page.wait_for_selector(f"{REPLAY}[data-state=ready]")
    assert not trouble.is_visible()
    person.tab("training")
    settle(person)
    assert not message.is_visible()
    person.errors.clear()


def test_the_button_asks_again(visit, server):
    person = visit()
    person.page.route("**/players.js?*", lambda route: route.fulfill(status=500, body="no"))
    person.tab("training")
    person.page.unroute("**/players.js?*")
    person.page.locator("#view-training .ae-message button").click()
    settle(person)
    assert person.message("training") == "" and person.page.evaluate(f"{PLAYER}.run.snapshots.length") > 50
    person.errors.clear()


def test_a_page_that_is_older_than_the_server_is_loaded_anew_and_opens_the_tab(visit, server):
    person = visit()
    asked_for = []

    def refuse(route):
        asked_for.append(route.request.url)
        route.fulfill(status=409, body="older") if len(asked_for) == 1 else route.continue_()

    person.page.evaluate("sessionStorage.clear()")
    person.page.route("**/players.js?*", refuse)
    person.page.evaluate("window.old = true")  # only a new document has no mark
    person.page.locator('#ae-tabs [role=tab][data-tab-id="training"]').click()
    person.page.wait_for_function("() => !window.old")
    settle(person)
    person.page.unroute("**/players.js?*")
    person.page.evaluate("sessionStorage.clear()")
    person.errors.clear()
