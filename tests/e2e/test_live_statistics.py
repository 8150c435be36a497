"""An instructor's open statistics move within two seconds of an attempt's end, without reloading."""

import time
from uuid import UUID

from playwright.sync_api import expect
from sqlmodel import select

from lms_app.adapters import clock, passwords
from lms_app.database import transaction
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person
from lms_app.models import Answer, Assessment
from lms_app.words import QuestionType
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.support.campus import RIGHT, WRONG, neutral_course, new_actor

PEOPLE = 6
INSTRUCTOR = "ines.statistics@example.org"


def test_the_open_statistics_move_within_two_seconds_of_an_attempts_end(stack: Stack, visit, record_property) -> None:
    with transaction() as session:
        person = create_person(session, name="Ines Statistics", email=INSTRUCTOR, password_hash=passwords.hash_password(PASSWORD), can_teach=True)
        instructor = new_actor(session, "nobody").__class__(person_id=person.id, roles=frozenset({"student", "instructor"}))
        course = importing.store_course(session, instructor, neutral_course("live-statistics"), store=lambda data, *, key: str(len(data)))
        authoring.publish_course(session, instructor, course.id)
        quiz = session.exec(select(Assessment.id).where(Assessment.course_id == course.id, Assessment.title == "Final quiz")).one()
        sitters = []
        for number in range(PEOPLE):
            actor = new_actor(session, f"Sitter {number}")
            enrollments.enroll(session, actor, course.slug)
            sheet = attempts.start(session, actor, quiz)
            for question in sheet.questions:
                response = (RIGHT if number % 2 else WRONG)[QuestionType(question.type)]
                session.merge(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
            sitters.append((actor, UUID(sheet.id)))
    page = visit().page
    sign_in(page, INSTRUCTOR)
    page.goto(f"/teach/quizzes/{quiz}/statistics")
    expect(page.get_by_text("No attempt counts yet")).to_be_visible()
    counted = page.locator(".ly-kpi-number").first
    delays = []
    for number, (actor, attempt) in enumerate(sitters[:-2], start=1):
        with transaction() as session:
            attempts.submit(session, actor, attempt)
        ended = time.monotonic()
        expect(counted).to_have_text(str(number))
        delays.append(time.monotonic() - ended)
    record_property("statistics_delays_s", [round(delay, 2) for delay in delays])
    print("attempt's end to DOM:", [round(delay, 2) for delay in delays])
    # One of four may meet a machine that is busy with something else.
    assert sorted(delays)[-2] < 2
    assert max(delays) < 5

    # Two at once, and then live equals reload.
    for actor, attempt in sitters[-2:]:
        with transaction() as session:
            attempts.submit(session, actor, attempt)
    expect(counted).to_have_text(str(PEOPLE))
    expect(page.locator(".ly-plot .main-svg").first).to_be_visible()
    shown = page.locator(".ly-kpi-number").all_inner_texts()
    page.reload()
    expect(counted).to_have_text(str(PEOPLE))
    assert page.locator(".ly-kpi-number").all_inner_texts() == shown

    page.get_by_role("link", name="So?").click()
    page.wait_for_url("**/statistics/**")
    expect(page.get_by_role("heading", name="So?")).to_be_visible()
    row = page.locator(".ly-table tbody tr").filter(has_text="False").last
    expect(row).to_contain_text("50.0 %")
