"""A link names a data set, a picture of its gallery and a seed; the address bar has the one for what is shown."""

from urllib.parse import parse_qs, urlsplit

import pytest


def address(person) -> dict:
    return {key: value for key, [value] in parse_qs(urlsplit(person.page.url).fragment).items()}


def test_the_address_bar_follows_and_opens_what_was_shown(visit, server):
    one = visit()
    one.choose("digits", 4, seed=3)
    assert address(one) == {"data": "digits", "picture": one.state("picture").removeprefix("gallery:"), "seed": "3"}
    other = visit(one.page.url)
    assert [other.state(key) for key in ("data", "picture", "seed")] == [
        "digits", one.state("picture"), 3,
    ]  # fmt: skip
    assert other.prints("compare") == one.prints("compare")
    assert other.page.locator("#ae-rail input#seed").input_value() == "3"
    assert other.complaints() == []


@pytest.mark.parametrize(
    ("query", "data", "said"),
    [("#data=photos&picture=no-such", "photos", "no-such"), ("?data=imagenet&picture=24", "photos", "imagenet"),
     ("#data=digits&picture=<b>x</b>&seed=nine", "digits", "<b>x</b>"), ("?data=digits&seed=99", "digits", "")],
)  # fmt: skip
def test_a_link_to_what_does_not_exist_opens_the_first_and_says_so(visit, server, query, data, said):
    person = visit(f"{server.url}{query}")
    assert person.state("data") == data and person.state("picture").startswith("gallery:")
    assert 0 <= person.state("seed") <= 20
    person.page.wait_for_timeout(50)
    assert (said in person.said()) if said else person.said() == ""
    assert person.complaints() == []
