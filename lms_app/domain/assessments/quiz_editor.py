"""A quiz as its author sees it. What stands here holds keys, and reaches authors alone."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments.question_forms import empty_form, form_from_body
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.assessments.quiz_authoring import composition_of, lines_of, title_of
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.models import AssessmentRevision, Course, Page, QuestionRevision
from lms_app.words import QuestionType, Status

PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class QuestionLine:
    """A question in the list. `first` and `last` say where it cannot be moved; `section` is the number of its section."""

    id: str
    number: int
    type: str
    title: str
    points: str
    section: int
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class QuizEditor:
    """A quiz under its author's hands, with at most 50 questions. `asks`: it has questions, or draws some."""

    id: str
    course_id: str
    course: str
    page_id: str
    page: str
    title: str
    practice: bool
    state: str
    total: int
    asks: bool
    points: str
    questions: list[QuestionLine]


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A row of a question's form: a choice or an answer. `place` is its number in the form."""

    place: int
    id: str = ""
    text: str = ""
    right: bool = False
    weight: str = ""
    feedback: str = ""
    feedback_unselected: str = ""
    match: str = "exact"
    value: str = ""
    tolerance: str = "absolute"
    margin: str = ""
    low: str = ""
    high: str = ""


@dataclass(frozen=True, kw_only=True)
class QuestionSheetForm:
    """The form of one question; `id` is empty for a new one. What a type does not have is left empty."""

    id: str
    type: str
    points: str
    stem: str
    feedback: str
    hints: str
    penalty: str = ""
    deduction: str = ""
    rows: list[FormRow] = field(default_factory=list)
    shuffle: bool = False
    credit: str = ""
    tell_count: bool = False
    select: str = ""
    select_rule: str = "exactly"
    answer: str = ""
    feedback_true: str = ""
    feedback_false: str = ""
    case_sensitive: bool = False
    ignore_accents: bool = False
    unit: str = ""


HINT_LINE = "---"
"""Stands alone on a line between two hints."""


def quiz_editor(session: Session, actor: Actor, assessment_id: UUID, page: int = 1) -> QuizEditor:
    """A quiz of a course that the actor may author. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    revision = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    course = session.get_one(Course, quiz.course_id)
    lines, _, pools = composition_of(session, quiz)
    start = max(0, page - 1) * PER_PAGE
    shown = lines[start : start + PER_PAGE]
    found = session.exec(select(QuestionRevision).where(col(QuestionRevision.id).in_([line.revision_id for line in shown]))).all()
    rows = {row.id: row for row in found}
    on_page = session.get(Page, quiz.page_id) if quiz.page_id else None
    published = quiz.status == Status.PUBLISHED and quiz.published_revision_id is not None
    return QuizEditor(
        id=str(quiz.id),
        course_id=str(course.id),
        course=course.title,
        page_id=str(quiz.page_id or ""),
        page=on_page.title if on_page else "",
        title=revision.title,
        practice=quiz.practice,
        state="draft" if not published else "published" if quiz.published_revision_id == quiz.draft_revision_id else "changed",
        total=len(lines),
        asks=bool(lines or pools),
        points=plain(sum((line.points for line in lines), start=Decimal(0))),
        questions=[
            QuestionLine(
                id=str(line.question_id),
                number=number,
                type=rows[line.revision_id].type,
                title=title_of(rows[line.revision_id].body) or "Question",
                points=plain(line.points),
                section=line.section,
                first=number == 1,
                last=number == len(lines),
            )
            for number, line in enumerate(shown, start=start + 1)
        ],
    )


def question_sheet_form(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID) -> QuestionSheetForm:
    """The form of a question of a quiz. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    line = next((line for line in lines_of(session, quiz) if line.question_id == question_id), None)
    if line is None:
        raise NotFound("This question is not in the quiz.")
    revision = session.get_one(QuestionRevision, line.revision_id)
    kind = QuestionType(revision.type)
    return _sheet(kind, form_from_body(kind, revision.body), str(question_id), plain(line.points))


def new_question_form(session: Session, actor: Actor, assessment_id: UUID, type_: QuestionType) -> QuestionSheetForm:
    """The form of a new question."""
    access.editable_assessment(session, actor, assessment_id)
    return _sheet(type_, empty_form(type_), "", "1")


def _sheet(type_: QuestionType, form: dict[str, Any], question_id: str, points: str) -> QuestionSheetForm:
    form = dict(form)
    rows = form.pop("choices", form.pop("answers", [])) if "choices" in form or "answers" in form else []
    hints = f"\n{HINT_LINE}\n".join(form.pop("hints"))
    return QuestionSheetForm(
        id=question_id, type=type_, points=points, hints=hints, rows=[FormRow(place=place, **row) for place, row in enumerate(rows)], **form
    )
