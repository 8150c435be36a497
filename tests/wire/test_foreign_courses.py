"""Every handler of every instructor's page, as the application registered them, called about a course that the caller may not work on."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import overrides, question_bank, quiz_sections, regrading
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.enrollments import groups
from lms_app.domain.gradebook import setup
from lms_app.models import ImportJob, Membership, Module, Person, SectionPool
from lms_app.web.errors import ToastState
from lms_app.web.guard import UNREADABLE
from lms_app.web.labels import Payload
from lms_app.web.routes import ROUTES
from lms_app.words import QuestionType, Role, StaffRole
from tests.support.campus import neutral_course, new_campus
from tests.support.every_handler import arguments, instructor_handlers
from tests.support.people import SignedIn, sign_in
from tests.support.questions import true_false_body
from tests.support.regrades import corrected, question_of, sit
from tests.support.servers import TestServers, forget_connections
from tests.support.web import TOAST, Tab, WebServer, web_server

MARK = "Zanzibar"
"""Stands in every title, text and name of the course that is somebody else's."""

HANDLERS = instructor_handlers()
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Ids = dict[str, str]


@pytest.fixture(scope="module")
def lyceum(servers: TestServers, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """The whole application, without its built pages."""
    os.environ["DATABASE_URL"] = servers.clone(f"wire_foreign_{os.getpid()}")
    folder = tmp_path_factory.mktemp("web")
    with web_server("lms_app.lms_app:app", folder, REFLEX_WEB_WORKDIR=str(folder / "no-build")) as server:
        os.environ["PUBLIC_URL"] = server.url
        forget_connections()
        yield server
    os.environ["DATABASE_URL"] = database
    os.environ["PUBLIC_URL"] = "http://localhost:8000"
    forget_connections()


async def test_another_instructor_learns_and_changes_nothing(lyceum: WebServer) -> None:
    stranger = sign_in(Role.INSTRUCTOR, Role.ADMIN)
    own = _course("own-course", stranger, StaffRole.OWNER)
    known = _ids_there_are()
    foreign = _course("foreign-course", mark=True)
    its_ids = _ids_there_are() - known
    before = _rows_about(its_ids)
    # Between calls about one's own course, so that forms stand open and questions are asked; then with foreign ids under both addresses.
    heard = await _walk(lyceum, stranger, [(own, own), (foreign, foreign), (own, foreign), (foreign, own)])
    assert [message for message in heard if MARK in message] == []
    assert _rows_about(its_ids) == before


@pytest.mark.parametrize("role", [StaffRole.VIEWER, StaffRole.GRADER])
async def test_who_only_reads_or_marks_changes_nothing(lyceum: WebServer, role: StaffRole) -> None:
    reader = sign_in(Role.INSTRUCTOR)
    own = _course(f"own-of-{role}", reader, StaffRole.OWNER)
    known = _ids_there_are()
    read = _course(f"read-by-{role}", reader, role)
    its_ids = _ids_there_are() - known
    before = _rows_about(its_ids)
    await _walk(lyceum, reader, [(own, own), (read, read), (own, read), (read, own)])
    assert _rows_about(its_ids) == before


async def test_the_same_calls_by_the_courses_author_show_and_change_it(lyceum: WebServer) -> None:
    author = sign_in(Role.INSTRUCTOR)
    known = _ids_there_are()
    own = _course("walked-by-its-author", author, StaffRole.OWNER, mark=True)
    its_ids = _ids_there_are() - known
    before = _rows_about(its_ids)
    heard = await _walk(lyceum, author, [(own, own)])
    assert MARK in str(heard)
    changed = {table for table, _ in (_rows_about(its_ids) - before) + (before - _rows_about(its_ids))}
    assert changed >= {"courses", "modules", "assessment_overrides", "groups", "group_members", "questions", "grade_columns"}


async def _walk(lyceum: WebServer, who: SignedIn, places: list[tuple[Ids, Ids]]) -> list[str]:
    """Calls every handler, state by state, under the address of the first course with ids of the second; gives all that the tab was told."""
    async with Tab(lyceum, who.cookie) as tab:
        for state in dict.fromkeys(name.rpartition(".")[0] for name in HANDLERS):
            for path in _paths(state):
                for name in (name for name in HANDLERS if name.startswith(state + ".")):
                    for here, theirs in places:
                        call = arguments(HANDLERS[name], theirs)
                        Payload(HANDLERS[name].fn).read(call)
                        tab.path = _filled(path, here)
                        await tab.send(name, **call)
                await _answered(tab)
        return tab.heard


async def _answered(tab: Tab) -> None:
    """Until everything sent before is answered: the server answers a tab's events in order."""
    serial = tab.value(TOAST, "serial") or 0
    await tab.send(f"{ToastState.get_full_name()}.dismiss", nothing=1)
    await tab.wait(lambda: tab.toast == UNREADABLE and tab.value(TOAST, "serial") > serial, 60)
    await tab.send(f"{ToastState.get_full_name()}.dismiss")
    await tab.wait(lambda: tab.toast == "")


def _paths(state: str) -> list[str]:
    """The addresses of the pages that a state loads; all of the instructor's for one that loads none."""
    mine = [route.path for route in ROUTES if any(loader.state_full_name == state for loader in route.on_load)]
    return mine or [route.path for route in ROUTES if route.path.startswith("/teach/courses")]


def _filled(path: str, ids: Ids) -> str:
    return re.sub(r"\[(\w+)\]", lambda place: ids[place[1]], path)


def _course(slug: str, staff: SignedIn | None = None, role: StaffRole = StaffRole.OWNER, *, mark: bool = False) -> Ids:
    """A course with one of everything, and ids of it by the names of the handlers' arguments."""
    with transaction() as session:
        source = neutral_course(slug, time_limit=600)
        campus = new_campus(session, _marked(source) if mark else source)
        teacher, learner = campus.instructor, campus.student
        prefix = f"{MARK} " if mark else ""
        session.get_one(Person, learner.person_id).name = f"{prefix}Learner"
        if staff is not None:
            session.add(Membership(course_id=campus.course.id, person_id=staff.actor.person_id, role=role, created_at=clock.now()))
        return _furnished(session, campus, teacher, learner, prefix)


def _furnished(session: Session, campus: Any, teacher: Actor, learner: Actor, prefix: str) -> Ids:
    course_id, enrollment = campus.course.id, campus.enroll()
    title = f"{prefix}Final quiz"
    quiz, question = campus.quiz(title), question_of(campus, QuestionType.TRUE_FALSE, title)
    sit(campus, learner, title=title)
    group_id = groups.add_group(session, teacher, course_id, f"{prefix}evening")
    groups.add_member(session, teacher, course_id, group_id, enrollment.id)
    category = question_bank.add_category(session, teacher, course_id, f"{prefix}category")
    question_bank.put_in_category(session, teacher, question.id, category)
    quiz_sections.add_pool(session, teacher, quiz.id, 0, category_id=category, tags="", count="1", points="1")
    exception = overrides.set_override(session, teacher, quiz.id, Override(attempts_allowed=2), enrollment_id=enrollment.id)
    corrected(campus, question, true_false_body(False))
    job = ImportJob(person_id=teacher.person_id, file_id=uuid4(), filename=f"{prefix}course.tar.gz", course_id=course_id, created_at=clock.now())
    session.add(job)
    session.flush()
    module = session.exec(select(Module.id).where(Module.course_id == course_id)).first()
    ids = {
        "course_id": course_id,
        "page_id": campus.page(f"{prefix}Sand").id,
        "assessment_id": quiz.id,
        "quiz": quiz.id,
        "question_id": question.id,
        "module_id": module,
        "node_id": module,
        "parent_id": course_id,
        "enrollment_id": enrollment.id,
        "subject": enrollment.id,
        "group_id": group_id,
        "override_id": exception,
        "category": category,
        "category_id": setup.add_category(session, teacher, course_id, f"{prefix}weight"),
        "column_id": setup.add_column(session, teacher, course_id, f"{prefix}column"),
        "pool_id": session.exec(select(SectionPool.id).where(SectionPool.category_id == category)).first(),
        "regrade_id": regrading.apply(session, teacher, question.id).id,
        "import_id": job.id,
    }
    return {name: str(value) for name, value in ids.items()} | {"id": str(ids["column_id"]), "due_at": "", "stem": "Is it?", "answer": "true"}


def _marked(value: Any, key: str = "") -> Any:
    """A neutral course with the mark in every title and text."""
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: _marked(getattr(value, field.name), field.name) for field in fields(value)})
    if isinstance(value, dict):
        return {name: _marked(inside, name) for name, inside in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(_marked(inside) for inside in value)
    return f"{MARK} {value}" if key in ("title", "summary", "text") and isinstance(value, str) else value


def _rows() -> Iterator[tuple[str, str]]:
    """Every row of the database as text, but for what only says who was seen when and what is still to be sent."""
    with transaction() as session:
        tables = session.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).scalars().all()
        for table in tables:
            if table not in ("logins", "outbox"):
                yield from ((table, row) for row in session.execute(text(f'SELECT t::text FROM "{table}" t')).scalars())


def _ids_there_are() -> set[str]:
    return {found for _, row in _rows() for found in _ID.findall(row)}


def _rows_about(ids: set[str]) -> Counter[tuple[str, str]]:
    return Counter((table, row) for table, row in _rows() if not ids.isdisjoint(_ID.findall(row)))
