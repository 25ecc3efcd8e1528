"""The model card, checkpoints/README.md: every figure in it is read from the header of a checkpoint."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from aedemo import checkpoints, datasets
from aedemo.checkpoints import Header, Setting, Sweep, setting_name
from aedemo.corruption import MASK_KNOB, MASK_RATIOS, get_noise
from aedemo.models import VARIANTS
from aedemo.training.evaluate import MASKED_PICTURES

NONE = "–"
SYMBOLS = {"latent_dim": "M", "sparsity_weight": "λ"}
# What weights were trained on, where that is not what the page shows.
TRAINED_ON = {
    "photos": "research photographs that are not part of this project (street and landscape scenes, cats and dogs, "
    "clothes, samples of ImageNet and BSDS), 112×112 pixels",
}


def render() -> str:
    """The card in Markdown, from the headers alone; sweeps that are not on disk are left out."""
    found = checkpoints.available()
    blocks = [_introduction(found)]
    for dataset, variants in found.items():
        blocks.append(_dataset(dataset))
        blocks += [_sweep(checkpoints.load(dataset, variant)) for variant in variants]
    return "\n\n".join(blocks) + "\n"


def _introduction(found: Mapping[str, Iterable[str]]) -> str:
    files = [path for dataset, variants in found.items() for name in variants for path in _files(dataset, name)]
    return f"""\
# The stored models

`aedemo card` writes this page from the headers of the checkpoints. The figures were measured on the weights as they
are stored; `aedemo evaluate` measures them again.

- **error**: squared error summed over the inputs of a picture (or patch), averaged over the pictures of a split. The
  chapter's E is half of it. Errors of masked models and of PCA's fill-in are per value, on removed patches alone.
- **PSNR**: of that error, in dB, for values from 0 to 1.
- **files**: `<data set>/<variant>/<setting>.safetensors`, a run a file; {_size(files)}. Licence: MIT.
  None of the pictures that the models were trained on is among them."""


def _dataset(name: str) -> str:
    row = datasets.get(name)
    lines = [f"Pictures: {row.source}. Licence: {row.licence}. Classes: {', '.join(row.classes)}."]
    if name in TRAINED_ON:
        lines.append(f"Trained on {TRAINED_ON[name]}.")
    if row.train_pictures is not None:
        lines.append(f"Trained on {row.train_pictures:,} of them.")
    if row.patchwise:
        lines.append(
            f"Dense models see patches of {_shape(row.shape)} values ({datasets.TRAIN_PATCHES:,} to train on,"
            f" {datasets.TEST_PATCHES:,} to test on), masked ones whole pictures of {_shape(row.picture_shape)}."
        )
    else:
        lines.append(f"Models see whole pictures of {_shape(row.shape)} values.")
    return f"## {row.title}\n\n" + "\n".join(lines)


def _sweep(sweep: Sweep) -> str:
    files = _files(sweep.dataset, sweep.variant)
    blocks = [f"### {VARIANTS[sweep.variant].title}", f"{_recipes(sweep)} {_capital(_size(files))}."]
    blocks.append(TABLES.get(sweep.variant, _errors)(sweep))
    return "\n\n".join(blocks + _plane(sweep))


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
        parts.append(f"one-cycle learning rate up to {recipe['learning_rate']:g}")
        parts.append(f"weight decay {recipe['weight_decay']:g}")
    if recipe["crop"] is not None:
        parts.append(f"crops from {_percent(recipe['crop'])} of the side")
    if recipe["bfloat16"]:
        parts.append("trained in bfloat16")
    return ", ".join([*parts, f"seed {header.seed}", f"stored as {recipe['dtype']}"])


def _errors(sweep: Sweep) -> str:
    """The table of a variant that has none of its own."""
    rows = [
        (_setting(value), _number(figures.get("test_error")), _number(figures.get("train_error")))
        for value, figures in _figures(sweep)
    ]
    axis = " × ".join(SYMBOLS.get(name, name) for name in VARIANTS[sweep.variant].axis)
    return _table((axis, "test error", "train error"), rows)


def _bottlenecks(sweep: Sweep) -> str:
    head = ["M", "test error", "PCA's", "train error", "PCA's"]
    with_angles = any("principal_angles" in figures for _, figures in _figures(sweep))
    rows = []
    for value, figures in _figures(sweep):
        pca = _figures_at(sweep.dataset, "pca", value)
        row = [str(value)]
        for name in ("test_error", "train_error"):
            row += [_number(figures.get(name)), _number(pca.get(name))]
        if with_angles:
            row.append(f"{max(figures['principal_angles']):.2f}°")
        rows.append(row)
    return _table(head + ["largest principal angle"] * with_angles, rows)


def _sparsity(sweep: Sweep) -> str:
    rows = []
    for value, figures in _figures(sweep):
        active, units = figures["active_units"], figures["units"]
        share = f"{_number(active)} ({100 * active / units:.1f} %)"
        errors = (_number(figures[name]) for name in ("test_error", "train_error", "mean_code"))
        rows.append([_setting(value), *errors, share, str(figures["dead_units"])])
    return _table(("λ", "test error", "train error", r"mean \|z\|", "active units", "dead units"), rows)


def _noises(sweep: Sweep) -> str:
    """Each denoiser at the level it was trained for, beside the best PCA projection there and the noisy input."""
    dimension = datasets.get(sweep.dataset).dimension
    pca = _figures_at(sweep.dataset, "pca", dimension)
    rows = []
    for (name, level), figures in _figures(sweep):
        place = get_noise(name).knob().index(level)
        curves = figures["error_at"], pca.get(f"{name}_error_at"), figures["noisy_error_at"]
        errors = [None if curve is None else curve[place] for curve in curves]
        model, projection, noisy = map(_number, errors)
        components = str(pca[f"{name}_components"][place]) if pca else NONE
        psnr = (_psnr(error, dimension) for error in errors)
        rows.append([name, f"{level:g}", model, projection, components, noisy, *psnr])
    head = ("noise", "level", "test error", "PCA's", "its components", "noisy", "PSNR", "PCA's", "noisy")
    return _table(head, rows, names=1)


def _masks(sweep: Sweep) -> str:
    """Errors per value on the removed patches: each run, PCA's fill-in and the mean of the visible pixels."""
    rows = [(_run_name(sweep, value), figures, "masked_error_at") for value, figures in _figures(sweep)]
    if sweep.variant != "ppca" and "ppca" in checkpoints.available()[sweep.dataset]:
        fill = checkpoints.load(sweep.dataset, "ppca")
        rows += [(_run_name(fill, value), figures, "masked_error_at") for value, figures in _figures(fill)]
    rows.append(("visible mean", sweep.headers[sweep.values[0]].figures, "mean_fill_error_at"))
    places = [MASK_KNOB.index(ratio) for ratio in MASK_RATIOS]
    table = _table(
        ("removed", *map(_percent, MASK_RATIOS)),
        [[name, *(_number(figures[which][place]) for place in places)] for name, figures, which in rows],
        names=1,
    )
    return f"Error on removed patches, on up to {MASKED_PICTURES} test pictures:\n\n{table}"


def _run_name(sweep: Sweep, value: Setting) -> str:
    if sweep.variant == "ppca":
        return f"{VARIANTS['ppca'].title}, M = {value}"
    return f"trained at {_percent(value)}"


def _plane(sweep: Sweep) -> list[str]:
    """One line on the stored latent plane, where there is one."""
    try:
        plane = checkpoints.load_latent_map(sweep.dataset, sweep.variant)
    except checkpoints.CheckpointError:
        return []
    figures = (
        (f"trustworthiness {plane.trustworthiness:.3f}", plane.trustworthiness),
        (f"accuracy of nearest neighbours {plane.neighbour_accuracy:.3f}", plane.neighbour_accuracy),
    )
    measured = [words for words, value in figures if not math.isnan(value)] or ["too few to measure"]
    return [f"The plane at M = 2, over {len(plane.codes):,} test inputs: {', '.join(measured)}."]


TABLES = {
    "linear": _bottlenecks,
    "shallow": _bottlenecks,
    "deep": _bottlenecks,
    "sparse": _sparsity,
    "denoising": _noises,
    "masked": _masks,
    "ppca": _masks,
}


def _figures(sweep: Sweep) -> list[tuple[Setting, Mapping]]:
    return [(value, sweep.headers[value].figures) for value in sweep.values]


def _figures_at(dataset: str, variant: str, setting: Setting) -> Mapping:
    """The figures of one run, empty where there is no such run."""
    if variant not in checkpoints.available().get(dataset, ()):
        return {}
    headers = checkpoints.load(dataset, variant).headers
    return headers[setting].figures if setting in headers else {}


def _files(dataset: str, variant: str) -> list[Path]:
    return sorted((checkpoints.folder() / dataset / variant).glob("*.safetensors"))


def _size(files: Sequence[Path]) -> str:
    if not files:
        return "no file yet"
    sizes = [path.stat().st_size for path in files]
    if len(files) == 1:
        return f"1 file of {sizes[0] / 1e6:.2f} MB"
    return f"{len(files)} files, {sum(sizes) / 1e6:.2f} MB, the largest {max(sizes) / 1e6:.2f} MB"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], names: int = 0) -> str:
    """Columns of figures, right-aligned, after `names` columns of words."""
    lines = [head, [":---"] * names + ["---:"] * (len(head) - names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(value: float | None) -> str:
    """Four significant digits."""
    return NONE if value is None else f"{value:#.4g}".rstrip(".")


def _psnr(error: float | None, dimension: int) -> str:
    return NONE if error is None else f"{-10 * math.log10(max(error / dimension, 1e-10)):.2f}"


def _setting(value: Setting) -> str:
    return setting_name(value) if isinstance(value, tuple) else f"{value:g}"


def _percent(ratio: float) -> str:
    return f"{100 * ratio:.0f} %"


def _shape(shape: tuple[int, ...]) -> str:
    return "×".join(map(str, shape))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
