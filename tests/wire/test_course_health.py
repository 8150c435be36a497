"""The page of a course's health, worked by its author over the socket."""

from typing import Any

from reflex_base.utils.format import format_event_handler

from lms_app.database import transaction
from lms_app.domain.courses import authoring
from lms_app.models import Membership
from lms_app.web.instructor.health_badge import HealthBadge
from lms_app.web.instructor.health_state import HealthState
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.words import Role, StaffRole
from tests.support.campus import new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.questions import choice_id
from tests.support.web import Tab, WebServer

HEALTH, BADGE = HealthState.get_full_name(), HealthBadge.get_full_name()


def course() -> tuple[SignedIn, str, str, str]:
    """An author, the course with an empty page, a quiz of it and one of its questions."""
    author = sign_in(Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session)
        session.add(
            Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=campus.course.created_at)
        )
        session.flush()
        authoring.add_page(session, author.actor, campus.page("Sand").lesson_id, "Clay")
        from lms_app.domain.assessments import quiz_authoring

        quiz = campus.quiz("Final quiz")
        return author, str(campus.course.id), str(quiz.id), str(quiz_authoring.lines_of(session, quiz)[0].question_id)


async def ask(tab: Tab, handler: Any, until: Any, **arguments: Any) -> None:
    await tab.send(format_event_handler(handler), **arguments)
    await tab.wait(lambda: bool(until()) or tab.problem)
    assert not tab.problem, tab.problem


async def test_a_finding_is_set_aside_and_taken_up_again(lyceum: WebServer) -> None:
    author, course_id, _, _ = course()
    async with Tab(lyceum, author.cookie) as tab:
        tab.path = f"/teach/courses/{course_id}/health"

        def lines() -> list[dict[str, Any]]:
            return (tab.value(HEALTH, "health") or {"lines": []})["lines"]

        await ask(tab, HealthState.load, lines)
        assert [line["code"] for line in lines()] == ["page_empty"]
        assert tab.value(BADGE, "to_mend") == 1
        finding = lines()[0]["id"]
        await ask(tab, HealthState.ask_dismiss, lambda: tab.value(HEALTH, "leaving"), finding_id=finding)
        await ask(tab, HealthState.dismiss, lambda: tab.value(HEALTH, "errors"), form={"__reflex_form_data__": [["reason", " "]]})
        await ask(tab, HealthState.dismiss, lambda: not lines(), form={"__reflex_form_data__": [["reason", "Comes in May"]]})
        assert tab.value(BADGE, "to_mend") == 0
        await ask(tab, HealthState.show, lines, shown="dismissed")
        assert [line["reason"] for line in lines()] == ["Comes in May"]
        await ask(tab, HealthState.restore, lambda: not lines(), finding_id=finding)
        await ask(tab, HealthState.show, lines, shown="warning")
        await ask(tab, HealthState.check, lambda: tab.value(HEALTH, "health")["checked"])


async def test_the_tab_says_how_much_is_to_mend_on_the_builder_too(lyceum: WebServer) -> None:
    author, course_id, _, _ = course()
    async with Tab(lyceum, author.cookie) as tab:
        tab.path = f"/teach/courses/{course_id}"
        await ask(tab, HealthBadge.load, lambda: tab.value(BADGE, "course_id") == course_id)
        assert tab.value(BADGE, "to_mend") == 1


async def test_an_address_that_names_a_question_opens_its_editor(lyceum: WebServer) -> None:
    author, _, quiz_id, question = course()
    editor = QuizEditorState.get_full_name()
    async with Tab(lyceum, author.cookie) as tab:
        for wanted in ("nothing", choice_id(0), "01890a5d-ac96-774b-bcce-b302099a8057"):
            tab.path = f"/teach/quizzes/{quiz_id}?question={wanted}"
            await ask(tab, QuizEditorState.load, lambda: tab.value(editor, "ready"))
            assert tab.value(editor, "question") == ""
        tab.path = f"/teach/quizzes/{quiz_id}?question={question}"
        await ask(tab, QuizEditorState.load, lambda: tab.value(editor, "question"))
        assert tab.value(editor, "question") == question
