"""Mail programs and chats alter links: what was meant is opened, locks included, and what nobody knows is named."""

from urllib.parse import quote

import pytest

MEANT = "tab=masked&data=digits&seed=3&mask=block&lock=data,image"
PAIRS = [pair.split("=") for pair in MEANT.split("&")]
TAILS = (".", ",", ")", ").", "]", ">", "&gt;", '"', "%22", "%20", " ", "!", "…", "”", "&", "**")
ALTERED = {
    "as it was": MEANT,
    "escaped once": quote(MEANT, safe=""),
    "escaped twice": quote(quote(MEANT, safe=""), safe=""),
    "escaped in small letters": quote(MEANT, safe="").lower(),
    "only & escaped": MEANT.replace("&", "%26"),
    "only = escaped": MEANT.replace("=", "%3D"),
    "commas escaped": MEANT.replace(",", "%2C"),
    "HTML": MEANT.replace("&", "&amp;"),
    "HTML twice": MEANT.replace("&", "&amp;amp;"),
    "HTML, then escaped": quote(MEANT.replace("&", "&amp;"), safe=""),
    "numbered HTML": MEANT.replace("&", "&#38;"),
    "quoted-printable": MEANT.replace("=", "=3D"),
    "capitals": MEANT.upper(),
    "some capitals": "Tab=Masked&Data=Digits&SEED=3&Mask=block&Lock=Data,Image",
    "blanks": "tab=masked & data=digits & seed = 3&mask=block&lock=data, image ",
    "a line break": MEANT.replace("&seed", "\r\n&seed"),
    "invisible signs": MEANT.replace("&", "\u200b&\u00ad"),
    "nothing between": MEANT.replace("&", "&&"),
    **{f"behind it {tail}": MEANT + tail for tail in TAILS},
    **{f"before it {lead}": lead + MEANT for lead in ("#", "?", "/", "(", "%23", "&", '"')},
}  # fmt: skip


@pytest.mark.parametrize("text", ALTERED.values(), ids=ALTERED)
def test_an_altered_link_says_what_was_meant(person, text):
    assert person.page.evaluate("text => aedemo.link.clean(text)", text) == PAIRS


@pytest.mark.parametrize(
    "text",
    ["tab=deep&data=mnist&deep-bottleneck=10", "tab=masked&mask=hand&hand=3df0",
     "tab=latent&run=003&axes=units&across=0",
     "data=photos&image=hubble_deep_field&target=china", "denoising-noise=0.25&masked-mask-ratio=75"],
)  # fmt: skip
def test_a_link_that_nobody_altered_stays(person, text):
    assert person.page.evaluate("text => aedemo.link.clean(text)", text) == [p.split("=") for p in text.split("&")]


def test_an_address_that_the_page_writes_is_read_as_it_was(person):
    text = person.page.evaluate("aedemo.link.text({ lock: 'data,image', hide: 'tab' })")
    assert person.page.evaluate("text => new URLSearchParams(aedemo.link.clean(text)).toString()", text) == text


@pytest.mark.parametrize("text", ["%", "%zz%E4", "=", "&&&", "a=b=c", "%25" * 400, "Straße=%C3%9F", "<b>=<i>"])
def test_whatever_stands_there_nothing_breaks(person, text):
    assert isinstance(person.page.evaluate("text => aedemo.link.clean(text)", text), list)


def test_locks_hold_whatever_a_mail_program_did_and_what_is_unknown_is_named(visit, server):
    held = quote("tab=sparse&data=digits&seed=2&lock=image,nobody&hide=seed&colour=Red", safe="")
    person = visit(f"{server.url}#{held}.", wait=False)
    person.settle("sparse")
    assert [person.state("data"), person.state("seed")] == ["digits", 2]
    assert person.page.locator("#ae-sidebar .ae-thumbs").evaluate("element => element.inert")
    assert not person.page.locator("#ae-sidebar .ae-seed").is_visible()
    assert person.said().endswith(": lock = nobody; colour = Red.")
    assert person.complaints() == []


def test_a_sharp_that_was_escaped_opens_the_view(visit, server):
    person = visit(f"{server.url}%23tab=sparse&data=digits&sparse-sparsity=0.5", wait=False)
    person.settle("sparse")
    assert person.state("data") == "digits" and "sparse-sparsity=0.5" in person.page.evaluate("aedemo.link.text()")
    assert person.complaints() == []
