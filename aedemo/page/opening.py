"""Somebody's own image for the page: from a file, as text, or from the strokes of a drawing; nothing of it is kept."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from aedemo import uploads
from aedemo.explore.gallery import SEEN
from aedemo.explore.opened import Opened, Read, drawn, frame_text, opened
from aedemo.page.responses import cores
from aedemo.page.sprites import png, reduced_copy, sprite, tile
from aedemo.page.uploaded import image_text

OPEN = "/open"


async def open_image(request: Request) -> Response:
    """POST /open?data=mnist: an image file as the body, or the strokes of a drawing as JSON.

    &frame=left,top,right,bottom is what the models see of it, &copy=1 asks for a smaller file to send the next time,
    and &stretch=0 leaves values as they are that use a small part of their range.
    """
    body, asked = await request.body(), request.query_params
    stretch = asked.get("stretch") != "0"
    is_drawing = request.headers.get("content-type", "").startswith("application/json")
    response = await run_in_threadpool(
        open_response,
        asked.get("data", ""),
        lambda: drawn(body) if is_drawing else uploads.open_image(body, stretch),
        asked.get("frame", asked.get("crop", "")),
        asked.get("copy") == "1",
        cores(),
    )
    return Response(response, media_type="application/json", headers={"Cache-Control": "no-store"})


def open_endpoint(data: str, image: str = "", frame: str = "", file: bytes | None = None) -> str:
    """The same for programs: a file, or an image as a data-URI."""
    read = lambda: uploads.open_data_uri(image_text(image, file))  # noqa: E731
    return open_response(data, read, frame, False, cores())


def open_response(data: str, read: Read, frame: str, copy: bool, within: AbstractContextManager) -> str:
    """What the sidebar shows of an image, as JSON; where there is none, `opened` is null and `message` says why.

    read: gives the image; within: entered meanwhile, since each takes memory.
    """
    try:
        with within:
            image = read()
            if copy:  # seen from the start as it will be seen when only the copy comes
                small = reduced_copy(image.pixels.numpy())
                image = replace(image, pixels=uploads.from_data_uri(small))
            shown = _shown(opened(image.pixels, data, frame)) | {"notes": image.notes, "stretched": image.stretched}
            if copy:
                shown["copy"] = small
    except ValueError as error:
        return _json(data=data, opened=None, message=str(error))
    return _json(data=data, message=shown.pop("message"), opened=shown)


def _shown(found: Opened) -> dict[str, Any]:
    """For sidebar.js. `image` is the image's identity from now on: what the models see, as text; null where nothing."""
    shown: dict[str, Any] = {
        "size": found.image.shape[:0:-1],
        "frame": frame_text(found.frame),
        "candidates": [frame_text(frame) for frame in found.candidates],
        "image": None,
        "message": found.message,
    }
    if found.steps:
        seen = found.steps[-1].image.numpy()
        tiles = np.stack([tile(step.image.numpy()) for step in found.steps])
        shown["image"] = SEEN + png(seen)
        shown["sprite"] = sprite(seen[None]).to_payload()
        shown["steps"] = {**sprite(tiles, pixelated=True).to_payload(), "names": [step.name for step in found.steps]}
    return shown


def _json(**parts: Any) -> str:
    return json.dumps(parts, separators=(",", ":"))
