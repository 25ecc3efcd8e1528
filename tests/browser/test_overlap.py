"""Patches that overlap: the choice, what it changes, and the non-local means that arrive after the rest."""

import numpy as np
import pytest

from tests.page.slots import BY_NAME

NEAR = '#view-denoising .filmstrip[data-name="nonlocal-means"]'
CHOICES = {"compare": "side-by-side", "linear": "side-by-side", "sparse": "side-by-side", "denoising": "overlapping"}


def switch(person, tab: str, value: str) -> None:
    person.page.locator(f'#view-{tab} input[name="ae-{tab}_patches"][value="{value}"]').check(force=True)
    person.settle(tab)


@pytest.mark.parametrize(("tab", "start"), CHOICES.items())
def test_the_choice_changes_the_reconstructions_of_photographs_alone(person, tab, start):
    person.tab(tab)
    person.choose("photos", 0)
    assert [control.default for control in BY_NAME[tab].choices if control.name == f"{tab}_patches"] == [start]
    other = {"side-by-side": "overlapping", "overlapping": "side-by-side"}[start]
    before = person.prints(tab)
    switch(person, tab, other)
    changed = {name for name, now in person.prints(tab).items() if now != before[name]}
    assert changed and not changed & {"image", "clean", "noisy", "reconstruction-masked"}
    switch(person, tab, start)
    assert person.prints(tab) == before
    person.choose("digits")
    assert not person.page.locator(f'#view-{tab} [data-name="{tab}_patches"]').is_visible()


def test_non_local_means_arrive_after_the_rest_and_follow_the_slider_without_a_request(person):
    person.tab("denoising")
    person.choose("photos", 1)
    arrived = f"""document.querySelector('{NEAR} [data-line="big"]').textContent.endsWith('dB')"""
    waiting = f"document.querySelector('{NEAR}').classList.contains('ae-late')"
    person.page.wait_for_function(f"() => {arrived} && !{waiting}")
    with person.no_request():
        person.slide("denoising-noise", "End")
        most = person.page.locator(f'{NEAR} [data-line="big"]').inner_text()
        person.slide("denoising-noise", "Home")
        none = person.page.locator(f'{NEAR} [data-line="big"]').inner_text()
    assert none == "∞ dB" and float(most.split()[0]) < 30
    assert np.abs(person.pixels(f"{NEAR} canvas") - person.filmstrip("denoising", "clean")).max() <= 6
    assert person.page.locator('#view-denoising [data-widget=figure][data-name="whole"]').is_visible()
    person.choose("digits")
    assert not person.page.locator(NEAR).is_visible()
    assert not person.page.locator('#view-denoising [data-widget=figure][data-name="whole"]').is_visible()


def test_a_wrong_question_gets_a_sentence(person):
    """The filmstrip's document has an address of its own, as each view has."""
    ask = (
        "(query) => fetch('/view/denoising?part=nonlocal-means&' + query).then(async (r) => [r.status, await r.text()])"
    )
    for query, status, words in (
        ("data=photos&image=coffee&seed=1", 200, "scikit-image"),
        ("data=digits", 200, "shown for photographs, not for digits"),
        ("data=photos&image=x", 200, "has no image 'gallery:x'"),
        ("data=photos&seed=one", 404, "seed is 'one'"),
        ("data=photos&part=x", 404, "has no part 'x'"),
    ):
        found, text = person.page.evaluate(ask, query)
        assert found == status and words in text
    person.complaints()  # two of them, as asked for
