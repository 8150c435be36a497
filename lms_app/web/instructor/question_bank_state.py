"""What the page around a bank knows: whose course it is. The questions are the island's."""

import reflex as rx

from lms_app.domain.assessments import question_bank
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class QuestionBankState(rx.State):
    """The course whose bank is shown, or from which one's own is seen."""

    ready: bool = False
    course_id: str = ""
    course: str = ""

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The course that the address names."""
        course_id = id_in(self, "courses")
        self.course = await perform(self, question_bank.course_of_bank, course_id)
        self.course_id = str(course_id)
        self.ready = True
