"""The built pages in a browser: one build at any address, under the real policy, on every load."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser, Page, WebSocket, expect, sync_playwright

from tests.conftest import LONG
from tests.support.browser import open_browser
from tests.support.web import WebServer, web_server

SERVED = {"__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        yield browser


@pytest.fixture(scope="module")
def served(database: str, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    folder = tmp_path_factory.mktemp("web")
    with web_server("lms_app.lms_app:app", folder, workers=2, REFLEX_WEB_WORKDIR=str(pages), **SERVED) as server:
        yield server


class Watched:
    """A page that notes what its sockets receive and what it complains about."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.hydrated = 0
        page.on("console", lambda message: self.complaints.append(message.text) if "Content Security Policy" in message.text else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("websocket", self._follow)

    def _follow(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._count)

    def _count(self, frame: str | bytes) -> None:
        self.hydrated += "is_hydrated" in str(frame)

    def wait_until_hydrated(self, by: Callable[[], object], seconds: float = 8) -> None:
        before = self.hydrated
        by()
        waited = 0.0
        while self.hydrated == before:
            assert waited < seconds, f"The page was not connected after {seconds} s: {self.complaints}"
            self.page.wait_for_timeout(20)
            waited += 0.02


def test_one_build_connects_at_any_port_and_host(browser: Browser, served: WebServer, pages: Path, tmp_path: Path) -> None:
    with web_server("lms_app.lms_app:app", tmp_path, REFLEX_WEB_WORKDIR=str(pages), **SERVED) as other:
        for address in (served.url, other.url, f"http://127.0.0.1:{served.port}", f"http://127.0.0.1:{other.port}"):
            watched = Watched(browser.new_page())
            watched.wait_until_hydrated(lambda watched=watched, address=address: watched.page.goto(address))
            assert watched.complaints == []
            watched.page.close()


def test_the_same_build_connects_by_https(browser: Browser, database: str, pages: Path, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path)
    with web_server("lms_app.lms_app:app", tmp_path, certificate=certificate, REFLEX_WEB_WORKDIR=str(pages), **SERVED) as server:
        context = browser.new_context(ignore_https_errors=True)
        watched = Watched(context.new_page())
        response = None

        def go() -> None:
            nonlocal response
            response = watched.page.goto(server.url)

        watched.wait_until_hydrated(go)
        assert response is not None
        assert response.headers["strict-transport-security"].startswith("max-age=31536000")
        assert watched.complaints == []
        context.close()


def test_every_reload_connects_even_in_the_middle_of_connecting(browser: Browser, served: WebServer) -> None:
    """Two faults were found here: a 304 that carried the policy for data, and a lock left behind for 10 s when a page went while connecting."""
    moments = random.Random(7)
    watched = Watched(browser.new_page())
    watched.page.goto(served.url)
    for _ in range(60 if LONG else 20):
        watched.page.reload()
        watched.page.wait_for_timeout(moments.random() * 250)
        watched.wait_until_hydrated(watched.page.reload, 4)
    assert watched.complaints == []
    watched.page.close()


def test_the_page_runs_no_script_that_the_build_does_not_know(browser: Browser, served: WebServer) -> None:
    page = browser.new_page()
    page.goto(served.url)
    with page.expect_request("**/v/csp-reports"):
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {textContent: 'document.title = \"pwned\"'}))")
    expect(page).not_to_have_title("pwned")
    # In a timer, for what a debugger evaluates is exempt.
    evaluated = page.evaluate("new Promise(tell => setTimeout(() => { try { tell(eval('1')) } catch (error) { tell(error.name) } }))")
    assert evaluated == "EvalError"
    page.close()


def test_a_page_that_breaks_in_the_browser_says_so_and_shows_nothing_of_its_inside(browser: Browser, served: WebServer) -> None:
    page = browser.new_page()
    broken = "export default function Broken() { throw new Error('inner-detail-3c1f') }"
    page.route("**/assets/_index-*.js", lambda route: route.fulfill(body=broken, content_type="text/javascript"))
    page.goto(served.url)
    expect(page.get_by_role("heading", name="This page has stopped working")).to_be_visible()
    assert "inner-detail" not in page.content()
    page.unroute("**/assets/_index-*.js")
    page.get_by_role("button", name="Reload the page").click()
    expect(page.get_by_role("heading", name="This page has stopped working")).to_have_count(0)
    page.close()
    reports = [line for line in served.logged().splitlines() if '"browser": "Error"' in line]
    assert len(reports) == 1
    assert "inner-detail" not in served.logged()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate for localhost and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    return certificate, secret
