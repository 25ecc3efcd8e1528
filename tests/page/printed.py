"""What the program of a view has to print and draw, in the words of the tab's payload."""

from __future__ import annotations

import re

FRAME = 6  # where each slider stands: M = 30, to which the deeper network was trained too
SEVEN = ("pca", "linear", "shallow", "deep", "sparse", "denoising", "masked")
DRAWN = {  # the filmstrips that a program's image has, in its order
    "compare": [f"{row}-{variant}" for row in ("saw", "reconstruction") for variant in SEVEN],
    "linear": ["image", "linear", "shallow", "pca"],
    "deep": ["image", "deep", "deeper", "pca", "interpolation-deep", "interpolation-pca", "interpolation-blend"],
    "latent": ["chosen", "reconstruction-code", "reconstruction-pca"],
    "sparse": ["image", "sparse", "pca"],
    "denoising": ["noisy", "denoised", "pca", "clean"],
    "masked": ["masked", "reconstruction", "joined", "pca", "clean"],
    "your_image": ["image", *(f"reconstruction-{variant}" for variant in SEVEN), "chosen"],
}


def at(lines):
    """What a slot shows where the slider stands; one line, or one image, serves all positions."""
    return lines if isinstance(lines, str) else lines[min(FRAME, len(lines) - 1)]


def missing(filmstrip: dict) -> bool:
    """Whether no model made an image where the slider stands."""
    return min(FRAME, filmstrip["frames"] - 1) in filmstrip.get("missing", ())


def expected(tab: str, filled: dict) -> list[str | re.Pattern]:
    """What a program has to print, made of the page's words."""
    filmstrips, texts = filled["filmstrips"], filled["texts"]

    def big(name: str) -> str:
        return at(filmstrips[name]["big"]).replace("∞", "100.0")  # a program prints the bound that its errors have

    def small(name: str) -> str:
        return at(filmstrips[name]["small"])

    if tab == "linear":
        words = at(texts["columns"])
        angle = "0.00" if "less than 0.01°" in words else re.search(r"([\d.]+)°", words)[1]
        return [*(f"{v}: {big(v)}" for v in DRAWN[tab][1:]), f"largest angle between their spans: {angle}°"]
    if tab == "deep":
        trained = [v for v in DRAWN[tab][1:4] if big(v) != "–"]
        return [*(f"{v}: {big(v)}" for v in trained), f"the way through codes of {big('interpolation-deep')}"]
    if tab == "sparse":
        strongest = [words for _, words in at(filled["images"]["filters"]["shown"])][:6]
        components = small("pca").partition(",")[0]
        answers = [f"sparse: {big('sparse')}", f"PCA, {components} of its components: {big('pca')}"]
        return [small("sparse"), *answers, "strongest units: " + " ".join(strongest)]
    if tab == "denoising":
        named = {"noisy": "noisy", "denoised": "denoised", "PCA": "pca"}
        components = small("pca").split()[0]
        return [
            f"PCA keeps {components} components",
            *(f"{name}: {big(filmstrip)}" for name, filmstrip in named.items()),
        ]
    return {"compare": _compare, "latent": _latent, "masked": _masked, "your_image": _place}[tab](filled, big, small)


def _compare(filled, big, small) -> list[str]:
    texts = filled["texts"]
    numbers = [[at(texts[f"{metric}-{v}"]).replace("∞", "100.0") for metric in ("psnr", "ssim", "mse")] for v in SEVEN]
    return [f"{v}: {', '.join(metrics)}" for v, metrics in zip(SEVEN, numbers, strict=True)]


def _latent(filled, big, small) -> list[str | re.Pattern]:
    lines = []
    for side, variant in (("code", filled["choices"]["variant"]["chosen"]), ("pca", "pca")):
        plane, near = filled["planes"][f"latent-{side}"], filled["images"][f"near-{side}"]["shown"][0]
        error = filled["texts"][f"figures-{side}"].split()[2]
        size = filled["texts"]["which"].partition(": ")[2].split()[0] if side == "code" else r"\d+"
        lines.append(re.compile(f"{variant}: {size} numbers, test error {re.escape(error)}"))
        if not missing(filled["filmstrips"][f"reconstruction-{side}"]):  # of a code that no decoder takes
            lines.append(f"{variant} reconstruction: {big(f'reconstruction-{side}')}")
        lines.append(f"{variant} has near it: {' '.join(words for _, words in near)}")
        marks = [" ".join(f"{value:.4g}" for value in mark) for mark in plane["marks"]]
        if plane["picked"] is None:  # of a test image the stored code is shown, which has fewer digits
            lines.append(re.compile(f"{variant} places it at: ({'|'.join(map(re.escape, marks))})"))
    return lines


def _masked(filled, big, small) -> list[str]:
    texts, error = filled["texts"], ("removed", "visible", "removed, PCA")
    values = [
        at(texts[f"{name}-error"]).rpartition(": ")[2].replace("–", "nan") for name in ("masked", "visible", "pca")
    ]
    lines = [f"{big('masked')} seen", f"reconstruction: {big('reconstruction')}", f"visible put back: {big('joined')}"]
    lines += [f"PCA imputation: {big('pca')}"]
    lines += [f"error on {name}: {value}" for name, value in zip(error, values, strict=True)]
    return lines + ([f"named: {texts['named']}"] if texts["named"] else [])


def _place(filled, big, small) -> list[str | re.Pattern]:
    lines = []
    for v in SEVEN:
        percentile = re.escape(at(filled["texts"][f"rank-{v}"]))
        lines.append(
            re.compile(
                rf"{v}: {re.escape(big(f'reconstruction-{v}'))}, error \S+, larger than {percentile} of the test errors"
            )
        )
    error = re.search(r": ([\d.e+-]+)\. The line", at(filled["texts"]["how"]))[1]
    return [*lines, re.compile(rf"deep: .*, error {re.escape(error)}, .*")]
