"""A nudge in browsers: written to those at risk, it is told in an open tab, mailed at once, or kept for a digest, as each student wants."""

import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect
from sqlmodel import col, select

from lms_app.adapters import clock, mail
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.notifications import deliveries
from lms_app.domain.notifications.delivery_rules import next_digest
from lms_app.domain.people.registration import find_person
from lms_app.models import Enrollment, LearnerFigures
from lms_app.words import DeliveryChannel, Role
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_enrolment import account, course_of
from tests.e2e.test_students import keep_picture
from tests.support.mailbox import plain

WORDS = "The second lesson is shorter than the first. Come and see."


def wants(page: Page, mail_when: str) -> None:
    """Says on the page of preferences when mail of the staff is to come."""
    page.goto("/profile/notifications")
    page.get_by_role("row").filter(has_text="Messages from the staff").get_by_label("By mail").select_option(mail_when)
    page.get_by_role("button", name="Save changes").click()
    expect(page.get_by_text("Your preferences are saved.")).to_be_visible()


def away_for_a_month(emails: tuple[str, ...], slug: str) -> list[UUID]:
    """Lets these students have enrolled 40 days ago and been there for the last time a month ago. Gives who they are."""
    with transaction() as session:
        people = [person.id for email in emails if (person := find_person(session, email))]
        taken = [enrollments.enroll(session, Actor(person_id=person, roles=frozenset({Role.STUDENT})), slug) for person in people]
    _until_folded(people)
    with transaction() as session:
        for person, enrollment_id in zip(people, taken, strict=True):
            enrollment = session.get_one(Enrollment, enrollment_id)
            enrollment.enrolled_at = clock.now() - timedelta(days=40)
            figures = session.get_one(LearnerFigures, (enrollment.run_id, person))
            figures.last_active_at, figures.items_started = clock.now() - timedelta(days=30), 1
            session.add_all([enrollment, figures])
    return people


def _until_folded(people: list[UUID]) -> None:
    """Until their enrolments, which are all that they have done, are in the figures."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with transaction() as session:
            if len(session.exec(select(LearnerFigures.person_id).where(col(LearnerFigures.person_id).in_(people))).all()) == len(people):
                return
        time.sleep(0.1)
    raise AssertionError("The enrolments did not come into the figures.")


def test_a_nudge_comes_as_a_notice_in_an_open_tab_as_mail_at_once_or_with_the_digest(stack: Stack, visit: Callable) -> None:
    ines, prompt, patient = account("Ines Okafor", teaches=True), account("Prompt Petra"), account("Patient Paul")
    course_id, slug = course_of(ines)
    hers, his = visit().page, visit().page
    _, paul = away_for_a_month((prompt, patient), slug)
    for student, email in ((hers, prompt), (his, patient)):
        sign_in(student, email)
    wants(his, "Daily, at 7:00")
    hers.goto("/home")

    teacher: Page = visit().page
    sign_in(teacher, ines)
    teacher.goto(f"/teach/courses/{course_id}/people")
    teacher.get_by_role("button", name="At risk").click()
    expect(teacher.get_by_text("Flags 2 of 2 students")).to_be_visible()
    teacher.get_by_role("button", name="Write to these 2").click()
    teacher.get_by_label("Message").fill(WORDS)
    teacher.get_by_role("button", name="Send message").click()
    expect(teacher.get_by_text("2 students were written to.")).to_be_visible()

    for student in (hers, his):
        expect(student.get_by_role("status").filter(has_text=WORDS)).to_be_visible()
    message = stack.mailbox.wait_for(prompt)
    assert f"The staff of Stones and sand writes: {WORDS}" in plain(message)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    sent_to = [str(each["To"]) for each in stack.mailbox.messages]
    assert not [to for to in sent_to if patient in to], "his waits for the digest"
    with clock.moved_to(next_digest(DeliveryChannel.DAILY, clock.now(), ZoneInfo("UTC")) + timedelta(seconds=1)), transaction() as session:
        deliveries.send_digest(session, paul, DeliveryChannel.DAILY, mail=mail.mailer(session))
    digest = stack.mailbox.wait_for(patient)
    assert WORDS in plain(digest)
    assert "in Lyceum" in digest["Subject"]

    # Nobody is written to twice within three days, from the table of students neither.
    teacher.get_by_role("button", name="Students", exact=True).click()
    keep_picture(teacher, "nudge-table-1440")
    teacher.set_viewport_size({"width": 360, "height": 740})
    teacher.emulate_media(color_scheme="dark")
    keep_picture(teacher, "nudge-table-360")
    teacher.get_by_role("button", name="Write to Prompt Petra").click()
    teacher.get_by_label("Message").fill("Once more.")
    teacher.get_by_role("button", name="Send message").click()
    expect(teacher.get_by_role("alert")).to_contain_text("Each was written to in the last 3 days.")
