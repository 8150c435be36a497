"""Sections and pools of a quiz, by plain verbs. Every change writes a new draft revision; students see it when it is published."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.assessments.drawing import pool_questions
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.assessments.quiz_authoring import Composition, Part, Pool
from lms_app.domain.courses import access
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.ids import uuid7
from lms_app.models import Assessment, QuestionCategory

MOST_SECTIONS = 30
MOST_POOLS = 50
LONGEST_TITLE = 200
LONGEST_INTRODUCTION = 10_000
LONGEST_TAG = 60


@dataclass(frozen=True, kw_only=True)
class PoolLine:
    """A pool as its author sees it. `finds`: how many questions of the bank it could draw now, those that the quiz asks anyhow left out."""

    id: str
    category: str
    tags: str
    count: int
    points: str
    finds: int
    enough: bool


@dataclass(frozen=True, kw_only=True)
class SectionLine:
    """A section as its author sees it. `number` is its place, from 0; `words` names it where it has no title."""

    number: int
    title: str
    words: str
    introduction: str
    shuffle: bool
    questions: int
    pools: list[PoolLine]


def sections(session: Session, actor: Actor, assessment_id: UUID) -> list[SectionLine]:
    """The sections of a quiz's newest revision, in order. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    fixed = {line.question_id for line in lines}
    named = {row.id: row.name for row in session.exec(select(QuestionCategory).where(QuestionCategory.course_id == quiz.course_id)).all()}
    return [
        SectionLine(
            number=number,
            title=part.title,
            words=part.title or f"Section {number + 1}",
            introduction=part.introduction,
            shuffle=part.shuffle,
            questions=sum(line.section == number for line in lines),
            pools=[_line(session, quiz, pool, named, fixed) for pool in pools if pool.section == number],
        )
        for number, part in enumerate(parts)
    ]


def add_section(session: Session, actor: Actor, assessment_id: UUID, title: str) -> int:
    """A new section at the end of a quiz. Gives its number."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    if len(parts) >= MOST_SECTIONS:
        raise LimitReached(f"A quiz has at most {MOST_SECTIONS} sections.")
    quiz_authoring.recompose(session, actor, quiz, lines, [*parts, Part(title=_title(title))], pools)
    return len(parts)


def save_section(session: Session, actor: Actor, assessment_id: UUID, number: int, *, title: str, introduction: str, shuffle: bool) -> None:
    """Names and introduces a section (Markdown), and says whether its questions are shuffled. Raises Invalid, NotFound."""
    quiz, (lines, parts, pools) = _with_section(session, actor, assessment_id, number)
    if len(introduction) > LONGEST_INTRODUCTION:
        raise Invalid("This introduction is too long.", fields={"introduction": f"At most {LONGEST_INTRODUCTION:,} characters."})
    parts[number] = Part(title=_title(title, optional=True), introduction=introduction.replace("\r\n", "\n").strip(), shuffle=shuffle)
    quiz_authoring.recompose(session, actor, quiz, lines, parts, pools)


def remove_section(session: Session, actor: Actor, assessment_id: UUID, number: int) -> None:
    """Takes a section away. Its questions and pools go to the end of the section before it, of the first to the beginning of the next."""
    quiz, (lines, parts, pools) = _with_section(session, actor, assessment_id, number)
    if len(parts) == 1:
        raise Invalid("A quiz has at least one section.")

    def after(section: int) -> int:
        return max(0, section - 1) if section >= number else section

    quiz_authoring.recompose(
        session,
        actor,
        quiz,
        [replace(line, section=after(line.section)) for line in lines],
        [*parts[:number], *parts[number + 1 :]],
        [replace(pool, section=after(pool.section)) for pool in pools],
    )


def move_to_section(session: Session, actor: Actor, assessment_id: UUID, question_id: UUID, number: int) -> None:
    """Moves a question to the end of another section. Raises NotFound."""
    quiz, (lines, parts, pools) = _with_section(session, actor, assessment_id, number)
    moved = next((line for line in lines if line.question_id == question_id), None)
    if moved is None:
        raise NotFound("This question is not in the quiz.")
    if moved.section == number:
        return
    others = [line for line in lines if line is not moved]
    place = sum(line.section <= number for line in others)
    quiz_authoring.recompose(session, actor, quiz, [*others[:place], replace(moved, section=number), *others[place:]], parts, pools)


def finds(session: Session, actor: Actor, assessment_id: UUID, category_id: UUID | None, tags: str) -> int:
    """How many questions a pool of this category and these tags could draw now."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    _check_category(session, quiz, category_id)
    fixed = {line.question_id for line in quiz_authoring.lines_of(session, quiz)}
    return sum(question not in fixed for question, _, _ in pool_questions(session, quiz.course_id, category_id, read_tags(tags)))


def add_pool(
    session: Session, actor: Actor, assessment_id: UUID, number: int, *, category_id: UUID | None, tags: str, count: str, points: str
) -> None:
    """A place at the end of a section that draws questions of the course's bank for each attempt: `count` of those in a category (and below it)
    with all of the tags, each worth `points`. Raises Invalid with the fields that need another look."""
    quiz, (lines, parts, pools) = _with_section(session, actor, assessment_id, number)
    _check_category(session, quiz, category_id)
    if len(pools) >= MOST_POOLS:
        raise LimitReached(f"A quiz has at most {MOST_POOLS} pools.")
    wrong: dict[str, str] = {}
    wanted = int(count) if count.strip().isdecimal() else 0
    if not 1 <= wanted <= quiz_authoring.MOST_QUESTIONS:
        wrong["count"] = f"A whole number from 1 to {quiz_authoring.MOST_QUESTIONS}."
    named: list[str] = []
    try:
        named = read_tags(tags)
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        worth = quiz_authoring.read_points(points)
    except Invalid as refusal:
        wrong |= refusal.fields
        worth = None
    if wrong or worth is None:
        raise Invalid("This pool cannot be added yet.", fields=wrong)
    pool = Pool(id=uuid7(), section=number, category_id=category_id, tags=tuple(named), count=wanted, points=worth)
    quiz_authoring.recompose(session, actor, quiz, lines, parts, [*pools, pool])


def remove_pool(session: Session, actor: Actor, assessment_id: UUID, pool_id: UUID) -> None:
    """Takes a pool out of a quiz. Attempts that drew from it keep what they drew. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    kept = [pool for pool in pools if pool.id != pool_id]
    if len(kept) == len(pools):
        raise NotFound("This pool is not in the quiz any more. Reload the page.")
    quiz_authoring.recompose(session, actor, quiz, lines, parts, kept)


def read_tags(written: str) -> list[str]:
    """Tags that are separated by commas: small letters, each once, in the order written. Raises Invalid."""
    tags = list(dict.fromkeys(" ".join(tag.split()).casefold() for tag in written.split(",") if tag.strip()))
    if len(tags) > 20 or any(len(tag) > LONGEST_TAG for tag in tags):
        raise Invalid("These tags cannot be used.", fields={"tags": f"At most 20, each of at most {LONGEST_TAG} characters."})
    return tags


def _with_section(session: Session, actor: Actor, assessment_id: UUID, number: int) -> tuple[Assessment, Composition]:
    quiz = access.editable_assessment(session, actor, assessment_id)
    made = quiz_authoring.composition_of(session, quiz)
    if not 0 <= number < len(made.parts):
        raise NotFound("This section is not in the quiz any more. Reload the page.")
    return quiz, made


def _line(session: Session, quiz: Assessment, pool: Pool, named: dict[UUID, str], fixed: set[UUID]) -> PoolLine:
    found = sum(question not in fixed for question, _, _ in pool_questions(session, quiz.course_id, pool.category_id, pool.tags))
    return PoolLine(
        id=str(pool.id),
        category=named.get(pool.category_id, "") if pool.category_id else "",
        tags=", ".join(pool.tags),
        count=pool.count,
        points=plain(pool.points),
        finds=found,
        enough=found >= pool.count,
    )


def _check_category(session: Session, quiz: Assessment, category_id: UUID | None) -> None:
    category = session.get(QuestionCategory, category_id) if category_id else None
    if category_id is not None and (category is None or category.course_id != quiz.course_id):
        raise NotFound("There is no such category in this course.")


def _title(written: str, *, optional: bool = False) -> str:
    clean = " ".join(written.split())
    if not clean and not optional:
        raise Invalid("Give the section a title.", fields={"title": "Give the section a title."})
    if len(clean) > LONGEST_TITLE:
        raise Invalid("This title is too long.", fields={"title": f"At most {LONGEST_TITLE} characters."})
    return clean
