"""The rectangle of an image that a data set's models are shown."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from torch import Tensor

from aedemo.uploads.boxes import Box

MARGIN = 0.03  # of its diagonal: around a thing on each side


@dataclass(frozen=True)
class Frame:
    """A rectangle in an image, in fractions of its width (left, right) and height (top, bottom).

    Raises ValueError unless 0 <= left < right <= 1 and 0 <= top < bottom <= 1.
    """

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            sides = "left, top, right, bottom between 0 and 1, left < right and top < bottom"
            raise ValueError(f"A frame is {sides}, not {astuple(self)}.")

    @classmethod
    def of_pixels(cls, top: int, left: int, bottom: int, right: int, size: tuple[int, int]) -> Frame:
        """Rows top to bottom - 1 and columns left to right - 1 of an image of that size (H, W)."""
        height, width = size
        return cls(left / width, top / height, right / width, bottom / height)

    @classmethod
    def square(cls, height: int, width: int, across: float = 0.5, down: float = 0.5) -> Frame:
        """The largest square: left or top for 0, in the middle for 0.5, right or bottom for 1."""
        if not (0 <= across <= 1 and 0 <= down <= 1):
            raise ValueError(f"across and down must lie between 0 and 1, got {(across, down)!r}")
        side = min(height, width)
        top, left = round(down * (height - side)), round(across * (width - side))
        return cls.of_pixels(top, left, top + side, left + side, (height, width))

    @classmethod
    def whole(cls) -> Frame:
        """All of an image."""
        return cls(0, 0, 1, 1)

    @classmethod
    def around(cls, box: Box, size: tuple[int, int]) -> Frame:
        """Around something in an image of that size (H, W), with a margin."""
        (height, width), more = size, 3 + round(MARGIN * box.extent)
        top, left = max(box.top - more, 0), max(box.left - more, 0)
        return cls.of_pixels(top, left, min(box.bottom + more, height), min(box.right + more, width), size)

    def grown(self, by: float) -> Frame:
        """Larger on each side by that share of its own size, as far as the image goes."""
        across, down = by * (self.right - self.left), by * (self.bottom - self.top)
        return Frame(
            max(self.left - across, 0),
            max(self.top - down, 0),
            min(self.right + across, 1),
            min(self.bottom + down, 1),
        )

    def pixels(self, size: tuple[int, int]) -> tuple[slice, slice]:
        """Its rows and columns in an image of that size (H, W), at least one of each."""
        height, width = size
        return _span(self.top, self.bottom, height), _span(self.left, self.right, width)

    def cut(self, image: Tensor) -> Tensor:
        """(C, H, W) -> (C, h, w), what lies in the frame."""
        return image[(..., *self.pixels(image.shape[-2:]))]

    def cut_square(self, image: Tensor) -> Tensor:
        """(C, H, W) -> (C, s, s), the largest square in the middle of the frame."""
        inside = self.cut(image)
        return Frame.square(*inside.shape[-2:]).cut(inside)


def _span(start: float, end: float, length: int) -> slice:
    first = min(round(start * length), length - 1)
    return slice(first, max(round(end * length), first + 1))
