"""An instructor looks through many students: sorts and narrows the table, scrolls far, and opens one."""

import os
import random
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from playwright.sync_api import Page, expect

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person
from lms_app.ids import uuid7
from lms_app.models import Enrollment, LearnerFigures
from lms_app.words import Role
from tests.e2e.conftest import sign_in
from tests.e2e.furnished import INSTRUCTOR, Furnished

MANY = 160


def fill(slug: str) -> None:
    """Puts so many people into a course, each with figures of their own."""
    chance = random.Random(13)
    with transaction() as session:
        for number in range(MANY):
            person = create_person(session, name=f"Student {number:03}", email=f"{uuid7()}@example.org", password_hash=None)
            enrollment_id = enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), slug)
            enrollment = session.get_one(Enrollment, enrollment_id)
            enrollment.enrolled_at = clock.now() - timedelta(days=40)
            begun = number % 8 != 0
            row = LearnerFigures(
                run_id=enrollment.run_id,
                person_id=person.id,
                enrolments=1,
                last_active_at=clock.now() - timedelta(days=chance.randrange(30), hours=2),
                seconds=chance.randrange(60, 30_000) if begun else 0,
                items_started=chance.randrange(1, 6) if begun else 0,
                marked=1 if begun else 0,
                fractions=Decimal(f"{chance.random():.6f}") if begun else Decimal(0),
            )
            session.merge(row)


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_many_students_are_sorted_narrowed_scrolled_and_one_is_opened(visit, furnished: Furnished) -> None:
    teacher = visit().page
    teacher.set_viewport_size({"width": 1440, "height": 900})
    sign_in(teacher, INSTRUCTOR)
    people = f"/teach/courses/{furnished.course_id}/people"
    teacher.goto(people)
    table = teacher.get_by_role("table", name="Students")
    expect(table.get_by_role("link", name="Mara Lindqvist")).to_be_visible(timeout=30_000)
    keep_picture(teacher, "few-1440")

    fill(furnished.slug)
    teacher.reload()
    expect(table.get_by_role("link", name="Student 000")).to_be_visible(timeout=30_000)
    table.get_by_role("button", name="Time").click()
    expect(table.get_by_role("columnheader", name="Time")).to_have_attribute("aria-sort", "descending")
    keep_picture(teacher, "many-1440")
    table.get_by_role("button", name="Name").click()
    teacher.get_by_role("region", name="Students").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(table.get_by_role("link", name=f"Student {MANY - 1:03}")).to_be_visible()

    teacher.get_by_label("Which students").select_option("No visit for 14 days")
    expect(teacher.get_by_text(f"of {MANY + 1} students")).to_be_visible()
    teacher.get_by_label("Search students").fill("mara")
    teacher.get_by_label("Which students").select_option("All students")
    table.get_by_role("link", name="Mara Lindqvist").click()
    expect(teacher.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    expect(teacher.get_by_role("heading", name="Progress by item")).to_be_visible()
    expect(teacher.get_by_text("Enrolled", exact=True)).to_be_visible()
    keep_picture(teacher, "student-1440")
    if os.environ.get("PICTURES"):
        teacher.set_viewport_size({"width": 360, "height": 740})
        teacher.emulate_media(color_scheme="dark")
        teacher.reload()
        expect(teacher.get_by_role("heading", name="Progress by item")).to_be_visible()
        keep_picture(teacher, "student-360")
        teacher.goto(people)
        expect(table.get_by_role("link", name="Student 000")).to_be_visible(timeout=30_000)
        keep_picture(teacher, "many-360")
