"""A bank in the browser: found, sorted into a category, edited from far down the list, used in a quiz, copied."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from lms_app.database import transaction
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import _new_actor  # pyright: ignore[reportPrivateUsage]
from tests.support.exam_hall import exam_course

EMAIL = "ines.bank@example.org"


def test_an_author_keeps_a_bank_on_a_phone(stack: Stack, visit: Callable) -> None:
    with transaction() as session:
        course_id = exam_course(session, _new_actor(session, "Ines Bank", EMAIL, teaches=True), "kept-in-a-bank", 55).id
    page = visit(viewport={"width": 360, "height": 800}, reduced_motion="reduce").page
    edits = page.get_by_role("link", name="Edit: ")
    sign_in(page, EMAIL)
    page.goto(f"/teach/courses/{course_id}")
    page.get_by_role("navigation", name="This course").get_by_role("link", name="Questions").click()
    expect(page.get_by_text("55 questions in the bank of this course")).to_be_visible()
    expect(edits).to_have_count(50)
    page.get_by_role("button", name="Next").click()
    expect(edits).to_have_count(5)

    edits.last.click()
    page.get_by_role("textbox", name="Question", exact=True).fill("Which of the two is the older?")
    page.get_by_role("button", name="Publish question").click()
    expect(page.get_by_text("It is in the drafts of")).to_be_visible()
    page.goto(f"/teach/courses/{course_id}/bank")

    page.get_by_role("button", name="Add category").click()
    page.get_by_label("Name").fill("Stones")
    page.get_by_role("button", name="Save name").click()
    expect(page.get_by_role("button", name=re.compile(r"^Stones ?0"))).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("No question matches")).to_be_visible()
    page.get_by_role("button", name="Show all questions").click()
    page.get_by_placeholder("Search titles and tags").fill("older")
    expect(edits).to_have_count(1)
    page.get_by_role("button", name="Move, tag, use or copy").click()
    page.get_by_label("Category", exact=True).select_option(label="Stones")
    expect(page.get_by_role("button", name=re.compile(r"^Stones ?1"))).to_be_visible()
    page.get_by_role("textbox", name="Tags").fill("Old, soft")
    page.get_by_role("button", name="Save tags").click()
    expect(page.locator(".ly-pill", has_text="soft")).to_be_visible()
    page.get_by_role("button", name="Copy to my bank").click()
    expect(page.get_by_text("Your own bank has a copy now.")).to_be_visible()
    page.get_by_role("button", name="Mine", exact=True).click()
    expect(page.get_by_text("1 question in your own bank")).to_be_visible()
    expect(page.get_by_text("Used in no quiz")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
