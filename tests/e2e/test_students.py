"""An instructor looks through many students: sorts and narrows the table, scrolls far, opens one and writes to them, tries thresholds, and goes
through the matrix by keys."""

import os
import random
import re
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, expect
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person, find_person
from lms_app.ids import uuid7
from lms_app.models import Enrollment, LearnerFigures, Membership
from lms_app.words import Role, StaffRole
from tests.e2e.conftest import sign_in
from tests.e2e.furnished import INSTRUCTOR, STUDENT, Furnished
from tests.support.campus import neutral_course, new_campus

MANY = 160
COLUMNS = ("Name", "Last visit", "Progress", "Mean score", "Time", "Enrolled", "Write to them")


def a_course() -> tuple[UUID, str]:
    """A course that the furnished instructor owns and the furnished student takes: its id and slug."""
    with transaction() as session:
        campus = new_campus(session, neutral_course(f"many-{uuid7()}"))
        teacher, student = find_person(session, INSTRUCTOR), find_person(session, STUDENT)
        assert teacher
        assert student
        session.add(Membership(course_id=campus.course.id, person_id=teacher.id, role=StaffRole.OWNER, created_at=clock.now()))
        session.flush()
        take(session, student.id, campus.slug)
        return campus.course.id, campus.slug


def take(session: Session, person_id: UUID, slug: str) -> Enrollment:
    return session.get_one(Enrollment, enrollments.enroll(session, Actor(person_id=person_id, roles=frozenset({Role.STUDENT})), slug))


def fill(slug: str) -> None:
    """Puts so many people into a course, each with figures of their own."""
    chance = random.Random(13)
    with transaction() as session:
        for number in range(MANY):
            person = create_person(session, name=f"Student {number:03}", email=f"{uuid7()}@example.org", password_hash=None)
            enrollment = take(session, person.id, slug)
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
            session.add(row)


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_many_students_are_sorted_narrowed_written_to_flagged_dismissed_and_gone_through_by_keys(visit, furnished: Furnished) -> None:
    teacher = visit().page
    teacher.set_viewport_size({"width": 1440, "height": 900})
    sign_in(teacher, INSTRUCTOR)
    course_id, slug = a_course()
    people = f"/teach/courses/{course_id}/people"
    teacher.goto(people)
    table = teacher.get_by_role("table", name="Students")
    expect(table.get_by_role("link", name="Mara Lindqvist")).to_be_visible()
    keep_picture(teacher, "few-1440")

    fill(slug)
    teacher.reload()
    expect(table.get_by_role("link", name="Student 000")).to_be_visible()
    table.get_by_role("button", name="Time").click()
    expect(table.get_by_role("columnheader", name="Time")).to_have_attribute("aria-sort", "descending")
    # What a column is called is what its definition is called, and nothing in a cell is cut off.
    expect(table.get_by_role("columnheader")).to_have_text([re.compile(f"^{name}") for name in COLUMNS])
    teacher.get_by_text("What these figures mean").click()
    expect(teacher.locator(".ly-people-notes dt")).to_have_text(["Last visit", "Mean score", "Time"])
    assert table.get_by_role("cell").evaluate_all("(cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth).length") == 0
    keep_picture(teacher, "many-1440")
    table.get_by_role("button", name="Name").click()
    teacher.get_by_role("region", name="Students").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
    expect(table.get_by_role("link", name=f"Student {MANY - 1:03}")).to_be_visible()

    teacher.get_by_label("Which students").select_option("No visit for 14 days")
    expect(teacher.get_by_text(f"of {MANY + 1} students")).to_be_visible()
    teacher.get_by_label("Which students").select_option("At risk")
    expect(table.get_by_role("cell", name=re.compile(r"^Not begun 40 days after enrolling\.|^No visit for \d+ days"))).not_to_have_count(0)
    keep_picture(teacher, "at-risk-1440")
    teacher.set_viewport_size({"width": 360, "height": 740})
    # On a phone a row is as high as its reasons are long.
    teacher.wait_for_function(
        """() => {
            const end = (what) => what.getBoundingClientRect().bottom;
            const rows = [...document.querySelectorAll(".ly-people-body > [role=row]")];
            return rows.length > 2 && rows.every((row) => Math.abs(end(row) - Math.max(...[...row.children].map(end)) - 15) < 2);
        }"""
    )
    teacher.set_viewport_size({"width": 1440, "height": 900})
    teacher.get_by_label("Search students").fill("mara")
    teacher.get_by_label("Which students").select_option("All students")
    table.get_by_role("link", name="Mara Lindqvist").click()
    expect(teacher.get_by_role("heading", name="Mara Lindqvist")).to_be_visible()
    expect(teacher.get_by_role("heading", name="Progress by item")).to_be_visible()
    expect(teacher.get_by_text("Enrolled", exact=True)).to_be_visible()
    one = teacher.url
    teacher.get_by_role("button", name="Write a message").click()
    teacher.get_by_label("Message").fill("Mara, the second lesson is shorter.")
    teacher.get_by_role("button", name="Send message").click()
    expect(teacher.get_by_text("One student was written to.")).to_be_visible()
    keep_picture(teacher, "student-1440")
    student = visit().page
    sign_in(student, STUDENT)
    student.goto("/inbox")
    expect(student.get_by_text("Mara, the second lesson is shorter.").first).to_be_visible()

    teacher.goto(people)
    teacher.get_by_role("button", name="At risk").click()
    flags = teacher.get_by_text(re.compile(r"^(Flags|Would flag) \d+ of 161 students$"))
    expect(flags).to_be_visible()
    before = flags.inner_text()
    keep_picture(teacher, "risk-1440")
    teacher.get_by_role("slider", name="Not begun").fill("0")
    expect(teacher.get_by_text(re.compile(r"^Would flag \d+ of 161 students$"))).to_be_visible()
    expect(flags).not_to_have_text(before.replace("Flags", "Would flag"))
    teacher.get_by_role("button", name="Put back").click()
    expect(flags).to_have_text(before)
    teacher.get_by_role("button", name="Dismiss Student 000").click()
    teacher.get_by_label("Why they are well").fill("Begins next week")
    teacher.get_by_role("dialog").get_by_role("button", name="Dismiss").click()
    teacher.get_by_role("button", name="Dismissed 1").click()
    expect(teacher.get_by_text("Begins next week")).to_be_visible()

    teacher.get_by_role("button", name="Matrix").click()
    cell = teacher.get_by_role("gridcell", name=re.compile("^Mara Lindqvist, ")).first
    expect(cell).to_be_visible()
    keep_picture(teacher, "matrix-1440")
    cell.focus()
    teacher.keyboard.press("ArrowDown")
    expect(teacher.locator("[role=gridcell]:focus")).to_have_attribute("aria-label", re.compile("^Student 000, "))
    if os.environ.get("PICTURES"):
        teacher.set_viewport_size({"width": 360, "height": 740})
        teacher.emulate_media(color_scheme="dark")
        teacher.goto(one)
        expect(teacher.get_by_role("heading", name="Progress by item")).to_be_visible()
        keep_picture(teacher, "student-360")
        teacher.goto(people)
        expect(table.get_by_role("link", name="Student 000")).to_be_visible()
        keep_picture(teacher, "many-360")
        for view in ("At risk", "Matrix"):
            teacher.get_by_role("button", name=view).click()
            expect(teacher.get_by_text(re.compile("Did messages help|Arrow keys move")).first).to_be_visible()
            keep_picture(teacher, f"{view}-360")
