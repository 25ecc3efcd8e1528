"""A page that is older than the server: it is loaded anew once, with what was chosen, and says so afterwards."""

OLD = {"status": 409, "body": "older", "content_type": "text/plain"}


def test_an_old_page_is_loaded_anew_with_all_that_is_chosen(visit, server):
    person = visit(f"{server.url}#tab=sparse&data=digits&sparse-sparsity=0.3", wait=False)
    person.settle("sparse")
    refused = []

    def refuse(route):
        refused.append(route.request.url)
        route.fulfill(**OLD) if len(refused) == 1 else route.continue_()

    person.page.route("**/view/**", refuse)
    # A change of the link is a navigation too, to Playwright: only a new document has no mark.
    person.page.evaluate("window.old = true")
    person.page.locator("#ae-sidebar .ae-thumbs button").nth(2).click()
    person.page.wait_for_function("() => !window.old")
    person.settle("sparse")
    assert person.state("data") == "digits" and "sparse-sparsity=0.3" in person.page.url

    # A second time within a minute it only says so: two releases behind one address must not reload for ever.
    refused.clear()
    person.page.locator("#ae-sidebar .ae-thumbs button").nth(3).click()
    notice = person.page.locator(".ae-lost", has_text="updated on the server")
    notice.wait_for()
    assert notice.locator("button").is_visible()
    person.page.unroute("**/view/**")
    person.page.evaluate("sessionStorage.clear()")
    person.errors.clear()
