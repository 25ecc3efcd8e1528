"""MNIST and Fashion-MNIST through torchvision: offline, from a stand-in server, and when a download breaks off."""

import gzip
import hashlib
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch
import torchvision

from aedemo.datasets import DATASETS, DataSetUnavailable

KINDS = {"mnist": torchvision.datasets.MNIST, "fashion": torchvision.datasets.FashionMNIST}
COUNTS = {"train": 30, "t10k": 10}


def idx(values: np.ndarray) -> bytes:
    """The idx format of MNIST's files."""
    return struct.pack(f">HBB{values.ndim}I", 0, 8, values.ndim, *values.shape) + values.tobytes()


def tiny_files() -> dict[str, bytes]:
    random, files = np.random.default_rng(0), {}
    for split, count in COUNTS.items():
        images = random.integers(0, 256, (count, 28, 28), dtype=np.uint8)
        files[f"{split}-images-idx3-ubyte.gz"] = gzip.compress(idx(images))
        files[f"{split}-labels-idx1-ubyte.gz"] = gzip.compress(idx(np.arange(count, dtype=np.uint8) % 10))
    return files


class StandIn(ThreadingHTTPServer):
    """Serves the four files; `breaks` names a file that is cut off in the middle."""

    breaks: str | None = None

    def __init__(self):
        self.files = tiny_files()
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        data = self.server.files[self.path.strip("/")]
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if self.path.strip("/") == self.server.breaks else data)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch, tmp_path):
    """torchvision's mirrors replaced by a server on this machine, and an empty data folder."""
    with StandIn() as standin:
        threading.Thread(target=standin.serve_forever, daemon=True).start()
        resources = [(name, hashlib.md5(data).hexdigest()) for name, data in standin.files.items()]
        for kind in KINDS.values():
            monkeypatch.setattr(kind, "mirrors", [f"http://127.0.0.1:{standin.server_port}/"])
            monkeypatch.setattr(kind, "resources", resources)
        monkeypatch.setenv("AEDEMO_DATA", str(tmp_path / "data"))
        yield standin
        standin.shutdown()


def assert_whole(name: str) -> None:
    train, test = (DATASETS[name].read(split) for split in ("train", "test"))
    assert train.images.shape == (30, 1, 28, 28) and test.images.shape == (10, 1, 28, 28)
    assert train.images.dtype == torch.float32 and train.images.min() >= 0 and train.images.max() <= 1
    assert test.labels.tolist() == list(range(10))


@pytest.mark.parametrize("name", KINDS)
def test_offline_a_sentence_says_what_to_do(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AEDEMO_DATA", str(tmp_path))
    monkeypatch.setattr(KINDS[name], "mirrors", ["http://127.0.0.1:9/"])  # nobody answers there
    with pytest.raises(DataSetUnavailable, match=r"could not be fetched.*internet.*AEDEMO_DATA"):
        DATASETS[name].read("test")


@pytest.mark.parametrize("name", KINDS)
def test_fetched_once_then_read_without_the_server(name, server):
    assert_whole(name)
    server.files.clear()
    assert_whole(name)


def test_without_aedemo_data_pictures_go_to_the_cache_folder(server, monkeypatch, tmp_path):
    monkeypatch.delenv("AEDEMO_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert_whole("mnist")
    assert (tmp_path / "cache" / "aedemo" / "data" / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").exists()


@pytest.mark.parametrize("file", tiny_files())
def test_a_download_that_breaks_off_is_fetched_again(file, server):
    server.breaks = file
    for _ in range(2):  # what is left of the first try is not taken for whole at the second
        with pytest.raises(DataSetUnavailable, match="could not be fetched"):
            DATASETS["mnist"].read("train")
    server.breaks = None
    assert_whole("mnist")


@pytest.mark.parametrize("file", tiny_files())
@pytest.mark.parametrize("keep", [0, 0.5])
def test_a_file_unpacked_by_half_is_fetched_again(file, keep, server, tmp_path):
    """As a full disk or a stopped process leaves it."""
    assert_whole("mnist")
    half = tmp_path / "data" / "MNIST" / "raw" / file.removesuffix(".gz")
    data = half.read_bytes()
    half.write_bytes(data[: int(keep * len(data))])
    assert_whole("mnist")
