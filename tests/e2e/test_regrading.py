"""An author at the browser: a wrong key is corrected, its dry run read, the marks corrected and put back."""

from uuid import UUID

from playwright.sync_api import Page, expect
from sqlmodel import col, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts, quiz_authoring
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.models import Answer, Assessment, Attempt, Question
from lms_app.words import QuestionType
from tests.e2e.conftest import Stack, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.support.campus import RIGHT, WRONG, neutral_course, new_actor


def furnish(instructor: Actor) -> tuple[UUID, UUID]:
    """A quiz that one took right enough to pass and two did not; the quiz, and its statement."""
    with transaction() as session:
        course = importing.store_course(session, instructor, neutral_course("corrected-stones"), store=lambda data, key: f"{len(data)}")
        authoring.publish_course(session, instructor, course.id)
        quiz = session.exec(select(Assessment).where(Assessment.course_id == course.id, Assessment.title == "Final quiz")).one()
        for name, right in (("Ben Right", 3), ("Cleo Wrong", 2), ("Dina Wrong", 2)):
            actor = new_actor(session, name)
            enrollments.enroll(session, actor, course.slug)
            sheet = attempts.start(session, actor, quiz.id)
            for entry in sheet.questions:
                type_ = QuestionType(entry.type)
                response = (RIGHT if type_ in list(RIGHT)[:right] else WRONG)[type_]
                session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(entry.id), response=response, sequence=1, saved_at=clock.now()))
            session.flush()
            attempts.submit(session, actor, UUID(sheet.id))
        lines = quiz_authoring.lines_of(session, quiz)
        statement = next(line.question_id for line in lines if session.get_one(Question, line.question_id).type == QuestionType.TRUE_FALSE)
        return quiz.id, statement


def percents(quiz_id: UUID) -> list[int]:
    with transaction() as session:
        rows = session.exec(select(col(Attempt.fraction)).where(Attempt.assessment_id == quiz_id)).all()
        return sorted(int(fraction * 100) for fraction in rows if fraction is not None)


def correct_the_key(page: Page, quiz_id: UUID) -> None:
    page.goto(f"/teach/quizzes/{quiz_id}")
    page.get_by_role("button", name="Edit question 3").click()
    page.get_by_role("radio", name="False", exact=True).check()
    page.get_by_role("button", name="Publish question").click()
    page.get_by_role("link", name="Correct marks…").click()


def test_a_wrong_key_is_corrected_its_marks_moved_and_put_back(stack: Stack, visit) -> None:
    quiz_id, _ = furnish(new_instructor("ines.corrects@example.org"))
    page = visit().page
    sign_in(page, "ines.corrects@example.org")
    correct_the_key(page, quiz_id)
    expect(page.get_by_role("heading", level=1)).to_have_text("Correct marks")
    expect(page.get_by_role("navigation", name="Breadcrumb").get_by_role("link", name="Stones and sand")).to_be_visible()
    expect(page.locator("[data-dry-run]")).to_contain_text("2 of 3 students gain, 1 loses")
    row = page.get_by_role("row").filter(has_text="Ben Right")
    expect(row).to_contain_text("Quiz no longer completed")
    assert percents(quiz_id) == [40, 40, 60]
    page.get_by_role("button", name="Correct the marks").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Correct the marks").click()
    expect(page.get_by_text("Applied")).to_be_visible()
    expect(page.locator("[data-dry-run]")).to_have_text("No mark would move.")
    assert percents(quiz_id) == [40, 60, 60]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    expect(page.locator("[data-dry-run]")).to_contain_text("2 of 3 students gain, 1 loses")
    assert percents(quiz_id) == [40, 40, 60]
