"""The network of a diagram: its layers and the code of the image at each position, and the traversal of a unit."""

import numpy as np
import pytest
import torch

from aedemo import checkpoints
from aedemo.checkpoints import setting_name
from aedemo.explore.gallery import find
from aedemo.explore.latent import latent
from aedemo.explore.masked import from_hex, slider_masks, to_hex
from aedemo.explore.network import MAX_BARS, MAX_HANDLES, STEPS, classifier_network, network, unit_spread
from aedemo.explore.traversal import traversal
from aedemo.models import VARIANTS
from aedemo.models.patchwise import Patchwise
from tests.explore.reference import DATASETS, identity

every_data_set = pytest.mark.parametrize("dataset", DATASETS)
TRAINED = [(dataset, v) for dataset in DATASETS for v in checkpoints.available()[dataset]]
CODED = [(dataset, v) for dataset, v in TRAINED if not VARIANTS[v].masks]
each_code = pytest.mark.parametrize(("dataset", "variant"), CODED)


def seen_patch(dataset: str, variant: str) -> torch.Tensor:
    """(1, C, h, w): the whole image, or its patch with the largest variance over its pixels, channel by channel."""
    x = find(dataset, identity(dataset))
    patches = Patchwise(checkpoints.load(dataset, variant)[checkpoints.load(dataset, variant).values[0]]).patches(x)[0]
    return patches[int(np.argmax(patches.numpy().var((2, 3), ddof=1).mean(1)))][None]


@each_code
def test_each_frame_has_the_layers_and_the_code_of_its_run(dataset, variant):
    sweep, x = checkpoints.load(dataset, variant), find(dataset, identity(dataset)).numpy()
    shown = network(dataset, variant, sweep.values, x)
    patch = seen_patch(dataset, variant)
    assert [frame.setting for frame in shown.frames] == list(sweep.values)
    for frame in shown.frames:
        model = sweep[frame.setting]
        z = model.encode(patch)[0]
        assert frame.layers == model.layers
        for bar in frame.bars:
            assert bar.value == pytest.approx(float(z[bar.unit]), abs=1e-5)
        if len(z) <= MAX_BARS:
            assert [bar.unit for bar in frame.bars] == list(range(len(z))) and frame.units == ""
        else:
            strengths = z.abs().sort(descending=True).values[: len(frame.bars)]
            np.testing.assert_allclose([abs(bar.value) for bar in frame.bars], strengths, atol=1e-5)
            assert 1 <= len(frame.bars) <= MAX_HANDLES
            assert [digit != "0" for digit in frame.units] == [bool(value) for value in z]
            assert frame.units[frame.bars[0].unit] == "f"


@each_code
def test_bars_can_be_dragged_where_there_are_few_or_the_code_is_sparse(dataset, variant):
    sweep, x = checkpoints.load(dataset, variant), find(dataset, identity(dataset)).numpy()
    for frame in network(dataset, variant, sweep.values, x).frames:
        code = next(layer for layer in frame.layers if layer.kind == "code")
        movable = code.size <= MAX_HANDLES or "sparsity_weight" in VARIANTS[variant].axis
        assert [bar.handle is not None for bar in frame.bars] == [movable] * len(frame.bars)
        mean, std = unit_spread(dataset, variant, frame.setting) if movable else (None, None)
        for bar in frame.bars if movable else ():
            handle = bar.handle
            assert handle.low <= bar.value <= handle.high and 0 <= handle.own < STEPS
            low, high = (float(mean[bar.unit] + side * 3 * std[bar.unit]) for side in (-1, 1))
            assert handle.low >= min(low, bar.value) - 1e-5 and handle.high <= max(high, bar.value) + 1e-5
            if code.activation == "σ":
                assert handle.low >= 0 and handle.high <= 1
            elif code.activation == "ReLU":
                assert handle.low >= 0
            else:
                assert (handle.low, handle.high) == pytest.approx((min(low, bar.value), max(high, bar.value)), abs=1e-4)


@each_code
def test_at_the_images_own_value_the_traversal_is_the_reconstruction(dataset, variant):
    sweep, x = checkpoints.load(dataset, variant), find(dataset, identity(dataset)).numpy()
    setting = sweep.values[min(4, len(sweep.values) - 1)]
    patch, model = seen_patch(dataset, variant), sweep[setting]
    z = model.encode(patch)
    bar = network(dataset, variant, (setting,), x).frames[0].bars[-1]
    found = traversal(dataset, identity(dataset), variant, setting_name(setting), bar.unit)
    assert found.values[found.own] == float(z[0, bar.unit])
    np.testing.assert_allclose(found.decoded.frames[found.own], model.decode(z)[0], atol=1e-5)
    if bar.handle:
        assert (found.own, found.values[0], found.values[-1]) == pytest.approx(
            (bar.handle.own, bar.handle.low, bar.handle.high), abs=1e-5
        )
    for step in (0, STEPS - 1):  # and at the ends, what the decoder makes of the code with that one number changed
        changed = z.clone()
        changed[0, bar.unit] = found.values[step]
        np.testing.assert_allclose(found.decoded.frames[step], model.decode(changed)[0], atol=1e-5)
    assert list(found.values) == sorted(found.values)


@every_data_set
def test_what_a_patch_shows_is_what_the_network_sees_and_reconstructs(dataset):
    sweep, x = checkpoints.load(dataset, "deep"), find(dataset, identity(dataset)).numpy()
    shown, patch = network(dataset, "deep", sweep.values, x), seen_patch(dataset, "deep")
    if patch.shape == x.shape:
        assert shown.patches is None
    else:
        inputs, outputs = shown.patches
        np.testing.assert_array_equal(inputs, patch)
        for output, setting in zip(outputs, sweep.values, strict=True):
            np.testing.assert_allclose(output, sweep[setting](patch)[0], atol=1e-6)


@pytest.mark.parametrize(("height", "width"), [(96, 96), (20, 30)])
def test_a_patch_is_at_its_place_in_the_image(height, width):
    x = np.random.default_rng(0).random((1, 3, height, width), np.float32) / 10
    x[:, :, 8:16, 16:24] *= 10  # the most contrast
    shown = network("photos", "deep", (10,), x)
    assert shown.place == (8, 16)
    np.testing.assert_array_equal(shown.patches[0], x[:, :, 8:16, 16:24])


@every_data_set
def test_a_masked_network_has_the_masks_of_its_slider_or_the_one_of_its_test_errors(dataset):
    sweep, x = checkpoints.load(dataset, "masked"), find(dataset, identity(dataset)).numpy()
    model = sweep[0.75]
    masks = [to_hex(mask) for mask in slider_masks(model.grid, 1)]
    shown = network(dataset, "masked", (0.75,), x, masks)
    assert [frame.mask for frame in shown.frames] == masks and all(not frame.bars for frame in shown.frames)
    (alone,) = network(dataset, "masked", (0.75,), x).frames
    assert torch.equal(
        from_hex(alone.mask, model.grid), model.reconstruct(torch.zeros(1, *model.input_shape)).mask[0, 0]
    )


@every_data_set
def test_the_classifier_has_no_decoder(dataset):
    found = classifier_network(dataset)
    assert (found is None) == (not checkpoints.has_classifier(dataset))
    if found:
        (frame,) = found.frames
        assert "decoder" not in [layer.kind for layer in frame.layers] and frame.layers[-1].kind == "classes"
        assert [layer.kind for layer in frame.discarded] == ["decoder"]


@every_data_set
def test_a_point_of_the_maps_has_its_own_code(dataset):
    view = latent(dataset, identity(dataset), variant="deep", run="002", point=5)
    shown = network(dataset, "deep", (2,), view.chosen, code=view.code.code)
    found = traversal(dataset, identity(dataset), "deep", "002", 1, point=5)
    assert found.values[found.own] == pytest.approx(shown.frames[0].bars[1].value, abs=1e-5)
    np.testing.assert_allclose(found.decoded.frames[found.own], view.code.reconstruction.frames[0], atol=1e-5)


@pytest.mark.parametrize(
    ("variant", "run", "unit", "point", "said"),
    [
        ("deep", "007", 0, None, "has no run '007'"),
        ("deep", "002", 2, None, "units 0 to 1"),
        ("deep", "002", -1, None, "units 0 to 1"),
        ("deep", "002", 0, 10**6, "point is 1000000"),
        ("masked", "0.75", 0, None, "none whose units could be moved"),
    ],
)
def test_what_is_not_there_is_named(variant, run, unit, point, said):
    with pytest.raises(ValueError, match=said):
        traversal("digits", identity("digits"), variant, run, unit, point)
