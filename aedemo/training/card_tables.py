"""The tables of the model card: the metrics of each kind of sweep, and those beside the literature."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from aedemo import checkpoints, datasets
from aedemo.checkpoints import MASK_SAMPLING, MASK_SAMPLING_SOURCE, Setting, Sweep, setting_name
from aedemo.corruption import KIND_RATIOS, MASK_KINDS, MASK_RATIOS, TEST_MASK_RATIOS, get_noise, percent
from aedemo.models import VARIANTS
from aedemo.training.evaluate import MASKED_IMAGES

NONE = "–"
SYMBOLS = {"latent_dim": "M", "sparsity_weight": "λ"}


def of_sweep(sweep: Sweep) -> str:
    """The metrics of each run, in the table of its variant."""
    return TABLES.get(sweep.variant, _errors)(sweep)


def of_published(dataset: str, variants: Iterable[str]) -> list[str]:
    """What papers printed, or this project set itself, beside what was reached."""
    rows = [
        (
            f"{VARIANTS[b.published.variant].title}: {b.published.what}",
            *("–" if v is None else b.published.words(v) for v in (b.ours, b.published.value, b.published.goal)),
            {True: "yes", False: "no", None: "a baseline"}[b.reached],
            b.published.source,
        )
        for b in checkpoints.beside_published(dataset, *variants)
    ]
    table = _table(("metric", "ours", "published", "goal", "reached", "source"), rows, names=1)
    return [f"Compared with the literature:\n\n{table}"] if rows else []


def of_maps(sweep: Sweep) -> list[str]:
    """The metrics of the stored maps of the code, other seeds' among them."""
    maps = checkpoints.latent_maps(sweep.dataset, sweep.variant)
    if not maps:
        return []
    rows = [
        [
            name,
            f"{latent.latent_dim:,}",
            *map(_number, (latent.test_error, latent.trustworthiness, latent.knn_accuracy)),
        ]
        for name, latent in maps.items()
    ]
    count = len(next(iter(maps.values())).labels)
    head = ("run", "numbers in the code", "test error", "trustworthiness", "accuracy of nearest neighbours")
    at = {("noise", "level"): ", the error at the noise", ("mask_ratio",): ", the error at the ratio"}.get(
        VARIANTS[sweep.variant].axis
    )
    at = f"{at} that the run was trained at" if at else ""
    return [f"The code of {count:,} test inputs{at} ({NONE}: too few to measure):\n\n{_table(head, rows, names=1)}"]


def of_classifier(sweep: Sweep) -> list[str]:
    """What the encoders of a masked sweep were worth to a classifier, where one is stored."""
    if sweep.variant != "masked" or not checkpoints.has_classifier(sweep.dataset):
        return []
    header = checkpoints.classifier_header(sweep.dataset)
    counts, seeds = header.label_counts, max(len(row.accuracies) for row in header.metrics)
    rows = []
    for protocol, ratio in dict.fromkeys((row.protocol, row.ratio) for row in header.metrics):
        found = {row.labels: row.accuracies for row in header.metrics if (row.protocol, row.ratio) == (protocol, ratio)}
        cells = [_accuracy(found[count], seeds) if count in found else NONE for count in counts]
        rows.append([protocol, NONE if ratio is None else percent(ratio), *cells])
    head = (
        "protocol",
        "encoder trained at",
        *("all labels" if count is None else f"{count} per class" for count in counts),
    )
    recipe = header.recipe
    dropout = recipe.get("patch_dropout", 0)
    text = (
        f"Transfer: test accuracy in {len(header.classes)} classes, by labelled images per class: mean over {seeds} "
        "seeds (lowest to highest). "
        f"AdamW, {recipe['few']} steps of up to {recipe['batch_size']} images ({recipe['scratch']} from scratch), "
        f"{recipe['full']} with all labels, "
        f"learning rate up to {recipe['learning_rate']:g}{f', patch dropout {dropout:g}' if dropout else ''}. "
        f"`classifier.safetensors` was fine-tuned from "
        f"{percent(header.ratio)} with all labels and seed {header.seed}: as stored, {100 * header.accuracy:.2f} %."
    )
    if not header.complete:
        text += f" Not all is trained yet: {NONE} has no seed, and where fewer are finished, their number is said."
    return [f"{text}\n\n{_table(head, rows, names=1)}"]


def _accuracy(shares: Sequence[float], seeds: int) -> str:
    """The mean of the seeds' shares in per cent, and their range; of fewer than all, their number."""
    mean, low, high = (100 * value for value in (sum(shares) / len(shares), min(shares), max(shares)))
    if len(shares) < seeds:
        return f"{mean:.1f} % ({len(shares)} seed{'' if len(shares) == 1 else 's'})"
    return f"{mean:.1f} % ({low:.1f}–{high:.1f})"


def _errors(sweep: Sweep) -> str:
    """The table of a variant that has none of its own."""
    rows = [
        (_setting(value), _number(metrics.get("test_error")), _number(metrics.get("train_error")))
        for value, metrics in _metrics(sweep)
    ]
    axis = " × ".join(SYMBOLS.get(name, name) for name in VARIANTS[sweep.variant].axis)
    return _table((axis, "test error", "train error"), rows)


def _bottlenecks(sweep: Sweep) -> str:
    head = ["M", "test error", "PCA's", "train error", "PCA's"]
    with_angles = any("principal_angles" in metrics for _, metrics in _metrics(sweep))
    rows = []
    for value, metrics in _metrics(sweep):
        pca = _metrics_at(sweep.dataset, "pca", value)
        row = [str(value)]
        for name in ("test_error", "train_error"):
            row += [_number(metrics.get(name)), _number(pca.get(name))]
        if with_angles:
            row.append(f"{max(metrics['principal_angles']):.2f}°")
        rows.append(row)
    return _table(head + ["largest principal angle"] * with_angles, rows)


def _sparsity(sweep: Sweep) -> str:
    rows = []
    for value, metrics in _metrics(sweep):
        active, units = metrics["active_units"], metrics["units"]
        share = f"{_number(active)} of {units:,} ({100 * active / units:.1f} %)"
        errors = (_number(metrics[name]) for name in ("test_error", "train_error", "mean_code"))
        rows.append([_setting(value), *errors, share, str(metrics["dead_units"]), _probe(metrics)])
    head = ("λ", "test error", "train error", r"mean \|z\|", "active units", "dead units", "linear-probe error")
    return _table(head, rows)


def _probe(metrics: Mapping) -> str:
    """How often a logistic layer on the code names the class of a test image wrongly."""
    return f"{100 * metrics['probe_error']:.2f} %" if "probe_error" in metrics else NONE


def _noises(sweep: Sweep) -> str:
    """Each denoiser at the level it was trained for, beside the best PCA projection there and the noisy input."""
    dimension = datasets.get(sweep.dataset).dimension
    pca = _metrics_at(sweep.dataset, "pca", dimension)
    rows = []
    for (name, level), metrics in _metrics(sweep):
        place = get_noise(name).test_levels().index(level)
        curves = metrics["error_at"], pca.get(f"{name}_error_at"), metrics["noisy_error_at"]
        errors = [None if curve is None else curve[place] for curve in curves]
        model, projection, noisy = map(_number, errors)
        components = str(pca[f"{name}_components"][place]) if pca else NONE
        psnr = (_psnr(error, dimension) for error in errors)
        rows.append([name, f"{level:g}", model, projection, components, noisy, *psnr, _probe(metrics)])
    head = (
        "noise",
        "level",
        "test error",
        "PCA's",
        "its components",
        "noisy",
        "PSNR",
        "PCA's",
        "noisy",
        "linear-probe error",
    )
    table = _table(head, rows, names=1)
    whole = _on_photographs(sweep, pca)
    return f"{table}\n\n{whole}" if whole else table


def _on_photographs(sweep: Sweep, pca: Mapping) -> str:
    """Each denoiser at its own level on whole photographs, patches side by side and overlapping, in dB."""
    rows = []
    for (name, level), metrics in _metrics(sweep):
        if "photographs" not in metrics:
            return ""
        place = get_noise(name).levels.index(level)
        own = [metrics[f"{patches}_error_at"] for patches in ("side_by_side", "overlapping")]
        others = [pca.get(f"{name}_{what}_error_at") for what in ("overlapping", "nonlocal_means")]
        cells = (_psnr(None if errors is None else errors[place], 1) for errors in (*own, *others))
        rows.append([name, f"{level:g}", *cells])
    words = (
        f"PSNR in dB on {metrics['photographs']} whole test photographs; where patches overlap, at a quarter of their "
        "side, their reconstructions are averaged:"
    )
    head = ("noise", "level", "side by side", "overlapping", "PCA, overlapping", "non-local means")
    return f"{words}\n\n{_table(head, rows, names=1)}"


def _masks(sweep: Sweep) -> str:
    """Errors per value on the removed patches: each run, PCA imputation and the mean of the visible pixels."""
    rows = [(_run_name(sweep, value), metrics, "masked_error_at") for value, metrics in _metrics(sweep)]
    if sweep.variant != "ppca" and "ppca" in checkpoints.available()[sweep.dataset]:
        fill = checkpoints.load(sweep.dataset, "ppca")
        rows += [(_run_name(fill, value), metrics, "masked_error_at") for value, metrics in _metrics(fill)]
    rows.append(("visible mean", sweep.headers[sweep.values[0]].metrics, "mean_imputation_error_at"))
    places = [TEST_MASK_RATIOS.index(ratio) for ratio in MASK_RATIOS]
    table = _table(
        ("removed", *map(percent, MASK_RATIOS)),
        [[name, *(_number(metrics[which][place]) for place in places)] for name, metrics, which in rows],
        names=1,
    )
    words = f"Error on removed patches, on up to {MASKED_IMAGES} test images"
    kinds = _kinds(sweep)
    return f"{words}:\n\n{table}" + (f"\n\n{kinds}" if kinds else "")


def _kinds(sweep: Sweep) -> str:
    """Errors per value under each kind of mask, beside what the kinds were worth to others."""
    sweeps = [sweep]
    if "ppca" in checkpoints.available()[sweep.dataset]:
        sweeps.append(checkpoints.load(sweep.dataset, "ppca"))
    metrics = {_run_name(one, value): found for one in sweeps for value, found in _metrics(one)}
    if sweep.variant == "ppca" or any(
        f"{kind}_error_at" not in found for kind in MASK_KINDS for found in metrics.values()
    ):
        return ""
    rows = [
        [
            f"{theirs.kind}, {percent(theirs.ratio)}",
            *(f"{100 * accuracy:.1f} %" for accuracy in (theirs.finetuned, theirs.probe)),
            *(_number(found[f"{theirs.kind}_error_at"][KIND_RATIOS.index(theirs.ratio)]) for found in metrics.values()),
        ]
        for theirs in MASK_SAMPLING
    ]
    head = ("mask", "theirs, fine-tuned", "theirs, linear probe", *metrics)
    words = (
        f"Kinds of masks: the accuracies are those of {MASK_SAMPLING_SOURCE} (ViT-L, ImageNet, pre-trained with each "
        "kind); the errors are ours, of runs that were trained on random masks alone. Context, not a comparison:"
    )
    return f"{words}\n\n{_table(head, rows, names=1)}"


def _run_name(sweep: Sweep, value: Setting) -> str:
    if sweep.variant == "ppca":
        return f"{VARIANTS['ppca'].title}, M = {value}"
    return f"trained at {percent(value)}"


TABLES = {
    "linear": _bottlenecks,
    "shallow": _bottlenecks,
    "deep": _bottlenecks,
    "sparse": _sparsity,
    "sparse_wide": _sparsity,
    "denoising": _noises,
    "denoising_wide": _noises,
    "masked": _masks,
    "ppca": _masks,
}


def _metrics(sweep: Sweep) -> list[tuple[Setting, Mapping]]:
    return [(value, sweep.headers[value].metrics) for value in sweep.values]


def _metrics_at(dataset: str, variant: str, setting: Setting) -> Mapping:
    """The metrics of one run, empty where there is no such run."""
    if variant not in checkpoints.available().get(dataset, ()):
        return {}
    headers = checkpoints.load(dataset, variant).headers
    return headers[setting].metrics if setting in headers else {}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], names: int = 0) -> str:
    """Columns of metrics, right-aligned, after `names` columns of words."""
    lines = [head, [":---"] * names + ["---:"] * (len(head) - names), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _number(value: float | None) -> str:
    """Four significant digits."""
    return NONE if value is None or math.isnan(value) else f"{value:#.4g}".rstrip(".")


def _psnr(error: float | None, dimension: int) -> str:
    return NONE if error is None else f"{-10 * math.log10(max(error / dimension, 1e-10)):.2f}"


def _setting(value: Setting) -> str:
    return setting_name(value) if isinstance(value, tuple) else f"{value:g}"
