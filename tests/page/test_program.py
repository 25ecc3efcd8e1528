"""The program of a view, run: it prints the numbers that stand in the page, and draws the same images."""

import ast
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage import data

from aedemo import uploads
from aedemo.explore.gallery import SEEN
from aedemo.page.program import controls, keys_of, program, read_program
from aedemo.page.sprites import png
from aedemo.page.tabs import TABS
from tests.explore.reference import DATASETS, SEED, identity
from tests.page import printed
from tests.page.printed import DRAWN, FRAME, at, expected
from tests.page.slots import BY_NAME, decoded, payload, slots
from tests.test_imports import PACKAGE, ROOT, imported

OTHERWISE = {"denoising": {"kind": "masking", "trained_at": "0.4"}, "masked": {"mask": "block"}}
DIGITS = (
    ("deep", {"target": "7"}),
    ("denoising", {"trained_at": "0.1"}),
    ("masked", {"mask": "hand", "hand": "e7c1", "ratio": "0.5"}),
    ("masked", {"mask": "hand", "hand": "e7"}),  # of another data set
    ("latent", {"run": "010", "axes": "units", "across": "4", "up": "2"}),
    ("latent", {"run": "030", "point": "17"}),
    ("latent", {"variant": "masked", "run": "0.75"}),
    ("latent", {"variant": "denoising", "run": "gaussian-0.3"}),
)
SLOW = ("compare", "your_image")  # over digits and photographs, which are of the two kinds
VIEWS = [
    (tab.name, dataset, OTHERWISE.get(tab.name, {}))
    for tab in TABS
    for dataset in (("digits", "photos") if tab.name in SLOW else DATASETS)
]
VIEWS += [(tab, "digits", choices) for tab, choices in DIGITS]
EVIL = '0"; import os #'
UNITS = {"run": "010", "axes": "units"}
BESIDE = {"latent": {"point"}, "sparse": {"unit", "sparse-unit"}}  # controls that are no settings of a program
NEEDED = {"hand": {"mask": "hand"}, "across": UNITS, "up": UNITS}  # without which these mean nothing


def shown(tab: str, dataset: str, choices: dict) -> tuple[dict, dict]:
    """What the page shows of a view, and what it would ask of `program`."""
    chosen = {control.name: control.default for control in BY_NAME[tab].choices} | choices
    filled = payload(tab, dataset, tuple(chosen.items()))
    chosen |= {name: options["chosen"] for name, options in filled["choices"].items()}  # as the page takes them over
    sliders = {name: at(axis["labels"]) for name, axis in filled["sliders"].items()}
    image = identity(dataset).removeprefix("gallery:")
    return filled, {"data": dataset, "image": image, "seed": str(SEED), **chosen, **sliders}


def run(written: str, folder: Path, capsys) -> list[str]:
    """The lines that a program prints, run in an empty folder."""
    file = folder / "view.py"
    file.write_text(written, "utf-8")
    runpy.run_path(str(file))
    return capsys.readouterr().out.splitlines()


def assert_says(lines: list[str], tab: str, filled: dict) -> None:
    for line in expected(tab, filled):
        found = line in lines if isinstance(line, str) else any(line.fullmatch(other) for other in lines)
        assert found, f"{line!r} is not in {lines}"


@pytest.mark.parametrize(("tab", "dataset", "choices"), VIEWS, ids=["-".join([t, d, *c.values()]) for t, d, c in VIEWS])
def test_it_prints_the_pages_numbers_and_draws_its_images(tab, dataset, choices, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    filled, values = shown(tab, dataset, choices)
    assert_says(run(program(tab, values), tmp_path, capsys), tab, filled)
    sheet = np.asarray(Image.open(f"{tab}.png").convert("RGB")).astype(int)
    for k, name in enumerate(name for name in DRAWN[tab] if not printed.missing(filled["filmstrips"][name])):
        image = at(decoded(filled["filmstrips"][name])).astype(int)
        row, column = divmod(k, (sheet.shape[1] - 2) // 258)
        cell = sheet[2 + 258 * row :, 2 + 258 * column :]
        rows, columns = (np.ceil(np.arange(length) * 256 / length).astype(int) for length in image.shape[:2])
        difference = np.abs(cell[rows][:, columns] - image)
        assert difference.max() <= 1 if len(image) < 64 else difference.mean() < 6, name  # photographs come as JPEG


@pytest.mark.parametrize("frame", [0, 99], ids=["start", "end"])
@pytest.mark.parametrize("tab", [name for name in BY_NAME if name != "latent"])
def test_at_the_ends_of_its_sliders_too(tab, frame, tmp_path, monkeypatch, capsys):
    """Where nothing is removed, nothing kept, every component used."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(printed, "FRAME", frame)
    filled, values = shown(tab, "digits", {})
    assert_says(run(program(tab, values), tmp_path, capsys), tab, filled)


@pytest.mark.parametrize("dataset", ["digits", "photos"])
def test_a_user_image_is_read_from_its_file(dataset, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(data.coffee()[:200, :300]).save("mine.png")
    seen = uploads.for_dataset(uploads.read("mine.png"), dataset, uploads.Frame.square(200, 300, 1, 0))
    filled = BY_NAME["linear"].payload(dataset, SEEN + png(seen.numpy()), SEED)
    for frame in ({"crop": "1,0"}, {"frame": "0.3333,0,1,1"}):  # as links had it before, and as they have it now
        written = program("linear", {"data": dataset, "image": "", **frame, "linear-bottleneck": "30"})
        assert "its name in the gallery" not in written
        lines = run(written, tmp_path, capsys)
        assert lines[:3] == [f"{v}: {filled.filmstrips[v].big[FRAME]}" for v in ("linear", "shallow", "pca")]


def test_one_saved_and_run_by_python_says_the_same(tmp_path):
    filled, values = shown("linear", "digits", {})
    (tmp_path / "saved.py").write_text(program("linear", values), "utf-8")
    done = subprocess.run(
        [sys.executable, "saved.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == expected("linear", filled) and (tmp_path / "linear.png").is_file()


@pytest.mark.parametrize("tab", BY_NAME)
def test_each_is_short_and_knows_no_page(tab):
    file = PACKAGE / "programs" / f"{tab}.py"
    lines = [line for line in file.read_text("utf-8").splitlines() if line]
    assert 15 <= len(lines) <= 45
    rooms = {".".join(name.split(".")[:2]) for name in imported(file)}
    assert not rooms & {"aedemo.page", "aedemo.explore"} and "gradio" not in {name.split(".")[0] for name in rooms}


def keys(tab: str) -> set[str]:
    """All that the page can say of a view."""
    sliders = {slot.name for slot in slots(tab) if slot.part == "slider"}
    return {"data", "image", "seed", *sliders, *(control.name for control in BY_NAME[tab].choices)}


@pytest.mark.parametrize("tab", BY_NAME)
def test_every_control_of_the_page_is_a_setting_and_no_text_is_pasted(tab):
    with pytest.raises(ValueError, match=f"{tab} has no setting 'colour'; choose from data, image") as error:
        program(tab, {"colour": "red"})
    named = set(re.findall(r"[\w-]+", str(error.value).partition("choose from ")[2]))
    assert named == keys(tab) | {"frame"}
    settings = re.findall(r"^([A-Z_]+) = ", read_program(tab), re.MULTILINE)
    beside = {control.name for control in controls(BY_NAME[tab])} - set(keys_of(BY_NAME[tab], settings).values())
    assert beside == BESIDE.get(tab, set())
    for key in named:
        with pytest.raises(ValueError, match=rf"^{key} is '0\"; import os #'"):
            program(tab, {**NEEDED.get(key, {}), key: EVIL})


@pytest.mark.parametrize(
    ("tab", "values", "words"),
    [
        (
            "../page/sidebar",
            {},
            "tab '../page/sidebar' is unknown; choose one of compare, deep, denoising, latent, linear",
        ),
        ("linear", {"data": "letters"}, "data is 'letters'; choose one of photos, mnist"),
        ("linear", {"data": "digits", "image": "x"}, "image is 'x'; choose one of 24, 16"),
        ("linear", {"seed": "-1"}, "seed is '-1'; take a whole number from 0 to 20"),
        (
            "linear",
            {"data": "digits", "linear-bottleneck": "11"},
            "linear-bottleneck is '11'; choose one of 1, 2, 3, 5",
        ),
        (
            "denoising",
            {"kind": "gaussian", "denoising-noise": "0.6"},
            "denoising-noise is '0.6'; choose one of 0.0, 0.0",
        ),
        ("denoising", {"kind": "masking", "trained_at": "0.3"}, "trained_at is '0.3'; choose one of 0.1, 0.25, 0.4"),
        ("latent", {"variant": "denoising", "run": "002"}, "run is '002'; choose one of gaussian-0.3"),
        ("latent", {"axes": "units"}, "axes is 'units'; choose one of "),
        ("latent", {"run": "010", "axes": "units", "up": "12"}, "up is '12'; choose one of 1, 2"),
        ("latent", {"point": "360"}, "point is '360'; take a whole number from 0 to 359"),
        ("masked", {"mask": "hand", "hand": "xyz"}, "hand is 'xyz'; give hexadecimal digits"),
        ("linear", {"image": "", "crop": "0.5,1.5"}, "across and down must lie between 0 and 1"),
        ("linear", {"image": "", "frame": "0.5,1.5"}, "across and down must lie between 0 and 1"),
        ("linear", {"image": "", "frame": "0.5,0,0.4,1"}, "A frame is left, top, right, bottom between 0 and 1"),
        ("linear", {"image": "", "frame": "0.5,0,0.4"}, "frame is '0.5,0,0.4'; give left, top, right and bottom"),
        ("linear", {"linear-bottleneck": "nan"}, "linear-bottleneck is 'nan'"),
    ],
)
def test_what_the_page_does_not_offer_is_a_sentence(tab, values, words):
    with pytest.raises(ValueError, match=f"^{re.escape(words)}"):
        program(tab, values)


@pytest.mark.parametrize("tab", BY_NAME)
def test_settings_are_literals_with_their_words_and_nothing_else_changes(tab):
    first, other = (program(tab, {"data": name, "seed": "5"}).splitlines() for name in ("digits", "fashion"))
    changed = [(a, b) for a, b in zip(first, other, strict=True) if a != b]
    assert ('DATA = "digits"', 'DATA = "fashion"') in changed
    for a, b in changed:
        assert a.split(" = ")[0] == b.split(" = ")[0] and a.partition("  #")[2] == b.partition("  #")[2]
        assert all(isinstance(ast.parse(line).body[0], ast.Assign) for line in (a, b))


def test_a_ratio_is_read_as_the_slider_says_it():
    assert "MASK_RATIO = 0.3 " in program("masked", {"masked-mask-ratio": "30 %"})
    assert program("masked", {"masked-mask-ratio": "0.30"}) == program("masked", {"masked-mask-ratio": "30 %"})
