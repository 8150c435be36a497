"""What the dialog of a person's accommodation knows. For the authors of the course, and administrators on its staff."""

from typing import Annotated, NotRequired
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.assessments import accommodations
from lms_app.domain.assessments.accommodations import LONGEST_NOTE, AccommodationSheet
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.instructor.people_state import PeopleState
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class AccommodationForm(TypedDict):
    """The form of what a person needs: what the viewer may not set is not in it."""

    here: NotRequired[Annotated[str, Field(max_length=200)]]
    more: NotRequired[Annotated[str, Field(max_length=200)]]
    note: NotRequired[Annotated[str, Field(max_length=2 * LONGEST_NOTE)]]


class AccommodationState(rx.State):
    """What one student needs in every timed activity. It is forgotten once the dialog has done its work."""

    sheet: AccommodationSheet | None = None
    errors: dict[str, str] = {}
    asked: int = 0
    """Grows with each person who is asked about, so that the fields begin anew."""
    answered: int = 0
    """Grows when the dialog has done its work, which closes it."""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def ask(self, enrollment_id: UUID):
        """Shows what somebody needs."""
        self.sheet = await perform(self, accommodations.accommodation_sheet, id_in(self, "courses"), enrollment_id)
        self.errors = {}
        self.asked += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def close(self):
        """Forgets what was shown."""
        self.sheet, self.errors = None, {}
        self.answered += 1

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def save(self, form: AccommodationForm):
        """Saves what the person needs."""
        if self.sheet is None:
            return None
        enrollment_id, name, where = UUID(self.sheet.enrollment_id), self.sheet.name, "" if self.sheet.sets_everywhere else " of this course"
        try:
            await perform(
                self,
                accommodations.save_accommodation,
                id_in(self, "courses"),
                enrollment_id,
                here=form.get("here", ""),
                more=form.get("more", ""),
                note=form.get("note", ""),
            )
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.sheet, self.errors = None, {}
        self.answered += 1
        said = f"Saved for {name}. It holds in every timed quiz{where} that is begun from now on; attempts under way keep their time."
        return [PeopleState.turn(0), ToastState.say(said, "ok")]
