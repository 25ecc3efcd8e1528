"""The tabs in the order of the page. A new tab is a module with a row TAB, named here."""

from __future__ import annotations

from aedemo.page import compare, deep, denoising, latent, linear, masked, sparse, your_image
from aedemo.page.tab import Tab

TABS: tuple[Tab, ...] = (
    compare.TAB,
    linear.TAB,
    deep.TAB,
    latent.TAB,
    sparse.TAB,
    denoising.TAB,
    masked.TAB,
    your_image.TAB,
)
