"""What the exam control room's page knows: which quiz, what one may do, and a number that grows when something in the room has moved."""

import reflex as rx

from lms_app.domain.assessments import exam_room
from lms_app.domain.assessments.exam_room import Door
from lms_app.web import live
from lms_app.web.changes import put
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class ExamState(rx.State):
    """One room. Who sits in it is the island's affair: it may be a thousand."""

    ready: bool = False
    door: Door | None = None
    revision: int = 0

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The quiz that the address names."""
        quiz_id = id_in(self, "quizzes")
        live.watch(self, Hint.EXAM, quiz_id, ExamState.moved)
        self.door = await perform(self, exam_room.door, quiz_id)
        self.ready = True

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def moved(self):
        """Somebody began, was given time, was told something or is done: the island reads the room again."""
        put(self, door=await perform(self, exam_room.door, id_in(self, "quizzes")))
        self.revision += 1
