"""The settings page of a course, worked by its owner over the socket; its sample certificate, over HTTP."""

from typing import Any

import httpx
from reflex_base.utils.format import format_event_handler

from lms_app.database import transaction
from lms_app.domain.people.registration import email_of
from lms_app.models import Membership
from lms_app.web.instructor.settings_state import SettingsState
from lms_app.web.instructor.staff_state import StaffState
from lms_app.words import Role, StaffRole
from tests.support.campus import new_actor, new_campus
from tests.support.people import SignedIn, sign_in
from tests.support.web import Tab, WebServer

SETTINGS, STAFF = SettingsState.get_full_name(), StaffState.get_full_name()


def course() -> tuple[SignedIn, str, str]:
    """An owner, their course and its address."""
    owner = sign_in(Role.INSTRUCTOR, name="Olga Owner")
    with transaction() as session:
        campus = new_campus(session)
        session.add(
            Membership(course_id=campus.course.id, person_id=owner.actor.person_id, role=StaffRole.OWNER, created_at=campus.course.created_at)
        )
        return owner, str(campus.course.id), campus.course.slug


def form(**fields: str) -> dict[str, Any]:
    return {"__reflex_form_data__": [[name, value] for name, value in fields.items()]}


async def test_an_owner_sets_up_a_course(lyceum: WebServer) -> None:
    owner, course_id, slug = course()
    with transaction() as session:
        colleague = new_actor(session, "Cleo Colleague", teaches=True)
        address = email_of(session, colleague.person_id)
    async with Tab(lyceum, owner.cookie) as tab:
        tab.path = f"/teach/courses/{course_id}/settings"

        async def ask(handler: Any, until: Any, **arguments: Any) -> None:
            await tab.send(format_event_handler(handler), **arguments)
            await tab.wait(lambda: bool(until()) or tab.problem)
            assert not tab.problem, tab.problem

        await ask(SettingsState.load, lambda: tab.value(SETTINGS, "settings"))
        await ask(StaffState.load, lambda: tab.value(STAFF, "staff"))
        about = {"title": "Pebbles", "slug": "No Spaces", "summary": "", "language": "en", "level": "", "tags": "stones"}
        await ask(SettingsState.save_about, lambda: tab.value(SETTINGS, "errors"), form=form(**about))
        assert set(tab.value(SETTINGS, "errors")) == {"slug"}
        await ask(
            SettingsState.save_about, lambda: tab.value(SETTINGS, "settings")["title"] == "Pebbles", form=form(**(about | {"slug": slug + "-new"}))
        )
        await ask(SettingsState.add_objective, lambda: tab.value(SETTINGS, "objectives"), form=form(text="Name a pebble"))
        await ask(
            SettingsState.try_certificate, lambda: "Dean+Example" in tab.value(SETTINGS, "sample"), field="signatory_name", words="Dean Example"
        )
        sample = tab.value(SETTINGS, "sample")
        await ask(StaffState.add, lambda: tab.value(STAFF, "errors"), form=form(email="nobody@example.org", role="editor"))
        assert tab.value(STAFF, "errors") == {"email": "Nobody with this address may teach here."}
        await ask(StaffState.add, lambda: len(tab.value(STAFF, "staff")) == 3, form=form(email=address, role="grader"))
        await ask(
            StaffState.change,
            lambda: tab.value(STAFF, "staff")[-1]["role"] == "editor",
            person_id=str(colleague.person_id),
            role="editor",
        )
    async with httpx.AsyncClient(base_url=lyceum.url) as client:
        pdf = await client.get(sample, headers={"Cookie": owner.cookie})
        assert (pdf.status_code, pdf.content[:5], pdf.headers["x-frame-options"]) == (200, b"%PDF-", "SAMEORIGIN")
        assert (await client.get(sample, headers={"Cookie": sign_in(Role.INSTRUCTOR).cookie})).status_code == 404
        assert (await client.get(sample)).status_code == 401
