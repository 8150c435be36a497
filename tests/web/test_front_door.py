"""The look in a browser, under the real policy: keys, palette, colour mode, accessibility, no sideways scroll."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.support.web import WebServer

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
PAGES = ("/", "/catalogue", "/sign-in", "/nothing-here")


@contextmanager
def page_at(chromium: Browser, door: WebServer, path: str, *, width: int = 1440, mode: str = "light") -> Iterator[tuple[Page, list[str]]]:
    """A page that has been loaded and connected, and what its console complains of."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=mode, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(door.url + path)
    expect(page.locator("h1").first).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("html[data-keys]")).to_be_attached()
    try:
        yield page, complaints
    finally:
        context.close()


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"][:3]]) for rule in found]


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1440])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible_and_does_not_scroll_sideways(chromium: Browser, door: WebServer, path: str, width: int, mode: str):
    with page_at(chromium, door, path, width=width, mode=mode) as (page, _):
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_the_front_door_keeps_to_its_policy(chromium: Browser, door: WebServer):
    with page_at(chromium, door, "/") as (page, complaints):
        page.keyboard.press("Control+k")
        expect(page.get_by_placeholder("Search courses and pages")).to_be_focused()
        page.keyboard.press("Escape")
        page.get_by_label("Switch between light and dark").click()
        expect(page.locator("html")).to_have_class("dark")
        assert complaints == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_palette_finds_a_place_and_goes_there(chromium: Browser, door: WebServer, mode: str):
    with page_at(chromium, door, "/", mode=mode) as (page, _):
        page.keyboard.press("Control+k")
        expect(page.get_by_placeholder("Search courses and pages")).to_be_focused()
        assert violations(page) == []
        page.keyboard.type("cata")
        expect(page.get_by_role("option")).to_have_count(1)
        page.keyboard.press("Enter")
        page.wait_for_url("**/catalogue")
        expect(page.locator(".ly-palette")).to_have_count(0)
        expect(page.locator("#main")).to_be_focused()


def test_the_list_of_keys_switches_single_letters_off_for_good(chromium: Browser, door: WebServer):
    with page_at(chromium, door, "/") as (page, _):
        page.keyboard.press("?")
        switch = page.get_by_role("switch", name="Single-letter shortcuts")
        expect(switch).to_be_checked()
        assert violations(page) == []
        switch.uncheck()
        page.get_by_role("button", name="Close").click()
        page.reload()
        expect(page.locator("html[data-keys]")).to_be_attached()
        page.keyboard.press("?")
        page.keyboard.press("Control+k")
        expect(page.get_by_role("dialog")).to_have_accessible_name("Search")


def test_letters_typed_into_a_field_are_only_letters(chromium: Browser, door: WebServer):
    with page_at(chromium, door, "/catalogue") as (page, _):
        page.get_by_role("searchbox").fill("")
        page.get_by_role("searchbox").press_sequentially("g?h")
        expect(page.get_by_role("searchbox")).to_have_value("g?h")
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert page.url.rstrip("/").endswith("/catalogue")


def test_the_colour_mode_stays_after_a_reload(chromium: Browser, door: WebServer):
    with page_at(chromium, door, "/", mode="light") as (page, _):
        page.get_by_label("Switch between light and dark").click()
        page.reload()
        expect(page.locator("html")).to_have_class("dark")


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(chromium: Browser, door: WebServer):
    with page_at(chromium, door, "/catalogue") as (page, _):
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
        page.keyboard.press("Enter")
        assert page.url.replace("/#", "#") == f"{door.url}/catalogue#main"


def test_losing_the_connection_says_so(chromium: Browser, door: WebServer):
    with page_at(chromium, door, "/catalogue") as (page, _):
        expect(page.locator(".ly-offline")).to_be_hidden()
        page.context.set_offline(True)
        expect(page.get_by_text("You are offline.")).to_be_visible()
        page.context.set_offline(False)
        expect(page.locator(".ly-offline")).to_be_hidden()


def test_a_cover_is_served_for_a_slug_and_for_nothing_else(door: WebServer):
    answer = httpx.get(f"{door.url}/v/covers/reading-maps.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "immutable" in answer.headers["cache-control"]
    assert [httpx.get(f"{door.url}/v/covers/{bad}.svg").status_code // 100 for bad in ("READING", "a%3Cb", "a" * 201)] == [4, 4, 4]
