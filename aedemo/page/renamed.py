"""What links, programs and HTTP clients called things in earlier versions: one table, so that theirs still work."""

from __future__ import annotations

from collections.abc import Mapping

KEYS = {
    "picture": "image",
    "towards": "target",
    "deep-walk": "deep-interpolation",
    "place-bottleneck": "your_image-bottleneck",
}
VALUES = {"place": "your_image", "zeroing": "masking", "stack": "deeper"}


def renamed(values: Mapping[str, str]) -> dict[str, str]:
    """`key=value` pairs with the names of now."""
    return {KEYS.get(key, key): VALUES.get(value, value) for key, value in values.items()}
