"""The network diagrams: what each tab sends for its own, and the traversal that a dragged bar asks for."""

import json

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from aedemo import checkpoints, datasets
from aedemo.explore.compare import compared_variants
from aedemo.explore.network import STEPS
from aedemo.explore.traversal import traversal as explore_traversal
from aedemo.page import traversal
from aedemo.page.networks import layer_words
from aedemo.page.sprites import png
from aedemo.page.state import entries
from aedemo.page.tabs import TABS
from aedemo.page.views import Views, read_view
from tests.explore.reference import DATASETS, identity
from tests.page.slots import BY_NAME, assert_shows, decoded, payload, slots
from tests.page.test_views import unpacked
from tests.tables import fresh

TAB_NAMES = [tab.name for tab in TABS]
each_opened = pytest.mark.parametrize(("tab", "dataset"), [(tab, data) for tab in TAB_NAMES for data in DATASETS])


def diagrams(tab: str, dataset: str) -> list[dict]:
    return payload(tab, dataset)["networks"][BY_NAME[tab].network]


@each_opened
def test_each_tab_shows_its_network_with_images_and_sliders_that_it_has(tab, dataset):
    filled, filmstrips = payload(tab, dataset), {s.name for s in slots(tab) if s.part in ("filmstrip", "patches")}
    assert diagrams(tab, dataset)
    for found in diagrams(tab, dataset):
        assert {found["input"], found["output"]} <= filmstrips and found["target"] in {"", *filmstrips}
        assert len(found["frames"]) in {1, len(filled["sliders"].get(found["slider"], {"labels": [0]})["labels"])}
        for frame in found["frames"]:
            kinds = [layer[0] for layer in frame["layers"]]
            assert kinds[0] == "input" and kinds[-1] == "output"
            assert frame["title"] in frame["words"]
            for _, size, _, count in frame["layers"]:  # said to whoever does not see it
                assert f"{size:,}" in frame["words"] or f"{count}" in frame["words"]
            for _, value, *handle in frame.get("bars", ()):
                assert not handle or (handle[0] <= value <= handle[1] and 0 <= handle[2] < STEPS)


@each_opened
def test_a_patch_stands_beside_its_reconstructions_where_the_network_sees_patches(tab, dataset):
    for found in diagrams(tab, dataset):
        if not datasets.get(dataset).patchwise or found["variant"] == "masked":
            assert found["patch"] is None
        else:
            seen, shown = map(decoded, found["patch"])
            assert seen.shape[1:] == shown.shape[1:] and len(shown) >= len(seen) >= 1


def test_compare_begins_with_the_deep_one_and_has_a_network_for_each_column():
    found = [diagram["variant"] for diagram in diagrams("compare", "mnist")]
    assert found[0] == "deep" and sorted(found) == sorted(compared_variants())


def test_a_denoiser_stands_between_the_noisy_image_and_the_clean_target():
    for tab in ("compare", "denoising"):
        (found,) = (diagram for diagram in diagrams(tab, "mnist") if diagram["variant"] == "denoising")
        assert found["target"] and found["target"] not in (found["input"], found["output"])
    assert all(
        not diagram["target"] for diagram in diagrams("your_image", "mnist")
    )  # its denoiser sees the clean image


def test_the_latent_tab_shows_the_chosen_variant_and_your_image_the_chosen_model():
    assert diagrams("latent", "mnist")[0]["variant"] == "deep"
    for tab, choice, value in (("latent", "variant", "sparse"), ("your_image", "model", "linear")):
        found = json.loads(BY_NAME[tab].payload("mnist", identity("mnist"), 0, **{choice: value}).to_json())
        assert [one["variant"] for one in found["networks"][BY_NAME[tab].network]] == [value]


@pytest.mark.parametrize("dataset", DATASETS)
def test_the_decoder_is_crossed_out_where_there_is_a_classifier(dataset):
    found = payload("masked", dataset)["networks"]["classifier-network"]
    assert bool(found) == checkpoints.has_classifier(dataset)
    for diagram in found:
        (frame,) = diagram["frames"]
        assert [layer[0] for layer in frame["discarded"]] == ["decoder"] and frame["layers"][-1][0] == "classes"


def test_layers_are_said_as_they_are():
    assert layer_words(fresh("deep", setting=3).layers) == (
        "64 inputs, 256 σ units, a code of 3 units, 256 σ units, 64 outputs"
    )
    assert layer_words(fresh("shallow", setting=1).layers) == "64 inputs, a code of 1 σ unit, 64 outputs"
    assert "13 of 16 tokens" in layer_words(fresh("masked").layers, "7000")


# --- the traversal -------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def views():
    return Views({tab.name: tab for tab in (*TABS, traversal.VIEW)})


def test_the_address_of_a_traversal_gives_a_frame_for_each_value(views):
    client = TestClient(Starlette(routes=views.routes()))
    asked = {"data": "mnist", "image": "3", "variant": "linear", "run": "005", "unit": "4"}
    answer = client.get("/view/traversal", params=asked)
    found, _ = unpacked(answer.content)
    assert (
        answer.status_code == 200 and found["message"] is None and found["filmstrips"]["traversal"]["frames"] == STEPS
    )
    expected = explore_traversal("mnist", "gallery:3", "linear", "005", 4)
    shown = json.loads(read_view(views.tabs, "traversal", asked).payload().to_json())["filmstrips"]["traversal"]
    assert_shows(shown, expected.decoded.frames)
    assert shown["big"] == [f"{value:.1f} dB" for value in expected.decoded.metrics.psnr]


def test_a_user_image_is_traversed_and_kept_by_nobody(views):
    own = "seen:" + png(np.random.default_rng(1).random((1, 8, 8)))
    client = TestClient(Starlette(routes=views.routes()))
    before = views.cache.size
    answer = client.post("/view/traversal", params={"data": "digits", "run": "002", "unit": "1"}, content=own)
    assert answer.headers["cache-control"] == "no-store" and views.cache.size == before
    assert unpacked(answer.content)[0]["filmstrips"]["traversal"]["frames"] == STEPS


@pytest.mark.parametrize("asked", [{"unit": "2"}, {"unit": "x"}, {"run": "7"}, {"variant": "masked"}, {"point": "-1"}])
def test_what_cannot_be_traversed_is_said(views, asked):
    found = json.loads(read_view(views.tabs, "traversal", {"data": "digits", **asked}).payload().to_json())
    assert found["message"] and not found["filmstrips"]


def test_links_keep_a_unit_of_each_tab_and_no_tab_is_called_traversal():
    known = {entry.key: entry for entry in entries(TABS, ("digits",), 7)}
    for tab in TABS:
        assert (known[tab.network].kind, known[tab.network].tab) == ("unit", tab.name)
        assert tab.network in {slot.name for slot in slots(tab.name) if slot.part == "network"}
    assert "traversal" not in known["tab"].values
