"""The columns of Compare lead to their tabs, which show the same model on the same input."""

from urllib.parse import parse_qsl

import pytest

from aedemo.page.leads import TAB_OF
from tests.explore.reference import DATASETS
from tests.page.slots import BY_NAME, payload

SHOWN = {"denoising": "denoised", "masked": "joined"}  # the filmstrip of the tab; of the others the variant's own


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("variant", ["pca", "linear", "shallow", "deep", "sparse", "denoising", "masked"])
def test_a_column_leads_to_the_same_reconstruction(dataset, variant):
    compared = payload("compare", dataset)["texts"]
    for place in (1, 4):
        said = dict(parse_qsl(compared[f"to-{variant}-reconstruction"][place]))
        tab = said.pop("tab")
        assert tab == TAB_OF.get(variant, variant)
        slider = next(control.name for control in BY_NAME[tab].sliders if control.name in said)
        value = said.pop(slider)
        choices = {control.name: control.default for control in BY_NAME[tab].choices}
        assert set(said) <= set(choices)
        filled = payload(tab, dataset, tuple((choices | said).items()))
        labels = [label.removesuffix(" %") for label in filled["sliders"][slider]["labels"]]
        shown = filled["filmstrips"][SHOWN.get(variant, variant)]
        assert shown["big"][labels.index(value)] == compared[f"psnr-{variant}"][place]
