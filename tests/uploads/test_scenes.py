"""Digits on paper and clothes as people bring them: after framing, their nearest neighbours have the right class.

The scenes are made by a program from test images (scenes.py, wardrobe.py); the neighbours are all other test images
that travel with the project, so that nothing has to be fetched.
"""

import json
import os
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.neighbors import KNeighborsClassifier
from torch import Tensor

from aedemo import checkpoints, datasets, uploads
from aedemo.uploads import Frame
from tests.uploads.scenes import paper
from tests.uploads.wardrobe import clothes

NEIGHBOURS, MAKERS = {"mnist": 3, "fashion": 5}, {"mnist": paper, "fashion": clothes}
PAPER = (
    "rotated noise", "board", "thin", "marker", "lines", "dark lines", "thin grid", "rule holes lines",
    "desks", "hard shadow", "desk shadow grid",
)  # fmt: skip
CLOTHES = ("dyed", "head", "hair arms", "tag caption", "string")
FILES = os.environ.get("AEDEMO_CASES")


@cache
def classifier(dataset: str) -> KNeighborsClassifier:
    known = checkpoints.test_images(dataset)
    return KNeighborsClassifier(NEIGHBOURS[dataset]).fit(known.images.flatten(1).numpy(), known.labels.numpy())


@cache
def easy(dataset: str) -> tuple[int, ...]:
    """One test image of each class whose nearest neighbours have its class, also in a plain scene."""
    known, model = checkpoints.test_images(dataset), classifier(dataset)
    chosen = []
    for label in range(10):
        for k in (known.labels == label).nonzero()[30:, 0].tolist():
            around = model.kneighbors(known.images[k].reshape(1, -1).numpy(), return_distance=False)[0, 1:]
            if (known.labels[around] != label).any():
                continue
            scene = MAKERS[dataset](known.images[k], np.random.default_rng(k))
            if predicted(dataset, [uploads.for_dataset(scene, dataset)]) == [label]:
                chosen.append(k)
                break
    assert len(chosen) == 10
    return tuple(chosen)


def predicted(dataset: str, seen: list[Tensor]) -> list[int]:
    return classifier(dataset).predict(torch.stack(seen).flatten(1).numpy()).tolist()


@pytest.mark.parametrize("classes", [5, pytest.param(10, marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("dataset", "kind", "least"), [*(("mnist", k, 0.9) for k in PAPER), *(("fashion", k, 0.8) for k in CLOTHES)]
)
def test_what_else_is_in_the_image_does_not_matter(dataset, kind, least, classes):
    """On images of every other class, which are the even ones for one kind and the odd ones for the next; slow: all."""
    images, kinds = checkpoints.test_images(dataset).images, PAPER if dataset == "mnist" else CLOTHES
    labels = range(10) if classes == 10 else range(kinds.index(kind) % 2, 10, 2)
    scenes = [MAKERS[dataset](images[k], np.random.default_rng(k), kind) for k in (easy(dataset)[j] for j in labels)]
    named = predicted(dataset, [uploads.for_dataset(scene, dataset) for scene in scenes])
    assert sum(name == label for label, name in zip(labels, named, strict=True)) >= least * classes, named


# Slow are those whose words are in the others.
@pytest.mark.parametrize("kind", [
    "board", "dark lines", "rule holes lines", "desks", "hard shadow", "desk shadow grid", "noise",
    *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("plain", "lines", "grid", "desk", "shadow")),
])  # fmt: skip
def test_on_an_empty_sheet_nothing_stands_out(kind):
    """Of twelve sheets at most one has a strip of desk or a rest of its grid that looks like a stroke."""
    found = 0
    for seed in range(12):
        try:
            uploads.propose(paper(None, np.random.default_rng(seed), kind), "mnist")
            found += 1
        except ValueError as error:
            assert "stands out" in str(error)
    assert found <= 1


@pytest.mark.parametrize(("dataset", "most"), [("mnist", 0.08), ("fashion", 0.2)])
def test_enlarged_test_images_come_back(dataset, most):
    """Relative squared error, on average; where a side is rounded otherwise, all is half a pixel further."""
    errors = []
    for x in checkpoints.test_images(dataset).images[::80]:
        large = x.repeat_interleave(10, 1).repeat_interleave(10, 2).expand(3, -1, -1)
        errors.append(float((uploads.for_dataset(large, dataset) - x).square().sum() / x.square().sum()))
    assert np.mean(errors) < most, np.mean(errors)


@pytest.mark.parametrize(("dataset", "kind"), [("mnist", "lines desk"), ("fashion", "head")])
def test_the_best_guess_is_what_is_shown_without_a_frame(dataset, kind):
    k = easy(dataset)[3]
    scene = MAKERS[dataset](checkpoints.test_images(dataset).images[k], np.random.default_rng(k), kind)
    first = uploads.propose(scene, dataset)[0]
    assert torch.equal(uploads.for_dataset(scene, dataset, first), uploads.for_dataset(scene, dataset))


def test_of_several_digits_the_largest_comes_first_and_each_has_its_frame():
    images = checkpoints.test_images("mnist").images
    sheet = torch.ones(3, 500, 700)
    places = {7: (40, 40, 4), 3: (150, 300, 10), 1: (300, 60, 5)}  # class: top, left, how many times as large
    for label, (top, left, times) in places.items():
        digit = images[easy("mnist")[label]].repeat_interleave(times, 1).repeat_interleave(times, 2)
        sheet[:, top : top + 28 * times, left : left + 28 * times] -= 0.8 * digit
    frames = uploads.propose(sheet, "mnist")
    named = predicted("mnist", [uploads.for_dataset(sheet, "mnist", frame) for frame in frames])
    assert named[0] == 3 and sorted(named) == [1, 3, 7]


def test_a_frame_of_ones_own_is_obeyed():
    images = checkpoints.test_images("mnist").images
    sheet = torch.ones(3, 400, 600)
    for left, label in ((40, 7), (320, 3)):
        digit = images[easy("mnist")[label]].repeat_interleave(8, 1).repeat_interleave(8, 2)
        sheet[:, 80:304, left : left + 224] -= 0.8 * digit
    halves = [uploads.for_dataset(sheet, "mnist", frame) for frame in (Frame(0, 0, 0.5, 1), Frame(0.5, 0, 1, 1))]
    assert predicted("mnist", halves) == [7, 3]


@pytest.mark.parametrize(("kind", "name"), [("lines", "lines removed"), ("thin", "stroke width")])
def test_a_step_that_did_something_is_shown(kind, name):
    k = easy("mnist")[5]
    image = checkpoints.test_images("mnist").images[k]
    for words, shown in ((kind, True), ("plain", False)):
        scene = paper(image, np.random.default_rng(k), words)
        assert (name in [step.name for step in uploads.steps(scene, "mnist")]) is shown


@pytest.mark.skipif(not FILES, reason="AEDEMO_CASES names no folder with cases.json")
@pytest.mark.parametrize(("dataset", "folder", "least"), [("mnist", "paper", 9), ("fashion", "clothes", 8)])
def test_files_that_people_brought(dataset, folder, least):
    right, all_of = Counter(), Counter()
    for case in json.loads((Path(FILES) / "cases.json").read_text("utf-8"))[folder]:
        kind, label = Path(case["file"]).name.split("-")[0], case["class"]
        label = datasets.get(dataset).classes.index(label) if isinstance(label, str) else label
        seen = uploads.for_dataset(uploads.read(Path(FILES) / case["file"]), dataset)
        all_of[kind] += 1
        right[kind] += predicted(dataset, [seen]) == [label]
    assert all(right[kind] >= least * count / 10 for kind, count in all_of.items()), right
