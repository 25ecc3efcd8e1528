"""Error maps are exact in whole grey levels, and have their colours from blue through white to red."""

import numpy as np
import pytest

from aedemo.page.components import error_frames
from aedemo.page.error_maps import error_maps
from tests.page.slots import BLUE, RED, coloured, levels

GENERATOR = np.random.default_rng(0)
MAKERS = {
    "noise": lambda shape: GENERATOR.normal(0, 0.2, shape),
    "smooth": lambda shape: np.cumsum(GENERATOR.normal(0, 0.02, shape), axis=-1),
    "extremes": lambda shape: GENERATOR.choice([-9.0, 9.0], shape),  # neighbours and frames as far apart as can be
}


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("shape", [(1, 1, 8, 8), (7, 1, 28, 28), (21, 3, 16, 24), (3, 3, 1, 1)])
def test_what_arrives_is_the_mean_error_to_half_a_grey_level(kind, shape):
    errors = MAKERS[kind](shape).astype(np.float32)
    made = error_frames(errors, 0.25).to_payload()
    expected = np.clip(errors.mean(axis=1) * 255, -127, 127)
    assert np.abs(levels(made) - expected).max() <= 0.5 + 1e-3
    assert (made["frames"], made["height"], made["width"]) == (shape[0], *shape[2:])
    assert made["limit"] == 0.25 * 255


def test_errors_are_averaged_over_channels_and_what_is_no_number_counts_as_none():
    errors = np.array([0.3, 0, -0.3], np.float32).reshape(1, 3, 1, 1)
    assert levels(error_frames(errors, 0.5).to_payload()).item() == 0
    assert levels(error_frames(np.full((1, 1, 1, 1), np.nan), 0.5).to_payload()).item() == 0


@pytest.mark.parametrize("limit", [0, -1, float("nan")])
def test_a_limit_must_be_positive(limit):
    with pytest.raises(ValueError, match="a positive number is needed"):
        error_maps(np.zeros((1, 1, 8, 8)), limit)


def test_the_reference_of_the_colours():
    """What the browser's tests compare with."""
    shown = coloured(np.array([[[-64, -32, 0, 32, 64, 100]]]), 64)[0, 0]
    np.testing.assert_array_equal(shown[[0, 2, 4, 5]], [BLUE, [255] * 3, RED, RED])
    np.testing.assert_allclose(shown[[1, 3]], [np.add(BLUE, 255) / 2, np.add(RED, 255) / 2], atol=0.5)


def test_smooth_errors_and_frames_alike_cost_less():
    noise = GENERATOR.normal(0, 0.1, (1, 1, 64, 64)).astype(np.float32)
    alone, again = (len(error_maps(errors, 0.25).values.data) for errors in (noise, noise.repeat(9, 0)))
    assert again < 1.2 * alone
