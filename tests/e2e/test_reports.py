"""An instructor makes a report and fetches it, schedules another, and when its time has come a mail leads to it."""

import csv
import io
import os
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import find_person
from lms_app.domain.reports import reports
from lms_app.models import Report, ReportSchedule
from lms_app.words import ImportStatus, ReportFormat, ReportKind, Role
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.e2e.test_enrolment import account, course_of
from tests.support.mailbox import plain


def keep_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def downloaded(page: Page, name: re.Pattern[str]) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).first.click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def heights(page: Page, row: Locator) -> list[int]:
    """How high a row is on a desk and on a phone."""
    found = []
    for width in (1440, 360):
        page.set_viewport_size({"width": width, "height": 900})
        found.append(round((row.bounding_box() or {})["height"]))
    return found


def test_a_report_is_made_and_another_is_scheduled_and_comes(stack: Stack, visit: Callable) -> None:
    email = account("Ines Okafor", teaches=True)
    course_id, slug = course_of(email)
    student = account("Ada Early")
    with transaction() as session:
        person = find_person(session, student)
        assert person is not None
        enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), slug)
    page: Page = visit().page
    sign_in(page, email)
    page.goto(f"/teach/courses/{course_id}/analytics")
    page.get_by_role("navigation", name="This course").get_by_role("link", name="Reports").click()
    page.wait_for_url("**/reports**")
    expect(page.get_by_text("No reports yet")).to_be_visible()
    expect(page.get_by_role("cell", name="Figure · Value")).to_be_visible()
    keep_picture(page, "reports-empty-1440")

    ask = page.get_by_role("form", name="New report")
    ask.get_by_label("Report", exact=True).select_option("Students")
    expect(page.get_by_role("row", name=re.compile("^Students 1 "))).to_be_visible()
    ask.get_by_label("File", exact=True).select_option("csv")
    ask.get_by_role("button", name="Make report").click()
    expect(page.get_by_text("The report is being made.")).to_be_visible()
    name, data = downloaded(page, re.compile("^Download: Students"))
    assert name == f"{slug}-students-{clock.now():%Y-%m-%d}.csv.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        lines = list(csv.reader(io.StringIO(archive.read("students.csv").decode("utf-8-sig"))))
    assert [line[0] for line in lines] == ["Name", "Ada Early"]

    page.get_by_role("button", name="New schedule").click()
    schedule = page.get_by_role("form", name="Schedule")
    recipient = schedule.get_by_label("Ines Okafor")
    expect(recipient).to_be_checked()
    recipient.click()
    expect(recipient).not_to_be_checked()
    schedule.get_by_role("button", name="Save schedule").click()
    expect(page.get_by_text("Choose at least one person.")).to_be_visible()
    expect(page.get_by_text("Not saved yet. Look at what is marked above.")).to_be_visible()
    recipient.click()
    expect(recipient).to_be_checked()
    expect(page.get_by_text("Choose at least one person.")).to_have_count(0)
    schedule.get_by_label("Report", exact=True).select_option("Course overview")
    schedule.get_by_label("Days", exact=True).select_option("The 7 days before")
    schedule.get_by_label("Day of the week").select_option("Tuesday")
    keep_picture(page, "reports-form-1440")
    schedule.get_by_role("button", name="Save schedule").click()
    expect(page.get_by_text(re.compile(r"^Next: Tuesday \d+ \w+, 08:00\."))).to_be_visible()
    page.get_by_role("button", name=re.compile("^Pause: Course overview")).click()
    expect(page.get_by_text("Nothing comes until it goes on.")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Go on: Course overview")).click()
    expect(page.get_by_text(re.compile("^Next: Tuesday"))).to_be_visible()

    with transaction() as session:
        row = session.exec(select(ReportSchedule).where(ReportSchedule.course_id == UUID(course_id))).one()
        row.next_at = clock.now() - timedelta(seconds=1)
    letter = plain(stack.mailbox.wait_for(email, seconds=60))
    assert "The report “Course overview” of Stones and sand" in letter
    expect(page.get_by_text("Made by schedule").first).to_be_visible()
    keep_picture(page, "reports-1440")

    reader: Page = visit(viewport={"width": 360, "height": 800}, color_scheme="dark").page
    link = re.search(r"https?://\S+/reports\b", letter)
    assert link is not None
    reader.goto(link[0])
    expect(reader.get_by_role("heading", name="Sign in to go on")).to_be_visible()
    reader.get_by_role("main").get_by_role("link", name="Sign in").click()
    reader.get_by_label("E-mail address").fill(email)
    reader.get_by_label("Password", exact=True).fill(PASSWORD)
    reader.get_by_role("button", name="Sign in").click()
    reader.wait_for_url("**/reports**")
    expect(reader.get_by_role("link", name=re.compile("^Download: Course overview")).first).to_be_visible()
    keep_picture(reader, "reports-360-dark")
    name, data = downloaded(reader, re.compile("^Download: Course overview"))
    assert name.endswith(".pdf")
    words = "\n".join(part.extract_text() for part in PdfReader(io.BytesIO(data)).pages)
    assert "What the figures mean" in words

    with transaction() as session:
        facts = {"kind": ReportKind.GRADEBOOK, "format": ReportFormat.XLSX, "created_at": clock.now(), "status": ImportStatus.RUNNING}
        made = session.exec(select(Report).where(Report.course_id == UUID(course_id))).all()[0]
        slow = Report(course_id=made.course_id, run_id=made.run_id, person_id=made.person_id, stage="Writing", done=37, total=100, **facts)
        session.add(slow)
        session.flush()
        slow_id = slow.id
        reports.tell(session, slow.course_id)
    row = page.locator(".ly-row", has_text="Gradebook")
    expect(row.get_by_text("Writing, 37 %")).to_be_visible()
    under_way = heights(page, row)
    with transaction() as session:
        reports.finish(session, slow_id, storage_key="none", size=45_300)
    expect(row.get_by_text("45 KB")).to_be_visible()
    assert heights(page, row) == under_way

    page.get_by_role("button", name=re.compile("^Delete: Students")).click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("link", name=re.compile("^Download: Students"))).to_have_count(0)
