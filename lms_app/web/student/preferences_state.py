"""What the page of notification preferences knows."""

from typing import Annotated, Any
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.notifications import preferences
from lms_app.domain.notifications.kind_rules import GROUPS, Choice
from lms_app.domain.notifications.preferences import Preferences
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import MailTiming, NotificationGroup

_TICKED = Annotated[str, Field(max_length=2)]
_FIELDS: dict[str, Any] = {"quiet_from": Annotated[str, Field(max_length=5)], "quiet_until": Annotated[str, Field(max_length=5)]}
for _group in GROUPS:
    _FIELDS |= {f"app_{_group.id}": _TICKED, f"mail_{_group.id}": MailTiming, f"push_{_group.id}": _TICKED}

PreferencesForm = TypedDict("PreferencesForm", _FIELDS, total=False)
"""The fields of the form: for each group of kinds `app_` and `push_`, sent where they are ticked, and `mail_`; and the quiet hours."""


class PreferencesState(rx.State):
    """How one hears of things."""

    ready: bool = False
    mine: Preferences | None = None
    errors: dict[str, str] = {}

    @rx.event
    @allow(signed_in)
    async def load(self):
        """Reads them."""
        self.mine = await perform(self, preferences.read)
        self.errors, self.ready = {}, True

    @rx.event
    @allow(signed_in)
    async def save(self, form: PreferencesForm):
        """Keeps what is chosen in the rows that the page has shown."""
        given: dict[str, Any] = dict(form)
        chosen = {
            group: Choice(in_app=f"app_{group}" in given, mail=given[f"mail_{group}"], push=f"push_{group}" in given)
            for group in NotificationGroup
            if f"mail_{group}" in given
        }
        try:
            await perform(self, preferences.save, chosen, quiet_from=given.get("quiet_from", ""), quiet_until=given.get("quiet_until", ""))
        except Invalid as refused:
            self.errors = refused.fields
            return None
        return [PreferencesState.load, ToastState.say("Your preferences are saved.", "ok")]

    @rx.event
    @allow(signed_in)
    async def mute(self, course_id: UUID, muted: bool):
        """Mutes a course, or hears of it again."""
        await perform(self, preferences.mute, course_id, muted)
        return PreferencesState.load

    @rx.event
    @allow(signed_in)
    async def stop_mail(self):
        """Stops all mail but that of the account."""
        await perform(self, preferences.stop_mail)
        return [PreferencesState.load, ToastState.say("You get no more mail.", "ok")]

    @rx.event
    @allow(signed_in)
    async def resume_mail(self):
        """Lets mail come again."""
        await perform(self, preferences.resume_mail)
        return [PreferencesState.load, ToastState.say("Mail comes again.", "ok")]
