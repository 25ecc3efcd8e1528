"""Every tab over a custom data set: an answer, or a sentence that says what to train.

Each test has a name of its own for its data set, since what a tab has read once it keeps by that name.
"""

import json

import pytest

from aedemo import training
from aedemo.datasets import DataSetUnavailable
from aedemo.explore.gallery import gallery
from aedemo.page.source import sidebar_source
from aedemo.page.tabs import TABS
from aedemo.training.folder import import_folder, save
from aedemo.training.recipes import variants_of
from tests.custom.painting import photographs, tiny
from tests.page.slots import BY_NAME, _refuse


def payload(tab: str, data: str) -> dict:
    """A tab's payload for the first image, as a browser gets it."""
    choices = {control.name: control.default for control in BY_NAME[tab].choices}
    return json.loads(BY_NAME[tab].payload(data, "", 0, **choices).to_json(), parse_constant=_refuse)


def train(folder, name: str, *variants: str) -> None:
    save(import_folder(str(folder), name))
    for variant in variants or variants_of(name):
        list(training.train(name, variant, steps=2))
    assert (name, name) in sidebar_source().data_sets


def test_with_pca_and_deep_alone_the_others_say_what_to_train(custom_data, few_patches):
    photographs(custom_data, 6)
    train(custom_data, "two-sweeps", "pca", "deep")
    for tab in ("linear", "sparse", "denoising", "masked"):
        wanted = rf"no trained run of {tab} on two-sweeps yet; make one: aedemo train {tab} --data two-sweeps"
        with pytest.raises(ValueError, match=wanted):
            payload(tab, "two-sweeps")
    compared, deep = payload("compare", "two-sweeps"), payload("deep", "two-sweeps")
    assert "aedemo train masked --data two-sweeps" in compared["message"] and deep["message"] is None
    assert compared["filmstrips"]["reconstruction-deep"]["frames"] == deep["filmstrips"]["deep"]["frames"] == 9


@pytest.mark.parametrize("count", [2, 40])
def test_with_all_trained_every_tab_answers(count, custom_data):
    tiny(custom_data, count)
    train(custom_data, f"all-of-{count}")
    for tab in TABS:
        filled = payload(tab.name, f"all-of-{count}")
        assert filled["filmstrips"], tab.name
        assert "nan" not in json.dumps(filled["texts"]), tab.name


def test_without_the_images_the_gallery_says_so(custom_data, tmp_path):
    tiny(custom_data, 10)
    train(custom_data, "gone", "pca")
    custom_data.rename(tmp_path / "elsewhere")
    gallery.cache_clear()
    with pytest.raises(DataSetUnavailable, match="images of gone are not on this machine"):
        sidebar_source().gallery("gone")
