"""What photographs lose on their way stays 12 dB below the model error that each frame shows, on every tab."""

import functools
import json

import numpy as np
import pytest

from aedemo.explore.gallery import find
from aedemo.page import lossy
from aedemo.page.components import frames_of, mixed_frames
from aedemo.page.lossy import MARGIN, Sheets, sheets
from aedemo.page.mixtures import Mixture
from aedemo.page.sprites import sprite, to_bytes
from tests.explore.reference import SEED, identity
from tests.page.slots import BY_NAME, decoded, exact, payload, variations, written

GENERATOR = np.random.default_rng(0)
ON_PHOTOS = [(tab, chosen) for tab, data, chosen in variations() if data == "photos"]


@pytest.fixture
def kept(monkeypatch):
    """All that is compressed: (the frames, their errors, the sprites)."""
    found = []

    @functools.wraps(sheets)
    def keep(images, errors, clean=None):
        made = sheets(images, errors, clean)
        found.append((images, np.asarray(errors), made))
        return made

    # The package's name for the function hides the module of the same name.
    monkeypatch.setitem(frames_of.__globals__, "sheets", keep)
    return found


def losses(images: np.ndarray, made: Sheets) -> np.ndarray:
    """(F, H, W, 3) what compression changed, in grey levels."""
    return decoded(made.to_payload()).astype(float) - to_bytes(images)


def steps_across(loss: np.ndarray) -> float:
    """Mean absolute difference of neighbours over the borders of patches of 8×8, minus the one inside of them."""
    found = []
    for axis in (1, 2):
        difference = np.abs(np.diff(loss, axis=axis)).mean(axis=tuple({0, 1, 2, 3} - {axis}))
        border = np.arange(len(difference)) % 8 == 7
        found.append(difference[border].mean() - difference[~border].mean())
    return float(np.mean(found))


@pytest.mark.parametrize(("tab", "chosen"), ON_PHOTOS)
def test_the_loss_stays_below_the_error_and_makes_no_blocks(kept, tab, chosen):
    payload(tab, "photos", chosen, anew=True)
    assert kept
    for images, errors, made in kept:
        if not isinstance(made, Sheets):  # a blank in the place of an image
            continue
        loss = losses(images, made)
        squares = np.square(loss).mean(axis=(1, 2, 3)) / 255**2
        assert (squares <= errors / 10 ** (MARGIN / 10) + 1e-12).all()
        assert max(steps_across(frame[None]) for frame in loss) < 1.5  # grey levels, where 255 are black to white


def test_a_frame_without_an_error_and_small_images_lose_nothing():
    noise = GENERATOR.random((3, 3, 64, 64)).astype(np.float32)
    assert exact(sheets(noise, [0, 0, 0]).to_payload())
    assert not exact(sheets(noise, [0.01, 0.02, 0]).to_payload())
    np.testing.assert_array_equal(losses(noise, sheets(noise, [0.01, 0.02, 0]))[2], 0)
    for side in (8, 28, 60):
        few = GENERATOR.random((3, 1, side, side)).astype(np.float32)
        assert sheets(few, [1, 1, 1]) == sprite(few) and exact(frames_of(few, errors=[1, 1, 1]).to_payload())


def test_a_larger_error_allows_a_smaller_file():
    image = find("photos", identity("photos")).numpy()
    sizes = [sum(len(one.data) for one in sheets(image, [10 ** (-psnr / 10)]).sprites) for psnr in (60, 40, 30, 20)]
    assert sizes == sorted(sizes, reverse=True) and sizes[-1] < sizes[0] / 2


def test_frames_that_lose_too_much_go_to_a_finer_step(monkeypatch):
    """Noise in colour loses about three times as much as grey noise: both are tried at step 8."""
    monkeypatch.setattr(lossy, "STEPS", (8, 2))
    noise = GENERATOR.random((4, 3, 64, 64)).astype(np.float32)
    noise[1::2] = noise[1::2, :1]
    allowed = 10.0  # squared grey levels; 8² / 12 is 5.3
    made = sheets(noise, [allowed * 10 ** (MARGIN / 10) / 255**2] * 4)
    assert (np.square(losses(noise, made)).mean(axis=(1, 2, 3)) <= allowed).all()
    assert made.cells == ((1, 0), (0, 0), (1, 1), (0, 1))
    assert [one.media_type for one in made.sprites] == ["image/jpeg"] * 2


def test_noise_that_fills_every_bit_can_be_written_at_each_step():
    noise = GENERATOR.random((9, 3, 128, 128)).astype(np.float32)
    for step in lossy.STEPS:
        assert len(sheets(noise, [3.5 * step**2 / 12 * 10 ** (MARGIN / 10) / 255**2] * 9).cells) == 9


def test_what_is_the_same_in_the_clean_image_is_copied():
    clean = GENERATOR.random((1, 3, 64, 64)).astype(np.float32)
    masked = np.repeat(clean, 5, 0)
    for k in range(5):
        masked[k, :, : 16 * k] = 0.5
    plain, copied = sheets(masked, [1e-4] * 5), sheets(masked, [1e-4] * 5, clean)
    np.testing.assert_array_equal(losses(masked, copied), 0)
    assert [frame.count("1") for frame in copied.same] == [64, 48, 32, 16, 0]
    size = {name: sum(len(one.data) for one in made.sprites) for name, made in (("plain", plain), ("copied", copied))}
    assert size["copied"] < size["plain"] / 10


def test_noise_and_a_fade_are_mixed_from_two_images():
    clean = GENERATOR.random((1, 3, 64, 64)).astype(np.float32)
    shares = np.linspace(0, 1, 21)
    noise = 0.5 * GENERATOR.normal(size=clean.shape).astype(np.float32)
    noisy = clean + shares.reshape(-1, 1, 1, 1).astype(np.float32) * noise
    made = mixed_frames(noisy, shares)
    assert isinstance(made.sprite, Mixture)
    loss = (decoded(made.to_payload()) - 255 * np.clip(noisy, 0, 1).transpose(0, 2, 3, 1)) / 255
    rounding = 1 / 12 / 255**2
    assert (np.square(loss).mean(axis=(1, 2, 3)) <= (0.5 * shares) ** 2 / 10**3.5 + 2.1 * rounding).all()
    few = mixed_frames(noisy[..., :8, :8], shares)
    assert exact(few.to_payload()) and few.sprite == sprite(noisy[..., :8, :8])


def test_compare_on_photographs_is_less_than_two_thirds_of_what_it_was():
    """One JPEG of quality 92 for each filmstrip, its error maps in colour."""
    tab = BY_NAME["compare"]
    made = tab.payload("photos", identity("photos"), SEED, **{c.name: c.default for c in tab.choices})
    parts: set[bytes] = set()
    for filmstrip in made.filmstrips.values():
        filmstrip.to_payload(lambda one: parts.add(one.data))
    before = 0
    for filmstrip in made.filmstrips.values():
        payload = json.loads(json.dumps(filmstrip.to_payload()))
        frames = decoded(payload).transpose(0, 3, 1, 2)
        before += len(written(sprite(frames, pixelated=False, exact=False).to_payload()))
    assert sum(map(len, parts)) < 2 / 3 * before
