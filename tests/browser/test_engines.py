"""The page in Firefox and in WebKit, so on every iPhone: the parts that an engine may do otherwise than Chromium."""

import base64
import io
import json
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import lacking
from tests.browser.engines import ENGINES, PATIENCE
from tests.browser.server import SharedServer
from tests.page.slots import BY_NAME

# A person's hand, as events: the position in shares of the element, with what a mouse would say.
HAND = """window.hand = (selector, ...moves) => {
  const element = document.querySelector(selector), box = element.getBoundingClientRect();
  element.scrollIntoView({ block: "center" });
  const { left, top, width, height } = element.getBoundingClientRect();
  element.setPointerCapture = () => {};
  moves.forEach(([kind, x, y]) => element.dispatchEvent(new PointerEvent(kind, { bubbles: true, cancelable: true,
    pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, buttons: kind === "pointerup" ? 0 : 1,
    clientX: left + x * width, clientY: top + y * height })));
}"""


@pytest.fixture(scope="module", params=ENGINES)
def engine(request, server: SharedServer) -> Iterator:
    """One engine with the page open; what it complains of fails the test in which it does."""
    kind = ENGINES[request.param]
    if missing := kind.lacks():
        lacking(f"tests in {request.param} need {kind.needs}: {missing} is not installed")
    started = kind()
    started.open(f"{server.url}#data=digits")
    until(
        started,
        "document.querySelector('#ae-tabs [role=tab]') && document.querySelector('#view-compare[data-state=ready]')",
    )
    started.run(f"(() => {{ {HAND} }})()")
    yield started
    started.close()


@pytest.fixture(autouse=True)
def silent(engine):
    yield
    assert engine.errors == []


def until(engine, condition: str) -> None:
    ends = time.monotonic() + PATIENCE
    while not engine.run(f"Boolean({condition})"):
        assert time.monotonic() < ends, f"never true in this engine: {condition}"
        time.sleep(0.05)


def tab(engine, name: str) -> None:
    engine.run(f"document.querySelector('#ae-tabs [role=tab][data-tab-id={name}]').click()")
    until(engine, f"aedemo.active === '{name}' && document.querySelector('#view-{name}').dataset.state === 'ready'")


def choose(engine, data: str) -> None:
    engine.run(f"document.querySelector('#ae-sidebar input[value={data}]').click()")
    until(engine, f"aedemo.state.data === '{data}'")
    until(engine, "document.querySelector(`#view-${aedemo.active}`).dataset.state === 'ready'")


def pixels(engine, selector: str) -> np.ndarray:
    uri = engine.run(f"document.querySelector('{selector}').toDataURL()")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.partition(",")[2]))).convert("RGB")).astype(int)


def filmstrip(tab: str, name: str) -> str:
    return f'#view-{tab} .filmstrip[data-name="{name}"] canvas'


def test_every_tab_is_ready_and_shows_an_image(engine):
    for name in BY_NAME:
        tab(engine, name)
        shown = engine.run(f"[...document.querySelectorAll('#view-{name} canvas')].filter((c) => c.width > 1).length")
        assert shown > 0, name


@pytest.mark.parametrize("data", ["mnist", "photos", "digits"])
def test_thumbnails_are_square(data, engine):
    tab(engine, "linear")  # which is drawn sooner than others
    choose(engine, data)
    sizes = engine.run(
        "[...document.querySelectorAll('.ae-thumbs button')].map((b) => [b, b.firstChild].map((e) => "
        "e.getBoundingClientRect()).flatMap(({ width, height }) => [width, height]))"
    )
    assert len(sizes) >= 12
    for width, height, inner_width, inner_height in sizes:
        assert (
            width == pytest.approx(height, abs=1) and inner_width == pytest.approx(inner_height, abs=1) and width > 30
        )


def test_a_slider_moves_the_frames(engine):
    choose(engine, "digits")
    tab(engine, "linear")
    seen = []
    for value in (0, 5):
        engine.run(
            f"(() => {{ const s = document.querySelector('#linear-bottleneck-input'); s.value = {value};"
            "s.dispatchEvent(new Event('input', { bubbles: true })); })()"
        )
        seen.append(pixels(engine, filmstrip("linear", "linear")))
        assert engine.run("document.querySelector('.filmstrip[data-name=linear]').dataset.frame") == str(value)
    assert np.abs(seen[0] - seen[1]).max() > 30


def test_a_drawing_reaches_the_models(engine):
    tab(engine, "compare")
    engine.run("document.querySelector('[data-do=draw]').click()")
    until(engine, "document.querySelector('.ae-pad').offsetWidth > 0")
    stroke = [
        ["pointerdown", 0.5, 0.2],
        *(["pointermove", 0.5, 0.2 + 0.06 * k] for k in range(1, 11)),
        ["pointerup", 0.5, 0.8],
    ]
    engine.run(f"hand('.ae-pad', ...{json.dumps(stroke)})")
    ends = time.monotonic() + PATIENCE
    while (
        not 10 < (pixels(engine, filmstrip("compare", "saw-pca"))[..., 0] > 128).sum() < 200
    ):  # a stroke on a dark ground
        assert time.monotonic() < ends
        time.sleep(0.1)
    engine.run("document.querySelector('[data-do=done]').click()")


def test_an_upload_reaches_the_models(engine):
    before = engine.run("aedemo.state.image")
    image = np.zeros((90, 90, 3), np.uint8)
    image[20:70, 40:50] = 255
    stream = io.BytesIO()
    Image.fromarray(image).save(stream, "PNG")
    text = base64.b64encode(stream.getvalue()).decode()
    engine.run(
        f"(() => {{ const bytes = Uint8Array.from(atob('{text}'), (c) => c.charCodeAt(0)), moved = new DataTransfer();"
        "moved.items.add(new File([bytes], 'mine.png', { type: 'image/png' }));"
        "const input = document.querySelector('.ae-sidebar-inner > input[type=file]'); input.files = moved.files;"
        "input.dispatchEvent(new Event('change', { bubbles: true })); })()"
    )
    until(engine, f"aedemo.state.image !== {json.dumps(before)}")
    until(engine, "document.querySelector('#view-compare').dataset.state === 'ready'")
    ends = time.monotonic() + PATIENCE
    while pixels(engine, filmstrip("compare", "saw-pca")).max() < 200:
        assert time.monotonic() < ends
        time.sleep(0.1)


def test_a_plane_decodes_where_the_pointer_is(engine):
    tab(engine, "deep")
    plane = '[data-name="plane-deep"]'
    engine.run(f"document.querySelector('{plane}').scrollIntoView({{ block: 'center' }})")
    until(engine, f"document.querySelector('{plane} .main-svg')")
    cells = set()
    for x in (0.3, 0.5, 0.8):
        engine.run(f"hand('{plane}', ['pointermove', {x}, 0.5])")
        cells.add(engine.run(f"document.querySelector('{plane}').dataset.cell"))
    assert len(cells) == 3


def test_a_mask_is_made_by_hand(engine):
    tab(engine, "masked")
    image = "#view-masked [data-widget=patches] .ae-image"
    before = pixels(engine, filmstrip("masked", "masked"))
    engine.run(f"hand('{image}', ['pointerdown', 0.5, 0.5], ['pointerup', 0.5, 0.5])")
    until(engine, "document.querySelector('#view-masked input[value=hand]').checked")
    until(engine, "document.querySelector('#view-masked').dataset.state === 'ready'")
    assert np.abs(pixels(engine, filmstrip("masked", "masked")) - before).max() > 20


def test_the_guide_leads_to_its_tab(engine):
    engine.run("document.querySelector('[data-tool=tour]').click()")
    until(engine, "document.body.classList.contains('ae-on-tour') && aedemo.active === 'deep'")
    until(engine, "document.querySelector('#view-deep')?.dataset.state === 'ready'")
    assert engine.run("document.querySelector('#ae-tour .ae-tour-title').textContent").startswith("What")
    engine.run("document.querySelector('#ae-tour [data-tour=leave]').click()")


def test_dark_is_dark(engine):
    light = engine.run("getComputedStyle(document.body).backgroundColor")
    engine.run("document.querySelector('[data-theme-toggle]').click()")
    dark = engine.run("getComputedStyle(document.body).backgroundColor")
    engine.run("document.querySelector('[data-theme-toggle]').click()")
    bright, dim = (sum(map(int, colour[colour.index("(") + 1 : -1].split(",")[:3])) for colour in (light, dark))
    assert bright > 600 and dim < 120
