"""Pictures for the README, taken of a running demo campus: `bin/take_pictures ADDRESS`."""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import open_browser

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
STUDENT, INSTRUCTOR = ("student@example.org", "lyceum-student"), ("instructor@example.org", "lyceum-instructor")
SIZE = {"width": 1280, "height": 800}


def main(address: str) -> None:
    """Signs in as the demo student and the demo instructor and takes the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, open_browser(playwright) as browser:
        _of_student(_signed_in(browser, address, *STUDENT))
        _of_instructor(_signed_in(browser, address, *INSTRUCTOR))


def _signed_in(browser: Browser, address: str, email: str, password: str) -> Page:
    page = browser.new_context(viewport=SIZE, base_url=address).new_page()
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("/(home|teach)"))
    return page


def _of_instructor(page: Page) -> None:
    page.goto("/teach")
    page.get_by_role("link", name="Seeing with statistics").first.click()
    page.get_by_role("treeitem", name="Page Four pictures, one summary").click()
    page.locator(".ly-editor-text").wait_for()
    _take(page, "builder")
    page.get_by_role("link", name="Analytics", exact=True).click()
    page.locator(".ly-plot .main-svg").first.wait_for()
    _take(page, "analytics")


def _of_student(page: Page) -> None:
    page.goto("/home")
    page.locator(".ly-feature").wait_for()
    _take(page, "home")
    page.goto("/learn/seeing-with-statistics")
    page.locator(".ly-turn").first.wait_for()
    page.locator(".ly-turn[data-way=next]").click()
    page.locator(".ly-prose p").first.wait_for()
    _take(page, "learn")
    page.goto("/courses/first-steps")
    page.get_by_role("link", name="Look at it again").click()
    page.locator(".ly-outline a", has_text="A short quiz").first.click()
    page.get_by_role("link", name="Open quiz").click()
    page.get_by_role("button", name="Try again").click()
    page.locator(".ly-question").wait_for()
    _take(page, "quiz")
    page.goto("/my/certificates")
    page.get_by_role("link", name="Public page").first.click()
    page.get_by_text("This certificate is genuine").wait_for()
    _take(page, "certificate")
    page.emulate_media(color_scheme="dark")
    page.goto("/catalogue")
    page.locator(".ly-card").first.wait_for()
    _take(page, "catalogue-dark")


def _take(page: Page, name: str) -> None:
    page.wait_for_timeout(1_000)
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8000")
