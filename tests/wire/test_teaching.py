"""An instructor's handlers, called by those who may not: students, and instructors of other courses."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from reflex_base.utils.format import format_event_handler
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.assessments import quiz_editor
from lms_app.models import Course, Lesson, Module
from lms_app.web.instructor.builder_state import BuilderState
from lms_app.web.instructor.gradebook_setup_state import GradebookSetupState
from lms_app.web.instructor.gradebook_state import GradebookState
from lms_app.web.instructor.import_state import ImportState
from lms_app.web.instructor.page_editor_state import PageEditorState
from lms_app.web.instructor.people_state import PeopleState
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.instructor.quiz_settings_state import QuizSettingsState
from lms_app.web.instructor.teach_state import TeachState
from lms_app.words import Role
from tests.support.campus import Campus, new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.servers import TestServers, forget_connections
from tests.support.web import PROBLEM, TOAST, Tab, WebServer, web_server

STATES = (TeachState, ImportState, BuilderState, PageEditorState, QuizEditorState, PeopleState, GradebookState, GradebookSetupState)
NAMES = [format_event_handler(handler) for state in STATES for name, handler in state.event_handlers.items() if name != "setvar"]


@pytest.fixture(scope="module")
def lyceum(servers: TestServers, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """The whole application, without its built pages."""
    os.environ["DATABASE_URL"] = servers.clone(f"wire_teaching_{os.getpid()}")
    folder = tmp_path_factory.mktemp("web")
    with web_server("lms_app.lms_app:app", folder, REFLEX_WEB_WORKDIR=str(folder / "no-build")) as server:
        os.environ["PUBLIC_URL"] = server.url
        forget_connections()
        yield server
    os.environ["DATABASE_URL"] = database
    os.environ["PUBLIC_URL"] = "http://localhost:8000"
    forget_connections()


@pytest.fixture(scope="module")
def course(lyceum: WebServer) -> dict[str, str]:
    """Ids of a course of somebody else's."""
    with transaction() as session:
        campus: Campus = new_campus(session)
        quiz = campus.quiz("Final quiz")
        editor = quiz_editor.quiz_editor(session, campus.instructor, quiz.id)
        return {
            "course": str(campus.course.id),
            "module": str(session.exec(select(Module.id).where(Module.course_id == campus.course.id)).first()),
            "lesson": str(session.exec(select(Lesson.id).where(Lesson.course_id == campus.course.id)).first()),
            "page": str(campus.page("Sand").id),
            "quiz": str(quiz.id),
            "question": editor.questions[0].id,
        }


def told(tab: Tab) -> str:
    return tab.toast or tab.problem or ""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", [None, Role.STUDENT])
async def test_who_does_not_teach_is_refused_by_every_handler(lyceum: WebServer, name: str, who: Role | None) -> None:
    cookie = _somebody(who).cookie if who else ""
    async with Tab(lyceum, cookie) as tab:
        await tab.send(name)
        await tab.wait(lambda: told(tab) == ("Your account may not do this." if who else "Sign in to go on."))


_known: dict[Role, SignedIn] = {}


def _somebody(role: Role) -> SignedIn:
    if role not in _known:
        _known[role] = sign_in(role)
    return _known[role]


def form(**fields: str) -> dict[str, Any]:
    return {"__reflex_form_data__": [[name, value] for name, value in fields.items()]}


def attempts_on(ids: dict[str, str]) -> list[tuple[str, Any, dict[str, Any]]]:
    """Address, handler and arguments of everything that another instructor might try on the course."""
    build, write, ask = f"/teach/courses/{ids['course']}", f"/teach/pages/{ids['page']}", f"/teach/quizzes/{ids['quiz']}"
    settings = form(title="x", summary="", language="en", level="", signatory_name="", signatory_title="")
    texts = ("introduction", "tries", "attempts_allowed", "wait", "pass_mark", "opens_at", "closes_at", "time_limit", "grace", "password")
    words = {"behaviour": "immediate", "negative": "none", "counting": "best", "on_expiry": "submit", "navigation": "free", "release": "automatic"}
    quiz_settings = form(title="x", questions_per_page="1", **dict.fromkeys(texts, ""), **words)
    return [
        (build, BuilderState.load, {}),
        (build, BuilderState.open_module, {"module_id": ids["module"]}),
        (build, BuilderState.move, {"kind": "lesson", "node_id": ids["lesson"], "step": 1}),
        (build, BuilderState.publish, {}),
        (build, BuilderState.unpublish, {}),
        (build, BuilderState.save_settings, {"form": settings}),
        (build + "/people", PeopleState.load, {}),
        (build + "/people", PeopleState.find, {"words": "a"}),
        (build + "/people", PeopleState.turn, {"step": 1}),
        (write, PageEditorState.load, {}),
        (write, PageEditorState.show, {"markdown": "x"}),
        (write, PageEditorState.save, {"form": form(title="x", markdown="x", rule="read")}),
        (ask, QuizEditorState.load, {}),
        (ask, QuizEditorState.turn, {"step": 1}),
        (ask, QuizEditorState.edit, {"question_id": ids["question"]}),
        (ask, QuizEditorState.write_new, {"type_": "numeric"}),
        (ask, QuizEditorState.move, {"question_id": ids["question"], "step": 1}),
        (ask, QuizEditorState.remove, {"question_id": ids["question"]}),
        (ask, QuizSettingsState.load, {}),
        (ask, QuizSettingsState.save, {"form": quiz_settings}),
        (ask, QuizEditorState.publish, {}),
    ]


async def test_another_instructors_course_does_not_exist(lyceum: WebServer, course: dict[str, str]) -> None:
    before = _all_there_is(course["course"])
    for path, handler, arguments in attempts_on(course):
        async with Tab(lyceum, _somebody(Role.INSTRUCTOR).cookie, path=path) as tab:
            await tab.send(format_event_handler(handler), **arguments)
            await tab.wait(lambda tab=tab: told(tab) != "")
            assert told(tab).startswith(("There is no course of yours", "There is nothing of yours", "This does not exist")), (path, told(tab))
            assert "Sand" not in str(tab.state)
    assert _all_there_is(course["course"]) == before


async def test_ids_asked_about_earlier_are_looked_up_again(lyceum: WebServer, course: dict[str, str]) -> None:
    async with Tab(lyceum, _somebody(Role.INSTRUCTOR).cookie, path=f"/teach/courses/{course['course']}") as tab:
        await tab.send(format_event_handler(BuilderState.ask_archive), kind="page", node_id=course["page"], title="x")
        await tab.send(format_event_handler(BuilderState.archive))
        await tab.wait(lambda: told(tab) != "")
        serial = tab.value(TOAST, "serial")
        await tab.send(format_event_handler(BuilderState.ask_add), kind="module", parent_id=course["course"])
        await tab.send(format_event_handler(BuilderState.save_name), form=form(title="Mine now"))
        await tab.wait(lambda: tab.value(TOAST, "serial") > serial)
        assert tab.value(PROBLEM, "sentence") in (None, "")
    with transaction() as session:
        assert session.exec(select(Module.title).where(Module.course_id == _uuid(course["course"]))).all() == ["Ground"]


def _all_there_is(course_id: str) -> tuple[Any, ...]:
    with transaction() as session:
        course = session.get_one(Course, _uuid(course_id))
        return course.title, course.status, course.published_at


def _uuid(text: str):
    from uuid import UUID

    return UUID(text)
