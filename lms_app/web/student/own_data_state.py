"""What somebody is told of what is kept of them: their goals, and their own events, a page at a time."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.analytics import goals, own_events
from lms_app.domain.analytics.goals import KeptGoal
from lms_app.domain.analytics.own_events import OwnEvents
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform


class OwnDataState(rx.State):
    """One's own goals and events."""

    ready: bool = False
    sheet: OwnEvents | None = None
    goals: list[KeptGoal] = []

    @rx.event
    @allow(signed_in)
    async def load(self):
        """The goals, and the newest fifty events."""
        self.goals = (await perform(self, goals.kept_goals))[:50]
        self.sheet = await perform(self, own_events.own_events)
        self.ready = True

    @rx.event
    @allow(signed_in)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty."""
        page = self.sheet.page if self.sheet else 1
        self.sheet = await perform(self, own_events.own_events, page + step)

    @rx.event
    @allow(signed_in)
    async def remove_goal(self, course_id: UUID):
        """Takes a goal back."""
        await perform(self, goals.remove_goal, course_id)
        self.goals = (await perform(self, goals.kept_goals))[:50]
