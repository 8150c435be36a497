"""Enrolment in browsers: one seat and a code, a waiting list that moves by itself, and a newcomer who comes by an invitation link."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from lms_app.adapters import passwords
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, importing
from lms_app.domain.people.registration import create_person, find_person
from lms_app.ids import uuid7
from lms_app.words import Role
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.e2e.test_main_journey import NAME
from tests.support.campus import neutral_course
from tests.support.mailbox import plain


def account(name: str, *, teaches: bool = False) -> str:
    """An account's address."""
    email = f"{uuid7()}@example.org"
    with transaction() as session:
        create_person(session, name=name, email=email, password_hash=passwords.hash_password(PASSWORD), can_teach=teaches)
    return email


def course_of(email: str) -> tuple[str, str]:
    """Id and address of a published course of an instructor's."""
    with transaction() as session:
        person = find_person(session, email)
        assert person is not None
        teacher = Actor(person_id=person.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        course = importing.store_course(session, teacher, neutral_course("one-seat"), store=lambda data, *, key: f"{len(data)}-{len(key)}")
        authoring.publish_course(session, teacher, course.id)
        return str(course.id), course.slug


def test_a_seat_that_is_freed_goes_to_who_waits_and_a_link_brings_a_newcomer_in(stack: Stack, visit: Callable) -> None:
    teacher_email = account("Ines Okafor", teaches=True)
    course_id, slug = course_of(teacher_email)
    desk: Page = visit().page
    sign_in(desk, teacher_email)
    desk.goto(f"/teach/courses/{course_id}/enrolment")
    desk.get_by_label("Who may enrol").select_option("Whoever has the code")
    desk.get_by_label("Seats", exact=True).fill("1")
    desk.get_by_role("button", name="Save enrolment").click()
    code = desk.get_by_label(re.compile("^Enrolment code .")).inner_text()

    first, second = visit().page, visit().page
    for page, name in ((first, "Ada Early"), (second, "Bea Later")):
        sign_in(page, account(name))
        page.goto(f"/courses/{slug}")
    second.get_by_label("Enrolment code").fill("WRONG")
    second.get_by_role("button", name="Enrol in course").click()
    expect(second.get_by_text("That is not the code of this course.")).to_be_visible()
    first.get_by_label("Enrolment code").fill(code.lower())
    first.get_by_role("button", name="Enrol in course").click()
    first.wait_for_url(f"**/learn/{slug}**")

    # The other's page has learned by itself that the seat is taken.
    second.get_by_label("Enrolment code").fill(code)
    second.get_by_role("button", name="Join waiting list").click()
    expect(second.get_by_text("You are number 1 on the waiting list.")).to_be_visible()
    expect(desk.get_by_text("1. Bea Later")).to_be_visible()

    first.goto(f"/courses/{slug}")
    first.get_by_role("button", name="Leave course").click()
    first.get_by_role("dialog").get_by_role("button", name="Leave course").click()
    expect(second.get_by_role("link", name="Start course")).to_be_visible()
    expect(second.get_by_text("A seat in Stones and sand is free: you are enrolled.").first).to_be_visible()
    expect(desk.get_by_text("Nobody waits")).to_be_visible()

    desk.get_by_label("Who may enrol").select_option("Only who is invited")
    desk.get_by_label("Seats", exact=True).fill("5")
    desk.get_by_role("button", name="Save enrolment").click()
    expect(desk.get_by_text("Enrolment saved.")).to_be_visible()
    desk.get_by_label("What it is for").fill("Autumn flyer")
    desk.get_by_role("button", name="Make link").click()
    address = desk.get_by_label("Invitation link", exact=True).input_value()

    newcomer, email = visit().page, f"{uuid7()}@example.org"
    newcomer.goto(address.replace("http://localhost:8000", stack.url))
    expect(newcomer.get_by_role("heading", name="Stones and sand")).to_be_visible()
    newcomer.get_by_role("link", name="Create an account").click()
    newcomer.get_by_label("Name").fill(NAME)
    newcomer.get_by_label("E-mail address").fill(email)
    newcomer.get_by_role("button", name="Register").click()
    expect(newcomer.get_by_text("We sent you a mail.")).to_be_visible()
    found = re.search(r"http\S+/confirm#\S+", plain(stack.mailbox.wait_for(email)))
    assert found is not None
    newcomer.goto(found[0])
    newcomer.get_by_label("Password", exact=True).fill(PASSWORD)
    newcomer.get_by_role("button", name="Create account").click()
    newcomer.wait_for_url(f"**/courses/{slug}**")
    expect(newcomer.get_by_role("link", name="Start course")).to_be_visible()

    desk.get_by_label("Addresses", exact=True).fill(f"{teacher_email}\nnobody\n")
    desk.get_by_role("button", name="Look at the list").click()
    expect(desk.get_by_text("This is no e-mail address")).to_be_visible()
    expect(desk.get_by_role("button", name="Enrol them")).to_be_disabled()
    desk.get_by_role("button", name="Change the list").click()
    desk.get_by_label("Addresses", exact=True).fill(f"{uuid7()}@example.org,Nia,Evening")
    desk.get_by_role("button", name="Look at the list").click()
    desk.get_by_role("button", name="Enrol them").click()
    expect(desk.get_by_text("1 enrolled or invited.")).to_be_visible()
    expect(desk.get_by_role("heading", name="Invited by mail")).to_be_visible()
