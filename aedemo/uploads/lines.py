"""Ruled and squared paper: thin straight lines all across an image are found and taken out."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from skimage.transform import hough_line

from aedemo.uploads.morphology import local_maxima, opened

TILTS = np.radians(np.arange(-9, 9.01, 0.25))  # a sheet is never held quite straight
THICKEST = 1 / 80  # of the shorter side: what is thicker is no ruled line
ENOUGH = 3  # this many parallel lines make a ruled sheet, …
COVERED, ALONE = 0.5, 0.85  # … each seen on that share of its way across; a single one on that share
DARKER = 1.6  # than the lines themselves: then it is ink that a line crosses


def smoothed(ink: np.ndarray) -> np.ndarray:
    """ink (H, W) without the noise of single pixels."""
    return ndimage.gaussian_filter(ink, 1)


def without_lines(ink: np.ndarray, smooth: np.ndarray, faintest: float) -> np.ndarray:
    """ink (H, W), bright on 0, without lines that run nearly across or down.

    smooth: ink, smoothed; faintest: what is less bright in it is noise.
    """
    plain = _without_rows(ink, smooth, faintest)
    if plain is not ink:
        smooth = smoothed(plain)
    return _without_rows(plain.T, smooth.T, faintest).T


def _without_rows(ink: np.ndarray, smooth: np.ndarray, faintest: float) -> np.ndarray:
    """Without those from left to right: a Hough transform finds them among the ridges of whatever is as thin."""
    thickest = max(5, round(THICKEST * min(ink.shape)))
    thin = smooth - opened(smooth, thickest + 3, 1)  # 3: smoothing has made it wider
    ridge = (thin > faintest / 2) & (thin > smooth / 2) & local_maxima(thin)
    rows, columns = np.nonzero(ridge)
    if len(rows) < COVERED * ink.shape[1]:
        return ink
    seen, angles, offsets = hough_line(ridge, np.pi / 2 + TILTS)
    seen = ndimage.uniform_filter1d(seen.astype(float), 3, axis=0) * 3 / (ink.shape[1] / np.cos(TILTS))
    best = np.square(seen * (seen > COVERED)).sum(0).argmax()
    near = slice(max(best - 4, 0), best + 5)  # in perspective, lines are not quite parallel
    if not _ruled(seen[:, near].max(1)):
        return ink
    reach = 2 * (thickest // 2 + 1) + 1
    lines, (rows, columns) = np.zeros(ink.shape, bool), np.indices(ink.shape, sparse=True)
    for angle, share in zip(angles[near], seen.T[near], strict=True):
        if (share > COVERED).any():
            band = ndimage.maximum_filter1d(share, reach) > COVERED
            place = np.rint(columns * np.cos(angle) + rows * np.sin(angle) - offsets[0]).astype(int)
            lines |= band[place.clip(0, len(offsets) - 1)]
    lines &= smooth < DARKER * np.median(smooth[lines & ridge])
    return np.where(lines, opened(ink, thickest + 1, 1), ink)


def _ruled(seen: np.ndarray) -> bool:
    """Whether the best share at each offset (O,) says that there are lines: several, or one all the way across."""
    _, count = ndimage.label(seen > COVERED)
    return count >= ENOUGH or seen.max() > ALONE
