"""The enrolment page of a course worked by its owner over the socket, the course's page by students, the page behind an invitation link."""

from collections.abc import Callable
from typing import Any

from reflex_base.utils.format import format_event_handler

from lms_app.database import transaction
from lms_app.domain.people.registration import create_person, email_of
from lms_app.models import Membership
from lms_app.web.errors import ToastState
from lms_app.web.instructor.enrolment_state import EnrolmentState
from lms_app.web.instructor.invitations_state import InvitationsState
from lms_app.web.instructor.people_state import PeopleState
from lms_app.web.public.course_state import CourseState
from lms_app.web.public.join_state import JoinState
from lms_app.words import Role, StaffRole
from tests.support.campus import neutral_course, new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.web import Tab, WebServer

ENROLMENT, INVITATIONS, COURSE, JOIN = (state.get_full_name() for state in (EnrolmentState, InvitationsState, CourseState, JoinState))
EMPTY = {"opens_at": "", "closes_at": "", "enrollment_opens_at": "", "enrollment_closes_at": ""}


def course(slug: str) -> tuple[SignedIn, str, str]:
    """An owner, the id and the address of their course, and one to be completed before it in the catalogue."""
    owner = sign_in(Role.INSTRUCTOR, name="Olga Owner")
    with transaction() as session:
        campus = new_campus(session, neutral_course(slug))
        session.add(
            Membership(course_id=campus.course.id, person_id=owner.actor.person_id, role=StaffRole.OWNER, created_at=campus.course.created_at)
        )
        return owner, str(campus.course.id), campus.slug


def form(**fields: str) -> dict[str, Any]:
    return {"__reflex_form_data__": [[name, value] for name, value in fields.items()]}


async def ask(tab: Tab, handler: Any, until: Callable[[], Any], **arguments: Any) -> None:
    await tab.send(format_event_handler(handler), **arguments)
    await tab.wait(lambda: bool(until()) or tab.problem, 20)
    assert not tab.problem, tab.problem


async def test_an_owner_sets_seats_and_a_code_and_students_come_in_by_it_wait_and_follow(lyceum: WebServer) -> None:
    owner, course_id, slug = course("seats-over-the-wire")
    first, second = sign_in(Role.STUDENT, name="Fay First"), sign_in(Role.STUDENT, name="Sol Second")
    async with Tab(lyceum, owner.cookie) as desk, Tab(lyceum, first.cookie) as one, Tab(lyceum, second.cookie) as two:
        desk.path = f"/teach/courses/{course_id}/enrolment"
        one.path = two.path = f"/courses/{slug}"

        def sheet() -> dict[str, Any]:
            return desk.value(ENROLMENT, "sheet")

        def step(tab: Tab) -> str:
            return tab.value(COURSE, "course")["next_step"]

        await ask(desk, EnrolmentState.load, lambda: desk.value(ENROLMENT, "ready"))
        bad = form(**EMPTY, seats="many", policy="code", time_zone="Europe/Berlin")
        await ask(desk, EnrolmentState.save, lambda: desk.value(ENROLMENT, "errors"), form=bad)
        assert set(desk.value(ENROLMENT, "errors")) == {"seats"}
        good = form(**EMPTY, seats="1", policy="code", time_zone="Europe/Berlin")
        await ask(desk, EnrolmentState.save, lambda: sheet()["seats"] == "1", form=good)
        old = sheet()["code"]
        await ask(desk, EnrolmentState.renew_code, lambda: sheet()["code"] != old)
        code = sheet()["code"]

        await ask(one, CourseState.load, lambda: one.value(COURSE, "ready"))
        assert step(one) == "code"
        await ask(one, CourseState.enroll_by_code, lambda: one.value(COURSE, "code_error"), form=form(code=old))
        await ask(one, CourseState.enroll_by_code, lambda: step(one) == "start", form=form(code=code.lower().replace("-", " ")))
        await ask(two, CourseState.load, lambda: two.value(COURSE, "ready"))
        assert step(two) == "full"
        await ask(two, CourseState.wait, lambda: step(two) == "waiting", form=form(code=code))
        await desk.wait(lambda: [line["name"] for line in desk.value(ENROLMENT, "waiting")["lines"]] == ["Sol Second"])
        await ask(two, CourseState.leave_waiting_list, lambda: step(two) == "full")
        await ask(two, CourseState.wait, lambda: step(two) == "waiting", form=form(code=code))
        # Nothing is asked of the second one's page: it follows by itself.
        await ask(one, CourseState.withdraw, lambda: step(one) == "full")
        await two.wait(lambda: step(two) == "start")
        assert code.replace("-", "") not in "".join(one.heard + two.heard).replace("-", "")


async def test_lists_links_prerequisites_and_runs_are_worked_from_the_page(lyceum: WebServer) -> None:
    owner, course_id, _ = course("invitations-over-the-wire")
    with transaction() as session:
        known = create_person(session, name="Kay Known", email="kay.known@example.org", password_hash=None)
        address = email_of(session, known.id)
        before = str(new_campus(session, neutral_course("before-the-wire")).course.id)
    async with Tab(lyceum, owner.cookie) as tab:
        tab.path = f"/teach/courses/{course_id}/enrolment"

        def invitations(name: str) -> Any:
            return tab.value(INVITATIONS, name)

        await ask(tab, EnrolmentState.load, lambda: tab.value(ENROLMENT, "ready"))
        await ask(tab, InvitationsState.load, lambda: invitations("may_edit"))
        await ask(tab, InvitationsState.make, lambda: invitations("link_errors"), form=form(label="", days="0", uses=""))
        await ask(tab, InvitationsState.make, lambda: invitations("links"), form=form(label="Flyer", days="14", uses="5"))
        fresh = invitations("fresh")
        token = fresh.rpartition("/")[2]
        async with Tab(lyceum) as visitor:
            visitor.path = f"/join/{token}"
            await ask(visitor, JoinState.load, lambda: visitor.value(JOIN, "ready"))
            assert (visitor.value(JOIN, "invitation")["step"], visitor.value(JOIN, "register")) == ("sign_in", f"/register?invitation={token}")
        student = sign_in(Role.STUDENT, name="Jo Joiner")
        async with Tab(lyceum, student.cookie) as joiner:
            joiner.path = f"/join/{token}"
            await ask(joiner, JoinState.load, lambda: joiner.value(JOIN, "ready"))
            await ask(joiner, JoinState.join, lambda: "_redirect" in "".join(joiner.heard))
        await ask(tab, InvitationsState.look, lambda: invitations("text_error"), form=form(text=" "))
        await ask(tab, InvitationsState.look, lambda: invitations("preview"), form=form(text=f"{address}\nnobody"))
        assert (invitations("preview")["enrols"], invitations("preview")["bad"], invitations("preview")["fine"]) == (1, 1, False)
        await ask(tab, InvitationsState.change_list, lambda: invitations("text"))
        await ask(tab, InvitationsState.look, lambda: invitations("preview"), form=form(text=f"{address}\nnew.here@example.org,Nia"))
        await ask(tab, InvitationsState.carry_out, lambda: invitations("invited")["total"] == 1)
        invited = invitations("invited")["lines"][0]
        assert invited["email"] == "new.here@example.org"
        await ask(tab, InvitationsState.take_back, lambda: invitations("invited")["total"] == 0, invitation_id=invited["id"])
        link = invitations("links")[0]
        assert link["uses"] == 1
        await ask(tab, InvitationsState.ask_revoke, lambda: invitations("revoking") == "Flyer", link_id=link["id"])
        await ask(tab, InvitationsState.revoke, lambda: invitations("links")[0]["state"] == "revoked")
        async with Tab(lyceum) as late:
            late.path = f"/join/{token}"
            await late.send(format_event_handler(JoinState.load))
            await late.wait(lambda: late.problem)
            assert "does not work" in late.problem

        await ask(tab, EnrolmentState.find, lambda: tab.value(ENROLMENT, "found"), search="sand")
        await ask(tab, EnrolmentState.require, lambda: tab.value(ENROLMENT, "required"), required_id=before)
        await ask(tab, EnrolmentState.require, lambda: tab.value(ENROLMENT, "required_error"), required_id=course_id)
        await ask(tab, EnrolmentState.release, lambda: not tab.value(ENROLMENT, "required"), required_id=before)
        await ask(tab, EnrolmentState.add_run, lambda: tab.value(ENROLMENT, "run_errors"), form=form(title="", opens_on="soon"))
        await ask(tab, EnrolmentState.add_run, lambda: len(tab.value(ENROLMENT, "runs")) == 2, form=form(title="Autumn", opens_on="2027-10-01"))
        autumn = tab.value(ENROLMENT, "runs")[0]
        assert (autumn["title"], autumn["present"], autumn["students"]) == ("Autumn", False, 0)
        tab.path = f"/teach/courses/{course_id}/people"
        roster = PeopleState.get_full_name()
        await ask(tab, PeopleState.load, lambda: tab.value(roster, "ready"))
        kay = next(line for line in tab.value(roster, "roster")["lines"] if line["name"] == "Kay Known")
        await ask(tab, PeopleState.ask_take_out, lambda: tab.value(roster, "leaving") == "Kay Known", enrollment_id=kay["id"])
        await ask(tab, PeopleState.take_out, lambda: tab.value(roster, "roster")["learners"] == 1)
        tab.path = f"/teach/courses/{course_id}/enrolment"
        await ask(tab, EnrolmentState.ask_choose, lambda: tab.value(ENROLMENT, "choosing") == "Autumn", run_id=autumn["id"])
        await ask(tab, EnrolmentState.choose, lambda: tab.value(ENROLMENT, "runs")[0]["present"])
        assert tab.value(ENROLMENT, "sheet")["opens_at"] == "2027-10-01T00:00"
        await tab.wait(lambda: "takes enrolments now" in tab.value(ToastState.get_full_name(), "text"))
