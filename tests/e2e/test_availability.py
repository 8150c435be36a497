"""A page that waits for another and a quiz that waits for a day: set by an author who is told beforehand whom it opens for, met by a student."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import select

from lms_app.adapters import clock, passwords
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, availability_editing, importing
from lms_app.domain.enrollments import enrollments, learning
from lms_app.domain.people.registration import create_person
from lms_app.interchange import neutral
from lms_app.models import Assessment
from lms_app.models import Page as PageRow
from lms_app.words import CompletionRule, Role
from tests.e2e.conftest import PASSWORD, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.support.campus import neutral_course

pytestmark = pytest.mark.timeout(180)

AUTHOR, STUDENT = "ines.opens@example.org", "mara.opens@example.org"


def two_pages_and_a_quiz() -> neutral.Course:
    """The course of the campus, with its first page to be marked by hand."""
    source = neutral_course("opens")
    (module,) = source.modules
    reading, ending = module.lessons
    first, second = reading.pages
    pages = (replace(first, rule=CompletionRule.MANUAL), second)
    return replace(source, modules=(replace(module, lessons=(replace(reading, pages=pages), ending)),))


def new_campus_course() -> UUID:
    """A published course with four students: one has completed the first page, another has begun the second."""
    author = new_instructor(AUTHOR)
    with transaction() as session:
        course = importing.store_course(session, author, two_pages_and_a_quiz(), store=lambda data, *, key: "nowhere")
        authoring.publish_course(session, author, course.id)
        pages = dict(session.exec(select(PageRow.title, PageRow.id).where(PageRow.course_id == course.id)).all())
        for number, email in enumerate((STUDENT, "two@example.org", "three@example.org", "four@example.org")):
            person = create_person(session, name=f"Mara {number}", email=email, password_hash=passwords.hash_password(PASSWORD))
            student = Actor(person_id=person.id, roles=frozenset({Role.STUDENT}))
            enrollments.enroll(session, student, course.slug)
            if number == 2:
                learning.mark_complete(session, student, pages["Stones"])
            if number == 3:
                learning.open_page(session, student, pages["Sand"])
        return course.id


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("treeitem", name=re.compile(rf"^(Module|Lesson|Page|Quiz) {re.escape(title)} "))


def test_a_page_waits_for_another_and_opens_before_the_eyes_of_its_student(stack: Any, visit: Any) -> None:
    course_id = new_campus_course()
    author = visit().page
    sign_in(author, AUTHOR)
    author.goto(f"/teach/courses/{course_id}")

    # The author locks the second page behind the first, and is told whom it opens for.
    row(author, "Sand").click()
    author.get_by_role("button", name="Change availability").click()
    dialog = author.get_by_role("dialog", name="When is “Sand” open?")
    expect(dialog).to_contain_text("It is always open.")
    dialog.get_by_role("button", name="After something is complete").click()
    dialog.get_by_role("combobox", name="Part of the course").select_option(label="Page: Stones")
    expect(dialog).to_contain_text("Opens after “Stones”.")
    expect(dialog).to_contain_text("Opens for 1 of 4 students today; it is open for 4 now. 1 who is in it now would keep it.")
    dialog.get_by_role("button", name="Save rule").click()
    expect(dialog).to_have_count(0)
    expect(row(author, "Sand").get_by_role("img", name="Not always open. Opens after “Stones”.")).to_be_visible()

    # What would turn in a circle is refused before it is saved.
    row(author, "Stones").click()
    author.get_by_role("button", name="Change availability").click()
    circle = author.get_by_role("dialog", name="When is “Stones” open?")
    circle.get_by_role("button", name="After something is complete").click()
    circle.get_by_role("combobox", name="Part of the course").select_option(label="Page: Sand")
    expect(circle).to_contain_text("No student could ever open this: it opens after “Sand”, and that cannot be done before this is open.")
    expect(circle.get_by_role("button", name="Save rule")).to_be_disabled()
    circle.get_by_role("button", name="Cancel").click()

    # The quiz opens on a day; another rule of completion tells its numbers, too.
    author.get_by_role("button", name="Unfold all").click()
    author.get_by_role("treeitem", name=re.compile("^Quiz Final quiz ")).click(button="right")
    author.get_by_role("menuitem", name="Availability").click()
    quiz = author.get_by_role("dialog", name="When is “Final quiz” open?")
    quiz.get_by_role("button", name="From a date").click()
    quiz.get_by_label("Opens at").fill("2199-03-03T09:00")
    expect(quiz).to_contain_text("Opens for 0 of 4 students today; it is open for 4 now.")
    quiz.get_by_role("button", name="Save rule").click()
    expect(quiz).to_have_count(0)
    author.get_by_role("button", name="Change completion").click()
    completion = author.get_by_role("dialog", name="What completes this page?")
    completion.get_by_label("Reading it to the end").check()
    expect(completion).to_contain_text("1 of 4 has completed it; with the new rule 0 would by now; the 1 keeps it.")
    completion.get_by_role("button", name="Cancel").click()

    # The student sees the lock and what opens it, does that, and the page is there.
    mara = visit().page
    sign_in(mara, STUDENT)
    mara.goto("/learn/opens")
    outline = mara.get_by_role("link", name=re.compile("^Sand ?, not open yet"))
    expect(outline).to_contain_text("Opens when you have completed “Stones”.")
    other = mara.context.new_page()
    outline.click()
    expect(mara.get_by_role("heading", name="Sand", level=1)).to_be_visible()
    expect(mara.get_by_role("article")).to_contain_text("Opens when you have completed “Stones”.")
    expect(mara.get_by_text("Sand is young.")).to_have_count(0)
    expect(mara.get_by_role("button", name="Mark complete")).to_have_count(0)
    other.goto("/learn/opens")
    other.get_by_role("button", name="Mark complete").first.click()
    expect(mara.get_by_text("Sand is young.")).to_be_visible()
    expect(mara.get_by_role("button", name="Mark complete").first).to_be_visible()
    other.close()
    mara.get_by_role("link", name="Next Final quiz").click()
    expect(mara.get_by_role("article")).to_contain_text("Opens on 3 March 2199, 09:00.")
    expect(mara.get_by_role("link", name="Start quiz")).to_have_count(0)


def test_a_quiz_and_a_page_open_by_themselves_when_their_time_comes(visit: Any) -> None:
    author = new_instructor("ines.waits@example.org")
    with transaction() as session:
        source = replace(two_pages_and_a_quiz(), slug="opens-soon")
        course = importing.store_course(session, author, source, store=lambda data, *, key: "nowhere")
        authoring.publish_course(session, author, course.id)
        person = create_person(session, name="Mara Waits", email="mara.waits@example.org", password_hash=passwords.hash_password(PASSWORD))
        enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), course.slug)
        sand = session.exec(select(PageRow.id).where(PageRow.course_id == course.id, PageRow.title == "Sand")).one()
        quiz = session.exec(select(Assessment.id).where(Assessment.course_id == course.id, Assessment.title == "Final quiz")).one()
    waits = visit().page
    sign_in(waits, "mara.waits@example.org")
    other = waits.context.new_page()
    # Availabilities are in whole minutes: the next one that leaves time to come to the pages.
    soon = (clock.now() + timedelta(seconds=85)).replace(second=0, microsecond=0, tzinfo=None).isoformat()
    with transaction() as session:
        for kind, node in (("page", sand), ("quiz", quiz)):
            rule = {"match": "all", "conditions": [{"kind": "from", "at": soon}]}
            availability_editing.set_availability(session, author, course.id, kind, node, rule, seen=0)
    waits.goto(f"/quiz/{quiz}")
    other.goto(f"/learn/opens-soon/{sand}")
    expect(waits.get_by_text(re.compile("^Opens "))).to_be_visible()
    expect(other.get_by_role("article")).to_contain_text("Opens ")
    expect(waits.get_by_role("button", name="Start quiz")).to_be_visible(timeout=100_000)
    expect(other.get_by_text("Sand is young.")).to_be_visible()
    other.close()
