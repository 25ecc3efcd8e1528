"""Two processes behind one port: the page keeps nothing on the server, so any of them may answer any request."""

import re
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.browser.server import Server


@pytest.fixture(scope="module")
def workers(browser, tmp_path_factory):
    with Server(tmp_path_factory.mktemp("workers"), command=("-m", "aedemo", "serve", "--workers", "2")) as started:
        yield started


def test_two_processes_answer_alike(workers):
    children = ["ps", "-ww", "-o", "args=", "--ppid", str(workers.process.pid)]  # whole lines
    assert subprocess.run(children, capture_output=True, text=True).stdout.count("--multiprocessing-fork") == 2
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def read(path: str) -> tuple[bytes, str | None]:
        with opener.open(f"{workers.url}{path}") as answer:
            return answer.read(), answer.headers["ETag"]

    with ThreadPoolExecutor(4) as pool:
        pages = pool.map(read, [""] * 8)
        (release,) = {re.search(r'release\\": \\"(\w+)', page.decode())[1] for page, _ in pages}
        views = set(pool.map(read, [f"view/linear?data=digits&image=24&v={release}"] * 8))
    assert len(views) == 1


def test_a_person_opens_the_page_and_looks_at_images(visit, workers):
    person = visit(workers.url)
    person.choose("digits", 2)
    person.tab("masked")
    person.choose(index=1, seed=1)
    assert person.message("masked") == "" and person.complaints() == []


def test_a_number_of_processes_that_is_none_is_one_sentence(capsys):
    from aedemo.__main__ import main

    assert main(["serve", "--workers", "0"]) == 2
    assert capsys.readouterr().err == "aedemo: workers are 0; take at least one\n"
