"""What the enrolment page of a course knows of who is asked to come: links, addresses that were invited, a list that is being looked at."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.enrollments import address_invitations, enrolling_many, invitation_links
from lms_app.domain.enrollments.address_invitations import InvitedPage
from lms_app.domain.enrollments.enrolling_many import ListPreview
from lms_app.domain.enrollments.invitation_links import LinkLine
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.web.errors import ToastState
from lms_app.web.instructor.enrolment_state import EnrolmentState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Line = Annotated[str, Field(max_length=400)]
Step = Annotated[int, Field(ge=-1, le=1)]


class NewLink(TypedDict):
    """The form of a new link."""

    label: Line
    days: Line
    uses: Line


class Addresses(TypedDict):
    """The form of a list of addresses."""

    text: Annotated[str, Field(max_length=enrolling_many.LONGEST_LIST)]


class InvitationsState(rx.State):
    """Invitations into one course, for its authors."""

    may_edit: bool = False
    links: list[LinkLine] = []
    fresh: str = ""
    """Address of the link that was made last: it is shown this once."""
    link_errors: dict[str, str] = {}
    made: int = 0
    """Grows with each link that was made, which empties the form."""
    revoking: str = ""
    """What the link is for that is about to be revoked."""
    invited: InvitedPage | None = None
    preview: ListPreview | None = None
    text: str = ""
    """What the field of addresses begins with: the list that is to be changed."""
    text_error: str = ""
    done: int = 0
    """Grows with each list that was carried out or given back, which makes the field begin anew."""

    _revoking: str = ""
    _text: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The invitations into the course that the address names; nothing for who may not invite."""
        self.reset()
        try:
            await self._read()
        except NotFound:
            return
        self.may_edit = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def make(self, form: NewLink):
        """Makes a link."""
        try:
            made = await perform(self, invitation_links.make, id_in(self, "courses"), label=form["label"], days=form["days"], uses=form["uses"])
        except Invalid as refusal:
            self.link_errors = refusal.fields
            return
        self.link_errors, self.fresh = {}, made.address
        self.made += 1
        await self._read()

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask_revoke(self, link_id: UUID):
        """Asks before a link is revoked."""
        self._revoking = str(link_id)
        self.revoking = next((link.label for link in self.links if link.id == str(link_id)), "") or "this link"

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def revoke(self):
        """Revokes the link that was asked about."""
        if not self._revoking:
            return None
        await perform(self, invitation_links.revoke, id_in(self, "courses"), UUID(self._revoking))
        self._revoking, self.revoking, self.fresh = "", "", ""
        await self._read()
        return ToastState.say("The link lets nobody in any more. Who came by it stays.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn_invited(self, step: Step):
        """Turns the page of the addresses that were invited."""
        await self._read((self.invited.page if self.invited else 1) + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def take_back(self, invitation_id: UUID):
        """Takes an invitation back."""
        await perform(self, address_invitations.take_back, id_in(self, "courses"), invitation_id)
        await self._read()
        return ToastState.say("The invitation is taken back.", "ok")

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def look(self, form: Addresses):
        """Shows what a list would do."""
        self._text = form["text"]
        await self._look(1)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn_look(self, step: Step):
        """Turns the page of what a list would do."""
        if self.preview is not None:
            await self._look(self.preview.page + step)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def change_list(self):
        """Gives the list back, to be changed."""
        self.preview, self.text = None, self._text
        self.done += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def carry_out(self):
        """Does what was shown."""
        if self.preview is None:
            return None
        try:
            done = await perform(self, enrolling_many.carry_out, id_in(self, "courses"), self._text, seen=self.preview.seen)
        except Conflict as refusal:
            await self._look(1)
            return ToastState.say(refusal.sentence, "bad")
        self.preview, self.text, self._text = None, "", ""
        self.done += 1
        await self._read()
        waits = f" {done.waits} wait for a seat." if done.waits else ""
        return [EnrolmentState.refresh, ToastState.say(f"{done.enrols} enrolled or invited.{waits} Each of them is told by mail.", "ok")]

    async def _look(self, page: int) -> None:
        try:
            self.preview = await perform(self, enrolling_many.preview, id_in(self, "courses"), self._text, page)
        except Invalid as refusal:
            self.preview, self.text_error = None, refusal.fields.get("text", refusal.sentence)
            return
        self.text_error = ""

    async def _read(self, page: int | None = None) -> None:
        course_id = id_in(self, "courses")
        self.links = await perform(self, invitation_links.links, course_id)
        self.invited = await perform(self, address_invitations.invited, course_id, page or (self.invited.page if self.invited else 1))
