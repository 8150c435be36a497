"""What the marking page knows: the quizzes of a course that have something to mark, and which one is being marked."""

import reflex as rx

from lms_app.domain.assessments import marking_queue
from lms_app.domain.assessments.marking_queue import MarkingOverview, QuizToMark
from lms_app.web.instructor.places import id_in
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Role


class MarkingState(rx.State):
    """Answers of one course that wait for a marker. The answers themselves are the island's."""

    ready: bool = False
    overview: MarkingOverview | None = None
    quiz: QuizToMark | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """The quizzes, and the one that the address names."""
        wanted = str(self.router.url.query_parameters.get("quiz", ""))[:40]
        self.overview = await perform(self, marking_queue.overview, id_in(self, "courses"))
        self.quiz = next((quiz for quiz in self.overview.quizzes if quiz.id == wanted), None) if self.overview else None
        self.ready = True
