"""What goes over the line: a photograph made smaller and sent once, with its progress; and failures by their names."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from tests.browser.test_uploads import GRADIENT, uploaded

UP = 750_000 / 8  # bytes a second
BAR = "#ae-sidebar .ae-sending"


def photograph(width: int = 3000, height: int = 2000) -> Image.Image:
    """Smooth shades with the grain of a camera: some 2.4 MB as a JPEG."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (16, 24, 3), dtype=np.uint8)).resize((width, height), 3)
    grain = rng.normal(0, 10, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(coarse) + grain, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def photo(tmp_path_factory):
    path = tmp_path_factory.mktemp("photo") / "photo.jpg"
    photograph().save(path, quality=88)
    assert 2e6 < path.stat().st_size < 4e6
    return path


class Sender:
    """A person on the Sparse tab over digits, and what their page has posted to /open since."""

    def __init__(self, person):
        self.person, self.page = person, person.page
        self.page.evaluate("""() => {
            window.sent = [];
            const post = XMLHttpRequest.prototype.send;
            const { ask } = aedemo;
            XMLHttpRequest.prototype.send = function (body) { sent.push(body); return post.call(this, body); };
            aedemo.ask = (path, body) => (sent.push(body), ask(path, body));
            window.restore = () => { XMLHttpRequest.prototype.send = post; aedemo.ask = ask; };
        }""")

    def __getattr__(self, name):
        return getattr(self.person, name)

    @property
    def sent(self) -> list[bytes]:
        texts = self.page.evaluate("""() => Promise.all(sent.map((blob) => new Promise((done) => {
            const reader = Object.assign(new FileReader(), { onload: () => done(reader.result) });
            reader.readAsDataURL(blob);
        })))""")
        return [base64.b64decode(text.partition(",")[2]) for text in texts]


@pytest.fixture
def sender(person):
    person.tab("sparse")
    person.choose("digits", 0)
    sender = Sender(person)
    yield sender
    person.page.evaluate("restore()")
    person.page.unroute("**/open?*")
    person.choose("digits", 0)


def test_a_photograph_is_made_smaller_and_sent_once(sender, photo):
    uploaded(sender, photo)
    [sent] = sender.sent
    assert len(sent) < 300_000 and sorted(Image.open(io.BytesIO(sent)).size) == [683, 1024]
    for data in ("photos", "mnist"):
        sender.choose(data)
    sender.page.locator('#ae-sidebar [data-do="whole"]').click()
    sender.page.wait_for_function("!aedemo.sidebar.userImage.latest.busy")
    assert len(sender.sent) == 4 and max(map(len, sender.sent[1:])) <= 150_000


def test_orientation_is_kept(sender, tmp_path):
    exif = Image.Exif()
    exif[274] = 6  # a camera held upright
    photograph(1600, 1200).save(tmp_path / "upright.jpg", quality=88, exif=exif)
    uploaded(sender, tmp_path / "upright.jpg")
    assert Image.open(io.BytesIO(sender.sent[0])).size == (768, 1024)


def small_png() -> Image.Image:
    return Image.fromarray(GRADIENT)


def deep_png() -> Image.Image:
    return Image.fromarray(np.random.default_rng(0).integers(0, 65536, (600, 600)).astype(np.uint16))


@pytest.mark.parametrize(("make", "kind"), [(small_png, "PNG"), (deep_png, "PNG"), (photograph, "TIFF")])
def test_what_a_canvas_would_spoil_or_would_not_shrink_goes_as_it_is(sender, tmp_path, make, kind):
    image = make().resize((900, 600)) if kind == "TIFF" else make()
    path = tmp_path / f"image.{kind.lower()}"
    image.save(path)
    sender.upload(path)
    sender.page.wait_for_function("!aedemo.sidebar.userImage.latest.busy && aedemo.sidebar.userImage.image")
    assert sender.sent == [path.read_bytes()]


def test_a_flat_image_stays_a_png(sender, tmp_path):
    rng = np.random.default_rng(0)
    flat = np.full((1500, 2000, 3), 255, np.uint8)
    for _ in range(40):
        y, x = rng.integers(0, 1400), rng.integers(0, 1900)
        flat[y : y + 60, x : x + 90] = rng.integers(0, 256, 3)
    Image.fromarray(flat).save(tmp_path / "flat.png", compress_level=0)
    uploaded(sender, tmp_path / "flat.png")
    assert Image.open(io.BytesIO(sender.sent[0])).format == "PNG" and len(sender.sent[0]) < 100_000


@pytest.mark.parametrize(
    "scramble",
    ["CanvasRenderingContext2D.prototype.getImageData = function (x, y, w, h) { const d = new ImageData(w, h);"
     " return d.data.fill(255), d; }",
     "{ const real = HTMLCanvasElement.prototype.toBlob; HTMLCanvasElement.prototype.toBlob = function (...given) {"
     " this.getContext('2d').fillRect(3, 3, 1, 1); return real.apply(this, given); } }"],
)  # fmt: skip
def test_where_the_browser_scrambles_pixels_the_file_goes_as_it_is_and_it_is_said(visit, server, photo, scramble):
    person = visit(f"{server.url}#tab=sparse&data=digits", wait=False)
    person.settle("sparse")
    person.page.evaluate(f"() => {{ {scramble} }}")
    sender = Sender(person)
    uploaded(person, photo)
    assert sender.sent == [photo.read_bytes()]
    assert "changes the pixels" in person.said() and "sent as it is" in person.said()
    person.page.locator('#ae-sidebar [data-do="camera"]').click()
    person.page.wait_for_function("document.querySelector('.ae-sidebar-message').textContent.includes('camera')")
    assert not person.page.locator("#ae-sidebar video").is_visible()


# A slow line.


@pytest.fixture
def slow(sender):
    line = sender.context.new_cdp_session(sender.page)
    line.send("Network.enable")
    speed = {"offline": False, "latency": 40, "downloadThroughput": 10 * UP, "uploadThroughput": UP}
    line.send("Network.emulateNetworkConditions", speed)
    yield sender
    line.send("Network.emulateNetworkConditions", speed | {"uploadThroughput": -1, "downloadThroughput": -1})
    line.detach()


@pytest.fixture
def large(tmp_path):
    """A file of 250 kB that goes as it is."""
    path = tmp_path / "large.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 65536, (350, 350)).astype(np.uint16)).save(path)
    return path


def test_progress_is_shown(slow, large):
    slow.choose("photos", 0)  # which anything is one of
    before = slow.state("image")
    slow.upload(large)
    words = set()
    slow.page.locator(BAR).wait_for(state="visible")
    while slow.page.locator(BAR).is_visible() and len(words) < 500:
        words.add(slow.page.evaluate("document.querySelector('#ae-sidebar .ae-sending output').textContent"))
        slow.page.wait_for_timeout(100)
    parts = sorted(int(word.split()[1]) for word in words if word.endswith("%"))
    assert len(parts) >= 5 and parts[-1] > 50
    slow.page.wait_for_function("before => aedemo.state.image !== before", arg=before)
    slow.choose("digits")
    slow.page.locator("#ae-sidebar .ae-thumbs button").first.click()


def test_sending_can_be_cancelled_and_the_former_image_stays(slow, large, tmp_path):
    before, prints = slow.state("image"), slow.prints("sparse")
    slow.upload(large)
    slow.page.locator(f'{BAR} [data-do="cancel"]').click()
    slow.page.wait_for_function("!aedemo.sidebar.userImage.latest.busy")
    assert slow.state("image") == before and slow.prints("sparse") == prints and slow.said() == ""
    assert not slow.page.locator(BAR).is_visible()
    slow.errors.clear()  # the browser calls a cancelled request a failed one
    Image.fromarray(GRADIENT).save(tmp_path / "small.png")
    uploaded(slow, tmp_path / "small.png")  # and the page goes on


# Failures by their names.

LOGIN = "<!doctype html><title>Log in</title>"
FAILURES = [
    ({"status": 413, "body": "<html>413</html>", "content_type": "text/html"}, "no file of this size"),
    ({"status": 401, "body": LOGIN, "content_type": "text/html"}, "asks for a login"),
    ({"status": 403, "body": "", "content_type": "text/plain"}, "does not allow this (403)"),
    ({"status": 429, "body": "", "headers": {"retry-after": "30"}}, "Wait 30 seconds"),
    ({"status": 429, "body": ""}, "Wait a minute"),
    ({"status": 500, "body": '{"error":null}', "content_type": "application/json"}, "failed at this (500)"),
    ({"status": 503, "body": ""}, "starting or busy (503)"),
    ({"status": 404, "body": "Not found"}, "Load this page again"),
    ({"status": 200, "body": LOGIN, "content_type": "text/html"}, "such as a login page"),
    ({"status": 200, "body": '{"data":', "content_type": "application/json"}, "broke off on the way"),
    (None, "could not be reached"),
]


@pytest.mark.parametrize(("answer", "words"), FAILURES)
def test_what_went_wrong_is_called_by_its_name_and_the_former_image_stays(sender, tmp_path, answer, words):
    page = sender.page
    page.route("**/open?*", lambda route: route.fulfill(**answer) if answer else route.abort())
    before, prints = sender.state("image"), sender.prints("sparse")
    Image.fromarray(GRADIENT).save(tmp_path / "own.png")
    sender.upload(tmp_path / "own.png")
    page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    assert words in sender.said() and sender.said().endswith("What is shown stays.")
    assert sender.state("image") == before and sender.prints("sparse") == prints
    sender.errors.clear()
    page.unroute("**/open?*")
    uploaded(sender, tmp_path / "own.png")  # brought again, it is shown
    assert sender.said() == ""


def test_without_a_network_it_is_said(sender, tmp_path):
    Image.fromarray(GRADIENT).save(tmp_path / "own.png")
    sender.context.set_offline(True)
    sender.upload(tmp_path / "own.png")
    sender.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    sender.context.set_offline(False)
    assert sender.said().startswith("This device has no network.")
    sender.errors.clear()


def test_of_a_frame_that_is_moved_too(sender, tmp_path):
    Image.fromarray(GRADIENT).save(tmp_path / "own.png")
    uploaded(sender, tmp_path / "own.png")
    before = sender.state("image")
    sender.page.route("**/open?*", lambda route: route.fulfill(status=401, body=LOGIN, content_type="text/html"))
    sender.page.locator('#ae-sidebar [data-do="whole"]').click()
    sender.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    assert "asks for a login" in sender.said() and sender.state("image") == before
    sender.errors.clear()


def test_a_tab_says_it_too(sender):
    sender.page.route("**/view/**", lambda r: r.fulfill(status=401, body=LOGIN, content_type="text/html"))
    sender.page.locator("#ae-sidebar .ae-thumbs button").nth(2).click()
    sender.page.locator("#view-sparse .ae-message").wait_for(state="visible")
    assert "asks for a login" in sender.message("sparse")
    sender.page.unroute("**/view/**")
    sender.errors.clear()
    sender.page.locator("#ae-sidebar .ae-thumbs button").nth(1).click()
    sender.settle("sparse")
    assert sender.message("sparse") == ""
    sender.page.evaluate("document.querySelectorAll('.toast-body').forEach((toast) => toast.remove())")


CAMERA = [
    ("NotAllowedError", "does not allow the camera"),
    ("NotFoundError", "No camera was found"),
    ("NotReadableError", "The camera is busy"),
    ("Whatever", "gave no camera"),
]


@pytest.mark.parametrize(("name", "words"), CAMERA)
def test_why_there_is_no_camera_is_said(sender, name, words):
    refuse = "name => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', name)); }"
    sender.page.evaluate(refuse, name)
    sender.page.locator('#ae-sidebar [data-do="camera"]').click()
    sender.page.locator("#ae-sidebar .ae-sidebar-message").wait_for(state="visible")
    assert words in sender.said() and "upload it" in sender.said()
    sender.page.evaluate("() => { delete navigator.mediaDevices.getUserMedia; }")


def test_a_page_around_ours_that_allows_no_camera_is_named(browser, server):
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page, around = context.new_page(), f"{server.url}around"
    where = f"{server.url}#tab=sparse&data=digits"
    frame = f"""<!doctype html><iframe src="{where}" allow="camera 'none'" width=1300 height=800></iframe>"""
    page.route(around, lambda route: route.fulfill(body=frame, content_type="text/html"))
    page.goto(around)
    inner = page.frame_locator("iframe")
    inner.locator('#ae-sidebar [data-do="camera"]').click()
    message = inner.locator("#ae-sidebar .ae-sidebar-message")
    message.wait_for(state="visible")
    assert message.inner_text().startswith("The page around this one does not allow the camera.")
    context.close()
