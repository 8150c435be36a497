"""An instructor's handlers, called by those who may not: students, and instructors of other courses."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from reflex_base.utils.format import format_event_handler
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.assessments import overrides, question_bank, quiz_editor
from lms_app.domain.assessments.override_rules import Override
from lms_app.domain.courses import authoring
from lms_app.domain.enrollments import groups
from lms_app.models import Accommodation, AssessmentOverride, Course, Enrollment, Group, GroupMember, Membership
from lms_app.web.instructor.accommodation_state import AccommodationState
from lms_app.web.instructor.builder_state import BuilderState
from lms_app.web.instructor.exceptions_state import ExceptionsState
from lms_app.web.instructor.groups_state import GroupsState
from lms_app.web.instructor.library_state import LibraryState
from lms_app.web.instructor.page_editor_state import PageEditorState
from lms_app.web.instructor.people_state import PeopleState
from lms_app.web.instructor.question_bank_state import QuestionBankState
from lms_app.web.instructor.question_state import QuestionState
from lms_app.web.instructor.quiz_editor_state import QuizEditorState
from lms_app.web.instructor.quiz_settings_state import QuizSettingsState
from lms_app.web.instructor.settings_state import SettingsState
from lms_app.web.instructor.staff_state import StaffState
from lms_app.web.instructor.student_state import StudentState
from lms_app.words import Role, StaffRole
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.every_handler import instructor_handlers
from tests.support.people import SignedIn, sign_in
from tests.support.web import Tab, WebServer

NAMES = list(instructor_handlers())
BUILDER, EXCEPTIONS, GROUPS = (state.get_full_name() for state in (BuilderState, ExceptionsState, GroupsState))


@pytest.fixture(scope="module")
def course(lyceum: WebServer) -> dict[str, str]:
    """Ids of a course of somebody else's."""
    with transaction() as session:
        campus: Campus = new_campus(session)
        quiz = campus.quiz("Final quiz")
        editor = quiz_editor.quiz_editor(session, campus.instructor, quiz.id)
        enrollment = campus.enroll()
        group = groups.add_group(session, campus.instructor, campus.course.id, "Evening class")
        override = Override(attempts_allowed=2)
        category = question_bank.add_category(session, campus.instructor, campus.course.id, "Sand and stones")
        return {
            "course": str(campus.course.id),
            "page": str(campus.page("Sand").id),
            "quiz": str(quiz.id),
            "question": editor.questions[0].id,
            "enrollment": str(enrollment.id),
            "student": str(enrollment.person_id),
            "group": str(group),
            "exception": str(overrides.set_override(session, campus.instructor, quiz.id, override, enrollment_id=enrollment.id)),
            "category": str(category),
        }


CERTIFICATE = ("signatory_name", "signatory_title", "heading", "certifies", "completed", "colour")


def told(tab: Tab) -> str:
    return tab.toast or tab.problem or ""


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", [None, Role.STUDENT])
async def test_who_does_not_teach_is_refused_by_every_handler(lyceum: WebServer, name: str, who: Role | None) -> None:
    cookie = _somebody(who).cookie if who else ""
    async with Tab(lyceum, cookie) as tab:
        await tab.send(name)
        await tab.wait(lambda: told(tab))
        assert told(tab) == ("Your account may not do this." if who else "Sign in to go on.")


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
    bank = build + "/bank"
    about = form(title="x", slug="x", summary="", language="en", level="", tags="")
    texts = ("introduction", "tries", "attempts_allowed", "wait", "pass_mark", "opens_at", "closes_at", "time_limit", "grace", "password")
    words = {"behaviour": "immediate", "negative": "none", "counting": "best", "on_expiry": "submit", "navigation": "free", "release": "automatic"}
    quiz_settings = form(title="x", questions_per_page="1", **dict.fromkeys(texts, ""), **words)
    return [
        (build, BuilderState.load, {}),
        (build, BuilderState.look_again, {}),
        (build, BuilderState.publish, {}),
        (build, BuilderState.unpublish, {}),
        (build + "/files", LibraryState.load, {}),
        (build + "/settings", SettingsState.load, {}),
        (build + "/settings", SettingsState.save_about, {"form": about}),
        (build + "/settings", SettingsState.choose_cover, {"file_id": ids["page"]}),
        (build + "/settings", SettingsState.draw_cover, {}),
        (
            build + "/settings",
            SettingsState.save_certificate,
            {"form": form(**dict.fromkeys(("signatory_name", "signatory_title", "heading", "certifies", "completed", "colour"), "x"))},
        ),
        (build + "/settings", SettingsState.add_objective, {"form": form(text="x")}),
        (build + "/settings", StaffState.load, {}),
        (build + "/settings", StaffState.add, {"form": form(email="x@example.org", role="owner")}),
        (build + "/settings", StaffState.change, {"person_id": ids["student"], "role": "viewer"}),
        (build + "/people", PeopleState.load, {}),
        (f"{build}/students/{ids['enrollment']}", StudentState.load, {}),
        (f"{build}/students/{ids['enrollment']}", StudentState.newest, {}),
        (build + "/people", PeopleState.find, {"words": "a"}),
        (build + "/people", PeopleState.turn, {"step": 1}),
        (bank, QuestionBankState.load, {}),
        (f"/teach/questions/{ids['question']}", QuestionState.load, {}),
        (write, PageEditorState.load, {}),
        (ask, QuizEditorState.load, {}),
        (ask, QuizEditorState.turn, {"step": 1}),
        (ask, QuizEditorState.edit, {"question_id": ids["question"]}),
        (ask, QuizEditorState.write_new, {"type_": "numeric"}),
        (ask, QuizEditorState.set_points, {"question_id": ids["question"], "points": "2"}),
        (ask, QuizEditorState.close, {}),
        (ask, QuizEditorState.move, {"question_id": ids["question"], "step": 1}),
        (ask, QuizEditorState.remove, {"question_id": ids["question"]}),
        (ask, QuizSettingsState.load, {}),
        (ask, QuizSettingsState.save, {"form": quiz_settings}),
        (ask, QuizEditorState.publish, {}),
        (ask + "/exceptions", ExceptionsState.load, {}),
        (ask + "/exceptions", ExceptionsState.turn, {"step": 1}),
        (ask + "/exceptions", ExceptionsState.write_new, {}),
        (ask + "/exceptions", ExceptionsState.edit, {"override_id": ids["exception"]}),
        (ask + "/exceptions", ExceptionsState.find, {"words": "Ada"}),
        (build + "/people", GroupsState.load, {}),
        (build + "/people", GroupsState.turn, {"step": 1}),
        (build + "/people", GroupsState.open, {"group_id": ids["group"]}),
        (build + "/people", GroupsState.save_name, {"form": form(name="Mine")}),
    ]


async def test_another_instructors_course_does_not_exist(lyceum: WebServer, course: dict[str, str]) -> None:
    before = _all_there_is(course["course"])
    for path, handler, arguments in attempts_on(course):
        async with Tab(lyceum, _somebody(Role.INSTRUCTOR).cookie, path=path) as tab:
            await tab.send(format_event_handler(handler), **arguments)
            await tab.wait(lambda tab=tab: told(tab) != "")
            assert told(tab).startswith(("There is no course of yours", "There is nothing of yours", "This does not exist")), (path, told(tab))
            assert not any(word in str(tab.state) for word in ("Sand", "Ada Learner", "Evening class"))
    assert _all_there_is(course["course"]) == before


async def test_an_open_builder_hears_of_what_another_author_does(lyceum: WebServer) -> None:
    author = sign_in(Role.INSTRUCTOR)
    with transaction() as session:
        campus = new_campus(session)
        session.add(Membership(course_id=campus.course.id, person_id=author.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        course_id, sand, instructor = campus.course.id, campus.page("Sand").id, campus.instructor
    async with Tab(lyceum, author.cookie, path=f"/teach/courses/{course_id}") as tab:
        await tab.send(format_event_handler(BuilderState.load))
        await tab.wait(lambda: tab.value(BUILDER, "revision"))
        before = tab.value(BUILDER, "revision")
        with transaction() as session:
            authoring.archive(session, instructor, "page", sand)
        await tab.wait(lambda: tab.value(BUILDER, "revision") > before)
        assert tab.value(BUILDER, "course")["pages"] == 2


async def test_exceptions_and_groups_asked_about_earlier_are_looked_up_again(lyceum: WebServer, course: dict[str, str]) -> None:
    asked = [
        (f"/teach/quizzes/{course['quiz']}/exceptions", ExceptionsState.ask_remove, {"override_id": course["exception"]}, ExceptionsState.remove, {}),
        (f"/teach/courses/{course['course']}/people", GroupsState.ask_remove, {"group_id": course["group"]}, GroupsState.remove, {}),
        (
            f"/teach/courses/{course['course']}/people",
            GroupsState.ask_rename,
            {"group_id": course["group"]},
            GroupsState.save_name,
            {"form": form(name="Mine")},
        ),
    ]
    for path, ask, what, act, arguments in asked:
        async with Tab(lyceum, _somebody(Role.INSTRUCTOR).cookie, path=path) as tab:
            await tab.send(format_event_handler(ask), **what)
            await tab.send(format_event_handler(act), **arguments)
            await tab.wait(lambda tab=tab: told(tab) != "")
            assert told(tab).startswith("There is no course of yours"), (path, told(tab))
    with transaction() as session:
        assert session.get_one(AssessmentOverride, _uuid(course["exception"])).attempts_allowed == 2
        assert session.get_one(Group, _uuid(course["group"])).name == "Evening class"


async def test_who_teaches_the_course_adds_an_exception_and_fills_a_group(lyceum: WebServer) -> None:
    teacher = sign_in(Role.INSTRUCTOR, name="Ines Teacher")
    with transaction() as session:
        campus = new_campus(session, neutral_course("wire-exceptions", time_limit=600))
        enrollment, course_id, quiz_id = campus.enroll(), campus.course.id, campus.quiz("Final quiz").id
        session.add(Membership(course_id=course_id, person_id=teacher.actor.person_id, role=StaffRole.EDITOR, created_at=clock.now()))
        enrollment_id = enrollment.id
    async with Tab(lyceum, teacher.cookie, path=f"/teach/courses/{course_id}/people") as tab:
        await tab.send(format_event_handler(GroupsState.load))
        await tab.send(format_event_handler(GroupsState.ask_add))
        await tab.send(format_event_handler(GroupsState.save_name), form=form(name="Evening class"))
        await tab.wait(lambda: tab.value(GROUPS, "sheet") is not None)
        await tab.send(format_event_handler(GroupsState.find), words="ada")
        await tab.send(format_event_handler(GroupsState.put_in), enrollment_id=str(enrollment_id))
        await tab.wait(lambda: tab.value(GROUPS, "sheet")["members"] == 1)
    async with Tab(lyceum, teacher.cookie, path=f"/teach/quizzes/{quiz_id}/exceptions") as tab:
        await tab.send(format_event_handler(ExceptionsState.load))
        await tab.send(format_event_handler(ExceptionsState.write_new))
        await tab.send(format_event_handler(ExceptionsState.choose_kind), kind="group")
        await tab.wait(lambda: "Evening class" in str(tab.value(EXCEPTIONS, "found")))
        await tab.send(format_event_handler(ExceptionsState.choose), subject=tab.value(EXCEPTIONS, "found")[0][0])
        nothing = {"opens_at": "", "closes_at": "", "extra": "", "attempts_allowed": ""}
        await tab.send(format_event_handler(ExceptionsState.save), form=form(**nothing, more="much"))
        await tab.wait(lambda: "more" in tab.value(EXCEPTIONS, "errors"))
        await tab.send(format_event_handler(ExceptionsState.save), form=form(**nothing, more="50"))
        await tab.wait(lambda: tab.toast == "Saved for Evening class.")
        assert [line["words"] for line in tab.value(EXCEPTIONS, "quiz")["lines"]] == ["50 % more time"]
    with transaction() as session:
        assert session.exec(select(GroupMember.enrollment_id).where(GroupMember.enrollment_id == enrollment_id)).all() == [enrollment_id]


async def test_more_time_is_given_by_who_authors_the_course_and_by_administrators_on_its_staff(lyceum: WebServer) -> None:
    owner, grader, admin = sign_in(Role.INSTRUCTOR), sign_in(Role.INSTRUCTOR), sign_in(Role.INSTRUCTOR, Role.ADMIN)
    stranger = sign_in(Role.INSTRUCTOR, Role.ADMIN)
    with transaction() as session:
        campus = new_campus(session, neutral_course("wire-accommodation"))
        enrollment_id, person_id, course_id = str(campus.enroll().id), campus.student.person_id, campus.course.id
        for one, role in ((owner, StaffRole.OWNER), (grader, StaffRole.GRADER), (admin, StaffRole.VIEWER)):
            session.add(Membership(course_id=course_id, person_id=one.actor.person_id, role=role, created_at=clock.now()))
    path = f"/teach/courses/{course_id}/people"
    for who, sentence in ((grader, "Who authors the course gives more time in it."), (stranger, "There is no course of yours at this address.")):
        async with Tab(lyceum, who.cookie, path=path) as tab:
            await tab.send(format_event_handler(AccommodationState.ask), enrollment_id=enrollment_id)
            await tab.wait(lambda tab=tab, sentence=sentence: told(tab) == sentence)
            assert "Ada Learner" not in str(tab.state)
    async with Tab(lyceum, admin.cookie, path=path) as tab:
        await tab.send(format_event_handler(AccommodationState.ask), enrollment_id=enrollment_id)
        await tab.send(format_event_handler(AccommodationState.save), form=form(more="50", note="Reads slowly"))
        await tab.wait(lambda: (tab.toast or "").startswith("Saved for Ada Learner."))
    with transaction() as session:
        row = session.exec(select(Accommodation).where(Accommodation.person_id == person_id)).one()
        assert (row.time_factor, row.note) == (Decimal("1.5"), "Reads slowly")
    async with Tab(lyceum, owner.cookie, path=path) as tab:
        await tab.send(format_event_handler(AccommodationState.ask), enrollment_id=enrollment_id)
        await tab.send(format_event_handler(AccommodationState.save), form=form(here="25"))
        await tab.wait(lambda: (tab.toast or "").startswith("Saved for Ada Learner."))
        assert "Reads slowly" not in str(tab.state)
    with transaction() as session:
        assert session.get_one(Enrollment, UUID(enrollment_id)).time_factor == Decimal("1.25")


def _all_there_is(course_id: str) -> tuple[Any, ...]:
    with transaction() as session:
        course = session.get_one(Course, _uuid(course_id))
        return course.title, course.status, course.published_at


def _uuid(text: str):
    from uuid import UUID

    return UUID(text)
