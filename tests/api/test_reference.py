"""The reference of the REST API, in a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from lms_app.api.reference import read
from lms_app.api.v1.app import build
from lms_app.web import theme
from tests.support.browser import open_browser
from tests.support.servers import forget_connections
from tests.support.web import WebServer, web_server


@pytest.fixture(scope="module")
def web(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """The test site with the tokens of the look."""
    folder: Path = tmp_path_factory.mktemp("web")
    built = folder / "build" / "client"
    built.mkdir(parents=True)
    (built / "404.html").write_text("<!doctype html>")
    (built / "favicon.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    theme.write_tokens(built)
    shutil.copytree(theme.ASSETS / "fonts", built / "fonts")
    with web_server("tests.wire.site:app", folder, REFLEX_WEB_WORKDIR=str(folder), __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true") as server:
        yield server
    forget_connections()


def test_the_reference_reads_well_in_a_browser_under_its_own_strict_policy(web: WebServer, tmp_path: Path) -> None:
    said: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        page = browser.new_page(viewport={"width": 360, "height": 800})
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: asked.append(request.url))
        answer = page.goto(f"{web.url}/api/docs", wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200
        assert "script-src" not in answer.headers["content-security-policy"]
        assert page.get_by_role("heading", level=1).inner_text() == "REST API"
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.screenshot(path=tmp_path / "reference-360.png")
        page.set_viewport_size({"width": 1440, "height": 900})
        page.get_by_role("link", name="PUT /courses/{slug}/enrollment").click()
        assert page.url.endswith("#courses-enroll")
        page.screenshot(path=tmp_path / "reference-1440.png")
    assert said == []
    assert all(url.startswith(web.url) for url in asked)
    assert "csp_violation" not in web.logged()


def test_the_reference_says_everything_that_the_document_says() -> None:
    page = bytes(read().body).decode()
    document = build().openapi()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert f'id="{operation["operationId"]}"><h3>{method.upper()} {path}</h3>' in page
    for name in document["components"]["schemas"]:
        assert f'id="shape-{name}"' in page
    assert "<script" not in page
