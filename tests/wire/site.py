"""A small site behind the real walls, served by granian for the wire tests: one handler of every kind that the walls must tell apart."""

import asyncio
from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session
from typing_extensions import TypedDict

from lms_app.api import walls
from lms_app.api.app import surround
from lms_app.domain.actor import Actor
from lms_app.errors import NotFound
from lms_app.web import errors, guard, identity, live
from lms_app.web.guard import Guard, allow, anyone, signed_in, the_server
from lms_app.web.perform import perform
from lms_app.web.serving import Lyceum
from lms_app.words import Hint, Role
from tests.wire.markers import SECRET, SHOWN


class TallyForm(TypedDict):
    title: Annotated[str, Field(max_length=20)]
    count: int


def _name_of(session: Session, actor: Actor | None) -> str:
    return str(actor.person_id) if actor else "nobody"


def _refuse(session: Session, actor: Actor | None) -> None:
    raise NotFound


class SiteState(rx.State):
    said: str = ""
    times: int = 0
    _hidden: str = ""

    @rx.event
    async def unlabelled(self):
        self.said = "unlabelled ran"

    @rx.event
    @allow(anyone)
    async def say(self, text: Annotated[str, Field(max_length=10)], count: int = 0):
        self.said = f"{text} {count}"

    @rx.event
    @allow(Role.STUDENT)
    async def for_students(self):
        self.said = "a student"

    @rx.event
    @allow(Role.INSTRUCTOR, Role.ADMIN)
    async def for_staff(self):
        self.said = "staff"

    @rx.event
    @allow(the_server)
    async def inner(self):
        self.said = "inner ran"

    @rx.event
    @allow(anyone)
    async def outer(self):
        return SiteState.inner

    @rx.event
    @allow(anyone)
    async def who(self):
        self.said = await perform(self, _name_of)

    @rx.event
    @allow(signed_in)
    async def hide(self):
        self._hidden = SECRET
        self.said = SHOWN

    @rx.event
    @allow(anyone)
    async def by_id(self, subject: UUID):
        self.said = f"{type(subject).__name__} {subject}"

    @rx.event
    @allow(anyone)
    async def submit(self, form: TallyForm):
        self.said = f"{form['title']} {form['count'] + 1}"

    @rx.event
    @allow(anyone)
    async def fail(self):
        self.said = "changed before failing"
        raise RuntimeError(SECRET)

    @rx.event
    @allow(anyone)
    async def refuse(self):
        await perform(self, _refuse)

    @rx.event
    @allow(Role.STUDENT)
    async def load(self):
        self.said = await perform(self, _name_of)

    @rx.event
    @allow(signed_in)
    async def follow(self):
        live.watch(self, Hint.INBOX, identity.known_actor().person_id, SiteState.follow)
        self.times += 1

    @rx.event
    @allow(anyone)
    async def linger(self):
        self.said = "lingering"
        yield
        await asyncio.sleep(1)
        self.said = "lingered"

    @rx.event
    @allow(anyone)
    def plain_step(self):
        self.said = "plain"
        yield
        self.said = "plain again"

    @rx.event
    def unlabelled_steps(self):
        self.said = "unlabelled generator ran"
        yield

    @rx.event(background=True)
    async def unlabelled_behind(self):
        async with self:
            self.said = "unlabelled background ran"

    @rx.event(background=True)
    @allow(signed_in)
    async def behind(self):
        name = await perform(self, _name_of)
        async with self:
            self.said = name

    def set_said(self, said: str):
        self.said = said


class Shared(rx.State, mixin=True):
    @rx.event
    @allow(Role.ADMIN)
    async def mixed_in(self):
        self.mixed = "mixed in ran"

    @rx.event
    async def mixed_in_unlabelled(self):
        self.mixed = "unlabelled mixin ran"


class MixedState(Shared, rx.State):
    mixed: str = ""


def _page() -> rx.Component:
    return rx.el.main(SiteState.said, MixedState.mixed, errors.ToastState.text, errors.ProblemState.sentence)


app = Lyceum(toaster=None, backend_exception_handler=guard.answer_exception, frontend_exception_handler=errors.note_browser_error)
app.add_middleware(Guard())
app.register_lifespan_task(live.listen)
app.serve_with(surround, walls.protect)
app.add_page(_page, route="/")
app.add_page(_page, route="/members", on_load=[SiteState.load])
errors.page_loads_by(format_event_handler(SiteState.event_handlers["load"]))
