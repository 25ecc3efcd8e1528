"""What the page's scripts must know of Python's tables. It is sent once, as `aedemoSettings.constants`."""

from __future__ import annotations

from typing import Any

from aedemo.explore.masked import BY_HAND, GREY
from aedemo.explore.minima import MIN_CODES
from aedemo.explore.network import STEPS
from aedemo.explore.training import USED_BY
from aedemo.models import VARIANTS
from aedemo.page.training import PREFIX
from aedemo.uploads.limits import MAX_BYTES, MAX_SHORT_SIDE


def constants() -> dict[str, Any]:
    """Limits, names and tables, as JSON has them."""
    return {
        "by_hand": BY_HAND,  # the kind of mask that a user makes
        "masked_grey": round(255 * GREY),
        "max_megabytes": MAX_BYTES / 1e6,
        "max_short_side": MAX_SHORT_SIDE,
        "min_codes": MIN_CODES,
        "training_prefix": PREFIX,
        "training_used_by": USED_BY,
        "traversal_steps": STEPS - 1,  # from one end of a unit's range to the other
        "variants": list(VARIANTS),
    }
