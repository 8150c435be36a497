"""A question under its author's hands: written and saved, whole or not, then given out. Nobody overwrites anybody in silence.

A draft is the form as it stands (`question_forms`). What is given out is a revision, which quizzes take into their drafts.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, question_pictures, question_source, quiz_authoring, regrading
from lms_app.domain.assessments.question_bank import CategoryLine, QuizName
from lms_app.domain.assessments.question_comparison import FieldDifference, compare
from lms_app.domain.assessments.question_forms import body_from_form, empty_form, form_from_body
from lms_app.domain.assessments.quiz_sections import read_tags
from lms_app.domain.content.editing import from_editor
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.courses import access, objectives
from lms_app.domain.enrollments.roster import name_of
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.ids import uuid7
from lms_app.models import Assessment, Course, Objective, Person, Question, QuestionDraft, QuestionRevision
from lms_app.words import Difficulty, QuestionType

MOST_CHARACTERS = 1_000_000
"""Of a form as JSON."""


@dataclass(frozen=True, kw_only=True)
class ObjectiveName:
    """An objective of the course that a question may serve."""

    id: str
    text: str


@dataclass(frozen=True, kw_only=True)
class QuestionInHand:
    """A question in its editor. `course_id` is "" in a person's own bank; `revision` the number of what is given out, 0 before that.

    `state` is "new" until it is given out, then "changed" while the draft says something else, else "saved"; `blank`: it is new, with nothing in it.
    A save names `version`. `problems` are sentences by the fields of the form, of what keeps it from being given out. `takes_it` is the quiz that a
    new question goes into.
    """

    id: str
    reader: str
    course_id: str
    course: str
    type: str
    title: str
    state: str
    blank: bool
    version: str
    revision: int
    form: dict[str, Any]
    problems: dict[str, str]
    saved_at: datetime | None
    saved_by: str
    category: str
    tags: list[str]
    difficulty: str
    objective: str
    categories: list[CategoryLine]
    objectives: list[ObjectiveName]
    used_in: list[QuizName]
    takes_it: QuizName | None
    correctable: bool


@dataclass(frozen=True, kw_only=True)
class SavedQuestion:
    """A save that was made, and what still keeps the question from being given out."""

    version: str
    saved_at: datetime
    state: str
    title: str
    problems: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class GivenOut:
    """A question that was given out. `correctable`: marks were given for an earlier form of it."""

    version: str
    revision: int
    title: str
    used_in: list[QuizName]
    correctable: bool


@dataclass(frozen=True, kw_only=True)
class TheirQuestion:
    """What somebody else saved meanwhile, and in which fields it differs from what was to be saved."""

    version: str
    author: str
    saved_at: datetime
    form: dict[str, Any]
    differences: list[FieldDifference]


class QuestionMoved(Conflict):
    """Somebody saved the question meanwhile. `theirs` is what it says now."""

    slug = "question-moved"

    def __init__(self, theirs: TheirQuestion) -> None:
        super().__init__(f"{theirs.author} saved this question while you were writing. Nothing is lost: choose what it shall say.")
        self.theirs = theirs


@dataclass(frozen=True, kw_only=True)
class _State:
    """What a question says now, wherever that stands: in its draft, or in its newest revision."""

    version: str
    form: dict[str, Any]
    saved_at: datetime
    saved_by: UUID | None
    base: int


def new(
    session: Session,
    actor: Actor,
    course_id: UUID | None,
    type_: QuestionType,
    *,
    category_id: UUID | None = None,
    assessment_id: UUID | None = None,
) -> UUID:
    """A new question with nothing in it, in a course's bank or in the actor's own (None); the quiz takes it once it is given out. Gives its id.
    Raises Invalid for one on a picture without a course, NotAllowed, NotFound."""
    question_bank.owned(session, actor, course_id)
    if course_id is None and type_ == QuestionType.HOTSPOT:
        raise Invalid("A question on a picture needs a course, whose files the picture is among. Add it to the bank of the course.")
    question = Question(course_id=course_id, person_id=None if course_id else actor.person_id, type=type_, created_at=clock.now())
    session.add(question)
    session.flush()
    if category_id is not None:
        question_bank.put_in_category(session, actor, question.id, category_id)
    session.add(
        QuestionDraft(
            question_id=question.id,
            version=uuid7(),
            form=empty_form(type_),
            assessment_id=assessment_id,
            saved_at=clock.now(),
            saved_by=actor.person_id,
        )
    )
    session.flush()
    return question.id


def new_for_quiz(session: Session, actor: Actor, assessment_id: UUID, type_: QuestionType) -> UUID:
    """The same for a quiz of a course, which takes the question once it is given out."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    return new(session, actor, quiz.course_id, type_, assessment_id=quiz.id)


def open_question(session: Session, actor: Actor, question_id: UUID) -> QuestionInHand:
    """A question as it was written last, to those who may author it. Raises NotFound."""
    question = access.editable_question(session, actor, question_id)
    draft, newest = session.get(QuestionDraft, question.id), _newest(session, question)
    current = _state(question, draft, newest)
    course = session.get_one(Course, question.course_id) if question.course_id else None
    quiz = session.get(Assessment, draft.assessment_id) if draft and draft.assessment_id else None
    return QuestionInHand(
        id=str(question.id),
        reader=str(actor.person_id),
        course_id=str(question.course_id or ""),
        course=course.title if course else "",
        type=question.type,
        title=question.title or "New question",
        state=_word(draft, newest),
        blank=newest is None and current.form == empty_form(QuestionType(question.type)),
        version=current.version,
        revision=newest.number if newest else 0,
        form=current.form,
        problems=_problems(session, question, current.form, newest) if draft else {},
        saved_at=current.saved_at,
        saved_by=_name(session, current.saved_by),
        category=str(question.category_id or ""),
        tags=list(question.tags),
        difficulty=question.difficulty,
        objective=str(question.objective_id or ""),
        categories=question_bank.categories(session, actor, question.course_id),
        objectives=[ObjectiveName(id=str(row.id), text=row.text) for row in objectives.of_course(session, course.id)] if course else [],
        used_in=question_bank.used_in(session, [question.id]).get(question.id, []),
        takes_it=QuizName(id=str(quiz.id), title=quiz.title) if quiz else None,
        correctable=newest is not None and regrading.can_correct(session, actor, question.id),
    )


def save(session: Session, actor: Actor, question_id: UUID, form: Mapping[str, Any], *, base: UUID, spell: str = "") -> SavedQuestion:
    """Saves what the editor holds, made from the version `base`, whole or not.

    A save that was made and whose answer was lost is no conflict for the next of its `spell`. Raises QuestionMoved when somebody else saved since
    `base`, Invalid for what is too long or was taken out of its bank, and NotFound.
    """
    question, draft, newest = _held(session, actor, question_id)
    kept = _checked(QuestionType(question.type), form)
    current = _state(question, draft, newest)
    goes_on = draft is not None and current.version == str(draft.version) and (draft.spell, draft.saved_by) == (spell or None, actor.person_id)
    if current.version != str(base) and not goes_on:
        differences = compare(current.form, kept)
        if differences:
            raise QuestionMoved(_theirs(session, current, differences))
    draft = draft or QuestionDraft(question_id=question.id, version=uuid7(), saved_at=clock.now())
    draft.version, draft.form, draft.spell, draft.base = uuid7(), kept, spell, newest.number if newest else 0
    draft.saved_at, draft.saved_by = clock.now(), actor.person_id
    session.add(draft)
    if newest is None:
        question.title = _title(kept)
        session.add(question)
    session.flush()
    return SavedQuestion(
        version=str(draft.version),
        saved_at=draft.saved_at,
        state=_word(draft, newest),
        title=question.title or "New question",
        problems=_problems(session, question, kept, newest),
    )


def give_out(session: Session, actor: Actor, question_id: UUID, *, version: UUID) -> GivenOut:
    """Makes what the author has seen, `version`, what the question asks from now on. The quizzes that ask it take it into their drafts; attempts that
    were begun keep the question as it was. Raises Invalid by the fields of the form, QuestionMoved when there is a newer version, and NotFound."""
    question, draft, newest = _held(session, actor, question_id)
    _refuse_unseen(session, _state(question, draft, newest), version)
    if draft is not None:
        body = _body(session, question, draft.form, newest)
        if newest is not None:
            question_source.save(session, actor, question.id, body, revision=newest.number)
        else:
            question.title = quiz_authoring.title_of(body)
            quiz_authoring.write_question(session, actor, question, question_source.checked_body(QuestionType(question.type), body))
            session.flush()
            quiz = session.get(Assessment, draft.assessment_id) if draft.assessment_id else None
            if quiz is not None and quiz.archived_at is None:
                question_bank.use_in_quiz(session, actor, question.id, quiz.id)
        session.delete(draft)
        session.flush()
    written = _newest(session, question)
    if written is None:
        raise Invalid("This question has not been written yet.")
    return GivenOut(
        version=str(written.id),
        revision=written.number,
        title=question.title or "Question",
        used_in=question_bank.used_in(session, [question.id]).get(question.id, []),
        correctable=regrading.can_correct(session, actor, question.id),
    )


def discard(session: Session, actor: Actor, question_id: UUID, *, version: UUID) -> None:
    """Takes back what was written since the question was given out, of which the author has seen `version`. One that never was given out is taken
    out of its bank. Raises QuestionMoved when there is a newer version, and NotFound."""
    question, draft, newest = _held(session, actor, question_id)
    _refuse_unseen(session, _state(question, draft, newest), version)
    if draft is not None:
        session.delete(draft)
    if newest is None:
        question.archived_at = clock.now()
        session.add(question)
    session.flush()


def put_away(
    session: Session, actor: Actor, question_id: UUID, *, category_id: UUID | None, tags: str, difficulty: Difficulty, objective_id: UUID | None
) -> None:
    """Says where a question stands in its bank: category, tags, difficulty, the objective of the course that it serves. Raises Invalid, NotFound."""
    question = access.editable_question(session, actor, question_id)
    if objective_id is not None:
        row = session.get(Objective, objective_id)
        if row is None or row.course_id != question.course_id:
            raise NotFound("There is no such objective in this course.")
    question.difficulty, question.objective_id = difficulty, objective_id
    if question.category_id != category_id:
        question_bank.put_in_category(session, actor, question_id, category_id)
    if question.tags != read_tags(tags):
        question_bank.tag(session, actor, question_id, tags)
    session.add(question)
    session.flush()


def body_now(session: Session, actor: Actor, question_id: UUID, form: Mapping[str, Any]) -> tuple[Question, dict[str, Any]]:
    """The question, and the body that a form of it stands for. Raises Invalid by the fields of the form, NotFound. Nothing is saved."""
    question = access.editable_question(session, actor, question_id)
    return question, _body(session, question, _checked(QuestionType(question.type), form), _newest(session, question))


def _held(session: Session, actor: Actor, question_id: UUID) -> tuple[Question, QuestionDraft | None, QuestionRevision | None]:
    """A question that the actor may author and that nobody else saves until the end of the transaction, its draft and its newest revision."""
    access.editable_question(session, actor, question_id)
    question = session.exec(
        select(Question).where(Question.id == question_id).with_for_update(key_share=True).execution_options(populate_existing=True)
    ).one()
    if question.archived_at is not None:
        raise Invalid("This question was taken out of its bank. Bring it back, then go on.")
    draft = session.exec(select(QuestionDraft).where(col(QuestionDraft.question_id) == question_id).execution_options(populate_existing=True)).first()
    return question, draft, _newest(session, question)


def _newest(session: Session, question: Question) -> QuestionRevision | None:
    return session.get(QuestionRevision, question.published_revision_id) if question.published_revision_id else None


def _state(question: Question, draft: QuestionDraft | None, newest: QuestionRevision | None) -> _State:
    """A draft of what was given out anew meanwhile, by another way, is not what the question says."""
    if newest is not None and (draft is None or draft.base != newest.number):
        form = form_from_body(QuestionType(question.type), newest.body)
        return _State(version=str(newest.id), form=form, saved_at=newest.created_at, saved_by=newest.created_by, base=newest.number)
    if draft is None:
        raise NotFound("This question has not been written yet.")
    return _State(version=str(draft.version), form=draft.form, saved_at=draft.saved_at, saved_by=draft.saved_by, base=draft.base)


def _refuse_unseen(session: Session, current: _State, seen: UUID) -> None:
    if current.version != str(seen):
        raise QuestionMoved(_theirs(session, current, []))


def _word(draft: QuestionDraft | None, newest: QuestionRevision | None) -> str:
    return "new" if newest is None else "changed" if draft is not None and draft.base == newest.number else "saved"


def _theirs(session: Session, current: _State, differences: list[FieldDifference]) -> TheirQuestion:
    return TheirQuestion(
        version=current.version,
        author=_name(session, current.saved_by) or "Somebody",
        saved_at=current.saved_at,
        form=current.form,
        differences=differences,
    )


def _checked(type_: QuestionType, form: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a form that its type has, if they can be kept. Raises Invalid."""
    kept = {name: form.get(name, value) for name, value in empty_form(type_).items()}
    written = json.dumps(kept)
    if len(written) > MOST_CHARACTERS:
        raise Invalid(f"This question is too long: the limit is {MOST_CHARACTERS:,} characters.")
    if question_source.holds_code_0(written):
        raise Invalid(question_source.CODE_0)
    return kept


def _body(session: Session, question: Question, form: Mapping[str, Any], newest: QuestionRevision | None) -> dict[str, Any]:
    body = body_from_form(QuestionType(question.type), form, previous=newest.body if newest else None)
    question_pictures.check(session, question.course_id, body)
    return body


def _problems(session: Session, question: Question, form: Mapping[str, Any], newest: QuestionRevision | None) -> dict[str, str]:
    try:
        _body(session, question, form, newest)
    except Invalid as refusal:
        return refusal.fields or {"stem": refusal.sentence}
    return {}


def _title(form: Mapping[str, Any]) -> str:
    try:
        words = " ".join(text_of(from_editor(form.get("stem"))).split())
    except Invalid:
        return ""
    return words if len(words) <= 120 else words[:119].rstrip() + "…"


def _name(session: Session, person_id: UUID | None) -> str:
    person = session.get(Person, person_id) if person_id else None
    return name_of(person) if person else ""
