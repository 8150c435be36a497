"""The form of a question as its author sees it in the quiz editor. What stands here holds keys, and reaches authors alone."""

import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, question_pictures
from lms_app.domain.assessments.question_forms import empty_form, form_from_body
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.assessments.question_pictures import CoursePicture
from lms_app.domain.assessments.quiz_authoring import lines_of
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.hotspot import Hotspot, drawing
from lms_app.domain.content.editing import from_editor
from lms_app.domain.content.markdown import markdown_of_document
from lms_app.domain.content.rich_text import to_markdown
from lms_app.domain.courses import access
from lms_app.errors import Invalid, NotFound
from lms_app.models import QuestionRevision
from lms_app.words import QuestionType

ROWS = {
    QuestionType.SINGLE_CHOICE: "choices",
    QuestionType.MULTIPLE_CHOICE: "choices",
    QuestionType.SHORT_TEXT: "answers",
    QuestionType.NUMERIC: "answers",
    QuestionType.CALCULATED: "answers",
    QuestionType.MATCHING: "pairs",
    QuestionType.ORDERING: "items",
    QuestionType.CLOZE: "answers",
    QuestionType.DROPDOWN: "choices",
    QuestionType.HOTSPOT: "regions",
}
"""What the rows of a type are called in its form."""
PARTS = {QuestionType.CALCULATED: "variables", QuestionType.CLOZE: "gaps", QuestionType.DROPDOWN: "gaps"}
"""What its second list is called, where it has one."""


@dataclass(frozen=True, kw_only=True)
class FormRow:
    """A row of a question's form: a choice, an answer, a gap and so on. `place` is its number in the form."""

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
    step: str = ""
    formula: str = ""
    option_id: str = ""
    option: str = ""
    name: str = ""
    kind: str = "text"
    share: str = ""
    width: str = ""
    choice: str = ""
    gap: str = ""
    case_sensitive: bool = False
    ignore_accents: bool = False
    shuffle: bool = True
    unit: str = ""
    units: str = ""
    unit_rule: str = "optional"
    unit_penalty: str = ""
    shape: str = "circle"
    numbers: str = ""


@dataclass(frozen=True, kw_only=True)
class QuestionSheetForm:
    """The form of one question; `id` is empty for a new one. What a type does not have is left empty.

    `rows` are its choices, answers, pairs, items or regions; `parts` its gaps or the numbers that are drawn. `pictures` are the course's, each an id
    and a name; `preview` is the picture with its regions as they were saved last, as HTML.
    """

    id: str
    type: str
    points: str
    stem: str
    feedback: str
    hints: str
    penalty: str = ""
    deduction: str = ""
    rows: list[FormRow] = field(default_factory=list)
    parts: list[FormRow] = field(default_factory=list)
    pictures: list[CoursePicture] = field(default_factory=list)
    preview: str = ""
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
    units: str = ""
    unit_rule: str = "optional"
    unit_penalty: str = ""
    rounding: str = ""
    places: str = ""
    option_order: str = ""
    file: str = ""
    alt: str = ""
    width: str = ""
    height: str = ""
    marks: str = ""
    words_min: str = ""
    words_max: str = ""
    lines: str = ""
    sample: str = ""
    files_max: str = ""
    megabytes: str = ""
    kinds: str = ""


HINT_LINE = "---"
"""Stands alone on a line between two hints."""


def question_sheet_form(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID) -> QuestionSheetForm:
    """The form of a question of a quiz. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    line = next((line for line in lines_of(session, quiz) if line.question_id == question_id), None)
    if line is None:
        raise NotFound("This question is not in the quiz.")
    return _sheet(session, quiz.course_id, session.get_one(QuestionRevision, line.revision_id), plain(line.points))


def banked_question_form(session: Session, actor: Actor, question_id: UUID) -> tuple[QuestionSheetForm, int]:
    """The form of a question of a bank, and the number of its revision. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    revision = session.get(QuestionRevision, question.published_revision_id) if question.published_revision_id else None
    if revision is None:
        raise NotFound("This question has not been saved yet.")
    return _sheet(session, question.course_id, revision, ""), revision.number


def new_banked_form(session: Session, actor: Actor, course_id: UUID | None, type_: QuestionType) -> QuestionSheetForm:
    """The form of a new question of a course's bank, or of the actor's own (None). Raises NotFound, and Invalid for a picture without a course."""
    question_bank.owned(session, actor, course_id)
    if course_id is None and type_ == QuestionType.HOTSPOT:
        raise Invalid("A question on a picture needs a course, whose files the picture is among. Add it to the bank of the course.")
    return sheet_of(type_, empty_form(type_), "", "", pictures=_pictures(session, course_id, type_))


def new_question_form(session: Session, actor: Actor, assessment_id: UUID, type_: QuestionType) -> QuestionSheetForm:
    """The form of a new question."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    points = "1" if TYPES[type_].asks else "0"
    return sheet_of(type_, empty_form(type_), "", points, pictures=_pictures(session, quiz.course_id, type_))


def sheet_of(type_: QuestionType, form: dict[str, Any], question_id: str, points: str, **more: Any) -> QuestionSheetForm:
    """The sheet that shows a form."""
    form = _in_markdown(form)
    rows, parts = (_rows(form.pop(names.get(type_, ""), [])) for names in (ROWS, PARTS))
    hints = f"\n{HINT_LINE}\n".join(form.pop("hints"))
    return QuestionSheetForm(id=question_id, type=type_, points=points, hints=hints, rows=rows, parts=parts, **form, **more)


def _in_markdown(value: Any, name: str = "") -> Any:
    """A form whose texts are written in Markdown: a plain field shows no more. Gaps stand in the stem unescaped."""
    if isinstance(value, dict) and value.get("type") == "doc":  # pyright: ignore[reportUnknownMemberType]
        if name == "stem":
            return re.sub(r"\\\[\\\[([A-Za-z0-9]{1,20})\\\]\\\]", r"[[\1]]", markdown_of_document(from_editor(value)).strip())
        return to_markdown(value).strip()  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, dict):
        return {key: _in_markdown(inside, str(key)) for key, inside in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return [_in_markdown(inside) for inside in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


def _sheet(session: Session, course_id: UUID | None, revision: QuestionRevision, points: str) -> QuestionSheetForm:
    kind = QuestionType(revision.type)
    preview = ""
    if kind == QuestionType.HOTSPOT:
        body = Hotspot.model_validate(revision.body)
        preview = drawing(body, body.regions)
    more = {"pictures": _pictures(session, course_id, kind), "preview": preview}
    return sheet_of(kind, form_from_body(kind, revision.body), str(revision.question_id), points, **more)


def _rows(rows: list[dict[str, Any]]) -> list[FormRow]:
    return [FormRow(place=place, **row) for place, row in enumerate(rows)]


def _pictures(session: Session, course_id: UUID | None, type_: QuestionType) -> list[CoursePicture]:
    return question_pictures.pictures(session, course_id) if course_id and type_ == QuestionType.HOTSPOT else []
