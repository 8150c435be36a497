"""A student who leaves the pages aside and talks to a running installation by raw HTTP and socket: what is locked, full or secret stays so."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import httpx
from reflex_base.utils.format import format_event_handler
from sqlmodel import col, func, select

from lms_app.adapters import tokens
from lms_app.database import transaction
from lms_app.domain.actor import Actor
from lms_app.domain.courses import availability_editing
from lms_app.domain.enrollments import enrollments, invitation_links, prerequisites, runs
from lms_app.domain.enrollments.runs import RunForm
from lms_app.models import Attempt, Completion, Enrollment, PageView
from lms_app.web.student.learn_state import LearnState
from lms_app.words import EnrollmentPolicy, EnrollmentStatus, Role
from tests.support.campus import Campus, neutral_course, new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.web import Tab, WebServer

LATER = {"match": "all", "conditions": [{"kind": "from", "at": "2199-03-03T09:00"}]}


def browser(server: WebServer, who: SignedIn) -> httpx.Client:
    """Whatever this account sends, as its browser and as its program."""
    program = tokens.sign(login_id=who.login_id, person_id=who.actor.person_id, audience=tokens.Audience.PROGRAM)
    headers = {"Origin": server.url, "X-Lyceum": "1", "Cookie": who.cookie, "Authorization": f"Bearer {program}"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=60)


def campus_of(slug: str, **settings: Any) -> tuple[UUID, Actor]:
    """A course whose run is set up so, and its owner."""
    with transaction() as session:
        campus = new_campus(session, neutral_course(slug))
        runs.set_up(session, campus.instructor, campus.course.id, RunForm(time_zone="UTC", **settings))
        return campus.course.id, campus.instructor


def takers(course_id: UUID) -> int:
    with transaction() as session:
        query = select(func.count()).select_from(Enrollment)
        return session.exec(query.where(Enrollment.course_id == course_id, Enrollment.status == EnrollmentStatus.ACTIVE)).one()


def at_once(server: WebServer, people: list[SignedIn], path: str, given: dict[str, str]) -> list[int]:
    """What each of them is answered who asks in the same moment."""

    def ask(who: SignedIn) -> int:
        with browser(server, who) as client:
            return client.put(path, json=given).status_code

    with ThreadPoolExecutor(len(people)) as pool:
        return sorted(pool.map(ask, people))


async def test_what_is_locked_is_neither_read_nor_done_by_any_way(lyceum: WebServer) -> None:
    student = sign_in(Role.STUDENT)
    with transaction() as session:
        campus: Campus = new_campus(session, neutral_course("locked-to-attackers"))
        page, quiz, course_id = campus.page("Sand").id, campus.quiz("Final quiz").id, campus.course.id
        for kind, node in (("page", page), ("quiz", quiz)):
            availability_editing.set_availability(session, campus.instructor, course_id, kind, node, LATER, seen=0)
        enrollment = enrollments.enroll(session, student.actor, campus.slug)
        slug = campus.slug
    with browser(lyceum, student) as client:
        answers = [
            client.get(f"/api/v1/courses/{slug}/pages/{page}"),
            client.get(f"/api/v1/courses/{slug}/outline"),
            client.get(f"/api/v1/quizzes/{quiz}"),
            client.get(f"/v/pages/{page}/draft"),
            client.get(f"/v/pages/{page}/view"),
            client.get("/v/palette?q=young"),
            client.post(f"/api/v1/quizzes/{quiz}/attempts", json={}),
            client.post(f"/v/quizzes/{quiz}/attempts", json={}),
            client.put(f"/api/v1/pages/{page}/completion"),
            client.post(f"/v/pages/{page}/heartbeat", json={"seconds": 30, "reached_end": True}),
        ]
    assert [answer.status_code for answer in answers[6:]] == [409] * 4
    assert [answer.status_code for answer in answers[3:5]] == [404, 404]
    assert [answer.text for answer in answers if "young" in answer.text.replace('"young"', "")] == []
    async with Tab(lyceum, student.cookie) as tab:
        tab.path = f"/learn/{slug}/{page}"
        for handler in (LearnState.load, LearnState.mark_complete, LearnState.refresh, LearnState.explain):
            await tab.send(format_event_handler(handler))
        await tab.wait(lambda: tab.value(LearnState.get_full_name(), "why") or tab.problem, 30)
        assert [message for message in tab.heard if "is young" in message] == []
    with transaction() as session:
        assert session.exec(select(Attempt.id).where(Attempt.assessment_id == quiz)).all() == []
        assert session.exec(select(PageView.page_id).where(PageView.page_id == page)).all() == []
        assert session.exec(select(Completion.id).where(col(Completion.enrollment_id) == enrollment)).all() == []


def test_a_code_cannot_be_guessed_by_many_requests_at_once(lyceum: WebServer) -> None:
    course_id, _ = campus_of("guessed-code", policy=EnrollmentPolicy.CODE)
    who = sign_in(Role.STUDENT)
    answers = at_once(lyceum, [who] * 20, "/api/v1/courses/guessed-code/enrollment", {"code": "AAAABBBB"})
    assert set(answers) == {422, 429}
    assert answers.count(422) <= enrollments.FREE_CODES + 1
    assert takers(course_id) == 0


def test_seats_are_given_as_often_as_there_are_some_however_many_come_at_once(lyceum: WebServer) -> None:
    course_id, _ = campus_of("three-seats", seats="3")
    people = [sign_in(Role.STUDENT) for _ in range(10)]
    assert at_once(lyceum, people, "/api/v1/courses/three-seats/enrollment", {}) == [200] * 3 + [409] * 7
    assert takers(course_id) == 3


def test_a_link_for_one_lets_one_in_past_the_policy_and_nobody_past_the_prerequisites(lyceum: WebServer) -> None:
    course_id, owner = campus_of("by-link-alone", policy=EnrollmentPolicy.INVITATION)
    with transaction() as session:
        token = invitation_links.make(session, owner, course_id, uses="1").address.rpartition("/")[2]
    people = [sign_in(Role.STUDENT) for _ in range(6)]
    path = "/api/v1/courses/by-link-alone/enrollment"
    assert set(at_once(lyceum, people[:2], path, {})) == {403}
    answers = at_once(lyceum, people, path, {"invitation": token})
    assert (answers.count(200), takers(course_id)) == (1, 1)
    with transaction() as session:
        other = new_campus(session, neutral_course("comes-first")).course.id
        prerequisites.require(session, owner, course_id, other)
        fresh = invitation_links.make(session, owner, course_id).address.rpartition("/")[2]
    late = sign_in(Role.STUDENT)
    assert at_once(lyceum, [late], path, {"invitation": fresh}) == [409]
    assert at_once(lyceum, [late], path.replace("enrollment", "waiting"), {"invitation": fresh}) == [409]
    assert at_once(lyceum, [late], path.replace("by-link-alone", "comes-first"), {"invitation": fresh}) == [422]
    assert takers(course_id) == 1
