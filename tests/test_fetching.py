"""MNIST and Fashion-MNIST: absent, fetched from a stand-in server, called off, and when a download breaks off."""

import gzip
import hashlib
import os
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
import torch

from aedemo import datasets
from aedemo.datasets import DATASETS, DataSetUnavailable

KINDS = {"mnist": "MNIST", "fashion": "FashionMNIST"}
COUNTS = {"train": 30, "t10k": 10}


def kind_of(name: str) -> type:
    """torchvision's class, which is loaded here: that takes seconds, which only who runs these tests need wait."""
    import torchvision

    return getattr(torchvision.datasets, KINDS[name])


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
    """Serves the four files; `breaks` names a file that is cut off in the middle; `asked` counts the requests."""

    breaks: str | None = None
    slow = False
    asked = 0

    def __init__(self):
        self.files = tiny_files()
        super().__init__(("127.0.0.1", 0), Answer)


class Answer(BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(200)
        self.end_headers()

    def do_GET(self):
        self.server.asked += 1
        data = self.server.files[self.path.strip("/")]
        if self.server.slow:
            time.sleep(0.3)
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
        threading.Thread(target=standin.serve_forever, args=(0.01,), daemon=True).start()  # or it ends 0.5 s late
        resources = [(name, hashlib.md5(data).hexdigest()) for name, data in standin.files.items()]
        for kind in map(kind_of, KINDS):
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


def nothing_is_left(tmp_path) -> bool:
    return not [path for path in (tmp_path / "data").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", KINDS)
def test_reading_fetches_nothing_and_says_what_to_do(name, server):
    with pytest.raises(DataSetUnavailable, match=r"is not in .*aedemo fetch.*AEDEMO_DATA"):
        DATASETS[name].read("test")
    assert server.asked == 0


@pytest.mark.parametrize("name", KINDS)
def test_offline_a_sentence_says_what_to_do(name, monkeypatch, tmp_path):
    monkeypatch.setenv("AEDEMO_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(kind_of(name), "mirrors", ["http://127.0.0.1:9/"])  # nobody answers there
    with pytest.raises(DataSetUnavailable, match=r"could not be fetched.*internet.*AEDEMO_DATA"):
        datasets.fetch(name)
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("name", KINDS)
def test_fetched_once_then_read_without_the_server(name, server):
    heard = []
    datasets.fetch(name, heard.append)
    assert heard == sorted(heard) and heard[-1] == sum(map(len, server.files.values()))
    server.files.clear()
    assert_whole(name)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("split", ["train", "test"])
def test_what_is_read_is_what_torchvision_reads(name, split, server, tmp_path):
    datasets.fetch(name)
    theirs = kind_of(name)(tmp_path / "data", train=split == "train")
    ours = DATASETS[name].read(split)
    assert torch.equal(ours.images[:, 0], theirs.data / 255) and torch.equal(ours.labels, theirs.targets)


def test_without_aedemo_data_images_go_to_the_cache_folder(server, monkeypatch, tmp_path):
    monkeypatch.delenv("AEDEMO_DATA")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    datasets.fetch("mnist")
    assert (tmp_path / "cache" / "aedemo" / "data" / "MNIST" / "raw" / "t10k-labels-idx1-ubyte").exists()


@pytest.mark.parametrize("file", tiny_files())
def test_a_download_that_breaks_off_leaves_nothing_behind(file, server, tmp_path):
    server.breaks = file
    for _ in range(2):  # what is left of the first try is not taken for whole at the second
        with pytest.raises(DataSetUnavailable, match="could not be fetched"):
            datasets.fetch("mnist")
        assert nothing_is_left(tmp_path)
    server.breaks = None
    datasets.fetch("mnist")
    assert_whole("mnist")


def test_what_a_killed_process_left_goes_at_the_next_fetching(server, tmp_path):
    old, young = (tmp_path / "data" / f".fetching-{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir(parents=True)
        (folder / "part").write_bytes(b"x")
    yesterday = time.time() - 25 * 60 * 60
    os.utime(old, (yesterday, yesterday))
    datasets.fetch("mnist")
    assert not old.exists() and young.exists()  # which another process may be filling


def test_a_file_that_is_not_the_one_expected_is_refused(server, tmp_path):
    name = next(iter(server.files))
    server.files[name] = server.files[name][:-1] + b"x"
    with pytest.raises(DataSetUnavailable, match=f"{name} arrived broken"):
        datasets.fetch("mnist")
    assert nothing_is_left(tmp_path)


def test_another_mirror_is_asked_when_the_first_is_gone(server, monkeypatch):
    kind = kind_of("mnist")
    monkeypatch.setattr(kind, "mirrors", ["http://127.0.0.1:9/", *kind.mirrors])
    datasets.fetch("mnist")
    assert_whole("mnist")


def test_what_comes_from_no_network_is_not_fetched():
    with pytest.raises(ValueError, match="digits is not fetched from anywhere"):
        datasets.fetch("digits")


@pytest.mark.parametrize("file", tiny_files())
@pytest.mark.parametrize("keep", [0, 0.5])
def test_a_file_unpacked_by_half_is_not_taken_for_whole(file, keep, server, tmp_path):
    """As a full disk or a stopped process leaves it."""
    datasets.fetch("mnist")
    half = tmp_path / "data" / "MNIST" / "raw" / file.removesuffix(".gz")
    data = half.read_bytes()
    half.write_bytes(data[: int(keep * len(data))])
    with pytest.raises(DataSetUnavailable):
        for split in ("train", "test"):
            DATASETS["mnist"].read(split)
    datasets.fetch("mnist")
    assert_whole("mnist")
