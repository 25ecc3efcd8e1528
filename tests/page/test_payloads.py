"""The payload of every tab over every data set fills every slot of its skeleton, for each position of its sliders."""

import json
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
from plotly import graph_objects

from aedemo import checkpoints, datasets
from aedemo.explore.compare import compare
from aedemo.explore.deep import deep
from aedemo.explore.denoising import denoising
from aedemo.explore.filmstrips import MAX_PSNR
from aedemo.explore.linear import linear
from aedemo.explore.masked import masked
from aedemo.explore.sparse import sparse
from aedemo.explore.your_image import your_image as explore_your_image
from aedemo.page import latent
from aedemo.page.encoder import FIGURES, WORDS
from aedemo.page.readouts import among_tests
from aedemo.page.tabs import TABS
from tests.explore.reference import DATASETS, SEED, identity
from tests.page.slots import BY_NAME, KINDS, assert_shows, decoded, elements, payload, slots, variations

ALL = variations()
# Not every data set is shown four kinds of out_of_distribution.
FOUND = ["kind-2", "kind-3", *(f"found-{k}-{v}" for k in (2, 3) for v in checkpoints.OOD_VARIANTS)]
each_variation = pytest.mark.parametrize(
    ("tab", "dataset", "chosen"), ALL, ids=["-".join([t, d, *(v for _, v in c)]) for t, d, c in ALL]
)
each_opened = pytest.mark.parametrize(("tab", "dataset"), [(tab.name, dataset) for tab in TABS for dataset in DATASETS])
every_data_set = pytest.mark.parametrize("dataset", DATASETS)


def decibels(words: str) -> float:
    """A number of "24.6 dB"; "∞ dB" is what the tracks have for no error at all."""
    number, unit = words.split()
    assert unit == "dB"
    return MAX_PSNR if number == "∞" else float(number)


def slider_values(filled: dict, slider: str | None) -> int:
    """How many positions a slot must serve."""
    return len(filled["sliders"][slider]["labels"]) if slider else 1


@each_variation
def test_each_slot_is_filled_and_nothing_else_is_sent(tab, dataset, chosen):
    filled, later = payload(tab, dataset, chosen), {slot.name for slot in slots(tab) if slot.later}
    assert filled["message"] is None
    patches_of_noise = datasets.get(dataset).patchwise and dict(chosen).get("kind") == "gaussian"
    replayed = tab == "deep" and dataset in ("mnist", "fashion")
    assert set(filled["later"]) == (later if patches_of_noise or replayed else set())
    for kind in set(KINDS.values()):
        promised = {slot.name for slot in slots(tab) if KINDS.get(slot.part) == kind}
        if kind == "choices":  # those whose options never change are not sent again
            picks = [a["data-picks"].split() for _, a in elements(BY_NAME[tab].skeleton()) if "data-picks" in a]
            by_click = {name for names in picks for name in names}
            assert set(filled[kind]) <= promised
            assert promised | by_click == {control.name for control in BY_NAME[tab].choices}
        else:
            assert set(filled[kind]) == promised - later, kind
    assert {slot.slider for slot in slots(tab)} - {None} <= set(filled["sliders"])


@pytest.mark.parametrize("tab", BY_NAME)
def test_names_are_told_apart_and_each_slider_moves_something(tab):
    named = [(slot.part, slot.name) for slot in slots(tab) if slot.part != "plane-legend"]  # which is one for a tab
    assert len(set(named)) == len(named)
    for slot in slots(tab):
        if slot.part == "slider":
            assert [other for other in slots(tab) if other.slider == slot.name and other.part == "filmstrip"]


def test_the_sliders_have_the_names_that_others_rely_on():
    found = {slot.name for tab in BY_NAME for slot in slots(tab) if slot.part == "slider"}
    on_compare = {"bottleneck", "sparsity", "noise", "mask-ratio"}
    assert {slot.name for slot in slots("compare") if slot.part == "slider"} == on_compare
    assert {name.partition("-")[2] for name in found - on_compare} == on_compare | {"interpolation", "unit"}


@each_variation
def test_sliders_start_inside_and_say_something_else_at_each_stop(tab, dataset, chosen):
    for axis in payload(tab, dataset, chosen)["sliders"].values():
        by_hand = dict(chosen).get("mask") == "hand"  # one mask, nothing to slide through
        assert 0 <= axis["start"] < len(axis["labels"])
        assert len(axis["labels"]) == 1 if by_hand else len(axis["labels"]) >= 8
        assert len(set(axis["labels"])) == len(axis["labels"]) and all(axis["labels"])


@each_variation
def test_filmstrips_have_a_frame_and_words_for_each_stop_or_one_for_all(tab, dataset, chosen):
    filled = payload(tab, dataset, chosen)
    for slot in slots(tab):
        if KINDS.get(slot.part) != "filmstrips" or slot.later:
            continue
        filmstrip, wanted = filled["filmstrips"][slot.name], slider_values(filled, slot.slider)
        assert filmstrip["frames"] in {1, wanted}
        assert len(decoded(filmstrip)) == filmstrip["frames"]
        assert filmstrip["pixelated"] == (max(filmstrip["width"], filmstrip["height"]) <= 32)
        assert len(filmstrip["big"]) in {0, 1, wanted} and len(filmstrip["small"]) in {0, 1, wanted}
        assert all(isinstance(words, str) for words in (*filmstrip["big"], *filmstrip["small"]))


@each_variation
def test_texts_and_little_images_serve_each_stop(tab, dataset, chosen):
    filled = payload(tab, dataset, chosen)
    for slot in slots(tab):
        wanted = slider_values(filled, slot.slider)
        if slot.part == "text":
            words = filled["texts"][slot.name]
            lines = [words] if isinstance(words, str) else words
            assert len(lines) in {1, wanted} and all(isinstance(line, str) for line in lines)
            silent = (
                "published",
                "error-words",
                "whole-words",
                *FOUND,
                *WORDS,
            )  # nothing to say of this data set
            assert all(lines) or slot.name in silent
        if slot.part == "downloads":
            assert slot.name.removeprefix("save-") in {other.name for other in slots(tab)}
        if slot.part == "images":
            tiles = filled["images"][slot.name]
            assert len(tiles["shown"]) in {1, wanted}
            used = {index for frame in tiles["shown"] for index, _ in frame}
            assert used == set(range(tiles["frames"])) and all(frame for frame in tiles["shown"])


def not_drawn(dataset: str) -> tuple[str, ...]:
    """The figures that have nothing to draw: no classifier, or one of encoders that were trained at one ratio; whole
    photographs where there are none, and a probe where there are no classes."""
    none = ("probe",) if datasets.get(dataset).patchwise else ("whole",)
    if not checkpoints.has_classifier(dataset):
        return (*FIGURES, *none)
    return ("by-ratio", *none) if len(checkpoints.classifier_header(dataset).ratios) == 1 else none


@each_variation
def test_figures_have_titles_with_units_and_a_place_for_each_stop(tab, dataset, chosen):
    filled = payload(tab, dataset, chosen)
    for slot in slots(tab):
        if slot.part != "figure":
            continue
        figure = filled["figures"][slot.name]
        if slot.name in not_drawn(dataset):
            assert figure["data"] == []
            continue
        for axis in ("xaxis", "yaxis"):
            assert len(figure["layout"][axis]["title"]["text"]) > 3
        assert figure["data"] and len(figure["at"]) == (slider_values(filled, slot.slider) if slot.slider else 0)
        for trace in figure["data"]:
            if trace["type"] == "heatmap":
                assert np.shape(trace["z"]) == (len(trace["y"]), len(trace["x"])) and trace["colorbar"]["title"]["text"]
                assert np.isfinite(np.array(trace["z"], float)).all()
            else:
                bars = trace["type"] == "bar"  # a colour for each class, and classes beside it
                few = bars or slot.name in FIGURES or trace["meta"]["variant"] == "deeper"  # trained at two M
                assert len(trace["x"]) == len(trace["y"]) >= (1 if few else 5)
                assert bars or (trace["meta"]["variant"] and trace["name"])
                assert np.isfinite(np.array(trace["x" if bars else "y"], float)).all()
        graph_objects.Figure(data=figure["data"], layout=figure["layout"])  # which knows all that plotly.js takes
        json.dumps(figure, allow_nan=False)


@every_data_set
def test_planes_hold_points_marks_and_a_decoded_square(dataset):
    view, filled = deep(dataset, identity(dataset), SEED), payload("deep", dataset)
    for name, shown in (("plane-deep", view.deep_plane), ("plane-pca", view.pca_plane)):
        plane = filled["planes"][name]
        assert np.shape(plane["points"]) == (2, len(plane["groups"])) and len(plane["groups"]) >= 200
        near = 5e-4 * np.abs(shown.field.points).max()  # below a pixel
        np.testing.assert_allclose(plane["points"], shown.field.points.T, rtol=0, atol=near)
        assert len(plane["colors"]) == len(plane["names"]) > max(plane["groups"])
        np.testing.assert_allclose(plane["marks"], shown.marks, rtol=1e-3, atol=1e-6)
        size = plane["grid"]["columns"]
        assert plane["grid"]["frames"] == size * size and plane["x_range"][0] < plane["x_range"][1]
        assert len(plane["grid"]["src"]) < 200  # an address: the image does not come again with each answer
        assert_shows(plane["grid"], shown.field.decoded.reshape(-1, *shown.field.decoded.shape[2:]))
        assert plane["titles"] and plane["mark_name"]


@every_data_set
def test_what_is_sent_is_what_explore_found(dataset):
    """The chain's other half: tests/explore holds what these filmstrips are."""
    chosen, denoised = (dataset, identity(dataset), SEED), partial(denoising, overlapping=True)
    line, bent, few, noise, gaps = linear(*chosen), deep(*chosen), sparse(*chosen), denoised(*chosen), masked(*chosen)
    expected = {
        "linear": {"image": line.clean, "linear": line.linear, "shallow": line.shallow, "pca": line.pca},
        "deep": {"image": bent.clean, "deep": bent.deep, "pca": bent.pca},
        "sparse": {"image": few.clean, "sparse": few.reconstruction, "pca": few.pca},
        "denoising": {"noisy": noise.noisy, "denoised": noise.denoised, "pca": noise.pca, "clean": noise.clean},
        "masked": {
            "masked": gaps.masked,
            "reconstruction": gaps.reconstruction,
            "joined": gaps.with_visible,
            "pca": gaps.pca,
        },
        "compare": {f"saw-{c.variant}": c.saw for c in compare(*chosen).columns}
        | {f"reconstruction-{c.variant}": c.reconstruction for c in compare(*chosen).columns},
    }
    for tab, filmstrips in expected.items():
        for name, filmstrip in filmstrips.items():
            assert_shows(payload(tab, dataset)["filmstrips"][name], getattr(filmstrip, "frames", filmstrip))


@each_opened
def test_readouts_are_numbers_of_the_tracks(tab, dataset):
    """PSNR stands under each answer that can be wrong, to a tenth of a decibel."""
    filled = payload(tab, dataset)
    readouts = [filmstrip["big"] for filmstrip in filled["filmstrips"].values()]
    readouts += [lines for name, lines in filled["texts"].items() if name.startswith("psnr-")]
    lines = [line for lines in readouts for line in lines if "dB" in line]
    assert len(lines) >= (2 if tab == "latent" else 10) and all(-20 < decibels(line) <= MAX_PSNR for line in lines)


@every_data_set
def test_a_image_that_is_the_same_is_infinitely_good(dataset):
    """Without noise the noisy image is the clean one."""
    assert payload("denoising", dataset)["filmstrips"]["noisy"]["big"][0] == "∞ dB"


@every_data_set
def test_the_words_under_the_masked_curve_say_where_it_is_lowest(dataset):
    filled = payload("masked", dataset)
    (shown,) = [line for line in filled["figures"]["curve"]["data"] if line["name"] == "trained at 75 %"]
    lowest = shown["x"][int(np.argmin(shown["y"]))]
    assert filled["texts"]["curve-words"].startswith(f"Trained at 75 %, the error is lowest at {lowest:.0f} %")
    rises = shown["y"][0] > 1.1 * min(shown["y"])  # a tenth of it, or the curve is flat there
    assert ("never saw" in filled["texts"]["curve-words"]) == rises


@every_data_set
def test_the_linear_tab_says_how_far_above_pca_each_network_is(dataset):
    view, filled = linear(dataset, identity(dataset), SEED), payload("linear", dataset)
    lines = {line["name"]: line["y"] for line in filled["figures"]["above-pca"]["data"]}
    assert len(lines) == 4
    for variant, title in (("linear", "Linear"), ("shallow", "Two-layer")):
        for split, errors in (("test", view.test_error), ("training", view.train_error)):
            above = [100 * (ours / pca - 1) for ours, pca in zip(errors[variant], errors["pca"], strict=True)]
            assert lines[f"{title}, {split}"] == pytest.approx(above)
    said = ["not trained to its end" in words for words in filled["filmstrips"]["shallow"]["small"]]
    assert said == [above > 2 for above in lines["Two-layer, training"]]
    assert not any("not trained" in words for words in filled["filmstrips"]["linear"]["small"])


@every_data_set
def test_the_deep_tab_says_from_where_on_pca_is_ahead(dataset):
    view, words = deep(dataset, identity(dataset), SEED), payload("deep", dataset)["texts"]["error-words"]
    first = {"photos": 30, "digits": 50}.get(dataset)  # by the tables of checkpoints/README.md
    assert (
        words.startswith(f"From M = {first} of {view.dimension} on PCA has a smaller test error")
        if first
        else words == ""
    )


@pytest.mark.parametrize(
    ("percentile", "said"),
    [
        (0, "Its error is larger than none of the test errors. It does not show anything unusual"),
        (0.02, "Its error is larger than hardly any of the test errors. It does not show anything unusual"),
        (94.9, "Its error is larger than 94.9 % of the test errors. It does not show anything unusual, which does not"),
        (94.97, "Its error is larger than 95.0 % of the test errors: unusual."),
        (95, "Its error is larger than 95.0 % of the test errors: unusual."),
        (99.97, "Its error is larger than 99.9 % of the test errors: unusual."),
        (100, "Its error is larger than all test errors: unusual."),
    ],
)
def test_the_words_follow_the_percentile_and_never_say_yes(percentile, said):
    assert among_tests("Its", percentile).startswith(said)


@every_data_set
def test_what_errors_find_is_the_headers_and_the_sentence_names_the_least(dataset):
    texts, found = payload("your_image", dataset)["texts"], []
    for k, kind in enumerate(datasets.get(dataset).out_of_distribution):
        assert texts[f"kind-{k}"]
        for variant in checkpoints.OOD_VARIANTS:
            share = checkpoints.load(dataset, variant).header(30).metrics["ood_found"][k]
            assert texts[f"found-{k}-{variant}"] == f"{100 * share:.0f} %"
            found.append((share, kind))
    least = min(found)[0]
    assert f"The least that an error finds is {100 * least:.0f} %" in texts["found-words"] or least == 1


@every_data_set
def test_histograms_are_the_shares_of_test_errors_and_the_line_stands_at_this_one(dataset):
    (shown,) = payload("your_image", dataset)["histograms"].values()
    view = explore_your_image(dataset, identity(dataset), SEED)
    assert len(shown["bars"]) == len(shown["marks"]) == len(view.histograms) == len(view.values)
    for bars, mark, found in zip(shown["bars"], shown["marks"], view.histograms, strict=True):
        assert sum(found.shares) == pytest.approx(1) and max(bars) == 1 and min(bars) >= 0
        np.testing.assert_allclose(bars, found.shares / found.shares.max(), atol=1e-4)
        low, high = np.log(found.edges[[0, -1]])
        assert low + mark * (high - low) == pytest.approx(np.log(found.error), abs=1e-2) and 0 <= mark <= 1


@every_data_set
def test_compare_states_mse_ssim_and_psnr_of_each_column(dataset):
    filled = payload("compare", dataset)
    for column in compare(dataset, identity(dataset), SEED).columns:
        quality = column.reconstruction.metrics
        texts = filled["texts"]
        ssim, mse = (
            [float(words.split()[1]) for words in texts[f"{metric}-{column.variant}"]] for metric in ("ssim", "mse")
        )
        assert ssim == pytest.approx(quality.ssim, abs=6e-4) and mse == pytest.approx(quality.mse, abs=6e-6)
        psnr = [decibels(words) for words in texts[f"psnr-{column.variant}"]]
        assert psnr == pytest.approx(quality.psnr, abs=0.051)


@pytest.mark.parametrize(
    ("rank", "said"),
    [(40.0, "40.0 % of the test errors. It does not show anything unusual, which does not prove "
             "that the image belongs."),
     (97.26, "97.3 % of the test errors: unusual."),
     (99.4, "99.4 % of the test errors: unusual. So its place in the map says little about it.")],
)  # fmt: skip
def test_the_verdict_follows_the_rank(rank, said):
    view = SimpleNamespace(known=True, rank=rank, off_manifold=rank > 99, picked=None)
    assert latent.verdict(view) == f"This image's error is larger than {said}"


def test_a_test_image_belongs_and_nothing_else_is_said_of_it():
    view = SimpleNamespace(known=True, rank=40.0, off_manifold=False, picked=3)
    assert latent.verdict(view) == "This test image's error is larger than 40.0 % of the test errors: nothing unusual."


def test_what_is_not_here_itself_is_not_measured():
    """A clicked patch of a photograph is shown as PCA keeps it: PCA would draw that without an error."""
    filled = payload("latent", "photos", (("run", "030"), ("point", "3")))
    assert [filled["filmstrips"][f"reconstruction-{side}"]["big"] for side in ("code", "pca")] == [[""], [""]]
    assert "test patch" in filled["filmstrips"]["chosen"]["small"][0]
    assert "not on this machine" in filled["texts"]["verdict"]


@pytest.mark.parametrize(("variant", "run"), [("deep", 2), ("masked", 0.75)])
def test_the_claim_of_the_latent_tab_is_made_of_both_maps_numbers(variant, run):
    filled = payload("latent", "digits", (("variant", variant), ("run", checkpoints.setting_name(run))))
    maps = [checkpoints.load_latent_map("digits", *of) for of in ((variant, run), ("pca", 2 if run == 2 else 30))]
    assert all(f"{100 * latent.knn_accuracy:.0f} %" in filled["texts"]["claim"] for latent in maps)


def test_a_code_that_cannot_be_decoded_has_no_reconstruction():
    filmstrips = payload("latent", "digits", (("variant", "masked"),))["filmstrips"]
    assert filmstrips["reconstruction-code"]["missing"] == [0] and filmstrips["reconstruction-pca"]["missing"] == []


def test_the_deeper_network_is_missing_where_it_was_not_trained_and_no_line_joins_its_runs():
    filled, trained = payload("deep", "digits"), checkpoints.load("digits", "deeper").values
    labels = filled["sliders"]["deep-bottleneck"]["labels"]
    missing = filled["filmstrips"]["deeper"]["missing"]
    assert [int(label) in trained for label in labels] == [frame not in missing for frame in range(len(labels))]
    modes = {trace["meta"]["variant"]: trace["mode"] for trace in filled["figures"]["error"]["data"]}
    assert modes == {"deep": "lines+markers", "deeper": "markers", "pca": "lines+markers"}
