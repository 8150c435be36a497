"""A question under a page, answered by the staff before the student's eyes; a text that outlives its tab; an announcement that comes by itself."""

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlmodel import Session

from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import find_person
from lms_app.words import Role
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_enrolment import account, course_of


def enrolled(session: Session, email: str, slug: str) -> None:
    person = find_person(session, email)
    assert person is not None
    enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), slug)


def test_a_question_is_asked_answered_and_accepted_without_a_reload(stack: Stack, visit: Callable) -> None:
    teacher_email, student_email = account("Ines Okafor", teaches=True), account("Ada Early")
    course_id, slug = course_of(teacher_email)
    with transaction() as session:
        enrolled(session, student_email, slug)
    desk: Page = visit().page
    sign_in(desk, teacher_email)
    desk.goto(f"/teach/courses/{course_id}/discussion")
    expect(desk.get_by_text("Nothing waits for an answer")).to_be_visible()

    page: Page = visit().page
    sign_in(page, student_email)
    page.goto(f"/learn/{slug}")
    talk = page.get_by_role("region", name="Discussion")
    talk.scroll_into_view_if_needed()
    talk.get_by_role("button", name="Ask a question").click()
    talk.get_by_label("Title").fill("How old is it?")
    talk.get_by_label("Text").fill("In **years**, @in")
    # The text is still there after the tab was left, and names are offered after an @.
    page.reload()
    talk.scroll_into_view_if_needed()
    expect(talk.get_by_label("Text")).to_have_value("In **years**, @in")
    talk.get_by_label("Text").press("End")
    talk.get_by_label("Text").press_sequentially("e")
    talk.get_by_role("option", name="Ines Okafor").wait_for()
    talk.get_by_label("Text").press("Enter")
    expect(talk.get_by_label("Text")).to_have_value("In **years**, @Ines Okafor ")
    talk.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**/discussion/**")
    expect(page.get_by_role("heading", name="How old is it?")).to_be_visible()

    desk.get_by_role("link", name="How old is it?").click()
    expect(desk.get_by_text("In years, @Ines Okafor")).to_be_visible()
    desk.get_by_label("Write a reply").fill("Four hundred million.")
    desk.get_by_role("button", name="Reply").click()

    expect(page.get_by_text("Four hundred million.")).to_be_visible()
    page.get_by_role("button", name="This answers it").click()
    expect(desk.get_by_text("Accepted answer")).to_be_visible()
    desk.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_text("This thread is closed")).to_be_visible()
    page.get_by_role("link", name="Stones", exact=True).first.click()
    talk.scroll_into_view_if_needed()
    expect(talk.get_by_text("Answered")).to_be_visible()

    desk.goto(f"/teach/courses/{course_id}/announcements")
    desk.get_by_role("button", name="New announcement").click()
    desk.get_by_label("Title").fill("No class on Friday")
    desk.get_by_label("Text").fill("We meet on *Monday*.")
    desk.get_by_role("button", name="Announce", exact=True).click()
    expect(desk.get_by_role("heading", name="No class on Friday")).to_be_visible()
    page.goto("/inbox")
    told = page.get_by_text("announces: No class on Friday.")
    expect(told.first).to_be_visible()
    page.get_by_role("button", name="Open: Stones and sand announces: No class on Friday.").click()
    expect(page.get_by_text("We meet on Monday.")).to_be_visible()

    # What one took away oneself is found again, and put back.
    page.goto(f"/learn/{slug}")
    talk.scroll_into_view_if_needed()
    talk.get_by_role("button", name="Ask a question").click()
    talk.get_by_label("Title").fill("Is it old?")
    talk.get_by_label("Text").fill("I think so.")
    talk.get_by_role("button", name="Ask", exact=True).click()
    page.wait_for_url("**/discussion/**")
    page.get_by_role("button", name="Remove", exact=True).click()
    expect(page.get_by_text("You removed this, and nobody else sees it.")).to_be_visible()
    page.get_by_role("link", name="Stones", exact=True).first.click()
    talk.scroll_into_view_if_needed()
    row = talk.locator(".ly-row").filter(has_text="Is it old?")
    expect(row.get_by_text("Removed")).to_be_visible()
    row.get_by_role("link").click()
    page.get_by_role("button", name="Put back").click()
    expect(page.get_by_label("Write a reply")).to_be_visible()
    expect(page.get_by_text("I think so.")).to_be_visible()
