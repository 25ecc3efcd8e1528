"""Readouts: MSE, PSNR and SSIM of a whole filmstrip at once, against scikit-image's, one image at a time."""

import numpy as np
import pytest
import torch
from skimage.metrics import mean_squared_error, peak_signal_noise_ratio, structural_similarity

from aedemo import checkpoints
from aedemo.explore.compare import compare
from aedemo.explore.filmstrips import ImageMetrics, filmstrip
from aedemo.models import VARIANTS
from tests.explore.reference import DATASETS, SEED, identity

TOLERANCE = 1e-4


def test_digits_and_photographs_are_there_with_every_variant():
    """The tests in this folder run over the sweeps that exist: here is what must."""
    found = checkpoints.available()
    assert {"digits", "photos"} <= set(found)
    sweeps = {data: tuple(v for v in variants if not VARIANTS[v].wide_of) for data, variants in found.items()}
    assert sweeps == dict.fromkeys(found, tuple(v for v, row in VARIANTS.items() if not row.wide_of))


def assert_quality(measured: ImageMetrics, frames: np.ndarray, clean: np.ndarray, every: int = 1) -> None:
    """Against scikit-image at every `every`th frame and the last; frames (F, C, H, W), clean (C, H, W)."""
    assert all(values.shape == (len(frames),) for values in (measured.mse, measured.psnr, measured.ssim))
    for k in {*range(0, len(frames), every), len(frames) - 1}:
        frame, image = frames[k].astype(float), clean.astype(float)
        mse = mean_squared_error(image, frame)
        assert measured.mse[k] == pytest.approx(mse, abs=1e-6)
        if mse > 1e-9:
            assert measured.psnr[k] == pytest.approx(peak_signal_noise_ratio(image, frame, data_range=1), abs=1e-3)
        else:  # a perfect reconstruction: no infinity on the page
            assert 80 < measured.psnr[k] <= 100 + TOLERANCE
        similarity = structural_similarity(image, frame, data_range=1, channel_axis=0)
        assert measured.ssim[k] == pytest.approx(similarity, abs=TOLERANCE)


@pytest.mark.parametrize("shape", [(1, 8, 8), (1, 28, 28), (3, 64, 64), (3, 40, 56)])
def test_readouts_of_random_images_are_scikit_images(shape, generator):
    clean = torch.rand(1, *shape, generator=generator)
    frames = clean + torch.linspace(0, 1, 5)[:, None, None, None] * torch.randn(5, *shape, generator=generator)
    assert_quality(filmstrip(frames, clean).metrics, frames.numpy(), clean[0].numpy())


def test_flat_images_have_readouts_too():
    frames = torch.stack([torch.zeros(1, 8, 8), torch.full((1, 8, 8), 0.5), torch.ones(1, 8, 8)])
    assert_quality(filmstrip(frames, torch.zeros(1, 1, 8, 8)).metrics, frames.numpy(), np.zeros((1, 8, 8)))


def test_a_track_keeps_its_frames_as_they_are():
    """They are clamped where they are shown, not where they are measured."""
    frames = torch.tensor([-0.5, 0.5, 1.5])[:, None, None, None].expand(3, 1, 8, 8)
    kept = filmstrip(frames, torch.full((1, 1, 8, 8), 0.5))
    np.testing.assert_array_equal(kept.frames, frames)
    np.testing.assert_allclose(kept.metrics.mse, [1, 0, 1])


@pytest.mark.parametrize("dataset", DATASETS)
def test_readouts_of_every_column_are_scikit_images(dataset):
    view = compare(dataset, identity(dataset), SEED)
    assert view.columns
    for column in view.columns:
        assert_quality(column.reconstruction.metrics, column.reconstruction.frames, column.clean[0], every=6)
