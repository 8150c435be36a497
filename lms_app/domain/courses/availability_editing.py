"""When a part of a course is open, under its authors' hands: read, looked at before it holds, set. Nothing that students did is touched."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy import select as sql_select
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access, authoring, outline_changes, outline_editing
from lms_app.domain.courses.availability_health_rules import WaitingNode, never_met
from lms_app.domain.courses.availability_rules import (
    OPEN,
    After,
    Availability,
    Part,
    Score,
    Situation,
    Unfit,
    author_words,
    dump,
    openings,
    parse_availability,
)
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.courses.outline_editing import OutlineChanged
from lms_app.domain.enrollments.openings import availabilities, complete_parts, read_standings
from lms_app.errors import Conflict, Invalid, NotFound
from lms_app.models import Assessment, Enrollment, Lesson, Module, NodeAvailability, Page
from lms_app.words import CompletionRule, EnrollmentStatus, Hint, NodeKind

QUIZ = "quiz"


@dataclass(frozen=True, kw_only=True)
class AvailabilityEditor:
    """When a node is open. A change names `version`; `zone` is the one that its dates are in, `words` say the rule ("" for always)."""

    version: int
    availability: dict[str, Any]
    zone: str
    words: str


@dataclass(frozen=True, kw_only=True)
class AvailabilityPreview:
    """What a change would do today: of all `students` of the course, for how many the node is open now and for how many then; how many of the others
    have begun it and keep it. `refusal` says why the change cannot be made, "" where it can."""

    students: int
    open_now: int
    open_then: int
    keep: int
    words: str
    sentence: str
    refusal: str


class AvailabilityMoved(Conflict):
    """Somebody else changed it meanwhile. `theirs` is what holds now."""

    slug = "availability-moved"

    def __init__(self, theirs: AvailabilityEditor) -> None:
        super().__init__("Somebody else changed the availability meanwhile. Look at theirs, then save yours again.")
        self.theirs = theirs


def availability_editor(session: Session, actor: Actor, course_id: UUID, kind: str, node_id: UUID) -> AvailabilityEditor:
    """When a node of a course that the actor may author is open. Raises NotFound."""
    _refuse_elsewhere(session, actor, course_id, kind, node_id)
    return _editor(session, course_id, session.get(NodeAvailability, node_id), _nodes(session, course_id))


def preview(session: Session, actor: Actor, course_id: UUID, kind: str, node_id: UUID, given: Mapping[str, Any]) -> AvailabilityPreview:
    """What an availability would do to those who take the course. Nothing is saved. Raises NotFound, and Invalid for what is none."""
    _refuse_elsewhere(session, actor, course_id, kind, node_id)
    wanted = _parsed(given)
    nodes = _nodes(session, course_id)
    rules = availabilities(session, [course_id]).get(course_id, {})
    then = {**rules, node_id: wanted}
    query = select(Enrollment).where(Enrollment.course_id == course_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    students = session.exec(query).all()
    numbers = _numbers(session, course_id, node_id, nodes, rules, then, students)
    return AvailabilityPreview(
        students=len(students),
        open_now=numbers[0],
        open_then=numbers[1],
        keep=numbers[2],
        words=_words(wanted, nodes),
        sentence=_sentence(len(students), *numbers),
        refusal=_refusal(nodes, then, node_id),
    )


def set_availability(
    session: Session, actor: Actor, course_id: UUID, kind: str, node_id: UUID, given: Mapping[str, Any], *, seen: int
) -> OutlineChanged:
    """Sets when a node is open, in the place of the version that its author has seen. Raises NotFound, AvailabilityMoved, and Invalid for what is no
    availability or can never be met."""
    _refuse_elsewhere(session, actor, course_id, kind, node_id)
    wanted, nodes = _parsed(given), _nodes(session, course_id)
    refusal = _refusal(nodes, {**availabilities(session, [course_id]).get(course_id, {}), node_id: wanted}, node_id)
    if refusal:
        raise Invalid(refusal)
    row = session.exec(select(NodeAvailability).where(NodeAvailability.node_id == node_id).with_for_update()).first()
    if (row.version if row else 0) != seen:
        raise AvailabilityMoved(_editor(session, course_id, row, nodes))
    if row is None:
        made = insert(NodeAvailability).values(
            node_id=node_id, course_id=course_id, node_kind=NodeKind.ASSESSMENT if kind == QUIZ else kind, rule=dump(wanted), version=1,
            changed_at=clock.now(),
        )  # fmt: skip
        done = session.execute(made.on_conflict_do_nothing(index_elements=["node_id"]).returning(col(NodeAvailability.node_id))).first()
        if done is None:
            raise AvailabilityMoved(_editor(session, course_id, session.get(NodeAvailability, node_id), nodes))
    else:
        row.rule, row.version, row.changed_at = dump(wanted), row.version + 1, clock.now()
        session.add(row)
    session.flush()
    outline_changes.tell(session, course_id)
    after_commit(session, lambda: pubsub.hint(Hint.AVAILABILITY, course_id), once=f"availability:{course_id}")
    return outline_editing.changed(session, actor, course_id)


def copy_with(session: Session, copies: Mapping[UUID, UUID]) -> None:
    """Gives copies the availabilities of what they were copied from, by the names of the copies."""
    rows = session.exec(select(NodeAvailability).where(col(NodeAvailability.node_id).in_(copies))).all()
    for row in rows:
        rule = parse_availability(row.rule)
        if rule.conditions:
            named = {"node_id": copies[row.node_id], "course_id": row.course_id, "node_kind": row.node_kind}
            session.add(NodeAvailability(**named, rule=dump(rule.renamed(copies)), changed_at=clock.now()))
    session.flush()


def _refuse_elsewhere(session: Session, actor: Actor, course_id: UUID, kind: str, node_id: UUID) -> None:
    node = access.editable_assessment(session, actor, node_id) if kind == QUIZ else authoring.node_of(session, actor, kind, node_id)
    if node.course_id != course_id:
        raise NotFound


def _parsed(given: Mapping[str, Any]) -> Availability:
    try:
        return parse_availability(given)
    except Unfit as fault:
        raise Invalid(str(fault)) from None


def _refusal(nodes: Mapping[UUID, WaitingNode], rules: Mapping[UUID, Availability], node_id: UUID) -> str:
    """Why a rule cannot be set, "" where it can. What is not published yet may be waited for: it will be."""
    for condition in rules[node_id].conditions:
        target = nodes.get(condition.node) if isinstance(condition, After) else nodes.get(condition.quiz) if isinstance(condition, Score) else None
        wanted = condition.kind if isinstance(condition, After) else NodeKind.ASSESSMENT
        if target is not None and target.kind != wanted:
            return "A condition names something that is not what it says it is. Choose it again."
    why = never_met(nodes.values(), rules).get(node_id, "")
    return f"No student could ever open this: {why}." if why else ""


def _editor(session: Session, course_id: UUID, row: NodeAvailability | None, nodes: Mapping[UUID, WaitingNode]) -> AvailabilityEditor:
    rule = parse_availability(row.rule) if row else Availability()
    return AvailabilityEditor(
        version=row.version if row else 0,
        availability=dump(rule),
        zone=access.current_run(session, course_id).time_zone,
        words=_words(rule, nodes),
    )


def _words(rule: Availability, nodes: Mapping[UUID, WaitingNode]) -> str:
    return author_words(rule, {node.id: node.title for node in nodes.values()})


def _numbers(
    session: Session,
    course_id: UUID,
    node_id: UUID,
    nodes: Mapping[UUID, WaitingNode],
    rules: Mapping[UUID, Availability],
    then: Mapping[UUID, Availability],
    students: Sequence[Enrollment],
) -> tuple[int, int, int]:
    """For how many students a node is open now, for how many under other rules, and how many of the rest have begun it."""
    if not students:
        return 0, 0, 0
    way = _way_to(nodes, node_id)
    asked = [each[node] for each in (rules, then) for node in way if node in each]
    outline = published_outline(session, course_id)
    own = _inside(nodes, {node_id})
    about = own | _inside(nodes, {node for rule in asked for node in rule.waits_for})
    parts = [Part(id=node, within=nodes[node].within) for node in way]
    open_now = open_then = keep = 0
    for standing in read_standings(session, students, asked, about=about).values():
        situation = Situation(
            now=clock.now(),
            zone=standing.run_zone,
            enrolled_at=standing.enrolled_at,
            complete=standing.completed | complete_parts(outline, standing.completed),
            scores=standing.scores,
        )
        open_now += openings(parts, rules, situation, ())[0].get(node_id, OPEN).fresh
        is_open = openings(parts, then, situation, ())[0].get(node_id, OPEN).fresh
        open_then += is_open
        keep += not is_open and not own.isdisjoint(standing.completed | standing.begun)
    return open_now, open_then, keep


def _sentence(students: int, open_now: int, open_then: int, keep: int) -> str:
    if not students:
        return "Nobody takes the course yet."
    told = f"Opens for {open_then} of {students} {'student' if students == 1 else 'students'} today; it is open for {open_now} now."
    if not keep:
        return told
    return f"{told} {keep} who {'is' if keep == 1 else 'are'} in it now would keep it."


def _way_to(nodes: Mapping[UUID, WaitingNode], node_id: UUID) -> list[UUID]:
    """What a node stands in, outermost first, and itself. One that is not in the course stands in nothing."""
    way: list[UUID] = []
    at = nodes.get(node_id)
    while at is not None:
        way.insert(0, at.id)
        at = nodes.get(at.within) if at.within else None
    return way


def _inside(nodes: Mapping[UUID, WaitingNode], outer: Collection[UUID]) -> set[UUID]:
    """Some nodes and everything in them. Nodes come after what they stand in."""
    found = set(outer)
    for node in nodes.values():
        if node.within in found:
            found.add(node.id)
    return found


def _nodes(session: Session, course_id: UUID) -> dict[UUID, WaitingNode]:
    """What is in the course, published or not, each after what it stands in: four statements."""
    found: dict[UUID, WaitingNode] = {}
    for table, kind, within in (
        (Module, NodeKind.MODULE, ""),
        (Lesson, NodeKind.LESSON, "module_id"),
        (Page, NodeKind.PAGE, "lesson_id"),
        (Assessment, NodeKind.ASSESSMENT, "page_id"),
    ):
        columns = inspect(table).columns
        ruled = ("completion_rule", "required") if within in ("lesson_id", "page_id") else ()
        names = ("id", "title", *([within] if within else []), *ruled)
        query = sql_select(*(columns[name] for name in names)).where(columns["course_id"] == course_id, columns["archived_at"].is_(None))
        for row in session.execute(query).mappings():
            holder = row[within] if within else None
            if within and holder not in found:
                continue
            completes = bool(ruled) and row["completion_rule"] != CompletionRule.NONE
            found[row["id"]] = WaitingNode(
                id=row["id"], kind=kind, title=row["title"], within=holder, completes=completes, required=completes and row["required"]
            )
    return found
