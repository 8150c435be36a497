"""Live equals reload: what an open page of figures was told, piece by piece while students worked, is what a fresh load of it shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals
from lms_app.domain.analytics.fold import fold
from lms_app.domain.assessments import attempts
from lms_app.domain.courses import access
from lms_app.domain.enrollments import groups, learning
from lms_app.models import Answer, Group, GroupMember, Membership
from lms_app.web.errors import ToastState
from lms_app.web.instructor.analytics_state import AnalyticsState
from lms_app.web.instructor.node_figures_state import NodeFiguresState
from lms_app.web.student.home_state import HomeState
from lms_app.web.student.progress_state import ProgressState
from lms_app.words import QuestionType, Role, StaffRole
from tests.support.campus import RIGHT, WRONG, Campus, neutral_course, new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.web import Tab, WebServer

OVERVIEW, NODE = AnalyticsState.get_full_name(), NodeFiguresState.get_full_name()
HOME, OWN = HomeState.get_full_name(), ProgressState.get_full_name()


class Watched:
    """A course with a group of two, one who is in no group, and who watches it."""

    def __init__(self, slug: str) -> None:
        self.instructor: SignedIn = sign_in(Role.INSTRUCTOR)
        with transaction() as session:
            self.campus: Campus = new_campus(session, neutral_course(slug))
            self.course_id = self.campus.course.id
            self.ada, self.ben, self.eve = self.campus.student, self.campus.person("Ben"), self.campus.person("Eve")
            self.page, self.quiz = self.campus.page("Stones").id, self.campus.quiz("Final quiz").id
            self.run = access.current_run(session, self.course_id).id
            session.add(Membership(course_id=self.course_id, person_id=self.instructor.actor.person_id, role=StaffRole.OWNER, created_at=clock.now()))
            self.group = uuid4()
            session.add(Group(id=self.group, run_id=self.run, name="Morning", created_at=clock.now()))
            session.flush()
            for person in (self.ada, self.ben):
                session.add(GroupMember(group_id=self.group, enrollment_id=self.campus.enroll(person).id))
        _fold()

    @property
    def acts(self) -> list[Callable[[Session], Any]]:
        """What students do while somebody watches, those outside the group too."""
        return [
            lambda session: learning.open_page(session, self.ada, self.page),
            lambda session: self.campus.enroll(self.eve),
            lambda session: learning.open_page(session, self.eve, self.page),
            lambda session: learning.heartbeat(session, self.ada, self.page, seconds=20, reached_end=True),
            lambda session: self.sit(session, self.ada, WRONG),
            lambda session: self.sit(session, self.eve, RIGHT),
            lambda session: self.sit(session, self.ben, RIGHT),
        ]

    def sit(self, session: Session, person: Actor, responses: dict[QuestionType, dict[str, object]]) -> None:
        sheet = attempts.start(session, person, self.quiz)
        for question in sheet.questions:
            answer = {"response": responses[QuestionType(question.type)], "sequence": 1, "saved_at": clock.now()}
            session.add(Answer(attempt_id=UUID(sheet.id), question_id=UUID(question.id), **answer))
        session.flush()
        attempts.submit(session, person, UUID(sheet.id))

    def happen(self) -> None:
        """Each act in its own transaction, folded at once, half a minute after the one before: the figures move many times."""
        began = clock.now() - timedelta(minutes=4)
        for number, act in enumerate(self.acts):
            with clock.moved_to(began + timedelta(seconds=30 * number)), transaction() as session:
                self.campus.session = session
                act(session)
            _fold()


def _fold() -> None:
    with transaction() as session:
        while fold(session):
            pass


def shown(tab: Tab, state: str) -> dict[str, Any]:
    return dict(tab.state.get(state, {}))


async def load_overview(tab: Tab, watched: Watched, *, narrowed: bool) -> None:
    today = clock.now().date()
    days = f"&since={today - timedelta(days=1)}&until={today + timedelta(days=1)}"
    tab.path = f"/teach/courses/{watched.course_id}/analytics" + (f"?run={watched.run}&group={watched.group}{days}" if narrowed else "")
    await tab.send(format_event_handler(AnalyticsState.load))
    await tab.wait(lambda: tab.value(OVERVIEW, "ready"), 20)


async def look_at_node(tab: Tab, watched: Watched, kind: str, *, narrowed: bool) -> None:
    tab.path = f"/teach/courses/{watched.course_id}"
    if kind == "page":
        await tab.send(format_event_handler(NodeFiguresState.open_page), page_id=str(watched.page))
    else:
        await tab.send(format_event_handler(NodeFiguresState.open_quiz), assessment_id=str(watched.quiz))
    await tab.wait(lambda: tab.value(NODE, "ready"), 20)
    if narrowed:
        form = {"__reflex_form_data__": [["run", str(watched.run)], ["group", str(watched.group)]]}
        await tab.send(format_event_handler(NodeFiguresState.narrow), form=form)
        await tab.wait(lambda: tab.value(NODE, "group") == str(watched.group), 20)


@pytest.mark.parametrize("narrowed", [True, False])
async def test_an_open_overview_shows_what_a_fresh_load_of_it_shows(lyceum: WebServer, narrowed: bool) -> None:
    watched = Watched(f"overview-{narrowed}")
    async with Tab(lyceum, watched.instructor.cookie) as open_, Tab(lyceum, watched.instructor.cookie) as fresh:
        await load_overview(open_, watched, narrowed=narrowed)
        before = shown(open_, OVERVIEW)
        watched.happen()
        await load_overview(fresh, watched, narrowed=narrowed)
        await open_.wait(lambda: shown(open_, OVERVIEW) == shown(fresh, OVERVIEW), 15)
        assert shown(open_, OVERVIEW) != before
        assert open_.value(OVERVIEW, "group") == (str(watched.group) if narrowed else "")
        figures = {figure["metric"]: figure["value"] for figure in open_.value(OVERVIEW, "figures")}
        assert (figures["enrolled"], figures["active_now"]) == (("2", "2") if narrowed else ("3", "3"))
        # Two attempts of the group, three of everybody: scores and hours are the group's too.
        assert open_.value(OVERVIEW, "n")["score"] == ("2" if narrowed else "3")


@pytest.mark.parametrize("kind", ["page", "quiz"])
async def test_open_figures_of_a_page_or_quiz_show_what_a_fresh_look_at_them_shows(lyceum: WebServer, kind: str) -> None:
    watched = Watched(f"node-{kind}")
    async with (
        Tab(lyceum, watched.instructor.cookie) as everybody,
        Tab(lyceum, watched.instructor.cookie) as group,
        Tab(lyceum, watched.instructor.cookie) as closed,
        Tab(lyceum, watched.instructor.cookie) as fresh,
    ):
        for tab, narrowed in ((everybody, False), (group, True), (closed, False)):
            await look_at_node(tab, watched, kind, narrowed=narrowed)
        await closed.send(format_event_handler(NodeFiguresState.close))
        await closed.wait(lambda: not closed.value(NODE, "ready"))
        left = shown(closed, NODE)
        watched.happen()
        for tab, narrowed in ((everybody, False), (group, True)):
            await look_at_node(fresh, watched, kind, narrowed=narrowed)
            await tab.wait(lambda tab=tab: shown(tab, NODE) == shown(fresh, NODE), 15)
        opened = {tab.token: tab.value(NODE, "opened") for tab in (everybody, group)}
        assert list(opened.values()) == ([2, 1] if kind == "page" else [3, 2])
        # Who looks at the editor again is told nothing.
        assert shown(closed, NODE) == left


@pytest.mark.parametrize(("state", "handler", "place"), [(HOME, HomeState.load, "/home"), (OWN, ProgressState.load, "/progress/{slug}")])
async def test_a_students_open_week_and_goal_show_what_a_fresh_load_of_them_shows(lyceum: WebServer, state: str, handler: Any, place: str) -> None:
    """Time alone has moved, no progress: nobody but the fold says so."""
    student, slug = sign_in(Role.STUDENT), f"own-{place.split('/')[1]}"
    with transaction() as session:
        campus = new_campus(session, neutral_course(slug))
        campus.enroll(student.actor)
        goals.set_goal(session, student.actor, campus.course.id, hours="1", days="2")
        page = campus.page("Stones").id
    _fold()

    async def load(tab: Tab) -> None:
        tab.path = place.format(slug=campus.course.slug)
        await tab.send(format_event_handler(handler))
        await tab.wait(lambda: tab.value(state, "ready"), 20)

    async with Tab(lyceum, student.cookie) as open_, Tab(lyceum, student.cookie) as fresh:
        await load(open_)
        before = shown(open_, state)
        for minutes in (3, 2, 1):
            with clock.moved_to(clock.now() - timedelta(minutes=minutes)), transaction() as session:
                learning.heartbeat(session, student.actor, page, seconds=60, reached_end=False)
        _fold()
        await load(fresh)
        await open_.wait(lambda: shown(open_, state) == shown(fresh, state), 15)
        assert shown(open_, state) != before


async def test_a_group_that_is_deleted_while_it_is_looked_at_is_left_for_everybody(lyceum: WebServer) -> None:
    watched = Watched("node-left")
    async with Tab(lyceum, watched.instructor.cookie) as open_, Tab(lyceum, watched.instructor.cookie) as late:
        await look_at_node(open_, watched, "page", narrowed=True)
        await look_at_node(late, watched, "page", narrowed=False)
        with transaction() as session:
            groups.remove_group(session, watched.instructor.actor, watched.course_id, watched.group)
        watched.happen()
        await open_.wait(lambda: open_.value(NODE, "opened") == 2, 15)
        form = {"__reflex_form_data__": [["run", str(watched.run)], ["group", str(watched.group)]]}
        await late.send(format_event_handler(NodeFiguresState.narrow), form=form)
        for tab in (open_, late):
            await tab.wait(lambda tab=tab: tab.value(NODE, "left"), 15)
            assert tab.value(NODE, "left") == "The group that you looked at is there no longer. These are the figures of everybody."
            assert (tab.value(NODE, "group"), tab.value(NODE, "opened"), tab.problem or "") == ("", 2, "")
        await late.send(format_event_handler(NodeFiguresState.narrow), form={"__reflex_form_data__": [["run", str(watched.run)]]})
        await late.wait(lambda: not late.value(NODE, "left"), 15)


async def test_a_group_that_is_deleted_while_its_overview_is_open_leads_to_the_overview_of_everybody(lyceum: WebServer) -> None:
    watched = Watched("overview-left")
    async with Tab(lyceum, watched.instructor.cookie) as open_, Tab(lyceum, watched.instructor.cookie) as early:
        for tab in (open_, early):
            await load_overview(tab, watched, narrowed=True)
        with transaction() as session:
            groups.remove_group(session, watched.instructor.actor, watched.course_id, watched.group)
        await early.send(format_event_handler(AnalyticsState.show_funnel_by), by="items")
        await early.wait(lambda: "_redirect" in "".join(early.heard), 15)
        watched.happen()
        await open_.wait(lambda: "_redirect" in "".join(open_.heard), 15)
        for tab in (open_, early):
            assert f'"/teach/courses/{watched.course_id}/analytics"' in "".join(tab.heard)
            assert tab.value(ToastState.get_full_name(), "text") == "What you looked at is there no longer. These are the figures of everybody."
            assert not tab.problem


async def test_nobody_but_the_staff_is_told_the_figures_of_a_page_or_quiz(lyceum: WebServer) -> None:
    watched = Watched("node-secrets")
    watched.happen()
    for stranger in (sign_in(Role.INSTRUCTOR), sign_in(Role.STUDENT)):
        async with Tab(lyceum, stranger.cookie) as tab:
            tab.path = f"/teach/courses/{watched.course_id}"
            await tab.send(format_event_handler(NodeFiguresState.open_page), page_id=str(watched.page))
            await tab.send(format_event_handler(NodeFiguresState.open_quiz), assessment_id=str(watched.quiz))
            await tab.wait(lambda tab=tab: tab.problem or tab.toast, 20)
            assert not tab.value(NODE, "figures")
            assert not any("Which?" in message for message in tab.heard)
