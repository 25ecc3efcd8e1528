"""The static edition without a browser: the walk over choices, what lies in the folder, and exporting again."""

import json
from functools import cache
from pathlib import Path

import pytest

from aedemo.__main__ import main
from aedemo.page.components import Choice, Payload
from aedemo.page.program import program
from aedemo.page.static import Edition, export
from aedemo.page.static.documents import Documents, Place, pieces_of, read_document
from aedemo.page.static.export import IMAGES, MARK, SEEDS
from aedemo.page.static.on_demand import ON_DEMAND
from aedemo.page.static.template import Template, template
from aedemo.page.static.walk import Request, requests_of, walk
from aedemo.page.tab import Part, Tab
from aedemo.page.tabs import TABS
from tests.page.slots import BY_NAME

SMALL = Edition(("digits",), images=2, seeds=2, tabs=("masked",))
LARGEST = 10 * 10**6  # bytes, of a file on the hosts that take no larger one


def quiet(work, total, title):
    return work


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def template_of(name: str) -> Template:
    return template(BY_NAME[name])


@pytest.fixture(scope="module", autouse=True)
def templates_once():
    """Templates are the same in every edition, and most of the work on a small one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(export.__globals__, "template", lambda tab: template_of(tab.name))
        yield


@pytest.fixture(scope="module")
def folder(tmp_path_factory, templates_once) -> Path:
    folder = tmp_path_factory.mktemp("edition") / "site"
    export(folder, SMALL, quiet)
    return folder


# --- the walk --------------------------------------------------------------------------------------------------------
KIND = Choice("kind", "Kind", (("a", "A"), ("b", "B")))
LEVEL = Choice("level", "Level", (("1", "One"),))
TARGET = Choice("target", "Towards", ())
LEVELS = {"a": ("1", "2"), "b": ("3",)}


def answer(image: str, kind: str, level: str, target: str) -> dict:
    """As a tab whose levels depend on the kind, and which goes to any image but the one it shows."""
    levels, others = LEVELS[kind], [name for name in "xyz" if name != image]
    return {
        "choices": {
            "level": {"options": [(v, v) for v in levels], "chosen": level if level in levels else levels[0]},
            "target": {"options": [(v, v) for v in others], "chosen": target if target in others else others[0]},
        },
        "later": {},
    }


def test_a_walk_finds_what_any_image_offers_and_what_gets_the_document_of_another_request():
    parts = (Part("way", lambda *_: Payload(), ("target",), covers=("target",)),)
    tab = Tab("made-up", "Made up", lambda: "", lambda *_: Payload(), choices=(KIND, LEVEL, TARGET), parts=parts)

    def read(image: str, request: Request) -> dict:
        chosen = {choice.name: choice.default for choice in tab.choices} | dict(request.choices)
        found = answer(image, **chosen)
        own = ("target",) if request.part else ("level", "target")
        return found | {"choices": {name: found["choices"][name] | {"hidden": False} for name in own}}

    found = walk(tab, ["x", "y", "z"], read)
    target = {f"part=way&target={image}" for image in "xyz"}
    assert {request.query for request in found.requests} == {"", "level=2", "kind=b&level=3"} | target
    assert {(one.query, other.query) for one, other in found.aliases.items()} == {
        ("kind=b", "kind=b&level=3"), ("kind=b&level=2", "kind=b&level=3"), ("level=3", ""),
    }  # fmt: skip


def test_a_tab_is_asked_for_as_it_begins_and_its_parts_as_they_were_chosen():
    state = {"ratio": "0.5", "mask": "block", "hand": ""}
    assert [request.query for request in requests_of(BY_NAME["masked"], state)] == [
        "ratio=0.5", "part=masks&ratio=0.5&mask=block",
    ]  # fmt: skip


def test_whatever_a_person_makes_on_a_tab_is_in_the_list_of_what_needs_a_server():
    listed = {(row.tab, row.choice) for row in ON_DEMAND}
    choices = {(tab.name, choice.name) for tab in TABS for choice in tab.choices}
    assert {(tab.name, choice.name) for tab in TABS for choice in tab.choices if choice.made} <= listed
    assert listed - choices == {("", ""), ("", "seed"), ("training", "")}
    assert all(row.sentence.endswith("a server behind the page.") for row in ON_DEMAND)


# --- the folder ------------------------------------------------------------------------------------------------------
def test_a_document_says_what_the_server_says(folder):
    tab = BY_NAME["masked"]
    documents = Documents(folder, {tab.name: tab})
    request = Request("masks", (("ratio", "0.5"), ("mask", "block")))
    path = documents.path(tab, Place("digits", "24", 1), request)
    assert path.name == "data=digits,image=24,seed=1,part=masks,ratio=0.5,mask=block.view"
    shown = tab.parts[0].payload("digits", "gallery:24", 1, ratio="0.5", mask="block")
    assert read_document(path.read_bytes())["texts"] == {k: list(v) for k, v in shown.texts.items()}


def test_all_pieces_are_of_a_document_and_no_file_is_too_large(folder):
    there = files(folder)
    views = [read_document(content) for name, content in there.items() if name.startswith("view/")]
    pieces = {name.removeprefix("pieces/").removesuffix(".piece") for name in there if name.startswith("pieces/")}
    assert pieces == set().union(*map(pieces_of, views)) and len(views) == 2 * 2 * 12
    assert max(map(len, there.values())) <= LARGEST
    assert {"index.html", "theme.css", ".nojekyll", "README.md", "gallery/data=digits.json"} <= there.keys()
    assert "\nsdk: static\n" in there["README.md"].decode()
    assert b"static-edition.invalid" not in there["index.html"]


def test_exporting_again_gives_the_same_bytes_and_makes_only_what_is_missing(folder, tmp_path):
    before = files(folder)
    other = tmp_path / "other"
    export(other, SMALL, quiet)
    assert files(other) == before
    views = sorted((other / "view" / "masked").iterdir())
    stays = views[1].stat().st_mtime_ns
    for view in (views[0], views[2]):
        view.unlink()
    (other / "view" / "masked" / "data=digits,image=24,seed=9.view").write_bytes(b"of an earlier export")
    export(other, SMALL, quiet)
    assert views[1].stat().st_mtime_ns == stays and files(other) == before


def test_views_of_another_release_are_made_anew_and_a_strange_folder_is_left_alone(folder, tmp_path, capsys):
    other = tmp_path / "other"
    export(other, Edition(("digits",), images=1, seeds=1, tabs=("linear",)), quiet)
    (view,) = (other / "view" / "linear").iterdir()
    content = view.read_bytes()
    view.write_bytes(b"of another release")
    (other / MARK).write_text(json.dumps({"release": "0123456789ab"}))
    export(other, Edition(("digits",), images=1, seeds=1, tabs=("linear",)), quiet)
    assert view.read_bytes() == content
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    assert main(["export", str(mine)]) == 2
    assert "holds other files" in capsys.readouterr().err and list(mine.iterdir()) == [mine / "letter.txt"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["--data", "imagenet"], "'imagenet' has no models; choose from"), (["--images", "0"], "images are 0"),
     (["--live", "example.org"], "begins with https://")],
)  # fmt: skip
def test_a_mistake_is_one_sentence(arguments, message, tmp_path, capsys):
    assert main(["export", str(tmp_path / "site"), *arguments]) == 2
    assert message in capsys.readouterr().err and not (tmp_path / "site").exists()


def test_a_guided_step_finds_its_image_whatever_the_number_of_images():
    source = Edition(images=1, seeds=SEEDS).source
    if "photos" not in dict(source.data_sets):
        pytest.skip("photos have no models here")
    assert [item.id for item in source.gallery("photos")] == ["china", "coffee"] and IMAGES >= 5


@pytest.mark.parametrize("tab", TABS, ids=[tab.name for tab in TABS])
def test_a_template_filled_with_what_a_program_begins_with_is_that_program(tab):
    found = template_of(tab.name)
    literals = [name["literal"] for name in found.names]
    written = "".join(text + literal for text, literal in zip(found.text, [*literals, ""], strict=True))
    values = {name["key"]: literal.strip('"') for name, literal in zip(found.names, literals, strict=True)}
    assert written == program(tab.name, {key: value for key, value in values.items() if value})
    assert all(found.offered[name["name"]] for name in found.names if name["name"] != "HAND")
