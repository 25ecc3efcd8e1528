"""Nothing is asked of another host, and nothing of a person stays behind: no file, no line in the log."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from urllib.request import ProxyHandler, build_opener

from PIL import Image

LOADS = ("src", "href", "srcset", "poster", "data", "action")  # attributes whose address a browser may ask for


def read(url: str) -> str:
    return build_opener(ProxyHandler({})).open(url).read().decode("utf-8")


class Addresses(HTMLParser):
    """What the HTML itself makes a browser load. The content of <meta> is not: crawlers and chats read that."""

    def __init__(self):
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attributes):
        self.found += [(tag, value) for name, value in attributes if name in LOADS and tag != "a" and value]


def test_the_html_and_its_styles_name_no_other_host(server):
    page = Addresses()
    html = read(server.url)
    page.feed(html)
    assert len(page.found) > 3
    own = urlsplit(server.url).netloc
    assert [(tag, at) for tag, at in page.found if urlsplit(urljoin(server.url, at)).netloc not in ("", own)] == []
    assert not re.search(r"preconnect|dns-prefetch", html)
    styles = [at for tag, at in page.found if tag == "link" and at.endswith(".css")] + ["theme.css"]
    for style in styles:
        words = read(urljoin(server.url, style))
        assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", words), style


def files(server) -> set[Path]:
    return {path for path in (server.log.parent / "uploads").rglob("*") if path.is_file()}


def test_a_image_that_was_brought_and_a_drawing_leave_nothing_behind(visit, server, tmp_path, alone_on_disk):
    person, before = visit(), files(server)
    path = tmp_path / "a-telling-name.png"
    Image.radial_gradient("L").save(path)
    person.choose("digits")
    person.upload(path)
    person.page.wait_for_function("aedemo.state.image.startsWith('seen:')")
    person.settle("compare")
    first = person.state("image")
    person.page.locator("#ae-sidebar [data-do=draw]").click()
    sheet = person.page.locator("#ae-sidebar .ae-pad").bounding_box()
    person.page.mouse.move(sheet["x"] + 60, sheet["y"] + 60)
    person.page.mouse.down()
    person.page.mouse.move(sheet["x"] + 200, sheet["y"] + 220, steps=8)
    person.page.mouse.up()
    person.page.wait_for_function("first => ![first, ''].includes(aedemo.state.image)", arg=first)
    person.settle("compare")
    assert files(server) == before
    said = server.log.read_text()
    for secret in ("a-telling-name", "data:", "base64", "seen:", first[30:60]):
        assert secret not in said
    lines = [line for line in said.splitlines() if "Running on local URL" not in line]
    assert not re.search(r"\d+\.\d+\.\d+\.\d+|HTTP/1", "\n".join(lines))  # nobody's address, no line a request
