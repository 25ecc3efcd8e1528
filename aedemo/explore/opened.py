"""An image that somebody brought: the part that the models of a data set see, and the steps from there to them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import astuple, dataclass

from torch import Tensor

from aedemo import uploads
from aedemo.uploads import Frame, OpenedImage
from aedemo.uploads.drawing import WRONG, Drawing

Read = Callable[[], OpenedImage]  # or a ValueError with a sentence
WHOLE = Frame(0, 0, 1, 1)


@dataclass(frozen=True)
class Opened:
    """What was made of an image.

    image: as it was brought, (3, H, W); frame: the part that the models see
    candidates: where else something stands, and the first guess before them
    steps: the way from the frame to what the models see; () where nothing stands out in it, and `message` says so
    """

    image: Tensor
    frame: Frame
    candidates: tuple[Frame, ...]
    steps: tuple[uploads.Step, ...]
    message: str | None = None


def opened(image: Tensor, dataset: str, frame: str = "") -> Opened:
    """What the models of a data set see of an image (3, H, W): of the frame, or of where the thing seems to stand.

    Raises ValueError for an unknown data set, or a frame that is none.
    """
    scene = uploads.Scene(image, dataset)
    chosen = parse_frame(frame, image.shape[-2:])
    try:
        candidates = scene.frames
    except ValueError as error:  # nothing stands out; a frame drawn by hand may still find something
        candidates, message = (), str(error)
    if chosen is None and not candidates:
        return Opened(image, WHOLE, (), (), message)
    seen = chosen or candidates[0]
    try:
        return Opened(image, seen, candidates, scene.steps(seen))
    except ValueError as error:
        return Opened(image, seen, candidates, (), str(error))


def drawn(text: str | bytes) -> OpenedImage:
    """A drawing as the page sends it, in JSON, as an image (3, 280, 280); ValueError where it is none."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise ValueError(WRONG) from error
    return OpenedImage(Drawing.from_json(given).to_image())


def parse_frame(text: str, size: tuple[int, int]) -> Frame | None:
    """ "left,top,right,bottom" in fractions of an image of that size (H, W); None of "".

    Two numbers, as links had them before, are the largest square: "across,down", the middle at "0.5,0.5".
    """
    if not text:
        return None
    try:
        numbers = tuple(map(float, text.split(",")))
        if len(numbers) not in (2, 4):
            raise ValueError
    except ValueError:
        sides = "left, top, right and bottom from 0 to 1, as 0.1,0.2,0.9,0.8"
        raise ValueError(f"frame is {text!r}; give {sides}") from None
    return Frame.square(*size, *numbers) if len(numbers) == 2 else Frame(*numbers)


def frame_text(frame: Frame) -> str:
    """As `parse_frame` reads it; four decimals say which pixel is meant in any image that is kept."""
    return ",".join(f"{side:.4f}".rstrip("0").rstrip(".") for side in astuple(frame))
