"""What the page concludes of images that do not belong: a cup, uniform noise, a blank sheet; beside a gallery image."""

import re

import numpy as np
import pytest
from skimage import data as photographs

from aedemo import checkpoints
from aedemo.explore.gallery import SEEN, find
from aedemo.explore.latent import latent
from aedemo.page import encoder, your_image
from aedemo.page import latent as latent_tab
from aedemo.page.sprites import png
from aedemo.page.tour import read_tour
from tests.tables import sweeps

CONCLUDES = re.compile(r"\b(belongs to|lies within|lies on|is one of|Yes\b|No:|looks like)")
FOUND = re.compile(r"larger than ([\d.]+) % of the test errors(: unusual|: nothing unusual|\. It does not show)")


def strangers(dataset: str) -> dict[str, str]:
    """Images as the page sends them when they have become what the models see; "" is the gallery's first."""
    shape = find(dataset, "").shape[1:]
    noise = np.random.default_rng(0).random(shape).astype(np.float32)
    rows, columns = (np.linspace(0, 399, side).astype(int) for side in shape[1:])
    cup = photographs.coffee()[rows][:, columns].transpose(2, 0, 1)[: shape[0]].astype(np.float32) / 255
    images = {"noise": noise, "cup": cup, "blank": np.zeros(shape, np.float32)}
    return {name: SEEN + png(image) for name, image in images.items()} | {"gallery": ""}


@pytest.mark.parametrize("name", ["noise", "cup", "blank", "gallery"])
@pytest.mark.parametrize("dataset", ["digits", "photos"])
def test_no_sentence_says_that_an_image_belongs(dataset, name):
    image = strangers(dataset)[name]
    texts = your_image.payload(dataset, image, 0).texts
    said = [*texts["percentile"], latent_tab.verdict(latent(dataset, image, 0))]
    for sentence in said:
        assert not CONCLUDES.search(sentence) and " 0.0 %" not in sentence
        for percentile, conclusion in FOUND.findall(sentence):
            assert (conclusion == ": unusual") == (float(percentile) >= 95)


@pytest.mark.parametrize("name", ["noise", "cup", "blank"])
def test_a_class_of_any_image_is_said_to_be_one_of_those_there_are(name):
    """A probability beside a class is high for noise too, so the words beside it say what it is among."""
    _, texts = encoder.parts("digits", strangers("digits")[name], 0.75)
    assert texts["named-words"].endswith("Any image gets one of these classes, also one that shows none of them.")


def test_a_tour_step_names_no_winner_that_this_image_could_deny():
    """Whatever the page shows of this image stands in a sentence that any number leaves true."""
    words = " ".join(step.words for step in read_tour())
    for denied in ("cut through them: `{deep}`", "towards the data, here from", "copy nearly everything"):
        assert denied not in words


@pytest.mark.parametrize("dataset", sweeps("sparse"))
def test_fewer_units_are_active_in_a_test_image_as_lambda_grows(dataset):
    active = checkpoints.load(dataset, "sparse").metrics("active_units")
    assert np.all(np.diff(active) < 0)
