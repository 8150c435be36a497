"""The reference of the REST API, in a browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from lms_app.api.reference import read
from tests.api.v1.conftest import PASSWORD, new_account
from tests.conftest import LONG
from tests.support.apps import v1_app
from tests.support.browser import open_browser
from tests.support.servers import forget_connections
from tests.support.web import WebServer, web_server

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
LOOKS = ((1440, "light"), (1440, "dark"), (360, "light"), (360, "dark"))
OPPOSITES = (LOOKS[0], LOOKS[3])


@pytest.fixture
def web(committed_database: str, redis_url: str, pages: Path, tmp_path: Path) -> Iterator[WebServer]:
    """The test site with the built pages' files."""
    with web_server("tests.wire.site:app", tmp_path, REFLEX_WEB_WORKDIR=str(pages), __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true") as server:
        yield server
    forget_connections()


def test_calls_are_tried_in_the_reference_under_its_strict_policy_by_everybody(web: WebServer) -> None:
    new_account("ada@example.org")
    said: list[str] = []
    asked: list[str] = []
    found: list[str] = []
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        answer = page.goto(f"{web.url}/api/docs")
        assert answer is not None
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self';" in policy
        assert "unsafe-eval" not in policy
        page.locator("#reference .opblock").first.wait_for()
        found += faults(page, "closed", looks=LOOKS if LONG else OPPOSITES)
        call(page, "tokens-create", {"email": "ada@example.org", "password": PASSWORD})
        page.get_by_text("Signed in").wait_for()
        assert call(page, "courses-find") == "200"
        found += faults(page, "with answers", looks=OPPOSITES)
        page.locator(".authorize").focus()
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="Token").wait_for()
        assert page.evaluate("document.activeElement.closest('.modal-ux') !== null")
        found += faults(page, "with the dialog", looks=OPPOSITES)
        page.keyboard.press("Escape")
        page.get_by_role("dialog", name="Token").wait_for(state="detached")
        assert page.evaluate("document.activeElement.matches('.authorize')")
    assert found == []
    assert said == []
    assert all(url.startswith((web.url, "data:")) for url in asked)
    assert "csp_violation" not in web.logged()


def test_the_reference_reads_without_scripts(web: WebServer) -> None:
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800}).new_page()
        page.goto(f"{web.url}/api/docs")
        assert page.get_by_role("heading", level=1).inner_text() == "REST API"
        page.get_by_role("link", name="PUT /courses/{slug}/enrollment").click()
        assert page.url.endswith("#courses-enroll")


def call(page: Page, operation: str, body: dict[str, str] | None = None) -> str:
    """Opens an operation and calls it by the keyboard; the status that came back."""
    block = page.locator(f"[id$=-{operation}]")
    for control in (".opblock-summary-control", ".try-out__btn"):
        block.locator(control).focus()
        page.keyboard.press("Enter")
    if body:
        block.locator("textarea").fill(json.dumps(body))
    block.locator(".execute").focus()
    page.keyboard.press("Enter")
    return block.locator(".live-responses-table tbody .response-col_status").first.inner_text().split()[0]


def faults(page: Page, where: str, looks: tuple[tuple[int, str], ...]) -> list[str]:
    """What axe finds, and what is too wide, on each of some widths and modes."""
    found: list[str] = []
    for width, mode in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=mode)
        page.wait_for_function("(mode) => document.documentElement.classList.contains(mode)", arg=mode)
        page.evaluate("document.fonts.ready")
        overhang = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found += [f"{where} at {width}: {overhang} px too wide"] if overhang > 0 else []
        violations = Axe().run(page, options=WCAG).response["violations"]
        found += [f"{where} at {width} {mode}: {one['id']}: {one['nodes'][0]['html'][:200]}" for one in violations]
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def test_the_reference_says_everything_that_the_document_says() -> None:
    page = bytes(read().body).decode()
    document = v1_app().openapi()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert f'id="{operation["operationId"]}"><h3>{method.upper()} {path}</h3>' in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert "<script>" not in page
