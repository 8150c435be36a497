"""The report on quiz questions: how each quiz of a run measures, and each of its questions. Fifty questions are read at a time."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from lms_app.domain.analytics import quiz_statistics, registry
from lms_app.domain.analytics.statistics_views import QuizStatistics
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.reports.sources import Source
from lms_app.domain.reports.table_parts import NUMBER, Outlined, definitions, number, short_table
from lms_app.interchange.report_document import Cell, Column, Definition, Table
from lms_app.models import Assessment, RunQuestionSums, RunQuizSums

TESTS = ("quiz_mean", "quiz_median", "quiz_sd", "alpha", "standard_error", "quiz_skewness", "quiz_kurtosis")
"""Metrics of a quiz, in the order in which its statistics have them."""
ITEMS = (
    "facility", "facility_sd", "discrimination", "efficiency", "item_rest", "item_total", "alpha_if_deleted", "intended_weight",
    "effective_weight",
)  # fmt: skip
_FIELDS = {"facility_sd": "sd"}


def _figures(names: Sequence[str]) -> list[Column]:
    titles = {name: registry.ALL[name].title + (", %" if registry.ALL[name].unit == "percent" else "") for name in names}
    return [Column(title=titles[name], kind=NUMBER, metric=name) for name in names]


QUIZZES = (
    Column(title="Quiz", width=2.2),
    Column(title="Attempts", kind=NUMBER),
    Column(title="Complete", kind=NUMBER),
    *_figures(TESTS),
    Column(title="Note", width=2),
)
QUESTIONS = (
    Column(title="Question", width=3.0),
    Column(title="Quiz", width=1.4),
    Column(title="No.", kind=NUMBER, width=0.6),
    Column(title="Seen", kind=NUMBER, width=0.8),
    Column(title="Answered", kind=NUMBER),
    *_figures(ITEMS),
    Column(title="To look at", width=2.0),
)


def questions_outline(source: Source) -> list[Outlined]:
    """Both tables, by the number of their rows alone."""
    quizzes = _known(source)
    here = (RunQuestionSums.run_id == source.run.id, col(RunQuestionSums.assessment_id).in_(quizzes), RunQuestionSums.seen > 0)
    asked = source.session.exec(select(func.count()).select_from(RunQuestionSums).where(*here)).one()
    return [Outlined(name="Quizzes", columns=QUIZZES, count=len(quizzes)), Outlined(name="Questions", columns=QUESTIONS, count=asked)]


def questions(source: Source) -> tuple[list[Table], list[Definition]]:
    """How each quiz measures, and each of its questions, quiz by quiz."""
    first = {quiz: _page(source, quiz, 1) for quiz in _measured(source)}

    def rows() -> Iterator[Sequence[Cell]]:
        for quiz, sheet in first.items():
            pages = -(-sheet.total // quiz_statistics.PER_PAGE)
            for page in range(1, pages + 1):
                shown = sheet if page == 1 else _page(source, quiz, page)
                for question in shown.questions:
                    figures = [number(getattr(question, _FIELDS.get(name, name)).text.removesuffix(" %")) for name in ITEMS]
                    flags = "; ".join(flag.words for flag in question.flags)
                    yield [question.title, sheet.title, question.number or "Pool", question.seen, question.answered, *figures, flags]

    def quiz_row(sheet: QuizStatistics) -> list[Cell]:
        texts = {figure.metric: figure.text for figure in sheet.figures}
        return [sheet.title, sheet.attempts, sheet.complete, *(number(texts[name]) for name in TESTS), sheet.reason]

    asked = sum(sheet.total for sheet in first.values())
    tables = [
        short_table("Quizzes", QUIZZES, [quiz_row(sheet) for sheet in first.values()]),
        Table(name="Questions", columns=QUESTIONS, count=asked, rows=rows, finding="Each person's first finished attempt counts."),
    ]
    return tables, definitions(*TESTS, *ITEMS)


def _page(source: Source, quiz: UUID, page: int) -> QuizStatistics:
    return quiz_statistics.quiz_statistics(source.session, source.actor, quiz, page, source.run.id)


def _measured(source: Source) -> list[UUID]:
    """The quizzes of the run that have figures, in course order, those that students see no more last."""
    known = _known(source)
    in_order = [item.id for item in published_outline(source.session, source.course.id).items() if item.id in known]
    return [*in_order, *sorted(known - set(in_order))]


def _known(source: Source) -> set[UUID]:
    query = select(RunQuizSums.assessment_id).join(Assessment, col(Assessment.id) == col(RunQuizSums.assessment_id))
    return set(source.session.exec(query.where(RunQuizSums.run_id == source.run.id, Assessment.course_id == source.course.id)).all())
