"""The fold: reads learning events past its cursor and moves the roll-ups, both in one transaction.

It reads only events whose transaction lies below the snapshot's xmin, in the order (xid, id): whatever commits later has a higher xid, so no event
is passed by, and none is counted twice. It is the roll-ups' only writer; the cursor's row lock makes a second fold step aside.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Row as ResultRow
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import statistics_fold
from lms_app.domain.analytics.statistics_rules import score_bin
from lms_app.domain.gradebook import projection
from lms_app.domain.id_table import id_table, same_ids
from lms_app.models import ActiveDay, FoldCursor, ItemPerson, Run, RunDay, RunFigures, RunItem, RunScores
from lms_app.words import Hint, NodeKind, Verb

SHARD = 0
BATCH = 2_000

_NEXT = text(
    "SELECT id, CAST(CAST(xid AS text) AS bigint) AS xid, occurred_at, course_id, run_id, person_id, verb, object_kind, object_id, attempt_id, value "
    "FROM learning_events WHERE (xid, id) > (CAST(:xid AS text)::xid8, :id) AND xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY xid, id LIMIT :batch"
)

_ANY_LEFT = text(
    "SELECT EXISTS (SELECT FROM learning_events e WHERE (e.xid, e.id) > "
    "(SELECT CAST(CAST(c.xid AS text) AS xid8), c.event_id FROM fold_cursors c WHERE c.shard = :shard))"
)


@dataclass
class _Scores:
    """What moves a bin of scores: attempts more or fewer, and the sum of their fractions."""

    attempts: int = 0
    total: Decimal = Decimal(0)


@dataclass
class _Moves:
    """What a batch of events moves."""

    figures: dict[UUID, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    days: dict[tuple[UUID, date], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    active: set[tuple[UUID, date, UUID]] = field(default_factory=set)
    items: dict[tuple[UUID, UUID, UUID], set[str]] = field(default_factory=lambda: defaultdict(set))
    kinds: dict[UUID, str] = field(default_factory=dict)
    scores: dict[tuple[UUID, UUID, int], _Scores] = field(default_factory=lambda: defaultdict(_Scores))
    attempts: set[UUID] = field(default_factory=set)
    courses: dict[UUID, UUID] = field(default_factory=dict)


def fold(session: Session, *, batch: int = BATCH) -> bool:
    """Folds the next `batch` events. Gives True when there may be more, False when all was read or another fold is at work."""
    session.execute(
        insert(FoldCursor).values(shard=SHARD, xid=0, event_id=UUID(int=0), folded_at=clock.now()).on_conflict_do_nothing(index_elements=["shard"])
    )
    cursor = session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update(skip_locked=True)).first()
    if cursor is None:
        return False
    events = session.execute(_NEXT, {"xid": str(cursor.xid), "id": cursor.event_id, "batch": batch}).all()
    cursor.folded_at = clock.now()
    session.add(cursor)
    if not events:
        return False
    moves = _moves(events, _zones(session, {event.run_id for event in events}))
    _apply(session, moves)
    cursor.xid, cursor.event_id = events[-1].xid, events[-1].id
    return len(events) == batch


def recount_statistics(session: Session) -> int:
    """Makes the sums of item statistics anew from the attempts, as an installation needs once after it got them, and gives how many attempts count.

    Waits for a fold that is at work. The sums come out as the fold had them.
    """
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update()).first()
    return statistics_fold.recount(session)


def is_behind(session: Session) -> bool:
    """Whether events lie past the cursor: because an older transaction is under way, or because another fold has not committed yet."""
    return session.execute(_ANY_LEFT, {"shard": SHARD}).scalar_one()


def _zones(session: Session, runs: set[UUID]) -> dict[UUID, ZoneInfo]:
    rows = session.exec(select(Run.id, Run.time_zone).where(col(Run.id).in_(runs))).all()
    return {run_id: ZoneInfo(zone) for run_id, zone in rows}


def _moves(events: Any, zones: dict[UUID, ZoneInfo]) -> _Moves:
    moves = _Moves()
    for event in events:
        moves.courses[event.run_id] = event.course_id
        day = event.occurred_at.astimezone(zones.get(event.run_id, ZoneInfo("UTC"))).date()
        if event.verb not in (Verb.GRADED, Verb.UNCOMPLETED):
            moves.active.add((event.run_id, day, event.person_id))
        if event.attempt_id is not None and event.verb in (Verb.SUBMITTED, Verb.GRADED):
            moves.attempts.add(event.attempt_id)
        _move(moves, event, moves.figures[event.run_id], moves.days[event.run_id, day])
    return moves


def _move(moves: _Moves, event: ResultRow[Any], figures: Counter[str], day: Counter[str]) -> None:
    item = (event.run_id, event.object_id, event.person_id)
    match Verb(event.verb), NodeKind(event.object_kind):
        case Verb.ENROLLED, _:
            figures["enrolled"] += 1
            day["enrolled"] += 1
            # Of the course as an item: who ever began it, and who completed it.
            moves.items[item].add("started")
            moves.kinds[event.object_id] = NodeKind.COURSE
        case Verb.WITHDREW, _:
            figures["enrolled"] -= 1
            figures["withdrawn"] += 1
            day["withdrawn"] += 1
        case Verb.COMPLETED, NodeKind.COURSE:
            figures["completed"] += 1
            moves.items[item] |= {"started", "completed"}
            moves.kinds[event.object_id] = NodeKind.COURSE
        case Verb.UNCOMPLETED, _:
            figures["completed"] -= 1
        case Verb.EARNED, _:
            figures["certificates"] += 1
        case Verb.COMPLETED, kind:
            day["completions"] += 1
            moves.items[item] |= {"started", "completed"}
            moves.kinds[event.object_id] = kind
        case ((Verb.VIEWED | Verb.STARTED), kind):
            moves.items[item].add("started")
            moves.kinds[event.object_id] = kind
        case Verb.SUBMITTED, _:
            _move_score(moves, event, event.value.get("fraction", "0"), 1)
        case Verb.GRADED, _:
            _move_score(moves, event, event.value.get("before"), -1)
            _move_score(moves, event, event.value.get("fraction"), 1)


def _move_score(moves: _Moves, event: ResultRow[Any], fraction: str | None, sign: int) -> None:
    if fraction is not None:
        exact = Decimal(fraction)
        scores = moves.scores[event.run_id, event.object_id, score_bin(exact)]
        scores.attempts += sign
        scores.total += sign * exact


def _apply(session: Session, moves: _Moves) -> None:
    now = clock.now()
    for run_id, day, _ in _newly_active(session, moves.active):
        moves.days[run_id, day]["active"] += 1
    for (run_id, day), counts in moves.days.items():
        _add(session, RunDay, {"run_id": run_id, "day": day}, counts)
    for (run_id, object_id), counts in _newly_done(session, moves.items).items():
        _add(session, RunItem, {"run_id": run_id, "object_id": object_id}, counts, fixed={"object_kind": moves.kinds[object_id]})
    for (run_id, assessment_id, bin_), scores in moves.scores.items():
        key = {"run_id": run_id, "assessment_id": assessment_id, "bin": bin_}
        _add(session, RunScores, key, {"attempts": scores.attempts, "total": scores.total})
    statistics_fold.move(session, moves.attempts)
    projection.move(session, moves.attempts)
    for run_id, course_id in moves.courses.items():
        counts = Counter(moves.figures[run_id])
        counts["version"] += 1
        _add(session, RunFigures, {"run_id": run_id}, counts, fixed={"course_id": course_id, "folded_at": now})
        after_commit(session, lambda run_id=run_id: pubsub.hint(Hint.ANALYTICS, run_id))


def _newly_active(session: Session, active: set[tuple[UUID, date, UUID]]) -> list[Any]:
    if not active:
        return []
    values = [{"run_id": run_id, "day": day, "person_id": person_id} for run_id, day, person_id in sorted(active)]
    statement = insert(ActiveDay).values(values).on_conflict_do_nothing().returning(ActiveDay.run_id, ActiveDay.day, ActiveDay.person_id)  # pyright: ignore[reportCallIssue, reportArgumentType]
    return list(session.execute(statement))


def _newly_done(session: Session, items: dict[tuple[UUID, UUID, UUID], set[str]]) -> dict[tuple[UUID, UUID], Counter[str]]:
    """How many people have started or completed each node for the first time; their rows are brought up to date."""
    if not items:
        return {}
    known = {(row.run_id, row.object_id, row.person_id): row for row in _rows_of(session, items)}
    counts: dict[tuple[UUID, UUID], Counter[str]] = defaultdict(Counter)
    for key, done in items.items():
        row = known.get(key) or ItemPerson(run_id=key[0], object_id=key[1], person_id=key[2])
        for what in done:
            if not getattr(row, what):
                setattr(row, what, True)
                counts[key[0], key[1]][what] += 1
        session.add(row)
    session.flush()
    return counts


def _rows_of(session: Session, keys: Iterable[tuple[UUID, UUID, UUID]]) -> Sequence[ItemPerson]:
    """The rows of these runs, nodes and people."""
    wanted = id_table(keys, "run_id", "object_id", "person_id")
    return session.exec(select(ItemPerson).join(wanted, same_ids(ItemPerson, wanted))).all()


def _add(session: Session, table: Any, key: dict[str, Any], counts: dict[str, Any], fixed: dict[str, Any] | None = None) -> None:
    """Adds `counts` to a roll-up's row, making it where it is new."""
    if not counts:
        return
    fixed = fixed or {}
    whole = {name: 0 for name, column in table.__table__.columns.items() if not column.primary_key and name not in fixed}
    new = {**key, **whole, **fixed, **counts}
    moved = {name: getattr(table, name) + amount for name, amount in counts.items()}
    session.execute(insert(table).values(new).on_conflict_do_update(index_elements=list(key), set_={**moved, **fixed}))
