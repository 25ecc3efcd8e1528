"""One unit of a sparse code: its traversal, and what it does on test images, counted by hand."""

import numpy as np
import pytest

from aedemo import checkpoints, datasets
from aedemo.explore.unit import STEPS, sparse_unit, steps
from tests.explore.reference import DATASETS, chosen, codes, identity

every_data_set = pytest.mark.parametrize("dataset", DATASETS)


def opened(dataset: str, name: str = ""):
    view = sparse_unit(dataset, identity(dataset), name)
    model = checkpoints.load(dataset, "sparse")[view.weight]
    return view, model, codes(model, chosen(dataset))


@every_data_set
def test_without_a_name_the_strongest_in_this_image_is_shown(dataset):
    view, _, z = opened(dataset)
    assert view.weight == 0.1 and view.unit == int(z.mean(0).argmax()) and view.name == f"0.1:{view.unit}"
    assert view.activation == pytest.approx(z.mean(0).max(), rel=1e-5)


@every_data_set
@pytest.mark.parametrize("name", ["0.5:0", "0.5:7"])
def test_each_frame_adds_the_filter_as_often_as_the_activation_was_changed(dataset, name):
    view, model, _ = opened(dataset, name)
    assert view.name == name and len(view.traversal) == STEPS
    column = model.decoder[0].columns()[:, view.unit].detach().view(model.input_shape).numpy()
    first, last = view.traversal[0], view.traversal[-1]
    repeats = [1, *(whole // part for whole, part in zip(first.shape[1:], column.shape[1:], strict=True))]
    expected = (view.values[-1] - view.values[0]) * np.tile(column, repeats)
    np.testing.assert_allclose(last - first, expected, atol=2e-5)
    np.testing.assert_allclose(view.filter[0], column / np.abs(column).max(), rtol=1e-5)
    if not datasets.get(dataset).patchwise:  # elsewhere the own value is a mean over patches
        own = model.decode(model.encode(chosen(dataset))).detach().numpy()[0]
        np.testing.assert_allclose(view.traversal[view.own], own, atol=2e-5)


@pytest.mark.parametrize("dataset", ["digits", "mnist"])
def test_the_histogram_and_the_most_exciting_are_those_of_the_test_images(dataset):
    view, model, _ = opened(dataset, "0.2:3")
    images = checkpoints.test_images(dataset).images
    active = model.encode(images).detach().numpy()[:, 3]
    assert view.examples == len(images) and view.inactive == (active == 0).sum()
    assert view.counts.sum() == (active > 0).sum()
    assert view.exciting_by == pytest.approx(sorted(active, reverse=True)[: len(view.exciting_by)], rel=1e-5)
    np.testing.assert_array_equal(view.exciting[0], images[int(active.argmax())])


@pytest.mark.parametrize("name", ["0.1:99999", "0.15:3", "nine", ":", "0.1:-1"])
def test_a_name_that_means_nothing_here_opens_the_strongest(name):
    assert sparse_unit("digits", identity("digits"), name).name == sparse_unit("digits", identity("digits")).name


def test_the_steps_are_even_but_for_the_own_value():
    values, place = steps(0.0, 2.0, 0.63)
    assert len(values) == STEPS and values[place] == 0.63 and abs(place - 6) <= 0
    assert [v for k, v in enumerate(values) if k != place] == pytest.approx([k / 10 for k in range(21) if k != place])
