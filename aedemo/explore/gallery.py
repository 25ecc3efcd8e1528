"""The images one can choose from, and the one that was chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from torch import Tensor

from aedemo import checkpoints, custom, datasets, uploads
from aedemo.explore.mapped import mapped_inputs

PER_CLASS, MAX_CUSTOM_IMAGES = 2, 20
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
class GalleryImage:
    """An image of the gallery: `gallery:<id>` names it; image is float32 (C, H, W) in [0, 1] as the tabs show it."""

    id: str
    title: str
    source: str
    image: Tensor


@lru_cache(maxsize=8)
def gallery(dataset: str) -> tuple[GalleryImage, ...]:
    """The gallery of a data set: photographs of two libraries, or test images, two per class; of custom ones, 20.

    Raises ValueError for an unknown data set and DataSetUnavailable where its images cannot be had.
    """
    row = datasets.get(dataset)
    if dataset in datasets.CUSTOM:
        return tuple(_ones_own(row))
    if row.patchwise:
        return tuple(_photographs())
    test = checkpoints.test_images(dataset)
    items = []
    for turn in range(PER_CLASS):
        for label, name in enumerate(row.classes):
            place = int((test.labels == label).nonzero()[turn])
            index = int(test.indices[place])
            items.append(
                GalleryImage(str(index), name, f"{name}, test image {index}: {row.source}.", test.images[place])
            )
    return tuple(items)


def find(dataset: str, image: str) -> Tensor:
    """The chosen image as the tabs show it, float32 (1, C, H, W) in [0, 1].

    `gallery:<id>` names one of the gallery, and "" its first; `data:…` is a file of any kind as a data-URI, and
    `seen:data:…` an image that has become what the models see already, as the page keeps it.
    Raises ValueError for a name that does not exist, or where there is no image in the data.
    """
    if image.startswith("data:"):
        return uploads.for_dataset(uploads.from_data_uri(image), dataset)[None]
    if image.startswith(SEEN):
        return _as_seen(uploads.from_data_uri(image.removeprefix(SEEN)), dataset)[None]
    items = {f"gallery:{item.id}": item for item in gallery(dataset)}
    if image and image not in items:
        raise ValueError(f"{dataset} has no image {image!r}; choose one of {', '.join(items)}")
    return (items[image] if image else next(iter(items.values()))).image[None]


def from_gallery(dataset: str, name: str) -> Tensor:
    """An image of the page's gallery, float32 (C, H, W) in [0, 1]: from_gallery("photos", "china").

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


def _as_seen(image: Tensor, dataset: str) -> Tensor:
    """An image that went through `for_dataset` once, (3, side, side), as it came out of there."""
    row = datasets.get(dataset)
    side = uploads.PHOTO_SIDE if row.patchwise else row.shape[1]
    if image.shape[1:] != (side, side):
        size = "×".join(map(str, image.shape[:0:-1]))
        raise ValueError(f"The models of {row.title} see {side}×{side} pixels, not {size}: open the image again.")
    return image if row.shape[0] == 3 else image[:1]


def _ones_own(row: datasets.DataSet):
    for place, name, image in custom.shown_images(row.name, MAX_CUSTOM_IMAGES):
        yield GalleryImage(str(place), name, f"{name}, test image {place} of {row.title}.", image)


def _photographs():
    from importlib.resources import files

    folders = (
        (files("sklearn.datasets") / "images", SKLEARN, "scikit-learn"),
        (files("skimage") / "data", SKIMAGE, "scikit-image"),
    )
    for folder, table, library in folders:
        for name, (title, origin) in table.items():
            if (path := folder / name).is_file():  # later releases may carry fewer
                image = uploads.for_dataset(uploads.read(path.read_bytes()), "photos")
                yield GalleryImage(
                    name.partition(".")[0], title, f"{title} ({origin}), included with {library}.", image
                )
