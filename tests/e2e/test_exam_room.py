"""The exam control room at the browser: the running clock of a student moves, a message appears, an ended attempt shows its result."""

import re
from dataclasses import asdict, dataclass
from uuid import UUID

from playwright.sync_api import Page, Route, expect
from sqlmodel import select

from lms_app.adapters import passwords, storage
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person
from lms_app.models import Assessment, Attempt
from lms_app.words import Role
from tests.e2e.conftest import PASSWORD, Stack, Visitor, sign_in
from tests.e2e.test_main_journey import new_instructor
from tests.support.campus import neutral_course

SOON = 25_000
"""How long a word or more time may take to reach a student, in milliseconds, on a busy machine."""


@dataclass(frozen=True)
class Exam:
    """A quiz of half an hour, and an instructor and students who are signed in nowhere yet."""

    quiz_id: UUID
    instructor: str
    students: list[str]


def new_exam(name: str, students: list[str]) -> Exam:
    """A published course with a timed quiz, and these students in it."""
    instructor = new_instructor(f"ines.{name}@example.org")
    with transaction() as session:
        course = importing.store_course(session, instructor, neutral_course(name, time_limit=1800), store=storage.put)
        authoring.publish_course(session, instructor, course.id)
        addresses = []
        for student in students:
            email = f"{student.split()[0].lower()}.{name}@example.org"
            person = create_person(session, name=student, email=email, password_hash=passwords.hash_password(PASSWORD))
            enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), course.slug)
            addresses.append(email)
        quiz_id = session.exec(select(Assessment.id).where(Assessment.course_id == course.id, Assessment.title == "Final quiz")).one()
    return Exam(quiz_id, f"ines.{name}@example.org", addresses)


def minutes_left(page: Page) -> float:
    """What the student's clock says."""
    shown = re.search(r"(?:(\d+):)?(\d+):(\d\d)", page.locator(".ly-timer").inner_text())
    assert shown
    hours, minutes, seconds = (int(part or 0) for part in shown.groups())
    return hours * 60 + minutes + seconds / 60


def test_a_running_clock_moves_a_message_appears_and_an_ended_attempt_shows_its_result(stack: Stack, visit) -> None:
    exam = new_exam("exam-room", ["Ada Clock", "Ben Absent"])
    student, teacher = visit().page, visit().page
    sign_in(student, exam.students[0])
    student.goto(f"/quiz/{exam.quiz_id}")
    student.get_by_role("button", name="Start quiz").click()
    expect(student.locator(".ly-timer")).to_be_visible()
    assert 28 < minutes_left(student) <= 30

    sign_in(teacher, exam.instructor)
    teacher.goto(f"/teach/quizzes/{exam.quiz_id}")
    teacher.get_by_role("link", name="Exam control room").click()
    seat = teacher.get_by_role("row").filter(has_text="Ada Clock")
    expect(seat).to_contain_text("Writing")
    expect(teacher.get_by_role("row").filter(has_text="Ben Absent")).to_contain_text("Not begun")
    expect(teacher.get_by_text("One is writing. One has not begun.")).to_be_visible()

    seat.get_by_role("checkbox", name="Choose Ada Clock").check()
    teacher.get_by_role("button", name="Give time…").click()
    dialog = teacher.get_by_role("dialog", name="Give time to Ada Clock?")
    dialog.get_by_role("radio", name="15").check()
    dialog.get_by_role("button", name="Give time").click()
    expect(teacher.get_by_text("One student has 15 more minutes. Their clocks have moved.")).to_be_visible()
    expect(student.get_by_text("You have been given more time.", exact=True)).to_be_visible(timeout=SOON)
    assert 42 < minutes_left(student) <= 45
    expect(seat).to_contain_text(re.compile(r"4[2-5]:\d\d"))

    teacher.get_by_role("button", name="Send message…").click()
    teacher.get_by_role("textbox", name="Message").fill("Question 3 has a typing error: read 3.14.")
    teacher.get_by_role("dialog").get_by_role("button", name="Send message").click()
    expect(teacher.get_by_text("One student has your message.")).to_be_visible()
    expect(student.get_by_text("Question 3 has a typing error: read 3.14.")).to_be_visible(timeout=SOON)

    student.locator(".ly-choice").first.click()
    expect(student.locator(".ly-saved[data-state=saved]")).to_be_visible()
    expect(seat).to_contain_text("1 of 5", timeout=SOON)
    teacher.get_by_label("Search by name").fill("ada")
    expect(teacher.get_by_role("row").filter(has_text="Ben Absent")).to_have_count(0)
    seat.get_by_role("checkbox", name="Choose Ada Clock").check()
    teacher.get_by_role("button", name="End attempt…").click()
    dialog = teacher.get_by_role("dialog", name="End the attempt of Ada Clock?")
    expect(dialog).to_contain_text("1 of 5 questions is answered.")
    dialog.get_by_role("button", name="End attempt").click()
    expect(seat).to_contain_text("Submitted")
    expect(student.get_by_role("heading", name=re.compile("Not passed yet|You passed"))).to_be_visible(timeout=SOON)


def test_where_a_whole_hall_submits_a_student_is_told_that_it_has_arrived_and_then_the_result(stack: Stack, visit) -> None:
    exam = new_exam("exam-hall", ["Cleo Crowd"])
    page = visit().page
    sign_in(page, exam.students[0])
    page.goto(f"/quiz/{exam.quiz_id}")
    with page.expect_response("**/attempts") as begun:
        page.get_by_role("button", name="Start quiz").click()
    attempt_id = begun.value.json()["id"]
    expect(page.locator(".ly-timer")).to_be_visible()

    # The first submission meets a busy server: it does what that does, then answers as it would.
    def arrive(route: Route) -> None:
        with transaction() as session:
            person = session.get_one(Attempt, UUID(attempt_id)).person_id
            arrived = attempts.hand_in(session, Actor(person_id=person, roles=frozenset({Role.STUDENT})), UUID(attempt_id))
        route.fulfill(status=202, json=asdict(arrived))

    page.route("**/submission", arrive, times=2)
    page.get_by_role("button", name="Submit quiz").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible()
    expect(page.get_by_text("Your answers arrived at")).to_be_visible()
    expect(page.locator(".ly-timer")).to_have_count(0)
    # A reload in between waits on.
    page.reload()
    expect(page.get_by_role("heading", name="Submitted")).to_be_visible(timeout=SOON)
    expect(page.get_by_role("heading", name="Not passed yet")).to_be_visible(timeout=SOON)


class Rush:
    """Submissions of a visitor's tabs meet a busy server for as long as it is `busy`: it does what that does, then answers as it would."""

    def __init__(self, visitor: Visitor) -> None:
        self.busy = True
        visitor.context.route("**/submission", self._answer)

    def _answer(self, route: Route) -> None:
        if not self.busy:
            route.fallback()
            return
        attempt_id = UUID(route.request.url.split("/")[-2])
        with transaction() as session:
            person = session.get_one(Attempt, attempt_id).person_id
            arrived = attempts.hand_in(session, Actor(person_id=person, roles=frozenset({Role.STUDENT})), attempt_id)
        route.fulfill(status=202, json=asdict(arrived))


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit quiz").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Submit quiz").click()


def test_no_older_result_is_shown_over_one_that_is_still_to_come(stack: Stack, visit) -> None:
    exam = new_exam("exam-older", ["Olga Older"])
    visitor = visit()
    page = visitor.page
    sign_in(page, exam.students[0])
    page.goto(f"/quiz/{exam.quiz_id}")
    page.get_by_role("button", name="Start quiz").click()
    submit(page)
    first = page.get_by_text("Attempt 1", exact=True)
    expect(first).to_be_visible()
    # Looked at from the quiz's cover, the page's state knows it.
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.get_by_role("button", name="Review attempt 1").click()
    expect(first).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".ly-timer")).to_be_visible()
    rush = Rush(visitor)
    submit(page)
    arrived = page.get_by_text("Your answers arrived at")
    expect(arrived).to_be_visible()
    page.reload()
    expect(arrived).to_be_visible(timeout=SOON)
    # Past what the state says of the page, which comes after its first look.
    with page.expect_request("**/submission"):
        pass
    expect(arrived).to_be_visible()
    expect(first).to_have_count(0)
    rush.busy = False
    expect(page.get_by_text("Attempt 2", exact=True)).to_be_visible(timeout=SOON)


def test_another_tab_of_an_attempt_learns_at_once_that_it_was_submitted(stack: Stack, visit) -> None:
    exam = new_exam("exam-tabs", ["Tara Tabs"])
    visitor = visit()
    page = visitor.page
    sign_in(page, exam.students[0])
    page.goto(f"/quiz/{exam.quiz_id}")
    page.get_by_role("button", name="Start quiz").click()
    expect(page.locator(".ly-timer")).to_be_visible()
    other = visitor.watch(visitor.context.new_page())
    other.goto(f"/quiz/{exam.quiz_id}")
    expect(other.locator(".ly-timer")).to_be_visible(timeout=SOON)
    rush = Rush(visitor)
    submit(page)
    expect(page.get_by_text("Your answers arrived at")).to_be_visible()
    # By the first tab, long before its own sign of life would tell it.
    expect(other.get_by_text("Your answers arrived at")).to_be_visible()
    expect(other.locator(".ly-timer")).to_have_count(0)
    rush.busy = False
    for tab in (page, other):
        expect(tab.get_by_role("heading", name="Not passed yet")).to_be_visible(timeout=SOON)
