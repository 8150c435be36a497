"""What a certificate asks for: an author tries a rule out and saves it, a student reads what is missing, and has it once the rule is lowered."""

from uuid import UUID

from playwright.sync_api import Page, expect
from sqlmodel import select

from lms_app.adapters import clock, passwords
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.fold import fold
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments, learning
from lms_app.domain.people.registration import create_person
from lms_app.interchange import neutral
from lms_app.models import Answer, Assessment
from lms_app.models import Page as PageRow
from lms_app.words import CompletionRule, QuestionType, Role
from tests.e2e.conftest import PASSWORD, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.support.campus import RIGHT, WRONG, neutral_course

AUTHOR, STUDENT = "ines.certifies@example.org", "ada.earns@example.org"


def source() -> neutral.Course:
    """The course of the campus with nothing to read: its final quiz is all that it requires."""
    course = neutral_course("earned", pass_mark="0.4")
    for page in course.pages():
        object.__setattr__(page, "rule", CompletionRule.NONE if page.ref == "p3" else CompletionRule.MANUAL)
    return course


def furnish() -> tuple[UUID, str]:
    """A course that a student has completed with 60 %, while no certificate was offered for that; the course, and the student's page."""
    author = new_instructor(AUTHOR)
    with transaction() as session:
        course = importing.store_course(session, author, source(), store=lambda data, *, key: "nowhere")
        authoring.publish_course(session, author, course.id)
        course.certificate_rule = {"least_grade": "0.9"}
        session.add(course)
        person = create_person(session, name="Ada Earner", email=STUDENT, password_hash=passwords.hash_password(PASSWORD))
        student = Actor(person_id=person.id, roles=frozenset({Role.STUDENT}))
        enrollments.enroll(session, student, course.slug)
        pages = dict(session.exec(select(PageRow.title, PageRow.id).where(PageRow.course_id == course.id)).all())
        for title in ("Stones", "Sand"):
            learning.mark_complete(session, student, pages[title])
        quiz = session.exec(select(Assessment).where(Assessment.course_id == course.id, Assessment.title == "Final quiz")).one()
        sheet = attempts.start(session, student, quiz.id)
        for entry in sheet.questions:
            type_ = QuestionType(entry.type)
            response = (RIGHT if type_ in list(RIGHT)[:3] else WRONG)[type_]
            session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(entry.id), response=response, sequence=1, saved_at=clock.now()))
        session.flush()
        attempts.submit(session, student, UUID(sheet.id))
    # The gradebook that the student is told of is as far as the fold is.
    with transaction() as session:
        while fold(session):
            pass
    return course.id, f"/learn/{course.slug}/{pages['Final quiz']}"


def missing(page: Page):
    return page.get_by_text("For its certificate: Your grade is 60\N{NO-BREAK SPACE}%; 90\N{NO-BREAK SPACE}% are needed.")


def test_a_rule_is_tried_out_and_a_lowered_one_gives_the_certificate(visit) -> None:
    course_id, lesson = furnish()
    student, author = visit().page, visit().page
    sign_in(student, STUDENT)
    sign_in(author, AUTHOR)
    student.goto(lesson)
    expect(missing(student)).to_be_visible()
    expect(student.get_by_role("link", name="See your grades").first).to_be_visible()

    author.goto(f"/teach/courses/{course_id}/settings")
    part = author.locator("section.ly-section").filter(has=author.get_by_role("heading", name="What earns a certificate"))
    expect(part.get_by_label("Least course grade")).to_have_value("90")
    expect(part.get_by_text("Nobody of 1 has it yet. With this rule nobody gets it today.")).to_be_visible()
    part.get_by_label("Least course grade").fill("60")
    part.get_by_role("checkbox", name="Final quiz, from 40\N{NO-BREAK SPACE}%").check()
    expect(part.get_by_text("and you have passed “Final quiz”.")).to_be_visible()
    expect(part.get_by_text("With this rule 1 gets it today.")).to_be_visible()
    part.get_by_label("Least course grade").fill("600")
    part.get_by_role("button", name="Save rule").click()
    expect(part.get_by_text("A percentage above 0, at most 100, such as 70.")).to_be_visible()
    part.get_by_label("Least course grade").fill("60")
    part.get_by_role("button", name="Save rule").click()
    expect(author.get_by_text("Rule saved. Certificates that were given stay.")).to_be_visible()

    student.goto("/my/certificates")
    expect(student.get_by_role("link", name="Download PDF")).to_be_visible()
    student.goto(lesson)
    expect(student.get_by_text("You have completed this course.")).to_be_visible()
    expect(missing(student)).to_have_count(0)
    student.goto("/courses/earned")
    expect(student.get_by_text("You earn a certificate when you have completed the course, your grade is at least 60")).to_be_visible()
