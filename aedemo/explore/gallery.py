"""The pictures one can choose from, and the one that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from torch import Tensor

from aedemo import checkpoints, datasets, own, pictures
from aedemo.explore.mapped import mapped_inputs

PER_CLASS, MOST_OF_ONES_OWN = 2, 20
SEEN = "seen:"
SKIMAGE = {  # file in scikit-image: title, where it comes from
    "chelsea.png": ("Chelsea the cat", "Stefan van der Walt, CC0"),
    "astronaut.png": ("Astronaut Eileen Collins", "NASA, public domain"),
    "coffee.png": ("A cup of coffee", "Rachel Michetti, CC0"),
    "rocket.jpg": ("Rocket launch", "SpaceX, CC0"),
    "hubble_deep_field.jpg": ("Hubble deep field", "NASA, public domain"),
    "motorcycle_left.png": ("Motorcycle", "Middlebury stereo 2014"),
    "retina.jpg": ("Retina", "Häggström, CC0"),
    "ihc.png": ("Tissue under the microscope", "Human Protein Atlas"),
    "brick.png": ("Brick wall", "CC0 Textures, CC0"),
    "grass.png": ("Grass", "Linolafett, CC0"),
}
SKLEARN = {
    "china.jpg": ("Summer palace, Beijing", "danielbuechele, CC BY 2.0"),
    "flower.jpg": ("Dahlia", "vultilion, CC BY 2.0"),
}


@dataclass(frozen=True)
class Item:
    """A picture of the gallery: `gallery:<id>` names it; picture is float32 (C, H, W) in [0, 1] as the tabs show it."""

    id: str
    title: str
    source: str
    picture: Tensor


@lru_cache(maxsize=8)
def gallery(dataset: str) -> tuple[Item, ...]:
    """The gallery of a data set: photographs that libraries carry, or test pictures, two a class; of one's own, 20.

    Raises ValueError for an unknown data set and DataSetUnavailable where its pictures cannot be had.
    """
    row = datasets.get(dataset)
    if dataset in datasets.OWN:
        return tuple(_ones_own(row))
    if row.patchwise:
        return tuple(_photographs())
    test = checkpoints.test_images(dataset)
    items = []
    for turn in range(PER_CLASS):
        for label, name in enumerate(row.classes):
            place = int((test.labels == label).nonzero()[turn])
            index = int(test.indices[place])
            items.append(Item(str(index), name, f"{name}, test picture {index}: {row.source}.", test.images[place]))
    return tuple(items)


def find(dataset: str, picture: str) -> Tensor:
    """The chosen picture as the tabs show it, float32 (1, C, H, W) in [0, 1].

    `gallery:<id>` names one of the gallery, and "" its first; `data:…` is a file of any kind as a data-URI, and
    `seen:data:…` a picture that has become what the models see already, as the page keeps it.
    Raises ValueError for a name that does not exist, or where there is no picture in the data.
    """
    if picture.startswith("data:"):
        return pictures.for_dataset(pictures.from_data_uri(picture), dataset)[None]
    if picture.startswith(SEEN):
        return _as_seen(pictures.from_data_uri(picture.removeprefix(SEEN)), dataset)[None]
    items = {f"gallery:{item.id}": item for item in gallery(dataset)}
    if picture and picture not in items:
        raise ValueError(f"{dataset} has no picture {picture!r}; choose one of {', '.join(items)}")
    return (items[picture] if picture else next(iter(items.values()))).picture[None]


def from_gallery(dataset: str, name: str) -> Tensor:
    """A picture of the page's gallery, float32 (C, H, W) in [0, 1]: from_gallery("photos", "china").

    Raises ValueError for an unknown data set, or a name that its gallery does not have.
    """
    checkpoints.make_known(dataset)
    return find(dataset, f"gallery:{name}")[0]


def from_map(dataset: str, index: int) -> Tensor:
    """A test input by its index in the latent maps, float32 (C, h, w) in [0, 1]; of photographs a patch.

    Of a patch of a photograph what PCA keeps of it, as the page shows it.
    """
    checkpoints.make_known(dataset)
    return mapped_inputs(dataset, (index,))[0][0]


def _as_seen(picture: Tensor, dataset: str) -> Tensor:
    """A picture that went through `for_dataset` once, (3, side, side), as it came out of there."""
    row = datasets.get(dataset)
    side = pictures.PHOTO_SIDE if row.patchwise else row.shape[1]
    if picture.shape[1:] != (side, side):
        size = "×".join(map(str, picture.shape[:0:-1]))
        raise ValueError(f"The models of {row.title} see {side}×{side} pixels, not {size}: open the picture again.")
    return picture if row.shape[0] == 3 else picture[:1]


def _ones_own(row: datasets.DataSet):
    for place, name, picture in own.shown_pictures(row.name, MOST_OF_ONES_OWN):
        yield Item(str(place), name, f"{name}, test picture {place} of {row.title}.", picture)


def _photographs():
    from importlib.resources import files

    folders = (
        (files("sklearn.datasets") / "images", SKLEARN, "scikit-learn"),
        (files("skimage") / "data", SKIMAGE, "scikit-image"),
    )
    for folder, table, library in folders:
        for name, (title, origin) in table.items():
            if (path := folder / name).is_file():  # later releases may carry fewer
                picture = pictures.for_dataset(pictures.read(path.read_bytes()), "photos")
                yield Item(name.partition(".")[0], title, f"{title} ({origin}), carried by {library}.", picture)
