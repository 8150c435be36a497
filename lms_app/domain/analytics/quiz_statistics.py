"""Reading item statistics: what an instructor sees of a quiz and of a question. From the running sums; only what needs people in order is worked
out of the counted attempts, once for each version of the sums."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import cast, func
from sqlalchemy.dialects.postgresql import JSONB, JSONPATH
from sqlmodel import Session, col, select

from lms_app.adapters.cache import ShortCache
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import choice_names_rules as names
from lms_app.domain.analytics import item_findings_rules as words
from lms_app.domain.analytics.item_figures_rules import (
    DIFFERENT,
    NO_COMPLETE,
    ChoiceFigures,
    Figure,
    ItemFigures,
    all_choice_figures,
    all_item_figures,
    quiz_figures,
    saw_the_same,
)
from lms_app.domain.analytics.item_sums_rules import ChoiceSums, ItemSums, QuizSums
from lms_app.domain.analytics.ranked_figures_rules import Marks, RankedFigures, median_total, ranked_figures
from lms_app.domain.analytics.statistics_views import ChoiceLine, NamedFigure, QuestionStatistics, QuestionView, QuizStatistics
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.models import (
    Assessment,
    AssessmentSection,
    CountedAttempt,
    Course,
    Question,
    QuestionRevision,
    RunChoiceSums,
    RunQuestionSums,
    RunQuizSums,
    SectionQuestion,
)
from lms_app.words import QuestionType

PER_PAGE = 50
MOST_CHOICES = 50
MOST_RANKED = 5_000
"""Complete attempts up to which people are put in order: beyond, reading would take seconds."""

_TOO_MANY = Figure(value=None, because=f"it is worked out for up to {MOST_RANKED:,} complete attempts")
_UNRANKED = RankedFigures(discrimination=_TOO_MANY, efficiency=_TOO_MANY)
_NOT_COMPLETE = Figure(value=None, because=NO_COMPLETE)
_UNSEEN = RankedFigures(discrimination=_NOT_COMPLETE, efficiency=_NOT_COMPLETE)

Ranked = tuple[Figure, dict[str, RankedFigures]]
Body = tuple[QuestionType, dict[str, Any]]
"""A question's type and what its author wrote."""

_ranked: ShortCache[tuple[UUID, UUID, int], Ranked] = ShortCache(seconds=3600, size=200)


def watched_quiz(session: Session, actor: Actor, assessment_id: UUID) -> UUID:
    """The run whose hints tell that a quiz's figures moved. Raises NotFound."""
    quiz = access.staffed_assessment(session, actor, assessment_id)
    return access.current_run(session, quiz.course_id).id


def quiz_statistics(session: Session, actor: Actor, assessment_id: UUID, page: int = 1, run_id: UUID | None = None) -> QuizStatistics:
    """The figures of a quiz of a course that the actor is on the staff of, with fifty questions of its table: of a run, the present one unless told.
    Raises NotFound."""
    quiz = access.staffed_assessment(session, actor, assessment_id)
    course = session.get_one(Course, quiz.course_id)
    run_id = run_id or access.current_run(session, quiz.course_id).id
    sums, version = read_sums(session, run_id, quiz.id)
    test, items = quiz_figures(sums), all_item_figures(sums)
    median, ranked = _in_order(session, run_id, quiz.id, version, sums.complete)
    places = places_in(session, quiz)
    order = sorted(items, key=lambda name: (places.get(name, len(places) + 1), name))
    start = max(0, page - 1) * PER_PAGE
    shown = order[start : start + PER_PAGE]
    bodies = bodies_of(session, shown)
    return QuizStatistics(
        assessment_id=str(quiz.id),
        course_id=str(course.id),
        course=course.title,
        title=quiz.title,
        attempts=test.attempts,
        complete=test.n,
        maximum=words.as_number(test.maximum).text,
        figures=[
            _named("quiz_mean", words.as_number(test.mean)),
            _named("quiz_median", words.as_number(median)),
            _named("quiz_sd", words.as_number(test.sd)),
            _named("alpha", words.as_number(test.alpha)),
            _named("standard_error", words.as_number(test.sem)),
            _named("quiz_skewness", words.as_number(test.skewness)),
            _named("quiz_kurtosis", words.as_number(test.kurtosis)),
        ],
        questions=[_question(name, places.get(name, 0), bodies.get(name), items[name], ranked.get(name, _unranked(sums))) for name in shown],
        total=len(order),
        finding=words.quiz_finding([items[name] for name in order]),
        reason="" if saw_the_same(sums) else DIFFERENT,
        as_of=as_of(session, actor),
        version=version,
    )


def question_statistics(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID) -> QuestionView:
    """A question's figures and what was chosen in it. Raises NotFound where nobody has had it in this quiz."""
    quiz = access.staffed_assessment(session, actor, assessment_id)
    run = access.current_run(session, quiz.course_id)
    sums, version = read_sums(session, run.id, quiz.id, choices_of=question_id)
    name = str(question_id)
    item = all_item_figures(sums).get(name)
    if item is None:
        raise NotFound("Nobody has had this question in this quiz yet.")
    _, ranked = _in_order(session, run.id, quiz.id, version, sums.complete)
    body = bodies_of(session, [name]).get(name)
    line = _question(name, places_in(session, quiz).get(name, 0), body, item, ranked.get(name, _unranked(sums)))
    choices = choice_lines(body, {key[1:]: figures for key, figures in all_choice_figures(sums).items()}, item)
    shown = choices[:MOST_CHOICES]
    return QuestionView(
        assessment_id=str(quiz.id),
        course_id=str(quiz.course_id),
        quiz=quiz.title,
        question=line,
        text=line.title,
        figures=[
            _named("facility", line.facility),
            _named("facility_sd", line.sd),
            _named("item_rest", line.item_rest),
            _named("item_total", line.item_total),
            _named("discrimination", line.discrimination),
            _named("efficiency", line.efficiency),
            _named("alpha_if_deleted", line.alpha_if_deleted),
            _named("intended_weight", line.intended_weight),
            _named("effective_weight", line.effective_weight),
        ],
        choices=shown,
        left_out=len(choices) - len(shown),
        finding=words.choice_finding(
            [choice.name for choice in shown], [choice.given for choice in shown], [choice.right for choice in shown], item.answered
        ),
        as_of=as_of(session, actor),
        version=version,
    )


def run_figures(session: Session, run_id: UUID, assessment_id: UUID) -> tuple[QuizSums, Ranked]:
    """The sums of a quiz in a run, and what needs people in order."""
    sums, version = read_sums(session, run_id, assessment_id, every_choice=True)
    return sums, _in_order(session, run_id, assessment_id, version, sums.complete)


def read_sums(
    session: Session, run_id: UUID, assessment_id: UUID, *, choices_of: UUID | None = None, every_choice: bool = False
) -> tuple[QuizSums, int]:
    """The sums as the tables hold them, and their version. Choices are read of one question or of all."""
    whole = session.get(RunQuizSums, (run_id, assessment_id))
    if whole is None:
        return QuizSums(), 0
    sums = QuizSums(**{name: getattr(whole, name) for name in _names(QuizSums) if name not in ("items", "choices")})
    here = (RunQuestionSums.run_id == run_id, RunQuestionSums.assessment_id == assessment_id)
    for row in session.exec(select(RunQuestionSums).where(*here)).all():
        sums.items[str(row.question_id)] = ItemSums(**{name: getattr(row, name) for name in _names(ItemSums)})
    if choices_of is not None or every_choice:
        query = select(RunChoiceSums).where(RunChoiceSums.run_id == run_id, RunChoiceSums.assessment_id == assessment_id)
        for row in session.exec(query if choices_of is None else query.where(RunChoiceSums.question_id == choices_of)).all():
            sums.choices[str(row.question_id), row.part, row.value] = ChoiceSums(**{name: getattr(row, name) for name in _names(ChoiceSums)})
    return sums, whole.version


def _names(of: Any) -> list[str]:
    return [field.name for field in fields(of)]


def _in_order(session: Session, run_id: UUID, assessment_id: UUID, version: int, complete: int) -> Ranked:
    """Median, D and efficiency of this version of the sums, worked out at its first reading in this process."""
    if complete > MOST_RANKED:
        return _TOO_MANY, {}
    held = _ranked.get((run_id, assessment_id, version))
    if held is not None:
        return held[0]
    # Postgres picks what is needed; whole rows of marks take thrice as long to read. A JSON object gives its keys and values in one order.
    keys, scores, points = (_picked(path) for path in ("$.keyvalue().key", "$.*[0]", "$.*[1]"))
    stored = session.execute(
        select(keys, scores, points).where(
            CountedAttempt.run_id == run_id, CountedAttempt.assessment_id == assessment_id, col(CountedAttempt.complete)
        )
    ).all()
    rows = [Marks(scores=dict(zip(names, own, strict=True)), points=dict(zip(names, worth, strict=True))) for names, own, worth in stored]
    found = median_total(rows), ranked_figures(rows)
    _ranked.put((run_id, assessment_id, version), found)
    return found


def _picked(path: str) -> Any:
    return func.jsonb_path_query_array(CountedAttempt.marks, cast(path, JSONPATH), type_=JSONB)


def _unranked(sums: QuizSums) -> RankedFigures:
    return _UNRANKED if sums.complete > MOST_RANKED else _UNSEEN


def places_in(session: Session, quiz: Assessment) -> dict[str, int]:
    """The number of each question in the quiz as students get it now."""
    rows = session.exec(
        select(SectionQuestion.question_id)
        .join(AssessmentSection, col(AssessmentSection.id) == col(SectionQuestion.section_id))
        .where(AssessmentSection.assessment_revision_id == (quiz.published_revision_id or quiz.draft_revision_id))
        .order_by(col(AssessmentSection.number), col(SectionQuestion.number))
    ).all()
    return {str(question_id): number for number, question_id in enumerate(rows, start=1)}


def bodies_of(session: Session, questions: list[str]) -> dict[str, Body]:
    """Type and newest published body of each question."""
    rows = session.exec(
        select(Question.id, QuestionRevision.type, QuestionRevision.body)
        .join(QuestionRevision, col(QuestionRevision.id) == col(Question.published_revision_id))
        .where(col(Question.id).in_([UUID(name) for name in questions]))
    ).all()
    return {str(question_id): (QuestionType(type_), dict(body)) for question_id, type_, body in rows}


def in_short(name: str, number: int, body: Body | None, item: ItemFigures) -> dict[str, Any]:
    """What every list of questions says of one, by the fields of its view."""
    return {
        "id": name,
        "number": number,
        "title": title_of(body),
        "seen": item.seen,
        "answered": item.answered,
        "n": item.n,
        "facility": words.as_percent(item.facility),
        "item_rest": words.as_number(item.item_rest),
        "flags": words.question_flags(item),
    }


def _question(name: str, number: int, body: Body | None, item: ItemFigures, ranked: RankedFigures) -> QuestionStatistics:
    return QuestionStatistics(
        **in_short(name, number, body, item),
        sd=words.as_percent(item.sd),
        discrimination=words.as_number(ranked.discrimination),
        efficiency=words.as_percent(ranked.efficiency),
        item_total=words.as_number(item.item_total),
        alpha_if_deleted=words.as_number(item.alpha_if_deleted),
        intended_weight=words.as_percent(item.intended_weight, 1),
        effective_weight=words.as_percent(item.effective_weight, 1),
    )


def title_of(body: Body | None) -> str:
    """What a question is about, in a line."""
    if body is None:
        return "Question"
    kind = TYPES[body[0]]
    return kind.describe(kind.body.model_validate(body[1])) or "Question"


def choice_lines(body: Body | None, given: dict[tuple[str, str], ChoiceFigures], item: ItemFigures) -> list[ChoiceLine]:
    """What could be chosen and what was, in the author's order, what is not listed there last."""
    document = body[1] if body else {}
    pairs = list(dict.fromkeys([*names.possible_pairs(document), *sorted(given)]))
    right = _right(body) if body else set()
    nobody = ChoiceFigures(
        given=0,
        share=Figure(value=0.0) if item.answered else item.facility,
        with_total=Figure(value=None, because="nobody who answered every question chose this"),
    )
    lines = []
    for part, value in pairs:
        figures = given.get((part, value), nobody)
        is_right = (part, value) in right
        lines.append(
            ChoiceLine(
                key=f"{part}:{value}",
                part=names.part_name(document, part),
                name=names.value_name(document, part, value),
                right=is_right,
                given=figures.given,
                share=words.as_percent(figures.share, 1),
                with_total=words.as_number(figures.with_total),
                flags=words.choice_flags(right=is_right, given=figures.given, with_total=figures.with_total, n=item.n),
            )
        )
    return lines


def _right(body: Body) -> set[tuple[str, str]]:
    """The pairs of an answer that earns everything."""
    kind = TYPES[body[0]]
    read = kind.body.model_validate(body[1])
    solved = kind.solve(read)
    return names.full_marks(body[1]) | (set(kind.tally(read, solved)) if solved is not None else set())


def _named(metric: str, figure: words.Written) -> NamedFigure:
    return NamedFigure(metric=metric, text=figure.text, because=figure.because)
