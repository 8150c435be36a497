"""A browser test that stands still is ended and says what it waited for.

Most of Playwright's calls give up by themselves, but not all: closing a context, opening a page and running a script wait for as long as
the browser keeps silent. Ending the browser from outside makes the call fail where it stands, with its line in the trace.
"""

import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Error, Page, Request

SECONDS = 100
"""How long a browser test may take, its fixtures of one test included."""

CLOSING_SECONDS = 20
"""How long a context may take to close."""

DRIVER_SECONDS = 10
"""How long Playwright's driver has to notice that its browser has ended."""

SHELLS = ("sh", "dash", "bash")
"""What runs the script that starts a browser."""


class Journal:
    """The last things that happened in the browser contexts of a test, and the requests that nobody has answered yet."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._lines: deque[str] = deque(maxlen=60)
        self._open: dict[Request, str] = {}

    def follow(self, context: BrowserContext) -> None:
        """Notes what happens in a context from now on."""
        context.on("page", self._meet)
        context.on("console", lambda message: self.note(f"console {message.type}: {message.text[:300]}"))
        context.on("request", self._ask)
        context.on("requestfinished", lambda request: self._answer(request, "answered"))
        context.on("requestfailed", lambda request: self._answer(request, f"failed: {request.failure}"))

    def note(self, line: str) -> None:
        """One more line, with the second it happened at."""
        self._lines.append(f"{time.monotonic() - self._began:7.2f} s  {line}")

    def __str__(self) -> str:
        return "\n".join(["What happened last:", *list(self._lines), "Not answered yet:", *(list(self._open.values()) or ["nothing"])])

    def _meet(self, page: Page) -> None:
        self.note("page opened")
        page.on("framenavigated", lambda frame: self.note(f"at {frame.url}"))
        page.on("websocket", lambda socket: self.note(f"socket opened: {socket.url[:120]}"))
        page.on("crash", lambda _: self.note("page crashed"))
        page.on("close", lambda _: self.note("page closed"))

    def _ask(self, request: Request) -> None:
        self._open[request] = f"{request.method} {request.url[:200]}"

    def _answer(self, request: Request, how: str) -> None:
        asked = self._open.pop(request, request.url[:200])
        if request.resource_type in ("document", "fetch", "xhr") or how != "answered":
            self.note(f"{asked} {how}")


@contextmanager
def bounded(seconds: float, journal: Journal) -> Iterator[None]:
    """Ends this process's browsers when the block takes longer: whatever waits for them then fails. Raises AssertionError if nothing did."""
    over = threading.Event()
    left = threading.Event()

    def watch() -> None:
        if left.wait(seconds):
            return
        over.set()
        sys.stderr.write(f"\nStood still for {seconds:.0f} s; the browser is ended.\n{journal}\n")
        _kill(browsers())
        if not left.wait(DRIVER_SECONDS):
            sys.stderr.write("The driver does not notice; it is ended too.\n")
            _kill(_drivers())

    watcher = threading.Thread(target=watch, name="standstill", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        left.set()
        watcher.join()
    assert not over.is_set(), f"Stood still for {seconds:.0f} s. What the browser did is written above."


def close(context: BrowserContext) -> None:
    """Closes a context. Now and then Chromium never says that it has: what was tested is over then, so the browser is ended and the next test has
    a new one."""
    ended = threading.Event()

    def end() -> None:
        ended.set()
        sys.stderr.write(f"\nA context was not closed in {CLOSING_SECONDS} s; its browser is ended.\n")
        _kill(browsers())

    timer = threading.Timer(CLOSING_SECONDS, end)
    timer.start()
    try:
        context.close()
    except Error:
        if not ended.is_set() and context.browser and context.browser.is_connected():
            raise
    finally:
        timer.cancel()


def browsers() -> list[psutil.Process]:
    """The browsers that this process's drivers have started, by a script of Debian's or without, but not the processes that each has of its own."""
    started = [child for driver in _drivers() for child in driver.children()]
    return [browser for process in started for browser in (process.children() if Path(process.exe()).name in SHELLS else [process])]


def _drivers() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "run-driver" in child.cmdline()]


def _kill(processes: list[psutil.Process]) -> None:
    for process in processes:
        for one in (process, *process.children(recursive=True)):
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue
