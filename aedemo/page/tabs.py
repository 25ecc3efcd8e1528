"""The tabs in the order of the page. A new tab is a module with a row TAB, named here."""

from __future__ import annotations

from aedemo.page import compare, deep, denoising, latent, linear, masked, sparse, training, your_image
from aedemo.page.tab import Tab

# What each shows of an image is a view with an address.
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

ALL_TABS: tuple[Tab, ...] = (*TABS, training.TAB)
