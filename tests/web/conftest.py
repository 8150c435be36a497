"""The built pages behind the real walls, for tests that look at them in a browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import open_browser
from tests.support.servers import TestServers, forget_connections
from tests.support.web import WebServer, web_server


@pytest.fixture(scope="module")
def door(servers: TestServers, database: str, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """Lyceum's own web process with an empty campus."""
    name = f"door_{os.getpid()}"
    os.environ["DATABASE_URL"] = servers.clone(name)
    built = {"REFLEX_WEB_WORKDIR": str(pages.resolve()), "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true"}
    try:
        with web_server("lms_app.lms_app:app", tmp_path_factory.mktemp("door"), **built) as server:
            yield server
    finally:
        os.environ["DATABASE_URL"] = database
        forget_connections()
        servers.drop(name)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        yield browser
