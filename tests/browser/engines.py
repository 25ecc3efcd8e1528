"""Firefox and WebKit, as Debian has them: one page each, told what to do by JavaScript, with what it complained of.

Firefox speaks WebDriver BiDi by itself (https://w3c.github.io/webdriver-bidi/); WebKit's MiniBrowser is driven by
Selenium and wants a screen, which Xvfb is.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browser.server import free_port

WIDTH, HEIGHT, PATIENCE = 1366, 900, 60
MINI_BROWSER = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")


class Firefox:
    """Debian's firefox-esr without a window."""

    needs = "firefox-esr"

    @staticmethod
    def lacks() -> str | None:
        """What is not installed, None where all is."""
        return None if shutil.which("firefox-esr") else "firefox-esr"

    def __init__(self) -> None:
        from websockets.sync.client import connect

        port, self.profile = free_port(), tempfile.mkdtemp()
        command = [
            "firefox-esr",
            "--headless",
            f"--remote-debugging-port={port}",
            "--profile",
            self.profile,
            "--no-remote",
        ]
        sizes = {"MOZ_HEADLESS_WIDTH": str(WIDTH), "MOZ_HEADLESS_HEIGHT": str(HEIGHT), "HOME": self.profile}
        self.process = subprocess.Popen(
            command, env=os.environ | sizes, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.open_socket = contextlib.ExitStack()
        self.numbers, self.errors, ends = itertools.count(1), [], time.monotonic() + PATIENCE
        while True:
            try:
                self.socket = self.open_socket.enter_context(connect(f"ws://127.0.0.1:{port}/session", max_size=None))
                break
            except OSError:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.2)
        self._send("session.new", capabilities={})
        self._send("session.subscribe", events=["log.entryAdded"])
        self.context = self._send("browsingContext.getTree")["contexts"][0]["context"]

    def open(self, url: str) -> None:
        self._send("browsingContext.navigate", context=self.context, url="about:blank", wait="complete")
        self.errors.clear()
        self._send("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def run(self, script: str) -> Any:
        """The value of an expression, a promise's when it is there."""
        written = f"(async () => JSON.stringify((await ({script})) ?? null))()"
        answer = self._send("script.evaluate", expression=written, target={"context": self.context}, awaitPromise=True)
        if answer["type"] == "exception":
            raise RuntimeError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        self.open_socket.close()
        self.process.terminate()
        self.process.wait(20)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _send(self, method: str, **parameters) -> dict:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            said = json.loads(self.socket.recv(timeout=2 * PATIENCE))
            if said.get("method") == "log.entryAdded" and said["params"].get("level") == "error":
                self.errors.append(said["params"].get("text") or "an error without words")
            if said.get("id") == number:
                if "error" in said:
                    raise RuntimeError(f"{said['error']}: {said['message']}")
                return said["result"]


class WebKit:
    """Debian's MiniBrowser on a screen of its own."""

    needs = "webkit2gtk-driver and xvfb"

    @staticmethod
    def lacks() -> str | None:
        """What is not installed, None where all is."""
        missing = [name for name in ("WebKitWebDriver", "Xvfb") if not shutil.which(name)]
        return ", ".join(missing) or (None if MINI_BROWSER.exists() else str(MINI_BROWSER))

    def __init__(self) -> None:
        from selenium.webdriver import WebKitGTK, WebKitGTKOptions, WebKitGTKService

        reading, writing = os.pipe()
        screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT + 100}x24", "-nolisten", "tcp"]
        self.screen = subprocess.Popen(screen, pass_fds=[writing], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            display = f":{pipe.readline().strip()}"
        options = WebKitGTKOptions()
        options.binary_location = str(MINI_BROWSER)
        options.add_argument("--automation")
        environment = os.environ | {"DISPLAY": display, "GDK_BACKEND": "x11", "LIBGL_ALWAYS_SOFTWARE": "1"}
        self.driver = WebKitGTK(options=options, service=WebKitGTKService("/usr/bin/WebKitWebDriver", env=environment))
        self.driver.set_window_size(WIDTH, HEIGHT)
        self.driver.set_script_timeout(2 * PATIENCE)
        self.errors: list[str] = []

    def open(self, url: str) -> None:
        self.errors.clear()
        self.driver.get("about:blank")
        self.driver.get(url)
        self.driver.execute_script(
            "window.complaints = []; addEventListener('error', (e) => complaints.push(String(e.message)));"
            "addEventListener('unhandledrejection', (e) => complaints.push(String(e.reason)));"
        )

    def run(self, script: str) -> Any:
        """The value of an expression, a promise's when it is there."""
        written = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => JSON.stringify((await ({script})) ?? null))()"
            ".then((value) => done([value, null]), (error) => done([null, String(error)]));"
        )
        value, error = self.driver.execute_async_script(written)
        if error:
            raise RuntimeError(error)
        self.errors[:] = self.driver.execute_script("return window.complaints ?? []")
        return json.loads(value)

    def close(self) -> None:
        self.driver.quit()
        self.screen.terminate()
        self.screen.wait(20)


ENGINES = {"firefox": Firefox, "webkit": WebKit}
