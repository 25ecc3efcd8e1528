"""The view behind a bar of a network diagram that is dragged: one unit of the code runs through its range.

GET and POST /view/traversal?data=mnist&image=3&variant=deep&run=010&unit=4, see views.py.
"""

from __future__ import annotations

from aedemo.explore.traversal import traversal
from aedemo.page.components import Choice, Payload
from aedemo.page.readouts import reconstruction_frames
from aedemo.page.tab import Tab

STRIP = "traversal"


def payload(
    data: str, image: str, seed: int, variant: str = "deep", run: str = "002", unit: str = "0", point: str = ""
) -> Payload:
    """One filmstrip, a frame for each value of the unit, which is counted from 0; the seed changes nothing.

    run: by its file's name; point: a test input of the latent maps, in place of the image.
    """
    if not unit.isdecimal() or (point and not point.isdecimal()):
        raise ValueError(f"unit and point are whole numbers, got {unit!r} and {point!r}")
    found = traversal(data, image, variant, run, int(unit), int(point) if point else None)
    return Payload(filmstrips={STRIP: reconstruction_frames(found.decoded)})


CHOICES = (Choice("variant", "Code of", (), "deep"), Choice("run", "Run", (), "002"))
CHOICES += (Choice("unit", "Unit", (), "0"), Choice("point", "Point", (), ""))
VIEW = Tab("traversal", "Traversal", lambda: "", payload, choices=CHOICES, seeded=False, on_page=False)
