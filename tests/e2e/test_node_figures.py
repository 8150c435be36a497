"""Beside the editor of a page and of a quiz stand its figures: they are fetched when they are asked for, and move while students work."""

from dataclasses import replace
from uuid import UUID, uuid4

from playwright.sync_api import Page, expect

from lms_app.adapters import clock, passwords
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access, authoring, importing
from lms_app.domain.enrollments import beats, enrollments, learning
from lms_app.domain.people.registration import create_person
from lms_app.models import Answer, Enrollment, Group, GroupMember
from lms_app.words import QuestionType, Role
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.support.campus import RIGHT, WRONG, Campus, neutral_course, new_actor, quiz_block, text_block

INSTRUCTOR = "ines.figures@example.org"
FILM = {"id": "film00000000", "type": "video", "url": "https://films.example/stones", "title": "How stones are made"}


class Course:
    """A course with a film, and students who work in it; two of them are a group."""

    def __init__(self) -> None:
        with transaction() as session:
            person = create_person(session, name="Ines Figures", email=INSTRUCTOR, password_hash=passwords.hash_password(PASSWORD), can_teach=True)
            instructor = Actor(person_id=person.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
            course = importing.store_course(session, instructor, _filmed(), store=lambda data, *, key: str(len(data)))
            authoring.publish_course(session, instructor, course.id)
            self.campus = Campus(session=session, instructor=instructor, student=instructor, course=course)
            self.id, self.page, self.quiz = course.id, self.campus.page("Stones").id, self.campus.quiz("Final quiz").id
            self.students = [new_actor(session, f"Student {number}") for number in range(6)]
            run_id = access.current_run(session, course.id).id
            group = Group(id=uuid4(), run_id=run_id, name="Morning", created_at=clock.now())
            session.add(group)
            session.flush()
            for number, student in enumerate(self.students):
                enrollment = session.get_one(Enrollment, enrollments.enroll(session, student, course.slug))
                if number < 2:
                    session.add(GroupMember(group_id=group.id, enrollment_id=enrollment.id))

    def read(self, number: int) -> None:
        """Opens the page, and watches the film for as long as the number says."""
        with transaction() as session:
            learning.open_page(session, self.students[number], self.page)
        position = 20 * (number + 1)
        film = beats.Film(block=FILM["id"], position=position, played=position, paused=True)
        later = clock.now().timestamp() + 60
        with clock.moved_to(clock.now().fromtimestamp(later, tz=clock.now().tzinfo)), transaction() as session:
            learning.heartbeat(session, self.students[number], self.page, seconds=10 * (number + 1), reached_end=True, films=(film,))

    def sit(self, number: int) -> None:
        with transaction() as session:
            sheet = attempts.start(session, self.students[number], self.quiz)
            for question in sheet.questions:
                response = (RIGHT if number % 2 else WRONG)[QuestionType(question.type)]
                session.merge(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), response=response, sequence=1, saved_at=clock.now()))
            session.flush()
            attempts.submit(session, self.students[number], UUID(sheet.id))


def _filmed():
    source = neutral_course("figures-beside")
    module = source.modules[0]
    lesson = module.lessons[0]
    page = replace(lesson.pages[0], blocks=(text_block("Stones are old."), FILM, quiz_block("practice")))
    return replace(source, modules=(replace(module, lessons=(replace(lesson, pages=(page, *lesson.pages[1:])), *module.lessons[1:])),))


def figure(page: Page, name: str):
    cell = page.locator(".ly-kpi").filter(has=page.get_by_role("button", name=f"What “{name}” means", exact=True))
    return cell.locator(".ly-kpi-number")


def test_figures_stand_beside_the_editor_of_a_page_and_of_a_quiz(stack: Stack, visit) -> None:
    course = Course()
    page = visit().page
    sign_in(page, INSTRUCTOR)
    scripts: list[str] = []
    page.on("request", lambda request: scripts.append(request.url) if request.resource_type == "script" else None)
    page.goto(f"/teach/courses/{course.id}#page-{course.page}")
    analytics = page.get_by_role("button", name="Analytics", exact=True)
    expect(page.locator(".ProseMirror").first).to_be_visible()
    # The builder brings nothing of it before it is asked for.
    assert not [address for address in scripts if "node_figures_part" in address or "plotly" in address]
    analytics.click()
    expect(page.get_by_text("Nobody has opened this page yet")).to_be_visible()
    assert "/analytics" in page.url

    course.read(0)
    expect(figure(page, "Opened")).to_have_text("1")
    for number in (1, 2):
        course.read(number)
    expect(figure(page, "Opened")).to_have_text("3")
    expect(page.get_by_text("50 % of 6").first).to_be_visible()
    expect(page.locator(".ly-plot .main-svg").first).to_be_visible()
    expect(page.get_by_text("3 people have played it")).to_be_visible()
    page.get_by_role("button", name="What “Opened” means", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("n: 6 people who ever enrolled").first).to_be_visible()
    page.keyboard.press("Escape")
    films = page.locator(".ly-panel").filter(has=page.get_by_role("heading", name="Films"))
    films.get_by_text("Show as a table").click()
    expect(films.get_by_role("row", name="0:00–0:30 3 1")).to_be_visible()
    with page.expect_download() as taken:
        films.get_by_role("button", name="CSV").click()
    assert taken.value.suggested_filename == "films.csv"
    with page.expect_download() as taken:
        films.get_by_role("button", name="PNG").click()
    assert taken.value.suggested_filename == "films.png"

    # Narrowed to a group; then live equals reload.
    page.get_by_label("Group").select_option("Morning")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(figure(page, "Opened")).to_have_text("2")
    page.get_by_label("Group").select_option("Everybody")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(figure(page, "Opened")).to_have_text("3")
    shown = page.locator(".ly-kpi-number").all_inner_texts()
    page.reload()
    expect(figure(page, "Opened")).to_have_text("3")
    assert page.locator(".ly-kpi-number").all_inner_texts() == shown

    # What is written meanwhile stays, and another node shows its own.
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(page.locator(".ProseMirror").first).to_be_visible()
    page.goto(f"/teach/courses/{course.id}#quiz-{course.quiz}/analytics")
    expect(page.get_by_text("Nobody has begun this quiz yet")).to_be_visible()
    for number in range(3):
        course.sit(number)
    expect(figure(page, "Attempts")).to_have_text("3")
    expect(figure(page, "Passed")).to_have_text("33%")
    row = page.locator(".ly-table tbody tr").filter(has=page.get_by_role("link", name="1. Which?"))
    expect(row).to_contain_text("3 of 3")
    expect(row).to_contain_text("33 %")
    expect(row).to_contain_text("“Choice 1” 67 %")
    page.get_by_role("link", name="1. Which?").click()
    page.wait_for_url("**/teach/questions/**")
