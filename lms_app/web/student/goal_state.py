"""What the dialog of a goal knows: the goal of one course, while it is set, changed or removed."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field
from typing_extensions import TypedDict

from lms_app.domain.analytics import goals
from lms_app.domain.analytics.goals import GoalForm
from lms_app.errors import Invalid
from lms_app.web.errors import ToastState
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role

Typed = Annotated[str, Field(max_length=20)]


class Goal(TypedDict):
    """The form of a goal."""

    score: Typed
    hours: Typed
    days: Typed


class GoalState(rx.State):
    """One goal. Pages that show goals read them again by themselves once it is saved."""

    form: GoalForm | None = None
    errors: dict[str, str] = {}
    asked: int = 0
    """Grows when the fields begin anew."""
    answered: int = 0
    """Grows when the dialog has done its work, which closes it."""

    @rx.event
    @allow(Role.STUDENT)
    async def open(self, course_id: UUID):
        """Shows the goal of a course that the student takes."""
        self.form = await perform(self, goals.goal_form, course_id)
        self.errors = {}
        self.asked += 1

    @rx.event
    @allow(Role.STUDENT)
    async def save(self, form: Goal):
        """Sets or changes it."""
        if self.form is None:
            return None
        try:
            await perform(self, goals.set_goal, UUID(self.form.course_id), **form)
        except Invalid as refusal:
            self.errors = refusal.fields
            return None
        self.errors = {}
        self.answered += 1
        return ToastState.say("Your goal is saved.", "ok")

    @rx.event
    @allow(Role.STUDENT)
    async def remove(self):
        """Takes it back."""
        if self.form is None:
            return None
        await perform(self, goals.remove_goal, UUID(self.form.course_id))
        self.answered += 1
        return ToastState.say("Your goal is removed.", "ok")

    @rx.event
    @allow(Role.STUDENT)
    async def hide_streak(self):
        """Shows weeks in a row no longer."""
        await perform(self, goals.hide_streak)

    @rx.event
    @allow(Role.STUDENT)
    async def show_streak(self):
        """Shows them again."""
        await perform(self, goals.show_streak)
