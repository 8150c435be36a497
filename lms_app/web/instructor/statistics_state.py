"""What the statistics pages of a quiz know. They move by themselves while students hand in."""

from typing import Annotated
from uuid import UUID

import reflex as rx
from pydantic import Field

from lms_app.domain.analytics import quiz_statistics
from lms_app.domain.analytics.item_findings_rules import Flag
from lms_app.domain.analytics.statistics_views import ChoiceLine, NamedFigure, QuestionStatistics
from lms_app.errors import NotFound
from lms_app.web import live
from lms_app.web.instructor.analytics_figures import EMPTY, Panel
from lms_app.web.instructor.places import id_in
from lms_app.web.instructor.statistics_figures import choice_bars, question_map
from lms_app.web.labels import allow
from lms_app.web.perform import perform
from lms_app.words import Hint, Role


class StatisticsState(rx.State):
    """The figures of one quiz, as shown. Texts and reasons are by the metric's name."""

    ready: bool = False
    quiz_id: str = ""
    course_id: str = ""
    course: str = ""
    title: str = ""
    as_of: str = ""
    attempts: int = 0
    complete: int = 0
    maximum: str = ""
    texts: dict[str, str] = {}
    reasons: dict[str, str] = {}
    reason: str = ""
    questions: list[QuestionStatistics] = []
    total: int = 0
    page: int = 1
    map: Panel = EMPTY

    _run_id: UUID | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Reads the figures, now and whenever the fold has moved them."""
        quiz_id = id_in(self, "quizzes")
        if self.quiz_id != str(quiz_id):
            self.reset()
        if self._run_id is None:
            self._run_id = await perform(self, quiz_statistics.watched_quiz, quiz_id)
        live.watch(self, Hint.ANALYTICS, self._run_id, StatisticsState.load)
        await self._read(quiz_id)

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def turn(self, step: Annotated[int, Field(ge=-1, le=1)]):
        """The next or the previous fifty questions."""
        self.page = max(1, self.page + step)
        await self._read(id_in(self, "quizzes"))

    async def _read(self, quiz_id: UUID) -> None:
        quiz = await perform(self, quiz_statistics.quiz_statistics, quiz_id, self.page)
        self.quiz_id, self.course_id, self.course, self.title = quiz.assessment_id, quiz.course_id, quiz.course, quiz.title
        self.as_of, self.attempts, self.complete, self.maximum, self.reason = quiz.as_of, quiz.attempts, quiz.complete, quiz.maximum, quiz.reason
        self.texts, self.reasons = _texts(quiz.figures), _reasons(quiz.figures)
        self.questions, self.total = quiz.questions, quiz.total
        self.map = question_map(quiz.questions, quiz.finding)
        self.ready = True


class QuestionStatisticsState(rx.State):
    """The figures of one question of a quiz, as shown."""

    ready: bool = False
    question_id: str = ""
    quiz_id: str = ""
    course_id: str = ""
    quiz: str = ""
    title: str = ""
    number: int = 0
    as_of: str = ""
    seen: int = 0
    answered: int = 0
    complete: int = 0
    texts: dict[str, str] = {}
    reasons: dict[str, str] = {}
    flags: list[Flag] = []
    choices: list[ChoiceLine] = []
    left_out: int = 0
    bars: Panel = EMPTY

    _run_id: UUID | None = None

    @rx.event
    @allow(Role.INSTRUCTOR)
    async def load(self):
        """Reads the figures, now and whenever the fold has moved them."""
        quiz_id, question_id = id_in(self, "quizzes"), _question_id(self)
        if (self.quiz_id, self.question_id) != (str(quiz_id), str(question_id)):
            self.reset()
        if self._run_id is None:
            self._run_id = await perform(self, quiz_statistics.watched_quiz, quiz_id)
        live.watch(self, Hint.ANALYTICS, self._run_id, QuestionStatisticsState.load)
        view = await perform(self, quiz_statistics.question_statistics, quiz_id, question_id)
        line = view.question
        self.question_id, self.quiz_id, self.course_id, self.quiz = line.id, view.assessment_id, view.course_id, view.quiz
        self.title, self.number, self.as_of = view.text, line.number, view.as_of
        self.seen, self.answered, self.complete = line.seen, line.answered, line.n
        self.texts, self.reasons = _texts(view.figures), _reasons(view.figures)
        self.flags = line.flags
        self.choices, self.left_out = view.choices, view.left_out
        self.bars = choice_bars(view)
        self.ready = True


def _texts(figures: list[NamedFigure]) -> dict[str, str]:
    return {figure.metric: figure.text for figure in figures}


def _reasons(figures: list[NamedFigure]) -> dict[str, str]:
    return {figure.metric: f"because {figure.because}" if figure.because else "" for figure in figures}


def _question_id(state: rx.State) -> UUID:
    parts = state.router.url.path.strip("/").split("/")
    try:
        return UUID(parts[4])
    except (ValueError, IndexError):
        raise NotFound("There is nothing of yours at this address.") from None
