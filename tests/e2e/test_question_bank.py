"""A bank in the browser: however long it is, what is in sight is drawn."""

from collections.abc import Callable

from playwright.sync_api import expect

from lms_app.database import transaction
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.furnished import _new_actor  # pyright: ignore[reportPrivateUsage]
from tests.support.exam_hall import exam_course


def test_a_long_bank_is_drawn_as_it_comes_into_sight_on_a_phone(stack: Stack, visit: Callable) -> None:
    email = "ines.bank@example.org"
    with transaction() as session:
        course_id = exam_course(session, _new_actor(session, "Ines Bank", email, teaches=True), "kept-in-a-bank", 150).id
    page = visit(viewport={"width": 360, "height": 800}, reduced_motion="reduce").page
    sign_in(page, email)
    page.goto(f"/teach/courses/{course_id}/bank")
    rows = page.get_by_role("list", name="Questions").get_by_role("listitem")
    expect(page.get_by_text("150 questions", exact=True)).to_be_visible()
    assert rows.count() < 60
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("[aria-posinset='150'] .ly-banking-title")).to_be_visible()
    page.locator("[aria-posinset='150'] input").check()
    expect(page.get_by_text("1 question chosen")).to_be_visible()
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 360
