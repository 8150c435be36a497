"""A course's outline in the browser: put in order by the pointer and by keys, named, copied, taken out and brought back, under two pairs of eyes."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring
from lms_app.models import Module
from tests.e2e.authors import drag, expect_order, row, stored_outline
from tests.e2e.conftest import sign_in
from tests.e2e.test_main_journey import new_instructor

pytestmark = pytest.mark.timeout(180)

GO_ON_AT_ONCE = """async (title) => {
  const titleOf = (row) => row.querySelector(".ly-tree-title").lastChild.textContent;
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", code: "ArrowUp", bubbles: true }));
  await new Promise((done) => setTimeout(done));
  [...document.querySelectorAll("[role=treeitem]")].find((row) => titleOf(row) === title).focus();
  await new Promise((done) => setTimeout(done, 600));
  return titleOf(document.activeElement);
}"""
"""Presses a key and chooses a row by hand before the key has shown what it does; gives the title of the row that has the focus at last."""


def small_course(author: Actor) -> UUID:
    with transaction() as session:
        course = authoring.create_course(session, author, title="Weather and ground")
        for module, lesson, first, second in (("Sky", "Clouds", "Rain", "Snow"), ("Ground", "Stones", "Slate", "Chalk")):
            made = authoring.add_lesson(session, author, authoring.add_module(session, author, course.id, module).id, lesson)
            authoring.add_page(session, author, made.id, first)
            authoring.add_page(session, author, made.id, second)
        return course.id


def test_an_outline_is_put_in_order_and_nothing_is_lost(stack: Any, visit: Any) -> None:
    author = new_instructor("ines.outline@example.org")
    course_id = small_course(author)
    visitor = visit()
    page: Page = visitor.page
    sign_in(page, "ines.outline@example.org")
    page.goto(f"/teach/courses/{course_id}")
    other = visitor.watch(visitor.context.new_page())
    other.goto(f"/teach/courses/{course_id}")
    both = (page, other)
    for tab in both:
        expect_order(tab, "Sky", "Clouds", "Clouds", "Rain", "Snow", "Ground", "Stones", "Stones", "Slate", "Chalk")

    # By the pointer, into a lesson of another module; somebody who looks on sees it.
    drag(page, "Rain", "Slate", y=32)
    for tab in both:
        expect_order(tab, "Sky", "Clouds", "Clouds", "Snow", "Ground", "Stones", "Stones", "Slate", "Rain", "Chalk")
    assert stored_outline(author, course_id)["Ground"]["Stones"] == ["Stones", "Slate", "Rain", "Chalk"]

    # Let go of elsewhere a node stays where it was, and the keys are at work.
    drag(page, "Snow", "Slate", y=32, let_go="Files")

    # The tree gives the focus to no row any more once somebody has gone on to another.
    row(page, "Slate").focus()
    page.keyboard.press("ArrowUp")
    expect(row(page, "Stones").last).to_be_focused()
    assert page.evaluate(GO_ON_AT_ONCE, "Snow") == "Snow"

    # By keys, past the end of its lesson into the next module, told in words.
    row(page, "Snow").focus()
    page.keyboard.press("Alt+ArrowDown")
    for tab in both:
        expect_order(tab, "Sky", "Clouds", "Clouds", "Ground", "Stones", "Snow", "Stones", "Slate", "Rain", "Chalk")
    expect(page.get_by_role("status").filter(has_text="“Snow” is now 1 of 5 in lesson “Stones”, module “Ground”.")).to_have_count(1)
    expect(row(page, "Snow")).to_be_focused()
    page.keyboard.press("Control+Shift+KeyD")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("status").filter(has_text="in lesson “Clouds”, module “Sky”")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("status").filter(has_text="It stays where it was.")).to_have_count(1)

    # A title that somebody else gives meanwhile is not written over unasked.
    row(page, "Sky").focus()
    page.keyboard.press("F2")
    page.keyboard.type("Air")
    with transaction() as session:
        sky = session.exec(select(Module.id).where(Module.course_id == course_id, Module.title == "Sky")).one()
        authoring.rename(session, author, "module", sky, "Heaven")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="it is “Heaven” now")).to_contain_text("Yours is “Air”.")
    page.get_by_role("button", name="Use mine").click()
    for tab in both:
        expect(row(tab, "Air")).to_have_count(1)

    # Out of the course and back again, and twice.
    row(page, "Chalk").focus()
    page.keyboard.press("Delete")
    expect(row(other, "Chalk")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(other, "Chalk")).to_have_count(1)
    row(page, "Chalk").click(button="right")
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(row(other, "Chalk (copy)")).to_have_count(1)

    # The page beside its outline: its title is one and the same, and a reload comes back to it.
    row(page, "Slate").click()
    text = page.get_by_role("textbox", name="Text of the page")
    text.click()
    page.keyboard.type("Split along its planes.")
    row(page, "Slate").dblclick()
    page.keyboard.type("Schist")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Title of the page")).to_have_value("Schist")
    expect(page.locator("[data-status=saved]")).to_be_visible()
    expect(row(other, "Schist")).to_have_count(1)
    page.reload()
    expect(text).to_contain_text("Split along its planes.")
    expect(row(page, "Schist")).to_have_attribute("aria-selected", "true")
    page.go_back()
    expect(page.get_by_label("Title of the page")).to_have_value("Chalk (copy)")
    page.set_viewport_size({"width": 360, "height": 780})
    page.get_by_role("button", name="Outline", exact=True).click()
    expect(row(page, "Chalk (copy)")).to_be_focused()
    page.get_by_role("searchbox", name="Search the outline").fill("snow")
    expect_order(page, "Ground", "Stones", "Snow")
    row(page, "Snow").click()
    expect(page.get_by_label("Title of the page")).to_have_value("Snow")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360

    # Whoever has gone elsewhere before the answer comes stays there.
    page.set_viewport_size({"width": 1280, "height": 800})
    held: list[Route] = []
    page.route("**/copy", lambda route: held.append(route))
    row(page, "Snow").click(button="right")
    page.get_by_role("menuitem", name="Duplicate").click()
    page.get_by_role("link", name="Files").click()
    page.wait_for_url("**/files")
    with page.expect_response("**/copy"):
        held[0].continue_()
    expect(row(other, "Snow (copy)")).to_have_count(1)
    assert page.url.endswith("/files")
