"""Replays: a training run has an address.

`GET /training?data=spiral&latent_dim=1&seed=3&v=…` streams the records of a run (explore/replay_bytes.py) while it
trains. Whoever asks for the same run meanwhile reads along, whoever asks later gets the bytes that are kept, and a run
that everybody has left is stopped. `POST /training?data=custom&channels=1` trains on user images, the body:
uint8 (N, channels, 16, 16); nothing of it is kept. `POST /training/images` makes such images of up to 200 files.
"""

from __future__ import annotations

import json
import threading
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from functools import lru_cache

import numpy as np
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from aedemo import uploads
from aedemo.datasets.examples import IMAGE_SHAPES, MAX_IMAGES, MIN_IMAGES
from aedemo.explore.replay_bytes import pack
from aedemo.explore.training import TrainingSettings
from aedemo.page.release import release
from aedemo.page.responses import Document, ResponseCache, cores
from aedemo.page.trainers import Run, Trainers, trainers
from aedemo.page.training import read_settings
from aedemo.page.views import CONTAINER, FORGET, IMMUTABLE, OLD_RELEASE, REVALIDATE, document_response, views

TRAINING = "/training"


def read_images(body: bytes, channels: str) -> np.ndarray:
    """The body of a POST -> uint8 (N, channels, 16, 16); ValueError with a sentence where it is none."""
    shape = next((shape for shape in IMAGE_SHAPES if channels == str(shape[0])), None)
    count, rest = divmod(len(body), np.prod(shape or 1))
    if shape is None or rest:
        raise ValueError("The images must be bytes of 16×16 values each, of 1 or 3 channels.")
    if not MIN_IMAGES <= count <= MAX_IMAGES:
        raise ValueError(f"A training run takes {MIN_IMAGES} to {MAX_IMAGES} images, got {count}.")
    return np.frombuffer(body, np.uint8).reshape(count, *shape)


class Replays:
    """The runs under way, and the routes to them; what is finished is kept in a response cache."""

    def __init__(self, cache: ResponseCache, trainers: Trainers):
        self.cache, self.trainers = cache, trainers
        self._lock = threading.Lock()
        self.running: dict[str, Run] = {}

    async def respond(self, request: Request) -> Response:
        """GET for what has an address, POST with a user's images as the body."""
        asked = dict(request.query_params)
        if asked.pop("v", release()) != release():
            return PlainTextResponse(OLD_RELEASE, 409, {"Cache-Control": FORGET})
        own, channels = request.method == "POST", asked.pop("channels", "")
        try:
            settings = read_settings(asked)
            if own != (settings.data == "custom"):
                raise ValueError("Choose some images of your own first.")
            images = read_images(await request.body(), channels) if own else None
        except ValueError as error:
            return PlainTextResponse(str(error), 404)
        if own:
            run = Run()
            run.join()
            self.trainers.start(run, settings, images, lambda body: None)
            return StreamingResponse(run.read(), media_type=CONTAINER, headers={"Cache-Control": FORGET})
        lasting = IMMUTABLE if "v" in request.query_params else REVALIDATE
        key = json.dumps([TRAINING, asdict(settings)])
        if found := self.cache.peek(key):
            return document_response(request, found, lasting)
        return StreamingResponse(self._join(key, settings), media_type=CONTAINER, headers={"Cache-Control": lasting})

    def _join(self, key: str, settings: TrainingSettings) -> AsyncIterator[bytes]:
        """The records of a run that is under way, or is started now."""
        with self._lock:
            run = self.running.get(key)
            if run is None or not run.join():
                run = self.running[key] = Run()
                run.join()
                self.trainers.start(run, settings, None, lambda body: self._keep(key, run, body))
        return run.read()

    def _keep(self, key: str, run: Run, body: bytes) -> None:
        self.cache.keep(key, Document.of(body))
        with self._lock:
            if self.running.get(key) is run:
                del self.running[key]

    def routes(self) -> list[Route]:
        return [
            Route(f"{TRAINING}/images", images, methods=["POST"]),
            Route(TRAINING, self.respond, methods=["GET", "POST"]),
        ]


async def images(request: Request) -> Response:
    """Files as a form -> a record of kind "images": what is trained on, and why some files were left out."""
    async with request.form(max_files=uploads.MAX_FILES + 1, max_fields=1) as form:
        files = {
            f"{k} {part.filename}": await part.read()
            for k, (_, part) in enumerate(form.multi_items())
            if isinstance(part, UploadFile)
        }
    try:
        record = await run_in_threadpool(_small, files)
    except ValueError as error:
        return PlainTextResponse(str(error), 404)
    return Response(record, media_type=CONTAINER, headers={"Cache-Control": FORGET})


def _small(files: Mapping[str, bytes]) -> bytes:
    with cores():
        found = uploads.read_collection(files)
    skipped = [[name.partition(" ")[2] if name in files else name, reason] for name, reason in found.skipped]
    return pack({"kind": "images", "skipped": skipped}, {"images": found.images.numpy()}, images=True)


@lru_cache(maxsize=1)
def replays() -> Replays:
    """The page's own, made once per process; they share the cache of the views."""
    return Replays(views().cache, trainers())
