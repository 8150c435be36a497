"""The built pages behind the real walls, for tests that look at them in a browser."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from lms_app.launcher.pages import Pages
from lms_app.launcher.places import pages_folder
from tests.support.browser import open_browser
from tests.support.servers import TestServers, forget_connections
from tests.support.web import WebServer, web_server


@pytest.fixture(scope="module")
def door(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """Lyceum's own web process with an empty campus."""
    pages = Pages(pages_folder()).folder
    if not (pages / "build" / "client" / "index.html").exists():
        pytest.fail("The pages are not built yet: run `python -m lms_app build`.")
    name = f"door_{os.getpid()}"
    before = os.environ["DATABASE_URL"]
    os.environ["DATABASE_URL"] = servers.clone(name)
    built = {"REFLEX_WEB_WORKDIR": str(pages.resolve()), "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}
    try:
        with web_server("lms_app.lms_app:app", tmp_path_factory.mktemp("door"), **built) as server:
            yield server
    finally:
        os.environ["DATABASE_URL"] = before
        forget_connections()
        servers.drop(name)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        yield browser
