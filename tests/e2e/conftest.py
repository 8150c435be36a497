"""The whole of Lyceum for browser journeys: built pages, two web workers, the worker's queues, the scheduler, a mail server, Chromium."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from lms_app.launcher.places import PROJECT
from tests.support import standstill
from tests.support.browser import LastingBrowser
from tests.support.mailbox import Mailbox
from tests.support.servers import TestServers, forget_connections, reachable_folder
from tests.support.standstill import Journal
from tests.support.web import web_server

if TYPE_CHECKING:
    from tests.e2e.furnished import Furnished

PASSWORD = "seven quiet mornings"

# How quick pages are is measured elsewhere: here a busy machine may take its time.
expect.set_options(timeout=30_000)


@dataclass
class Stack:
    """Everything that runs, and how to stop and start its worker."""

    url: str
    mailbox: Mailbox
    folder: Path
    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> None:
        """Starts the worker of all queues but analytics."""
        self.workers.append(self._process("worker", "certificates", "notifications", "default"))

    def kill_worker(self) -> None:
        """Ends it as a power cut would."""
        worker = self.workers.pop()
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait(10)

    def start_others(self) -> list[subprocess.Popen[bytes]]:
        """Starts the worker of the analytics queue and the scheduler."""
        return [self._process("worker", "analytics"), self._process("scheduler")]

    def _process(self, *command: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{'-'.join(command)}.log").open("ab")
        return subprocess.Popen(
            [sys.executable, "-m", "lms_app", *command],
            cwd=PROJECT,
            env=os.environ | self.environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


@pytest.fixture(scope="session")
def stack(pages: Path) -> Iterator[Stack]:
    """One running installation for all journeys, with servers and an empty database of its own."""
    with ExitStack() as ending:
        folder = ending.enter_context(reachable_folder("lyceum-journeys-"))
        servers = TestServers(folder)
        servers.start()
        ending.callback(servers.stop)
        mailbox = Mailbox()
        mailbox.open()
        ending.callback(mailbox.close)
        kept = {name: os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL", "VAR_DIR", "SMTP_URL")}
        environment = {
            "DATABASE_URL": servers.clone("journeys"),
            "REDIS_URL": servers.valkey.url,
            "VAR_DIR": str(folder / "var"),
            "SMTP_URL": mailbox.url,
            "REFLEX_WEB_WORKDIR": str(pages),
            "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
        }
        web = ending.enter_context(web_server("lms_app.lms_app:app", folder, workers=2, **environment))
        environment["PUBLIC_URL"] = web.url
        os.environ |= environment
        forget_connections()
        running = Stack(web.url, mailbox, folder, environment)
        ending.callback(lambda: [_end(process) for process in running.workers])
        running.start_worker()
        for process in running.start_others():
            ending.callback(_end, process)
        _wait_until_ready(running)
        yield running
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        forget_connections()


@pytest.fixture(scope="session")
def furnished(stack: Stack) -> "Furnished":
    """Something to see on every page."""
    from tests.e2e.furnished import furnish

    return furnish()


@pytest.fixture(scope="session")
def lasting_browser() -> Iterator[LastingBrowser]:
    with sync_playwright() as playwright, closing(LastingBrowser(playwright)) as lasting:
        yield lasting


@pytest.fixture
def browser(lasting_browser: LastingBrowser) -> Browser:
    """One browser for all tests; a new one after a test that had to be ended."""
    return lasting_browser.get()


@dataclass
class Visitor:
    """Somebody at a browser. What their pages complain about is collected; the test ends with none of it."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> Page:
        """Collects script errors and refused content of a page."""
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("console", lambda message: self.complaints.append(message.text) if "Content Security Policy" in message.text else None)
        return page


@pytest.fixture
def visit(stack: Stack, browser: Browser, journal: Journal) -> Iterator:
    """`visit()` opens a browser of somebody new. After the test no page may have complained."""
    with ExitStack() as ending:
        visitors: list[Visitor] = []

        def enter(**options) -> Visitor:
            visitor = ending.enter_context(_visitor(browser, stack.url, journal, **options))
            visitors.append(visitor)
            return visitor

        yield enter
        complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    assert complaints == []


@contextmanager
def _visitor(browser: Browser, url: str, journal: Journal, **options) -> Iterator[Visitor]:
    context = browser.new_context(base_url=url, **({"viewport": {"width": 1440, "height": 900}} | options))
    context.set_default_timeout(30_000)
    journal.follow(context)
    page = context.new_page()
    visitor = Visitor(context, page)
    visitor.watch(page)
    try:
        yield visitor
    finally:
        standstill.close(context)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Signs in by the page."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/home/**")


def _wait_until_ready(stack: Stack) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        if httpx.get(f"{stack.url}/readyz", timeout=5).status_code == 200:
            return
        time.sleep(0.3)
    raise AssertionError(httpx.get(f"{stack.url}/readyz").text)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)
