"""What the server draws from strokes is what the canvas of the drawing pad shows."""

import json

import numpy as np
import pytest

from aedemo.uploads.drawing import Drawing

SHEET = "#ae-sidebar .ae-pad"
CIRCLE = [[140 + 80 * np.cos(t), 140 + 90 * np.sin(t)] for t in np.linspace(0, 6, 60)]


def stroke(points, width=22, eraser=False) -> dict:
    return {"points": points, "width": width, "eraser": eraser}


DRAWINGS = {
    "a line": [stroke([[40, 50], [220, 230]])],
    "a dot": [stroke([[140.3, 90.7]], 40)],
    "a thin line": [stroke([[20, 20], [260, 37]], 4)],
    "a curve": [stroke(CIRCLE, 30)],
    "a sharp corner": [stroke([[40, 240], [140, 30], [160, 240]], 26)],
    "beyond the edge": [stroke([[-50, 100], [400, 120]])],
    "erased": [stroke(CIRCLE, 40), stroke([[40, 140], [240, 140]], 18, True), stroke([[140, 40], [140, 240]], 6)],
    "the same place twice": [stroke([[100, 100], [100, 100], [100, 140]])],
}


@pytest.mark.parametrize("dark", [True, False])
@pytest.mark.parametrize("strokes", DRAWINGS.values(), ids=DRAWINGS)
def test_server_and_canvas_draw_the_same(person, strokes, dark):
    text = person.page.evaluate(
        """([strokes, dark]) => {
            const { drawing } = aedemo.sidebar.userImage;
            const before = drawing.strokes;
            drawing.strokes = strokes;
            drawing.show(dark);
            const { json } = drawing;
            drawing.strokes = before;
            return json;
        }""",
        [strokes, dark],
    )
    canvas = person.pixels(SHEET) / 255
    drawn = Drawing.from_json(json.loads(text)).to_image().permute(1, 2, 0).numpy()
    apart = np.abs(drawn - canvas)
    assert canvas.std() > 0.02 and apart.mean() < 0.0015 and np.quantile(apart, 0.999) < 0.25
    tenths = apart.reshape(28, 10, 28, 10, 3).mean((1, 3))  # as MNIST's models see it
    assert tenths.max() < 0.03
