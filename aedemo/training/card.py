"""The model card, checkpoints/README.md: every metric in it is read from the header of a checkpoint."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from aedemo import checkpoints, datasets
from aedemo.checkpoints import Header, Sweep, setting_name
from aedemo.corruption import percent
from aedemo.models import VARIANTS
from aedemo.training import card_tables


def render() -> str:
    """The card in Markdown, from the headers alone; sweeps that are not on disk are left out."""
    found = checkpoints.available()
    blocks = [_introduction(found)]
    for dataset, variants in found.items():
        blocks.append(_dataset(dataset))
        blocks += card_tables.of_published(dataset, variants)
        blocks += [_sweep(checkpoints.load(dataset, variant)) for variant in variants]
    return "\n\n".join(blocks) + "\n"


def _introduction(found: Mapping[str, Iterable[str]]) -> str:
    files = [path for dataset, variants in found.items() for name in variants for path in _files(dataset, name)]
    return f"""\
# The stored models

`aedemo card` writes this page from the headers of the checkpoints. The metrics were measured on the weights as they
are stored; `aedemo evaluate` measures them again.

- **error**: squared error summed over the inputs of an image (or patch), averaged over the images of a split. The
  chapter's E is half of it. Errors of masked models and of PCA imputation are per value, on removed patches alone.
- **linear-probe error**: error rate of logistic regression on the code, trained with all labels, on test images.
- **transfer**: the masked autoencoder without its decoder classifies whole images. Protocols: *probe* (logistic
  regression on its code), *finetuned* (a fresh head, all weights trained), *scratch* (the same network from random
  weights).
- **PSNR**: of that error, in dB, for values from 0 to 1.
- **files**: `<data set>/<variant>/<setting>.safetensors`, one run per file; {_size(files)}. Licence: MIT.
  No image that a model was trained on is among them."""


def _dataset(name: str) -> str:
    row = datasets.get(name)
    lines = [f"Images: {row.source}. Licence: {row.licence}. Classes: {', '.join(row.classes)}."]
    if row.trained_on:
        lines.append(f"Trained on {row.trained_on}.")
    if checkpoints.has_test_images(name):
        found = checkpoints.test_images(name)
        lines.append(
            f"`test-images.png` holds {len(found.labels):,} of the test images, under the same licence: the "
            f"{len(found.sample):,} of the latent maps and two of each class for the gallery."
        )
    if row.train_images is not None:
        lines.append(f"Trained on {row.train_images:,} of them.")
    if row.patchwise:
        lines.append(
            f"Dense models see patches of {_shape(row.shape)} values ({datasets.TRAIN_PATCHES:,} to train on,"
            f" {datasets.TEST_PATCHES:,} to test on), masked ones whole images of {_shape(row.image_shape)}."
        )
    else:
        lines.append(f"Models see whole images of {_shape(row.shape)} values.")
    return f"## {row.title}\n\n" + "\n".join(lines)


def _sweep(sweep: Sweep) -> str:
    files = _files(sweep.dataset, sweep.variant)
    blocks = [f"### {VARIANTS[sweep.variant].title}", f"{_recipes(sweep)} {_capital(_size(files))}."]
    blocks.append(card_tables.of_sweep(sweep))
    return "\n\n".join(blocks + card_tables.of_maps(sweep) + card_tables.of_classifier(sweep))


def _recipes(sweep: Sweep) -> str:
    """What the runs were trained with; one sentence where all share it, else one for each group of settings."""
    groups: dict[str, list[str]] = {}
    for value, header in sweep.headers.items():
        groups.setdefault(_recipe(header), []).append(setting_name(value))
    if len(groups) == 1:
        return f"{_capital(next(iter(groups)))}."
    return " ".join(f"{', '.join(names)}: {recipe}." for recipe, names in groups.items())


def _recipe(header: Header) -> str:
    recipe, axis = header.recipe, VARIANTS[header.variant].axis
    parts = [f"{name.replace('_', ' ')} {value:g}" for name, value in header.config.items() if name not in axis]
    if recipe["optimizer"] == "fit":
        parts.append("fitted by scikit-learn")
    elif recipe["optimizer"] == "lbfgs":
        inputs = f"{recipe['sample']:,} training inputs" if recipe.get("sample") else "the whole training set"
        parts.append(f"L-BFGS on {inputs}, at most {recipe['steps']:,} steps")
    elif recipe["optimizer"] == "alternating":
        parts.append(f"{recipe['steps']:,} rounds of alternating least squares")
    else:
        parts.append(f"AdamW, {recipe['steps']:,} steps of {recipe['batch_size']} inputs")
        cycle = "one-cycle" if recipe.get("cycles", 1) == 1 else f"{recipe['cycles']} cycles of a"
        parts.append(f"{cycle} learning rate up to {recipe['learning_rate']:g}")
        parts.append(f"weight decay {recipe['weight_decay']:g}")
    if recipe["crop"] is not None:
        parts.append(f"crops from {percent(recipe['crop'])} of the side")
    if recipe["bfloat16"]:
        parts.append("in bfloat16 where a machine is fast in it")
    return ", ".join([*parts, f"seed {header.seed}", f"stored as {recipe['dtype']}"])


def _files(dataset: str, variant: str) -> list[Path]:
    return sorted(checkpoints.sweep_folder(dataset, variant).glob("*.safetensors"))


def _size(files: Sequence[Path]) -> str:
    if not files:
        return "no file yet"
    sizes = [path.stat().st_size for path in files]
    if len(files) == 1:
        return f"1 file of {sizes[0] / 1e6:.2f} MB"
    return f"{len(files)} files, {sum(sizes) / 1e6:.2f} MB, the largest {max(sizes) / 1e6:.2f} MB"


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
