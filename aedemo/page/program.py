"""The code of a view: the program of its tab (programs/<tab>.py) with what is chosen on the page written into it.

The settings of a program stand on its top as `NAME = literal`. Each but DATA, IMAGE and SEED is a control of the tab,
whose name is its key in links (MASK_RATIO: `masked-mask-ratio`, on Compare `mask-ratio`) and which says what it offers.
What is written into a program comes from there, never from the text that was received.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from importlib.resources import files

from aedemo import checkpoints, datasets
from aedemo.checkpoints import setting_name
from aedemo.explore.gallery import gallery
from aedemo.explore.masked import BY_HAND, START_RATIO, from_hex
from aedemo.explore.opened import parse_frame
from aedemo.models import VARIANTS
from aedemo.page.components import Choice, Offer, Slider
from aedemo.page.renamed import VALUES, renamed
from aedemo.page.sidebar import SEEDS
from aedemo.page.tab import Tab
from aedemo.page.tabs import ALL_TABS
from aedemo.page.training import TAB as TRAINING
from aedemo.page.training import settings_of_link

Settings = dict[str, object]  # by the names in a program
# Each program reads an image of the gallery; of other images it says where they are from in other words.
FROM_GALLERY, GALLERY_WORDS = "aedemo.from_gallery(DATA, IMAGE)", "its name in the gallery"
FROM_FILE, FILE_WORDS = "aedemo.uploads.for_dataset(aedemo.uploads.read(IMAGE), DATA{frame})", "a file of your own"
FROM_MAP, MAP_WORDS = "aedemo.from_map(DATA, IMAGE)", "a test image in the maps, or what PCA keeps of it"
CUSTOM_FILE = "mine.png"
# What the sidebar offers.
OFFERS: dict[str, Offer] = {
    "DATA": lambda chosen: tuple(checkpoints.available()),
    "IMAGE": lambda chosen: tuple(item.id for item in gallery(chosen["DATA"])),
    "SEED": lambda chosen: range(SEEDS + 1),
}


def program(tab: str, values: Mapping[str, str]) -> str:
    """A short Python program that computes what a tab shows and prints its numbers.

    values: by the keys above, and `data`, `image` (a name in the gallery, "" for a user's), `seed`; for a user's
    image `frame`, the part that the models see, "0.1,0.2,0.9,0.8" (or `crop`, as older links have it, where the
    square was cut, "0.5,0.25"); on Latent `point`, a test image by its index in the maps, which takes the image's
    place. What is left out or empty is as the program has it, or what comes nearest to that.
    Raises ValueError for an unknown tab or key, and for a value that the page does not offer.
    """
    tab, values = VALUES.get(tab, tab), renamed(values)
    rows = {row.name: row for row in sorted(ALL_TABS, key=lambda row: row.name)}
    if tab not in rows:
        raise ValueError(f"tab {tab!r} is unknown; choose one of {', '.join(rows)}")
    source = read_program(tab)
    if tab == TRAINING.name:
        return with_settings(source, settings_of_link(values).program())
    defaults = {name: ast.literal_eval(node.value) for node, name in assigned(source)}
    defaults.setdefault("SEED", 0)  # every link has one, used or not
    keys, offers = keys_of(rows[tab], defaults), offers_of(rows[tab])
    others = tuple(control.name for control in controls(rows[tab]) if control.name not in keys.values())
    if unknown := set(values) - {*keys.values(), *others, "frame", "crop"}:
        known = (*keys.values(), "frame", *others)
        raise ValueError(f"{tab} has no setting {min(unknown)!r}; choose from {', '.join(known)}")
    for key in others:
        if not re.fullmatch(r"[\d.:]*", values.get(key) or ""):
            raise ValueError(f"{key} is {values[key]!r}; give numbers")
    own, point = values.get("image") == "", values.get("point")
    frame = _frame(values.get("frame") or values.get("crop") or "")
    chosen = {"IMAGE": CUSTOM_FILE} if own else {}
    for name, default in defaults.items():  # in their order: what is offered depends on those above
        if name not in chosen:
            chosen[name] = _choose(keys[name], values.get(keys[name]), offers[name](chosen), default)
    if chosen.get("MASK") == BY_HAND:
        chosen |= _mask_by_hand(chosen["DATA"], values.get("hand", ""))
    if point and (index := _point(point, chosen)) is not None:
        chosen["IMAGE"] = index
        source = source.replace(FROM_GALLERY, FROM_MAP).replace(GALLERY_WORDS, MAP_WORDS)
    elif own:
        source = source.replace(FROM_GALLERY, FROM_FILE.format(frame=frame)).replace(GALLERY_WORDS, FILE_WORDS)
    return with_settings(source, chosen)


def read_program(tab: str) -> str:
    """The text of programs/<tab>.py."""
    return (files("aedemo") / "programs" / f"{tab}.py").read_text("utf-8")


def assigned(source: str) -> Iterator[tuple[ast.Assign, str]]:
    """The lines `NAME = literal` of a program, each with its name."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
            yield node, node.targets[0].id


def with_settings(source: str, chosen: Settings) -> str:
    """The program with other literals behind its settings; the words beside them stay."""
    lines = source.splitlines(keepends=True)
    for node, name in assigned(source):
        line = lines[node.lineno - 1]
        lines[node.lineno - 1] = f"{name} = {literal(chosen[name])}{line[node.value.end_col_offset :]}"
    return "".join(lines)


def literal(value: object) -> str:
    """As ruff would write it: strings in double quotes."""
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))})"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def controls(tab: Tab) -> tuple[Slider | Choice, ...]:
    """All that can be set on a tab."""
    return (*tab.choices, *tab.sliders)


def name_of(tab: Tab, control: Slider | Choice) -> str:
    """The name of a control in its tab's program: "linear-bottleneck" on Linear -> BOTTLENECK."""
    return control.name.replace("-", "_").removeprefix(f"{tab.name}_").upper()


def offers_of(tab: Tab) -> dict[str, Offer]:
    """What each setting offers, by its name; where two controls have one name, the first."""
    return {name_of(tab, control): control.offered for control in reversed(controls(tab))} | OFFERS


def keys_of(tab: Tab, names: Iterable[str]) -> dict[str, str]:
    """The keys in links of a program's settings, by their names there."""
    keys = {name_of(tab, control): control.name for control in reversed(controls(tab))}
    return {name: name.lower() if name in OFFERS else keys[name] for name in names}


def _choose(key: str, text: str | None, offered: Sequence, default: object) -> object:
    """What a text says, of what is offered; without one what is nearest to the default, where nothing is offered it."""
    if not offered:
        return default
    if text:
        for value in offered:
            if _says(text, value):
                return value
        span = isinstance(offered, range)
        range_words = f"take a whole number from {offered[0]} to {offered[-1]}" if span else ""
        raise ValueError(f"{key} is {text!r}; {range_words or 'choose one of ' + ', '.join(map(shown_as, offered))}")
    if all(isinstance(value, int | float) for value in (default, *offered)):
        return min(offered, key=lambda value: abs(value - default))
    return default if default in offered and key != "target" else offered[0]  # the page chooses by itself


def _says(text: str, value: object) -> bool:
    """Whether a text names a value: "010" and "10" both 10, "75 %" and "0.75" both 0.75."""
    if not isinstance(value, int | float):
        return text == shown_as(value)
    try:
        return value == (float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text))
    except ValueError:
        return False


def shown_as(value: object) -> str:
    """A value as links and controls say it."""
    return setting_name(value) if isinstance(value, tuple) else str(value)


def _frame(text: str) -> str:
    """ "0.1,0.2,0.9,0.8" as an argument of `for_dataset`; nothing of "", where the program guesses as the page does."""
    if not text:
        return ""
    number = r"(?:[01](?:\.\d{1,6})?)"
    if not re.fullmatch(rf"{number}(,{number}){{1,3}}", text):
        raise ValueError(f"frame is {text!r}; give left, top, right and bottom from 0 to 1, as 0.1,0.2,0.9,0.8")
    frame = parse_frame(text, (2, 2))
    if text.count(",") == 3:
        return f", aedemo.uploads.Frame({', '.join(f'{side:g}' for side in astuple(frame))})"
    across, down = map(float, text.split(","))
    size = "*aedemo.uploads.read(IMAGE).shape[1:]"
    return "" if across == down == 0.5 else f", aedemo.uploads.Frame.square({size}, {across:g}, {down:g})"


def _mask_by_hand(data: str, digits: str) -> Settings:
    """The mask as it was made; where it is none of this data set's, the random one at 75 %, as the page has it."""
    if not re.fullmatch(r"[0-9a-f]*", digits):
        raise ValueError(f"hand is {digits!r}; give hexadecimal digits, four patches each")
    masked = checkpoints.load(data, "masked")
    if from_hex(digits, masked[masked.values[0]].grid) is None:
        return {"MASK": "random", "MASK_RATIO": START_RATIO}
    return {"HAND": digits}


def _point(text: str, chosen: Settings) -> int | None:
    """The index of a test image; None on a map of whole photographs, which are not those of PCA's map beside it."""
    data, variant = chosen["DATA"], chosen["VARIANT"]
    found = checkpoints.load_latent_map(data, variant, chosen["RUN"])
    index = _choose("point", text, range(len(found.labels)), None)
    return None if VARIANTS[variant].masks and datasets.get(data).patchwise else index
