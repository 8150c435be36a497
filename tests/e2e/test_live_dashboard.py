"""An instructor's open dashboard moves within two seconds of what a student does, without reloading."""

import re
import time
from pathlib import Path

import httpx
from playwright.sync_api import Page, expect
from sqlmodel import select

from lms_app.adapters import passwords
from lms_app.database import transaction
from lms_app.domain.people.registration import create_person
from lms_app.models import Course
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.e2e.test_main_journey import new_course, new_instructor

STUDENTS = 5


def student_program(stack: Stack, number: int) -> httpx.Client:
    """A new student's program, signed in to the API."""
    email = f"live{number}@example.org"
    with transaction() as session:
        create_person(session, name=f"Live Student {number}", email=email, password_hash=passwords.hash_password(PASSWORD))
    client = httpx.Client(base_url=f"{stack.url}/api/v1", timeout=20)
    answer = client.post("/tokens", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def figure(page: Page, name: str) -> str:
    cell = page.locator(".ly-kpi").filter(has=page.get_by_role("button", name=f"What “{name}” means", exact=True))
    return re.sub(r"\D", "", cell.locator(".ly-kpi-number").inner_text())


def test_the_open_dashboard_moves_within_two_seconds_of_a_students_act(stack: Stack, visit, tmp_path: Path, record_property) -> None:
    instructor = new_instructor("ines.live@example.org")
    slug = new_course(instructor, tmp_path)
    with transaction() as session:
        course_id = session.exec(select(Course.id).where(Course.slug == slug)).one()
    page = visit().page
    sign_in(page, "ines.live@example.org")
    page.goto(f"/teach/courses/{course_id}/analytics")
    expect(page.get_by_text("Nobody has enrolled yet")).to_be_visible()

    programs = [student_program(stack, number) for number in range(STUDENTS)]
    delays = []
    for number, program in enumerate(programs, start=1):
        answer = program.put(f"/courses/{slug}/enrollment")
        assert answer.status_code < 300, answer.text
        replied = time.monotonic()
        expect(page.locator(".ly-kpi-number").first).to_have_text(str(number))
        delays.append(time.monotonic() - replied)
        time.sleep(0.3 * number)
    record_property("dashboard_delays_s", [round(delay, 2) for delay in delays])
    print("HTTP reply to DOM:", [round(delay, 2) for delay in delays])
    # One of five may meet a machine that is busy with something else.
    assert sorted(delays)[-2] < 2
    assert max(delays) < 5
    expect(page.locator(".ly-plot .main-svg").first).to_be_visible()

    shown = [figure(page, "Enrolled"), figure(page, "Active this week")]
    page.reload()
    expect(page.locator(".ly-kpi-number").first).to_have_text(str(STUDENTS))
    assert [figure(page, "Enrolled"), figure(page, "Active this week")] == shown
