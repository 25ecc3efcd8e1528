"""Colours to sRGB, as browsers show them: by an embedded ICC profile, or by the gAMA and cHRM chunks of a PNG.

As in Chromium, a cHRM counts only beside a gAMA, and a gAMA alone only where it is not about 1/2.2. A profile that
cannot be used is ignored.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageCms

MAX_PROFILE = 4_000_000  # bytes; those of printers have up to some three million
NEAR = 2  # of 255: a profile that moves no colour farther is sRGB
SRGB = (0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06)  # x and y of white, red, green and blue
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
MODES = {1: "L", 3: "RGB", 4: "CMYK"}


@dataclass(frozen=True)
class Encoding:
    """What the numbers of colours mean; sRGB where all is None.

    profile: an ICC profile; gamma, chromaticities: as a PNG says them, the second in the order of SRGB
    """

    profile: bytes | None = None
    gamma: float | None = None
    chromaticities: tuple[float, ...] | None = None


def to_srgb(shades: np.ndarray, encoding: Encoding) -> tuple[np.ndarray, str | None]:
    """Shades (h, w, 1, 3 or 4) in [0, 1], four being CMYK, as sRGB (h, w, 1 or 3); and what was done, if anything."""
    if encoding.profile is not None and len(encoding.profile) <= MAX_PROFILE:
        converted = _by_profile(shades, encoding.profile)
        if converted is shades:
            return shades, None
        if converted is not None:
            return converted, "Colours are converted from the embedded profile to sRGB."
    if shades.shape[2] == 4:
        return (1 - shades[..., :3]) * (1 - shades[..., 3:]), None
    if encoding.gamma is not None and 0 < encoding.gamma < 10:
        converted = _by_gamma(shades, encoding.gamma, encoding.chromaticities)
        if converted is not None:
            return converted, f"Colours are converted from the gamma {encoding.gamma:.2g} of the file to sRGB."
    return shades, None


def _by_profile(shades: np.ndarray, profile: bytes) -> np.ndarray | None:
    """(h, w, 3) with 256 levels; the shades as they are where the profile is sRGB's; None where it cannot be used."""
    try:
        opened = ImageCms.getOpenProfile(io.BytesIO(profile))
        grey = opened.profile.xcolor_space.strip() == "GRAY" and not np.ptp(shades, axis=2).any()
        values = shades[..., :1] if grey else shades
        mode = MODES[values.shape[2]]
        # Of grey, lcms would sample the curve at 33 points, which is far off in the dark.
        flags = ImageCms.Flags.NOOPTIMIZE if grey else ImageCms.Flags.NONE
        transform = ImageCms.buildTransform(opened, ImageCms.createProfile("sRGB"), mode, "RGB", flags=flags)
    except Exception:  # of a corrupt profile, whatever its reader met
        return None
    if mode != "CMYK" and _changes_little(transform, values.shape[2]):
        return shades
    levels = np.round(values * 255).astype(np.uint8)
    if grey:  # 256 colours are quickly converted
        return (
            _apply(transform, np.arange(256, dtype=np.uint8)[None, :, None])[0][levels[..., 0]].astype(np.float32) / 255
        )
    return _apply(transform, levels).astype(np.float32) / 255


def _changes_little(transform: ImageCms.ImageCmsTransform, channels: int) -> bool:
    axes = [np.linspace(0, 255, 6, dtype=np.uint8)] * channels
    lattice = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(1, -1, channels)
    return np.abs(_apply(transform, lattice).astype(int) - lattice).max() <= NEAR


def _apply(transform: ImageCms.ImageCmsTransform, colours: np.ndarray) -> np.ndarray:
    image = Image.fromarray(colours[..., 0] if colours.shape[2] == 1 else colours, MODES[colours.shape[2]])
    return np.asarray(ImageCms.applyTransform(image, transform))


def _by_gamma(shades: np.ndarray, gamma: float, chromaticities: tuple[float, ...] | None) -> np.ndarray | None:
    """Shades that are light to the power `gamma` -> sRGB of the same light; None where that hardly changes anything."""
    matrix = None if chromaticities is None else _to_srgb_light(chromaticities)
    if matrix is None and abs(gamma * 2.2 - 1) < 0.05:
        return None
    light = shades.astype(np.float64) ** (1 / gamma)
    if matrix is not None and shades.shape[2] == 3:
        light = light @ matrix.T
    light = light.clip(0, 1)
    return np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055).astype(np.float32)


def _to_srgb_light(chromaticities: tuple[float, ...]) -> np.ndarray | None:
    """The matrix (3, 3) from light of these primaries to that of sRGB, by Bradford; None where there is none."""
    try:
        ours, here = _to_xyz(SRGB), _to_xyz(chromaticities)
        whites = [BRADFORD @ m.sum(axis=1) for m in (ours, here)]
        adapted = np.linalg.inv(BRADFORD) @ np.diag(whites[0] / whites[1]) @ BRADFORD
        matrix = np.linalg.inv(ours) @ adapted @ here
    except (ArithmeticError, np.linalg.LinAlgError):
        return None
    return matrix if np.isfinite(matrix).all() else None


def _to_xyz(chromaticities: tuple[float, ...]) -> np.ndarray:
    """The matrix (3, 3) from light of primaries, of which (1, 1, 1) is their white, to XYZ."""
    places = zip(chromaticities[::2], chromaticities[1::2], strict=True)
    white, *primaries = (np.array([x / y, 1, (1 - x - y) / y]) for x, y in places)
    columns = np.stack(primaries, axis=1)
    return columns * np.linalg.solve(columns, white)
