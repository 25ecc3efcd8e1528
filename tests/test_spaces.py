"""A Hugging Face Space of this tree: its settings, its files, and the page in an environment of requirements.txt alone.

That environment is made of what uv's cache holds, which takes seconds, since all of it is some gigabytes; with
AEDEMO_TRY_SPACE=1 from the network. Where uv, that Python or the packages cannot be had, it is skipped and says why.
"""

import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks.memory import resident
from tests.browser.server import Server

ROOT = Path(__file__).parents[1]
COLOURS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}  # those a Space knows
FRONT = dict(re.findall(r"^(\w+): *\"?(.*?)\"?$", (ROOT / "README.md").read_text("utf-8").split("---\n")[1], re.M))
PINNED = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text("utf-8"), re.M))
MAX_FILE, MAX_MEMORY, PATIENCE = 10 * 10**6, 2048, 600  # bytes, MB, seconds


def tracked() -> list[Path]:
    """The files of the committed tree, as git lists them; of a copy without git, all that lie there."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("git does not list the files of this tree")
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def test_the_front_matter_says_what_a_space_reads():
    assert FRONT["sdk"] == "gradio" and FRONT["sdk_version"] == PINNED["gradio"]
    assert (ROOT / FRONT["app_file"]).is_file()
    assert re.fullmatch(r"3\.\d+", FRONT["python_version"])
    assert f"--python-version {FRONT['python_version']}" in (ROOT / "requirements.txt").read_text("utf-8")
    assert len(FRONT["short_description"]) <= 60 and {FRONT["colorFrom"], FRONT["colorTo"]} <= COLOURS
    assert FRONT["license"] == "mit" and FRONT["title"]


def test_no_file_is_larger_than_a_space_takes():
    sizes = {path: (ROOT / path).stat().st_size for path in tracked()}
    assert len(sizes) > 100 and max(sizes.values()) <= MAX_FILE


def test_a_push_as_readme_has_it_brings_a_space_no_binary_file(tmp_path):
    """To a repository on this machine; a Space refuses binary files that do not come through Git LFS."""
    if shutil.which("git-lfs") is None:
        pytest.skip("git-lfs is not installed")
    tracked()
    space = tmp_path / "space.git"
    subprocess.run(["git", "init", "--quiet", "--bare", space], check=True)
    (block,) = re.findall(r"```\n(git clone .*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    for written, here in (
        ("../aedemo-space", tmp_path / "copy"),
        ("https://huggingface.co/spaces/YOUR_NAME/aedemo", space.as_uri()),
    ):
        assert written in block
        block = block.replace(written, str(here))
    alone = os.environ | {"HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["bash", "-ec", block], cwd=ROOT, env=alone, check=True, capture_output=True, timeout=PATIENCE)
    listed = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch", "--unordered"], cwd=space, capture_output=True, check=True
    )
    blobs, rest = 0, listed.stdout
    while rest:
        head, _, rest = rest.partition(b"\n")
        _, kind, size = head.split()
        content, rest = rest[: int(size)], rest[int(size) + 1 :]
        if kind == b"blob":
            blobs += 1
            assert b"\0" not in content and len(content) < MAX_FILE
    stored = sum(1 for path in (space / "lfs" / "objects").rglob("*") if path.is_file())
    assert blobs > 1000 and stored >= sum(path.suffix == ".safetensors" for path in tracked())


def uv(*arguments: str) -> None:
    """Run uv, or skip with what it says."""
    done = subprocess.run(["uv", *arguments], capture_output=True, text=True, timeout=PATIENCE)
    if done.returncode:
        pytest.skip(f"uv {' '.join(arguments[:2])} failed: {done.stderr.strip()[-300:]}")


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The Python of an environment that holds requirements.txt and nothing else."""
    if shutil.which("uv") is None:
        pytest.skip("uv is not installed")
    place = tmp_path_factory.mktemp("environment") / "venv"
    uv("venv", "--python", FRONT["python_version"], "--no-python-downloads", str(place))
    offline = [] if os.environ.get("AEDEMO_TRY_SPACE") == "1" else ["--offline"]
    interpreter = place / "bin" / "python"
    uv("pip", "install", *offline, "--python", str(interpreter), "-r", str(ROOT / "requirements.txt"))
    return interpreter


@pytest.fixture(scope="module")
def space(python, tmp_path_factory) -> Iterator[Server]:
    """app.py of a copy of the tree, started as a Space does: no data folder, a home of its own."""
    tree, home = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("home")
    for path in tracked():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tree / path)
    with pytest.MonkeyPatch.context() as environment:
        for name in ("AEDEMO_DATA", "AEDEMO_CHECKPOINTS", "PYTHONPATH", "XDG_CACHE_HOME", "VIRTUAL_ENV"):
            environment.delenv(name, raising=False)
        start = {"GRADIO_SERVER_NAME": "0.0.0.0", "SYSTEM": "spaces", "HOME": str(home)}
        with Server(home, python=python, tree=tree, **start) as server:
            yield server


def test_the_page_and_its_endpoints_answer_within_the_memory_of_a_space(space):
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    assert b"aedemo" in direct.open(space.url).read()
    asked = json.dumps({"data": ["digits", "", 0, None]}).encode()
    for name in ("compare", "linear"):
        request = urllib.request.Request(
            f"{space.url}gradio_api/run/{name}", asked, {"Content-Type": "application/json"}
        )
        answer = json.loads(json.loads(direct.open(request).read())["data"][0])
        assert answer["message"] is None and answer["strips"]
    assert resident(space.process.pid)[1] < MAX_MEMORY
