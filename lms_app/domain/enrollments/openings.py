"""Which parts of a course are open to whom now: a whole course, for one student or many, by a constant number of statements."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.courses.access import LearnedQuiz
from lms_app.domain.courses.availability_rules import OPEN, Availability, Opening, Part, Score, Situation, openings, parse_availability
from lms_app.domain.courses.outline import Outline, OutlinePage, published_outlines
from lms_app.domain.enrollments import progress
from lms_app.domain.enrollments.progress_rules import is_page_done
from lms_app.errors import Locked
from lms_app.models import Attempt, Completion, Enrollment, NodeAvailability, PageView, Person, Run
from lms_app.words import CompletionRule


@dataclass(frozen=True, kw_only=True)
class Openings:
    """How a course stands for one student: the nodes that are not simply open, and when the clock may next change that."""

    nodes: Mapping[UUID, Opening] = field(default_factory=dict[UUID, Opening])
    again: datetime | None = None

    def of(self, node_id: UUID) -> Opening:
        """How a node stands."""
        return self.nodes.get(node_id, OPEN)

    def lock(self, node_id: UUID) -> str:
        """When a node opens that the student may not see, "" for one that they may."""
        opening = self.of(node_id)
        return "" if opening.open else opening.sentence


ALL_OPEN = Openings()


def openings_of(session: Session, enrollment: Enrollment, outline: Outline | None = None) -> Openings:
    """How a course stands for one of its students. `outline` spares reading it where the caller has."""
    return openings_of_many(session, [enrollment], {outline.course_id: outline} if outline else None)[enrollment.id]


def opening_of_quiz(session: Session, learned: LearnedQuiz) -> Opening:
    """How a quiz stands for a student: without a statement in a course in which nothing has an availability."""
    return openings_of(session, learned.enrollment).of(learned.assessment.id) if learned.may_be_locked else OPEN


def openings_of_many(session: Session, enrollments: Sequence[Enrollment], outlines: Mapping[UUID, Outline] | None = None) -> dict[UUID, Openings]:
    """The same of several enrolments, by their ids: one statement where no course of theirs has an availability, a constant number where one has."""
    rules = availabilities(session, {each.course_id for each in enrollments})
    bound = [each for each in enrollments if rules.get(each.course_id)]
    if not bound:
        return dict.fromkeys((each.id for each in enrollments), ALL_OPEN)
    missing = {each.course_id for each in bound} - set(outlines or {})
    known = {**(outlines or {}), **(published_outlines(session, missing) if missing else {})}
    standings = read_standings(session, bound, [rule for each in rules.values() for rule in each.values()])
    shut = {each.id: openings_in(known[each.course_id], rules[each.course_id], standings[each.id]) for each in bound}
    return {each.id: shut.get(each.id, ALL_OPEN) for each in enrollments}


@dataclass(frozen=True, kw_only=True)
class StudentStanding:
    """What openings ask of one student: the clocks, what the ledger holds, the best released score of each quiz, what they have begun."""

    enrolled_at: datetime
    run_zone: ZoneInfo
    reader_zone: ZoneInfo
    completed: frozenset[UUID]
    scores: Mapping[UUID, Decimal]
    begun: frozenset[UUID]


def openings_in(outline: Outline, rules: Mapping[UUID, Availability], standing: StudentStanding) -> Openings:
    """How a course stands for a student who stands like this."""
    situation = Situation(
        now=clock.now(),
        zone=standing.run_zone,
        reader=standing.reader_zone,
        enrolled_at=standing.enrolled_at,
        complete=standing.completed | complete_parts(outline, standing.completed),
        scores=standing.scores,
        titles=_titles(outline, {node for rule in rules.values() for node in rule.waits_for}),
    )
    nodes, again = openings(_parts(outline), rules, situation, _kept(outline, standing.completed | standing.begun))
    return Openings(nodes=nodes, again=again)


def availabilities(session: Session, course_ids: Collection[UUID]) -> dict[UUID, dict[UUID, Availability]]:
    """The availabilities in some courses that say something, by course and node: one statement."""
    found: dict[UUID, dict[UUID, Availability]] = defaultdict(dict)
    for course_id, node_id, rule in session.execute(_RULES, {"course_ids": list(course_ids)}).all():
        availability = parse_availability(rule)
        if availability.conditions:
            found[course_id][node_id] = availability
    return found


def read_standings(
    session: Session, enrollments: Sequence[Enrollment], rules: Collection[Availability], *, about: Collection[UUID] | None = None
) -> dict[UUID, StudentStanding]:
    """What some rules ask of each student. `about` are the nodes that matter; all where it is None."""
    ids = [each.id for each in enrollments]
    zones = {row[0]: (row[1], row[2]) for row in session.execute(_ZONES, {"ids": ids}).all()}
    completed = _gathered(session, _COMPLETED, ids, Completion.node_id, about)
    viewed = _gathered(session, _VIEWED, ids, PageView.page_id, about)
    begun = _gathered(session, _BEGUN, ids, Attempt.assessment_id, about)
    quizzes = {each.quiz for rule in rules for each in rule.conditions if isinstance(each, Score)}
    scores: dict[UUID, dict[UUID, Decimal]] = defaultdict(dict)
    if quizzes:
        for enrollment_id, quiz, best in session.execute(_SCORES, {"ids": ids, "quizzes": list(quizzes)}).all():
            scores[enrollment_id][quiz] = best
    return {
        each.id: StudentStanding(
            enrolled_at=each.enrolled_at,
            run_zone=ZoneInfo(zones[each.id][0]),
            reader_zone=ZoneInfo(zones[each.id][1]),
            completed=frozenset(completed[each.id]),
            scores=scores[each.id],
            begun=frozenset(viewed[each.id] | begun[each.id]),
        )
        for each in enrollments
    }


def complete_parts(outline: Outline, completed: frozenset[UUID]) -> frozenset[UUID]:
    """The pages, lessons and modules that are complete as a whole: what is required in them is done or, where nothing is, all that can be."""
    found: set[UUID] = set()
    for module in outline.modules:
        for lesson in module.lessons:
            found.update(page.id for page in lesson.pages if is_page_done(page, completed))
            if _is_whole(lesson.pages, completed):
                found.add(lesson.id)
        if _is_whole([page for lesson in module.lessons for page in lesson.pages], completed):
            found.add(module.id)
    return frozenset(found)


def refuse_locked_page(session: Session, enrollment: Enrollment, page_id: UUID) -> None:
    """Raises Locked for a page that its student may not see. One that they have opened is theirs to see, and costs one look."""
    if session.get(PageView, (enrollment.id, page_id)) is None:
        sentence = openings_of(session, enrollment).lock(page_id)
        if sentence:
            raise Locked(sentence)


def _is_whole(pages: Sequence[OutlinePage], completed: frozenset[UUID]) -> bool:
    items = [item for page in pages for item in page.items]
    asked = [item for item in items if item.required] or [item for item in items if item.rule != CompletionRule.NONE]
    return bool(asked) and all(item.id in completed for item in asked)


def _parts(outline: Outline) -> Iterator[Part]:
    for module in outline.modules:
        yield Part(id=module.id)
        for lesson in module.lessons:
            yield Part(id=lesson.id, within=module.id)
            for page in lesson.pages:
                yield Part(id=page.id, within=lesson.id)
                for quiz in page.quizzes:
                    yield Part(id=quiz.id, within=page.id)


def _kept(outline: Outline, theirs: frozenset[UUID]) -> frozenset[UUID]:
    """What a student has, with the pages on which they have begun a quiz: the way to it."""
    return theirs | {page.id for page in outline.pages() if any(quiz.id in theirs for quiz in page.quizzes)}


def _titles(outline: Outline, named: Collection[UUID]) -> dict[UUID, str]:
    every = [(module.id, module.title) for module in outline.modules]
    every += [(lesson.id, lesson.title) for module in outline.modules for lesson in module.lessons]
    every += [(item.id, item.title) for item in outline.items()]
    return {node: title for node, title in every if node in named}


def _gathered(session: Session, statement: Any, ids: list[UUID], node: Any, about: Collection[UUID] | None) -> dict[UUID, set[UUID]]:
    found: dict[UUID, set[UUID]] = defaultdict(set)
    asked = statement if about is None else statement.where(col(node).in_(about))
    for enrollment_id, node_id in session.execute(asked, {"ids": ids}).all():
        found[enrollment_id].add(node_id)
    return found


# Made once: making statements takes longer than having them carried out.
_IDS = bindparam("ids", expanding=True)
_RULES = sql_select(col(NodeAvailability.course_id), col(NodeAvailability.node_id), col(NodeAvailability.rule)).where(
    col(NodeAvailability.course_id).in_(bindparam("course_ids", expanding=True))
)
_ZONES = (
    sql_select(col(Enrollment.id), col(Run.time_zone), col(Person.time_zone))
    .join(Run, col(Run.id) == col(Enrollment.run_id))
    .join(Person, col(Person.id) == col(Enrollment.person_id))
    .where(col(Enrollment.id).in_(_IDS))
)
_COMPLETED = select(Completion.enrollment_id, Completion.node_id).where(col(Completion.enrollment_id).in_(_IDS), progress.stands())
_VIEWED = select(PageView.enrollment_id, PageView.page_id).where(col(PageView.enrollment_id).in_(_IDS))
_BEGUN = select(Attempt.enrollment_id, Attempt.assessment_id).where(col(Attempt.enrollment_id).in_(_IDS)).distinct()
_SCORES = (
    sql_select(col(Attempt.enrollment_id), col(Attempt.assessment_id), func.max(Attempt.fraction))
    .where(
        col(Attempt.enrollment_id).in_(_IDS),
        col(Attempt.assessment_id).in_(bindparam("quizzes", expanding=True)),
        col(Attempt.released_at).is_not(None),
        col(Attempt.fraction).is_not(None),
    )
    .group_by(col(Attempt.enrollment_id), col(Attempt.assessment_id))
)
