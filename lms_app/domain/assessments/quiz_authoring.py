"""Authoring a quiz through plain verbs. Every change writes a new revision; students see it when it is published."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_publishing
from lms_app.domain.assessments.question_words import words_of
from lms_app.domain.assessments.quiz_settings import QuizSettings, practice_settings
from lms_app.domain.content.document import QuizBlock, document_of, parse_document
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.courses import access, authoring, node_health, outline_changes
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Assessment, AssessmentRevision, AssessmentSection, PageRevision, Question, QuestionRevision, SectionPool, SectionQuestion
from lms_app.words import Behaviour

MOST_QUESTIONS = 200
MOST_POINTS = 1000


@dataclass(frozen=True, kw_only=True)
class Line:
    """A question at its place in a revision. `section` is the number of the section it stands in."""

    section: int
    question_id: UUID
    revision_id: UUID
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of a quiz. `introduction` is Markdown."""

    title: str = ""
    introduction: str = ""
    shuffle: bool = False


@dataclass(frozen=True, kw_only=True)
class Pool:
    """A place in a section that draws questions of the bank: how many, of which category and tags, worth how much each."""

    id: UUID
    section: int
    category_id: UUID | None
    tags: tuple[str, ...]
    count: int
    points: Decimal


class Composition(NamedTuple):
    """What a revision of a quiz is made of: questions, sections and pools in order."""

    lines: list[Line]
    parts: list[Part]
    pools: list[Pool]


def add_quiz(session: Session, actor: Actor, page_id: UUID, *, title: str, practice: bool) -> Assessment:
    """A new quiz without questions at the end of a page's newest text."""
    quiz = new_quiz(session, actor, page_id, title=title, practice=practice)
    page = access.editable_page(session, actor, page_id)
    newest = session.get_one(PageRevision, page.draft_revision_id)
    blocks = [block.model_dump(mode="json") for block in parse_document(newest.document).blocks]
    document = document_of([*blocks, QuizBlock(assessment=str(quiz.id)).model_dump(mode="json")])
    authoring.write_revision(session, page, page.title, document.model_dump(mode="json"), actor.person_id)
    return quiz


def new_quiz(session: Session, actor: Actor, page_id: UUID, *, title: str, practice: bool) -> Assessment:
    """A new quiz without questions, for a page whose text is yet to name its place."""
    page = access.editable_page(session, actor, page_id)
    now = clock.now()
    settings = practice_settings() if practice else QuizSettings(pass_mark=Decimal("0.6"), behaviour=Behaviour.DEFERRED)
    quiz = Assessment(
        course_id=page.course_id,
        page_id=page.id,
        title=authoring.checked_title(title),
        practice=practice,
        completion_rule=quiz_publishing.rule_of(practice=practice, settings=settings),
        required=not practice,
        created_at=now,
    )
    session.add(quiz)
    session.flush()
    write_quiz(session, actor, quiz, settings, [], [Part()], [])
    return quiz


def save_settings(session: Session, actor: Actor, assessment_id: UUID, *, title: str, settings: Mapping[str, Any]) -> None:
    """Saves a quiz's title and those settings that are given as a new draft revision. Raises Invalid with the fields that need another look."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    newest = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    wrong: dict[str, str] = {}
    clean, checked = "", None
    try:
        clean = authoring.checked_title(title)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        checked = QuizSettings.model_validate({**QuizSettings.model_validate(newest.settings).model_dump(mode="json"), **settings})
    except ValidationError as fault:
        # What concerns the whole is that it closes after it opens.
        names = [str(error["loc"][0]) if error["loc"] else "closes_at" for error in fault.errors()]
        wrong |= {name: _sentence(name) for name in names}
    if wrong or checked is None:
        raise Invalid("These settings cannot be saved yet.", fields=wrong)
    quiz.title = clean
    write_quiz(session, actor, quiz, checked, *composition_of(session, quiz))


def set_points(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID, points: str) -> None:
    """Says what a question of a quiz is worth. Raises Invalid, NotFound."""
    quiz, (lines, parts, pools), place = _placed(session, actor, assessment_id, question_id)
    worth = read_points(points)
    if lines[place].points != worth:
        recompose(session, actor, quiz, [*lines[:place], replace(lines[place], points=worth), *lines[place + 1 :]], parts, pools)


def move_question(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID, step: int) -> None:
    """Moves a question one place up (−1) or down (1); at the end of the row nothing happens."""
    if step not in (-1, 1):
        raise Invalid("A question moves one place at a time.")
    quiz, (lines, parts, pools), place = _placed(session, actor, assessment_id, question_id)
    target = place + step
    if 0 <= target < len(lines):
        # The sections stay as long as they are: the two questions change places.
        here, there = lines[place], lines[target]
        lines[place], lines[target] = replace(there, section=here.section), replace(here, section=there.section)
        recompose(session, actor, quiz, lines, parts, pools)


def remove_question(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID) -> None:
    """Takes a question out of a quiz. Attempts that have it keep it."""
    quiz, (lines, parts, pools), place = _placed(session, actor, assessment_id, question_id)
    recompose(session, actor, quiz, [*lines[:place], *lines[place + 1 :]], parts, pools)


def publish_quiz(session: Session, actor: Actor, assessment_id: UUID) -> None:
    """Shows a quiz's newest revision to students, where its page is published. Raises Invalid for one without questions."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    if quiz.page_id is None:
        raise Invalid("This quiz stands on no page. Put it on one, then publish.")
    if not quiz_publishing.show_newest(session, quiz):
        raise Invalid("This quiz has no questions yet. Add one, then publish.")
    session.flush()
    authoring.follow_the_outline(session, quiz.course_id)
    outline_changes.tell(session, quiz.course_id)


def lines_of(session: Session, quiz: Assessment, revision_id: UUID | None = None) -> list[Line]:
    """The questions of a quiz's newest revision, or of the one that is named, in order."""
    rows = session.exec(
        select(AssessmentSection.number, SectionQuestion)
        .join(SectionQuestion, col(SectionQuestion.section_id) == col(AssessmentSection.id))
        .where(AssessmentSection.assessment_revision_id == (revision_id or quiz.draft_revision_id))
        .order_by(col(AssessmentSection.number), col(SectionQuestion.number))
    ).all()
    return [
        Line(section=section, question_id=entry.question_id, revision_id=entry.question_revision_id, points=entry.points) for section, entry in rows
    ]


def composition_of(session: Session, quiz: Assessment, revision_id: UUID | None = None) -> Composition:
    """Questions, sections and pools of a quiz's newest revision, or of the one that is named, in order. Sections are numbered by their places, from
    0."""
    rows = session.exec(
        select(AssessmentSection)
        .where(AssessmentSection.assessment_revision_id == (revision_id or quiz.draft_revision_id))
        .order_by(col(AssessmentSection.number), col(AssessmentSection.id))
    ).all()
    place = {row.id: number for number, row in enumerate(rows)}
    renumbered = {row.number: place[row.id] for row in rows}
    found = session.exec(
        select(SectionPool).where(col(SectionPool.section_id).in_(place)).order_by(col(SectionPool.number), col(SectionPool.id))
    ).all()
    pools = [
        Pool(
            id=row.id,
            section=place[row.section_id],
            category_id=row.category_id,
            tags=tuple(row.tags),
            count=row.count,
            points=row.points,
        )
        for row in found
    ]
    lines = [replace(line, section=renumbered[line.section]) for line in lines_of(session, quiz, revision_id)]
    parts = [Part(title=row.title, introduction=row.introduction, shuffle=row.shuffle) for row in rows] or [Part()]
    return Composition(lines, parts, sorted(pools, key=lambda pool: pool.section))


def recompose(session: Session, actor: Actor, quiz: Assessment, lines: Sequence[Line], parts: Sequence[Part], pools: Sequence[Pool]) -> None:
    """A new draft revision of a quiz with these questions, sections and pools; its settings stay."""
    newest = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    write_quiz(session, actor, quiz, QuizSettings.model_validate(newest.settings), lines, parts, pools)


def read_points(points: str) -> Decimal:
    """What a question is worth. Raises Invalid for what is not a number from 0 to 1,000."""
    try:
        worth = Decimal(points.strip().replace(",", ".") or "1")
    except InvalidOperation:
        worth = Decimal("NaN")
    if not worth.is_finite() or not 0 <= worth <= MOST_POINTS or -int(worth.as_tuple().exponent) > 2:
        raise Invalid("Say what the question is worth.", fields={"points": "A number from 0 to 1,000, with two decimals at most."})
    return worth


def fraction_of_percent(written: str) -> Decimal | str | None:
    """A percentage as a fraction; None where nothing is written; what is no number is given back, to be refused with the other settings."""
    return _scaled(written.replace("%", ""), Decimal("0.01"))


def seconds_of_minutes(written: str) -> int | str | None:
    """Minutes as whole seconds, in the same way."""
    seconds = _scaled(written, Decimal(60))
    return round(seconds) if isinstance(seconds, Decimal) else seconds


def write_question(session: Session, actor: Actor, question: Question, body: dict[str, Any]) -> QuestionRevision:
    """A new revision of a question, which is asked from now on. Whoever saves the same question at the same moment waits, and comes after."""
    session.exec(select(Question.id).where(Question.id == question.id).with_for_update(key_share=True)).one()
    number = session.exec(select(func.coalesce(func.max(QuestionRevision.number), 0)).where(QuestionRevision.question_id == question.id)).one()
    revision = QuestionRevision(
        question_id=question.id, number=number + 1, type=question.type, body=body, created_at=clock.now(), created_by=actor.person_id
    )
    session.add(revision)
    session.flush()
    question.draft_revision_id = question.published_revision_id = revision.id
    question.words = words_of(body)
    session.add(question)
    node_health.note_question(session, question, body)
    return revision


def title_of(body: Mapping[str, Any]) -> str:
    """The beginning of what is asked, as a name for the question in lists."""
    words = " ".join(text_of(parse_document(dict(body["stem"]))).split())
    return words if len(words) <= 120 else words[:119].rstrip() + "…"


def _scaled(written: str, factor: Decimal) -> Decimal | str | None:
    clean = written.strip().replace(",", ".")
    if not clean:
        return None
    try:
        number = Decimal(clean)
    except InvalidOperation:
        return clean
    # Numbers that would take long to write out are none that anybody means.
    return number * factor if number.is_finite() and abs(number.adjusted()) <= 12 else clean


def _placed(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID) -> tuple[Assessment, Composition, int]:
    quiz = access.editable_assessment(session, actor, assessment_id)
    made = composition_of(session, quiz)
    place = next((index for index, line in enumerate(made.lines) if line.question_id == question_id), None)
    if place is None:
        raise NotFound("This question is not in the quiz.")
    return quiz, made, place


def write_quiz(
    session: Session,
    actor: Actor,
    quiz: Assessment,
    settings: QuizSettings,
    lines: Sequence[Line],
    parts: Sequence[Part],
    pools: Sequence[Pool],
) -> None:
    """A new draft revision of a quiz. In a section pools stand behind its questions. Raises Conflict where another was written meanwhile, of which
    what is written now knows nothing."""
    newest = session.exec(select(Assessment.draft_revision_id).where(Assessment.id == quiz.id).with_for_update(key_share=True)).one()
    if newest != quiz.draft_revision_id:
        raise Conflict("This quiz was changed somewhere else at the same moment. Load the page again to see it.")
    number = session.exec(select(func.coalesce(func.max(AssessmentRevision.number), 0)).where(AssessmentRevision.assessment_id == quiz.id)).one()
    revision = AssessmentRevision(
        assessment_id=quiz.id,
        number=number + 1,
        title=quiz.title,
        settings=settings.model_dump(mode="json"),
        created_at=clock.now(),
        created_by=actor.person_id,
    )
    session.add(revision)
    session.flush()
    sections = [
        AssessmentSection(assessment_revision_id=revision.id, number=place, title=part.title, introduction=part.introduction, shuffle=part.shuffle)
        for place, part in enumerate(parts)
    ]
    session.add_all(sections)
    session.flush()
    session.add_all(
        SectionQuestion(
            section_id=sections[line.section].id,
            number=place,
            question_id=line.question_id,
            question_revision_id=line.revision_id,
            points=line.points,
        )
        for place, line in enumerate(lines)
    )
    session.add_all(
        SectionPool(
            section_id=sections[pool.section].id,
            number=place,
            category_id=pool.category_id,
            tags=list(pool.tags),
            count=pool.count,
            points=pool.points,
        )
        for place, pool in enumerate(pools, start=len(lines))
    )
    quiz.draft_revision_id = revision.id
    session.add(quiz)
    session.flush()
    node_health.note_quiz(session, quiz, empty=not lines and not pools)
    outline_changes.tell(session, quiz.course_id)


def _sentence(name: str) -> str:
    return {
        "attempts_allowed": "A whole number from 1 to 100, or empty for no limit.",
        "pass_mark": "A percentage from 0 to 100, or empty where nothing is to be passed.",
        "time_limit": "Minutes, from half a minute to 10,080, or empty for no limit.",
        "introduction": "At most 2,000 characters.",
        "tries": "A whole number from 2 to 10.",
        "wait_seconds": "Minutes, up to 43,200, or empty for no wait.",
        "grace_seconds": "Minutes, up to 1,440, or empty for none.",
        "opens_at": "A date and a time, or empty where it is open from the start.",
        "closes_at": "A date and a time after it opens, or empty where it stays open.",
        "questions_per_page": "A whole number from 0 to 50.",
        "bands": "Each line has a percentage from 0 to 100 and at most 1,000 characters of words; 20 lines at most.",
        "password": "At most 200 characters.",
    }.get(name, "This cannot be taken.")
