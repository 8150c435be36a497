"""Every type of question in a browser: answered by pointer and by keys alone, right each time; a gap in the connection; two tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import text
from sqlmodel import select

from lms_app.adapters import passwords, storage
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import authoring, importing
from lms_app.domain.enrollments import enrollments
from lms_app.domain.people.registration import create_person, find_person
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.models import Assessment, Attempt, QuestionScore, StoredFile
from lms_app.words import Outcome, QuestionType, Role
from tests.e2e.conftest import PASSWORD, Stack, sign_in
from tests.support.campus import quiz_block, text_block
from tests.support.every_type import PICTURE, bodies


@dataclass
class Sitting:
    """A course with one quiz, and how to sit it as somebody new."""

    slug: str
    quiz: str

    def newcomer(self) -> str:
        """The address of a student who takes the course."""
        email = f"{uuid7()}@example.org"
        with transaction() as session:
            person = create_person(session, name="Lena Brandt", email=email, password_hash=passwords.hash_password(PASSWORD))
            enrollments.enroll(session, Actor(person_id=person.id, roles=frozenset({Role.STUDENT})), self.slug)
        return email

    def begin(self, page: Page, email: str) -> None:
        """Signs in and starts the quiz."""
        sign_in(page, email)
        page.goto(f"/quiz/{self.quiz}")
        page.get_by_role("button", name="Start quiz").click()


def new_sitting(wanted: dict[QuestionType, dict[str, Any]], **settings: Any) -> Sitting:
    """A published course with one quiz."""
    slug = f"types-{uuid7()}"
    quiz = neutral.Assessment(
        ref="quiz",
        title="Every type",
        practice=False,
        questions=tuple(neutral.Question(ref=str(type_), type=type_, title=str(type_), body=body) for type_, body in wanted.items()),
        settings=settings,
    )
    lesson = neutral.Lesson(
        ref="l", title="Lesson", pages=(neutral.Page(ref="p", title="Page", blocks=(text_block("Read."), quiz_block("quiz"))),), graded=True
    )
    picture = neutral.Asset(name="picture", media_type="image/svg+xml", size=len(PICTURE), content=lambda: PICTURE)
    course = neutral.Course(
        title="Types",
        summary="",
        slug=slug,
        language="en",
        modules=(neutral.Module(ref="m", title="Module", lessons=(lesson,)),),
        assessments=(quiz,),
        assets=(picture,),
    )
    with transaction() as session:
        author = create_person(session, name="Ines Okafor", email=f"{uuid7()}@example.org", password_hash="", can_teach=True)
        actor = Actor(person_id=author.id, roles=frozenset({Role.STUDENT, Role.INSTRUCTOR}))
        stored = importing.store_course(session, actor, course, store=storage.put)
        file_id = session.exec(select(StoredFile.id).where(StoredFile.course_id == stored.id)).first()
        session.execute(
            text("UPDATE question_revisions SET body = jsonb_set(body, '{image,file}', to_jsonb(CAST(:id AS text))) WHERE type = 'hotspot'"),
            {"id": str(file_id)},
        )
        authoring.publish_course(session, actor, stored.id)
        quiz_id = session.exec(select(Assessment.id).where(Assessment.course_id == stored.id)).one()
    return Sitting(slug, str(quiz_id))


@pytest.fixture(scope="module")
def everything(stack: Stack) -> Sitting:
    return new_sitting(bodies(), behaviour="immediate")


def body_of(page: Page):
    """The question that is shown."""
    return page.locator(".ly-quiz-question")


def by_pointer(page: Page, type_: QuestionType) -> None:
    """Answers with the mouse, as far as a question can be."""
    body = body_of(page)
    match type_:
        case QuestionType.SINGLE_CHOICE:
            body.locator(".ly-choice", has_text="choice 0").click()
        case QuestionType.MULTIPLE_CHOICE:
            body.locator(".ly-choice", has_text="choice 0").click()
            body.locator(".ly-choice", has_text="choice 2").click()
        case QuestionType.TRUE_FALSE:
            body.locator(".ly-choice", has_text="True").click()
        case QuestionType.SHORT_TEXT:
            body.get_by_label("Your answer").fill("Hypatia")
        case QuestionType.NUMERIC:
            body.get_by_label("Your answer, a number").fill("3.14")
        case QuestionType.CALCULATED:
            expect(body).to_contain_text("7 and 7")
            body.get_by_label("Your answer, a number").fill("14")
        case QuestionType.MATCHING:
            body.locator(".ly-pair", has_text="Portugal").get_by_role("combobox").select_option("Lisbon")
            body.locator(".ly-pair", has_text="Spain").get_by_role("combobox").select_option("Madrid")
        case QuestionType.ORDERING:
            for place, name in enumerate(("Egg", "Caterpillar", "Pupa", "Butterfly")):
                grip = body.get_by_role("button", name=f"Move {name}", exact=True)
                target = body.locator(".ly-order-item").nth(place)
                if name in target.inner_text():
                    continue
                here, there = grip.bounding_box(), target.bounding_box()
                assert here
                assert there
                page.mouse.move(here["x"] + 20, here["y"] + 20)
                page.mouse.down()
                page.mouse.move(here["x"] + 20, here["y"] + 10, steps=4)
                page.mouse.move(here["x"] + 20, there["y"] + 12, steps=12)
                page.mouse.up()
                expect(body.locator(".ly-order-item").nth(place)).to_contain_text(name)
                # The click that ends a drag is kept from the page, for a twentieth of a second: so fast is no hand.
                page.wait_for_timeout(100)
        case QuestionType.CLOZE:
            body.get_by_label("Gap 1 of 2").fill("100")
            body.get_by_label("Gap 2 of 2").select_option("north")
        case QuestionType.DROPDOWN:
            body.get_by_label("Gap 1 of 1").select_option("north")
        case QuestionType.HOTSPOT:
            picture = body.locator(".ly-hotspot-picture img")
            expect(picture).to_have_js_property("complete", True)
            box = picture.bounding_box()
            assert box
            page.mouse.click(box["x"] + box["width"] * 0.75, box["y"] + box["height"] * 0.5)
        case QuestionType.ESSAY:
            body.get_by_label("Your answer").fill("A heron in the reeds")


def by_keys(page: Page, type_: QuestionType) -> None:
    """Answers without a pointer: single keys where they choose, else Tab to the field and the keys of the field."""
    body = body_of(page)
    match type_:
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE:
            for number, choice in enumerate(body.locator(".ly-choice").all()):
                words = choice.inner_text().lower()
                if "choice 0" in words or ("choice 2" in words and type_ == QuestionType.MULTIPLE_CHOICE):
                    page.keyboard.press("abcdef"[number])
        case QuestionType.TRUE_FALSE:
            page.keyboard.press("a")
        case QuestionType.SHORT_TEXT | QuestionType.NUMERIC | QuestionType.CALCULATED | QuestionType.ESSAY:
            tab_to(page, "input, textarea")
            words = {QuestionType.SHORT_TEXT: "Hypatia", QuestionType.NUMERIC: "3.14", QuestionType.CALCULATED: "14"}
            page.keyboard.type(words.get(type_, "A heron in the reeds"))
        case QuestionType.MATCHING:
            for _ in range(2):
                tab_to(page, "select")
                label = page.evaluate("document.getElementById(document.activeElement.getAttribute('aria-labelledby')).textContent")
                page.keyboard.type("Lis" if "Portugal" in label else "Mad")
        case QuestionType.ORDERING:
            for place, name in enumerate(("Egg", "Caterpillar", "Pupa", "Butterfly")):
                while name not in body.locator(".ly-order-item").nth(place).inner_text():
                    up = body.get_by_role("button", name=f"Move {name} up")
                    up.focus()
                    page.keyboard.press("Enter")
        case QuestionType.CLOZE:
            tab_to(page, "input")
            page.keyboard.type("100")
            tab_to(page, "select")
            page.keyboard.type("no")
        case QuestionType.DROPDOWN:
            tab_to(page, "select")
            page.keyboard.type("no")
        case QuestionType.HOTSPOT:
            body.get_by_role("button", name="Add a mark").focus()
            page.keyboard.press("Enter")
            body.get_by_role("button", name="Mark 1").focus()
            for _ in range(5):
                page.keyboard.press("Shift+ArrowRight")


def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until something of this kind, and nothing before it, has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(`.ly-quiz-question :is(${selector})`)", selector):
            return
    raise AssertionError(f"Tab does not lead to {selector}.")


def answer_all(page: Page, answer: Callable[[Page, QuestionType], None], press: Callable[[Page, str], None]) -> None:
    """Answers every question, checks what no person marks and goes on; then submits."""
    asked = [type_ for type_ in bodies() if type_ != QuestionType.DESCRIPTION]
    expect(page.get_by_text("Take your time.")).to_be_visible()
    for number, type_ in enumerate(asked, start=1):
        expect(page.get_by_text(f"Question {number} of {len(asked)}")).to_be_visible()
        answer(page, type_)
        if type_ == QuestionType.ESSAY:
            expect(page.get_by_role("button", name="Check answer")).to_have_count(0)
        else:
            press(page, "Check answer")
            expect(page.locator(".ly-feedback")).to_contain_text("That's right.")
        press(page, "Submit quiz" if number == len(asked) else "Next question")
    page.get_by_role("dialog").get_by_role("button", name="Submit quiz").click()
    expect(page.get_by_text("One answer waits for a teacher")).to_be_visible()


def outcomes(email: str) -> set[str]:
    """How the answers of somebody's attempt did."""
    with transaction() as session:
        person = find_person(session, email)
        assert person
        query = select(QuestionScore.outcome).join(Attempt, Attempt.id == QuestionScore.attempt_id).where(Attempt.person_id == person.id)  # type: ignore[arg-type]
        return {str(outcome) for outcome in session.exec(query).all() if outcome != Outcome.BLANK}


def test_each_type_is_answered_with_the_mouse(everything: Sitting, visit: Callable) -> None:
    page, email = visit().page, everything.newcomer()
    everything.begin(page, email)
    answer_all(page, by_pointer, lambda page, name: page.locator(".ly-question-foot").get_by_role("button", name=name).click())
    assert outcomes(email) == {"correct", "pending"}


def test_each_type_is_answered_with_keys_alone(everything: Sitting, visit: Callable) -> None:
    page, email = visit().page, everything.newcomer()

    def press(page: Page, name: str) -> None:
        page.locator(".ly-question-foot").get_by_role("button", name=name).focus()
        page.keyboard.press("Enter")

    everything.begin(page, email)
    answer_all(page, by_keys, press)
    assert outcomes(email) == {"correct", "pending"}


def test_answers_given_without_a_connection_are_kept_and_sent_on_return(stack: Stack, visit: Callable) -> None:
    short = {type_: body for type_, body in bodies().items() if type_ in (QuestionType.TRUE_FALSE, QuestionType.NUMERIC)}
    sitting = new_sitting(short, questions_per_page=0)
    page, email = visit().page, sitting.newcomer()
    sitting.begin(page, email)
    expect(page.get_by_text("Question 2 of 2")).to_be_visible()
    page.context.set_offline(True)
    page.locator(".ly-choice", has_text="True").click()
    page.get_by_label("Your answer, a number").fill("3.14")
    expect(page.locator(".ly-saved")).to_contain_text("Offline. Kept on this device")
    page.context.set_offline(False)
    expect(page.locator(".ly-saved[data-state=saved]")).to_be_visible()
    page.locator(".ly-question-foot").get_by_role("button", name="Submit quiz").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit quiz").click()
    expect(page.locator(".ly-score")).to_contain_text("100")
    assert outcomes(email) == {"correct"}


def test_a_tab_that_opens_while_another_answers_shows_the_answer(stack: Stack, visit: Callable) -> None:
    sitting = new_sitting({QuestionType.TRUE_FALSE: bodies()[QuestionType.TRUE_FALSE]}, behaviour="deferred")
    visitor, email = visit(), sitting.newcomer()
    page = visitor.page
    sitting.begin(page, email)
    other = visitor.watch(page.context.new_page())
    held: list[Route] = []
    other.route("**/quiz_island-*.js", lambda route: held.append(route))
    with other.expect_request("**/quiz_island-*.js"):
        other.goto(f"/quiz/{sitting.quiz}")
    page.locator(".ly-choice", has_text="False").click()
    expect(page.locator(".ly-saved[data-state=saved]")).to_be_visible()
    held[0].continue_()
    expect(other.get_by_label("False")).to_be_checked()


def test_two_tabs_of_one_attempt_show_the_same_answer_and_end_together(stack: Stack, visit: Callable) -> None:
    sitting = new_sitting({QuestionType.TRUE_FALSE: bodies()[QuestionType.TRUE_FALSE]}, behaviour="deferred")
    visitor, email = visit(), sitting.newcomer()
    page = visitor.page
    sitting.begin(page, email)
    other = visitor.watch(page.context.new_page())
    other.goto(f"/quiz/{sitting.quiz}")
    page.locator(".ly-choice", has_text="False").click()
    expect(other.get_by_label("False")).to_be_checked()
    other.locator(".ly-choice", has_text="True").click()
    expect(page.get_by_label("True")).to_be_checked()
    expect(other.locator(".ly-saved[data-state=saved]")).to_be_visible()

    # What the other tab has answered since is not waited for here any more.
    page.route("**/answers/*", lambda route: route.abort())
    page.locator(".ly-choice", has_text="False").click()
    expect(page.locator(".ly-saved[data-state=trouble]")).to_be_visible()
    other.locator(".ly-choice", has_text="True").click()
    expect(page.locator(".ly-saved[data-state=fresh]")).to_be_visible()
    page.unroute_all()
    expect(other.locator(".ly-saved[data-state=saved]")).to_be_visible()
    page.locator(".ly-question-foot").get_by_role("button", name="Submit quiz").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit quiz").click()
    for tab in (page, other):
        expect(tab.locator(".ly-score")).to_contain_text("100")
    assert outcomes(email) == {"correct"}
