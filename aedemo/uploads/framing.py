"""What is done to an image until the models of a data set see it, step by step, as the data set itself was made."""

from __future__ import annotations

from functools import cached_property

from torch import Tensor

from aedemo import datasets
from aedemo.uploads.frame import Frame
from aedemo.uploads.placing import centre, fit_box, resize
from aedemo.uploads.sheet import Sheet, on_light_ground
from aedemo.uploads.step import MIN_CONTRAST, NOTHING_FOUND, Step, dark_ground, grey, ground_is_light
from aedemo.uploads.thing import Thing

PHOTO_SIDE = 128  # of a photograph on the tabs: 16×16 patches, large enough to be seen one by one


def for_dataset(image: Tensor, dataset: str, frame: Frame | None = None) -> Tensor:
    """An image (3, H, W) as the models of a data set see it: the last of its `steps`."""
    return steps(image, dataset, frame)[-1].image


def propose(image: Tensor, dataset: str) -> tuple[Frame, ...]:
    """Where in an image (3, H, W) the thing is that the models of a data set shall see: the best guess first.

    Of photographs it is one frame, the largest square in the middle, and of an image that already has the data set's
    size all of it. Of others there is one frame around each digit or piece of clothing, large and central ones first.
    Raises ValueError for an unknown data set, and where nothing stands out.
    """
    return Scene(image, dataset).frames


def steps(image: Tensor, dataset: str, frame: Frame | None = None) -> tuple[Step, ...]:
    """All that happens to an image (3, H, W) in [0, 1] until the models of a data set see it, in order.

    frame: the part that they see; None is the first that `propose` gives.
    Photographs: the square in the middle of the frame, resized to (3, 128, 128), of which dense variants see 8×8
    patches. Sets of single things on a dark ground: grey, inverted where the ground is light; of writing (sheet.py) the
    background and ruled lines are removed, of other things (thing.py) whatever else is in the image; then cropped,
    fitted into the data set's box and centred, as the data set itself was made. An image that already has the data
    set's size is only made grey and dark on the outside. The last step has 256 grey levels, as in a file, so that the
    page, which keeps it as a PNG, and a program see the same numbers.
    Raises ValueError for an unknown data set, and where nothing stands out in the frame.
    """
    return Scene(image, dataset).steps(frame)


class Scene:
    """An image for a data set, searched once: for the frames that `propose` gives, and for `steps` of any of them."""

    def __init__(self, image: Tensor, dataset: str) -> None:
        self.image, self.row = image, datasets.get(dataset)
        self._searched: dict[bool | None, Sheet | Thing] = {}

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        if self.row.framing is None:
            return (Frame.square(*self.image.shape[-2:]),)
        if self._is_framed:
            return (Frame.whole(),)
        if not (found := self._search().frames()):
            raise ValueError(NOTHING_FOUND)
        return found

    def steps(self, frame: Frame | None = None) -> tuple[Step, ...]:
        if self.row.framing is None:
            done = _photograph(self.image, self.row, frame or self.frames[0])
        elif frame in (None, Frame.whole()) and self._is_framed:
            done = dark_ground(self.image, ground_is_light(grey(self.image)))
        else:
            searched = self._search(frame)
            done = searched.steps + searched.inside(frame or self.frames[0])
            done += _placed(done[-1].image, self.row)
        last = done.pop()
        return (*done, Step(last.name, (last.image * 255).round() / 255))

    def _search(self, frame: Frame | None = None) -> Sheet | Thing:
        """The search of the whole image; only whether paper is light is looked at around the frame."""
        strokes = self.row.framing.strokes
        light = on_light_ground(self.image, frame) if strokes else None
        if light not in self._searched:
            self._searched[light] = Sheet(self.image, self.row.framing, light) if strokes else Thing(self.image)
        return self._searched[light]

    @cached_property
    def _is_framed(self) -> bool:
        """Whether the image has the data set's own size already; ValueError where it is blank."""
        if self.image.shape[-2:] != self.row.shape[1:]:
            return False
        x = grey(self.image)
        if x.max() - x.min() < MIN_CONTRAST:
            raise ValueError(NOTHING_FOUND)
        return True


def _photograph(image: Tensor, row: datasets.DataSet, frame: Frame) -> list[Step]:
    side = PHOTO_SIDE if row.patchwise else row.shape[1]
    done = [Step("square", frame.cut_square(image))]
    if row.shape[0] == 1:
        done.append(Step("grey", grey(done[-1].image)))
    return [*done, Step(f"{side}×{side}", resize(done[-1].image, (side, side)))]


def _placed(x: Tensor, row: datasets.DataSet) -> list[Step]:
    box, by_mass = row.framing.box, row.framing.by_mass
    fitted = fit_box(x, box, row.framing.widths)
    words = "centred by mass" if by_mass else "centred"
    return [Step(f"fits {box}×{box}", fitted), Step(words, centre(fitted, row.shape[1], by_mass))]
