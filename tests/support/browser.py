"""Chromium for tests."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright

SHELL = "chromium-headless-shell"
"""The lightest, so looked for first: a tab of a whole browser costs over a second of processor time before it shows anything."""
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


def chromium_path(*, whole: bool = False) -> str:
    """The browser that `bin/browser` finds. `whole`: one with windows, as people have it, where there is one."""
    order = (*WHOLE, SHELL) if whole else (SHELL, *WHOLE)
    for name in filter(None, (os.environ.get("CHROMIUM"), *order)):
        if found := shutil.which(name):
            return found
    raise RuntimeError("There is no browser: run bin/browser.")


@contextmanager
def open_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium without a window."""
    browser = start_browser(playwright)
    try:
        yield browser
    finally:
        browser.close()


def start_browser(playwright: Playwright) -> Browser:
    """Chromium without a window; its caller closes it."""
    return playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)


class LastingBrowser:
    """Chromium without a window, for many tests: started at the first need, and again where it has ended."""

    def __init__(self, playwright: Playwright) -> None:
        self._playwright = playwright
        self._browser: Browser | None = None

    def get(self) -> Browser:
        """The browser, running."""
        if self._browser is None or not self._browser.is_connected():
            self._browser = start_browser(self._playwright)
        return self._browser

    def close(self) -> None:
        if self._browser is not None:
            self._browser.close()
