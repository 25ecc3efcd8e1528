"""A data set that is one more row of DATASETS, of each shape there is, trains and stands on the page."""

import json

import pytest
import torch

from aedemo import checkpoints, datasets, training
from aedemo.datasets import DataSet, Framing, Images
from aedemo.page.shell import endpoint
from aedemo.page.source import sidebar_source
from aedemo.training.card import render
from aedemo.training.labelled import class_names
from aedemo.training.recipes import variants_of
from tests.page.slots import BY_NAME

CLASSES = ("left", "right")
RUNS = {"pca": 2, "deep": 2, "masked": 0.75}


def stripes(channels: int, side: int, whole_bytes: bool):
    """A reader of images that are bright on one side: 60 to train on, 20 to test on, float32 or uint8."""

    def read(split: str) -> Images:
        generator = torch.Generator().manual_seed(datasets.SPLITS.index(split))
        count = {"train": 60, "test": 20}[split]
        labels = torch.arange(count) % len(CLASSES)
        ramp = torch.linspace(0, 1, side).expand(count, channels, side, side)
        images = torch.where(labels[:, None, None, None] == 1, ramp, ramp.flip(3))
        images = (0.8 * images + 0.2 * torch.rand(images.shape, generator=generator)).clamp(0, 1)
        return Images((images * 255).to(torch.uint8) if whole_bytes else images, labels)

    return read


def row(name: str, recipes: str, shape: tuple, image_shape: tuple, **others) -> DataSet:
    photographs = shape != image_shape
    return DataSet(
        name=name,
        title="Stripes",
        shape=shape,
        image_shape=image_shape,
        classes=CLASSES,
        licence="MIT",
        source="a test",
        read=stripes(shape[0], 112 if photographs else shape[1], photographs),
        recipes=recipes,
        **others,
    )


ROWS = {
    "grey, 8×8": row("stripes-8", "digits", (1, 8, 8), (1, 8, 8), framing=Framing(box=8, strokes=True, by_mass=False)),
    "grey, 28×28": row(
        "stripes-28", "mnist", (1, 28, 28), (1, 28, 28), framing=Framing(box=20, strokes=False, by_mass=True)
    ),
    "colour, 16×16": row("stripes-16", "digits", (3, 16, 16), (3, 16, 16)),
    "photographs": row("stripes-96", "photos", (3, 8, 8), (3, 64, 64)),
}


@pytest.fixture(params=ROWS.values(), ids=ROWS)
def new(request, tmp_checkpoints, few_patches, monkeypatch) -> DataSet:
    """The row among the others, with a few short runs."""
    monkeypatch.setattr(datasets, "DATASETS", datasets.DATASETS | {request.param.name: request.param})
    for variant, setting in RUNS.items():
        every = (setting, request.param.dimension) if variant == "pca" else (setting,)
        assert list(training.train(request.param.name, variant, settings=every, steps=2))
    return request.param


def test_a_row_is_all_that_a_data_set_needs(new):
    base = datasets.get(new.recipes)
    assert variants_of(new.name) == variants_of(base.name) and class_names(new.name) == CLASSES
    assert set(checkpoints.available()[new.name]) == set(RUNS)
    assert "## Stripes" in (card := render()) and "Classes: left, right." in card and "nan" not in card
    assert new.name in [entry[0] for entry in sidebar_source().data_sets]
    for name in ("compare", "deep", "latent", "your_image"):
        tab = BY_NAME[name]
        shown = json.loads(endpoint(tab)(new.name, "", 0, *(control.default for control in tab.choices), None))
        assert shown["filmstrips"], shown["message"]
