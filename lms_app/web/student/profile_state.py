"""What the profile knows and can be asked to do. What wants a password goes by HTTP: lms_app/api/browser/account.py."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.people import logins, profile, signing_in
from lms_app.domain.people.views import LoginLine, Profile
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.web.viewer_state import ViewerState


class ProfileForm(TypedDict):
    """The fields of the form. The time zone is an island's field, of which the page knows nothing."""

    name: Annotated[str, Field(max_length=500)]
    bio: Annotated[str, Field(max_length=5000)]
    time_zone: NotRequired[Annotated[str, Field(max_length=60)]]


class ProfileState(rx.State):
    """One's own account and log-ins."""

    ready: bool = False
    mine: Profile | None = None
    logins: list[LoginLine] = []
    errors: dict[str, str] = {}

    @rx.event
    @allow(signed_in)
    async def load(self):
        """Reads both."""
        self.mine = await perform(self, profile.read)
        self.logins = await perform(self, profile.logins)
        self.errors, self.ready = {}, True

    @rx.event
    @allow(signed_in)
    async def save(self, form: ProfileForm):
        """Saves name, bio and time zone."""
        zone = form.get("time_zone") or (self.mine.time_zone if self.mine else "UTC")
        try:
            await perform(self, profile.save, name=form["name"], bio=form["bio"], time_zone=zone)
        except Invalid as refused:
            self.errors = refused.fields
            return None
        self.errors = {}
        return [ProfileState.load, ViewerState.load, ToastState.say("Your changes are saved.", "ok")]

    @rx.event
    @allow(signed_in)
    async def end_login(self, login_id: UUID):
        """Ends one of the log-ins."""
        await perform(self, signing_in.end, login_id)
        self.logins = await perform(self, profile.logins)
        return ToastState.say("That login has ended.", "ok")

    @rx.event
    @allow(signed_in)
    async def ask_to_teach(self):
        """Asks to become an instructor; where everybody may, it is granted at once."""
        granted = await perform(self, profile.ask_to_teach)
        login_id = known_actor().login_id
        if login_id is not None:
            logins.forget(login_id)
        sentence = "You may teach now." if granted else "Noted. You can teach as soon as it is approved."
        return [ProfileState.load, ViewerState.load, ToastState.say(sentence, "ok")]
