"""The fold: adds learning events past its cursor to the roll-ups, and moves the cursor, both in one transaction; and the rebuild, which makes the
roll-ups anew of all events.

The fold reads only events whose transaction lies below the snapshot's xmin, in the order (xid, id): whatever commits later has a higher xid, so no
event is passed by, and none is counted twice. The two are the roll-ups' only writers; the cursor's row lock makes a second fold step aside.

The cursor says by which version of `rollups.py` its roll-ups were made. Those of an older version are made anew before anything is added to them,
also where code that knows no version went on folding beside ours; those of a newer version are left to the code that is newer.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import rollups, statistics_fold
from lms_app.domain.gradebook import projection
from lms_app.errors import Conflict
from lms_app.models import FoldCursor
from lms_app.words import Hint

SHARD = 0
BATCH = 2_000

# Looked for in the order of the index, and not by EXISTS, which forgets that order and goes through everything that ever happened to find nothing.
_ANY_LEFT = text(
    "SELECT (SELECT e.id FROM learning_events e WHERE (e.xid, e.id) > "
    "(SELECT CAST(CAST(c.xid AS text) AS xid8), c.event_id FROM fold_cursors c WHERE c.shard = :shard) "
    "ORDER BY e.xid, e.id LIMIT 1) IS NOT NULL"
)
_LAST = text(
    "SELECT CAST(CAST(xid AS text) AS bigint) AS xid, id FROM learning_events "
    "WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid DESC, id DESC LIMIT 1"
)
_IS_FOREIGN = text("SELECT CAST(:xid AS xid8) >= pg_snapshot_xmax(pg_current_snapshot())")
_RESTAMP = text("UPDATE learning_events SET xid = CAST('1' AS xid8) WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())")
_UNREAD = text(
    "SELECT array_agg(DISTINCT attempt_id) FILTER (WHERE attempt_id IS NOT NULL AND verb IN ('submitted', 'graded')) AS attempts, "  # noqa: S608 - with a constant
    f"array_agg(DISTINCT person_id) FILTER (WHERE {rollups.LEARNT}) AS learners "
    "FROM learning_events WHERE (xid, id) > (CAST(:xid AS xid8), CAST(:id AS uuid))"
)
_NOTHING = UUID(int=0)
_RESTAMPED = 1, UUID(int=2**128 - 1)
"""Past every event that came from another server."""


@dataclass
class _Unread:
    """Whom and what events tell of that a rebuild takes along, and the fold has not read."""

    attempts: set[UUID] = field(default_factory=set)
    learners: set[UUID] = field(default_factory=set)

    def add_past(self, session: Session, xid: int, event_id: UUID) -> None:
        found = session.execute(_UNREAD, {"xid": str(xid), "id": event_id}).one()
        self.attempts.update(found.attempts or ())
        self.learners.update(found.learners or ())


def fold(session: Session, *, batch: int = BATCH) -> bool:
    """Folds the next `batch` events, or makes the roll-ups anew where they are of an older version. Gives True when there may be more, False when all
    was read, when another fold is at work or newer code folds."""
    _make_cursor(session)
    cursor = session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update(skip_locked=True)).first()
    if cursor is None or cursor.version > rollups.VERSION:
        return False
    if _is_foreign(session, cursor) or not _is_ours(cursor):
        rebuild(session)
        return True
    moved = session.execute(rollups.ADD_NEXT, {"xid": str(cursor.xid), "id": cursor.event_id, "batch": batch, "now": clock.now()}).one()
    cursor.folded_at = clock.now()
    session.add(cursor)
    if not moved.events:
        return False
    _move_attempts(session, [UUID(attempt) for attempt in moved.attempts or ()])
    _tell(session, moved.runs, moved.learners)
    cursor.xid, cursor.event_id = moved.xid, moved.id
    cursor.left_at = cursor.event_id
    return moved.events == batch


def rebuild(session: Session, run_id: UUID | None = None) -> int:
    """Makes the roll-ups of a run, or of all, anew from its events, and gives how many there were. Waits for a fold that is at work.

    Of all runs it takes every event that may be read by now, and the fold goes on behind them; of one run those that the fold has read. Roll-ups of
    another version are made anew of all runs. Raises Conflict where newer code keeps them and one run was asked for.
    """
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("SET LOCAL work_mem = '128MB'"))
    session.execute(text("SET LOCAL jit = off"))
    _make_cursor(session)
    cursor = session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update()).one()
    if run_id is not None and cursor.version > rollups.VERSION:
        raise Conflict("A newer version of Lyceum keeps these figures. Make them anew with that one.")
    if not _is_ours(cursor):
        run_id = None
    read, unread = (cursor.xid, cursor.event_id), _Unread()
    if _is_foreign(session, cursor):
        unread.add_past(session, *read)
        session.execute(_RESTAMP)
        cursor.xid, cursor.event_id, run_id, read = 0, _NOTHING, None, _RESTAMPED
    last = session.execute(_LAST).first() if run_id is None else None
    if last is not None:
        cursor.xid, cursor.event_id = last.xid, last.id
        unread.add_past(session, *read)
    for statement in rollups.CLEAR:
        session.execute(statement, {"run": run_id})
    upto = {"to_xid": str(cursor.xid), "to_id": cursor.event_id}
    moved = session.execute(rollups.ADD_ALL, {"xid": "0", "id": _NOTHING, **upto, "run": run_id, "now": clock.now()}).one()
    cursor.folded_at, cursor.version, cursor.left_at = clock.now(), rollups.VERSION, cursor.event_id
    session.add(cursor)
    # What the fold would have read, and now lies behind its cursor.
    _move_attempts(session, unread.attempts)
    # Of all runs that is everybody who ever learnt: their pages need not all be read at once for figures that come out the same. Those are told whose
    # acts the fold had not read.
    _tell(session, moved.runs, moved.learners if run_id is not None else list(unread.learners))
    return moved.events


def recount_statistics(session: Session) -> int:
    """Makes the sums of item statistics anew from the attempts, as an installation needs once after it got them, and gives how many attempts count.

    Waits for a fold that is at work. The sums come out as the fold had them.
    """
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update()).first()
    return statistics_fold.recount(session)


def is_behind(session: Session) -> bool:
    """Whether events lie past the cursor that we may read: because an older transaction is under way, or another fold has not committed yet."""
    return not is_newer(session) and session.execute(_ANY_LEFT, {"shard": SHARD}).scalar_one()


def is_whole(session: Session) -> bool:
    """Whether no roll-ups are to be made anew: after an upgrade what is new in them is empty until they are."""
    cursor = session.get(FoldCursor, SHARD)
    return cursor is None or cursor.version > rollups.VERSION or _is_ours(cursor)


def is_newer(session: Session) -> bool:
    """Whether roll-ups are those of a newer version, which somebody went back from: they stand as it left them."""
    cursor = session.get(FoldCursor, SHARD)
    return cursor is not None and cursor.version > rollups.VERSION


def _make_cursor(session: Session) -> None:
    new = {"shard": SHARD, "xid": 0, "event_id": _NOTHING, "folded_at": clock.now(), "version": rollups.VERSION, "left_at": _NOTHING}
    session.execute(insert(FoldCursor).values(new).on_conflict_do_nothing(index_elements=["shard"]))


def _is_ours(cursor: FoldCursor) -> bool:
    """Whether all that moved the cursor filled every table that we fill."""
    return cursor.version == rollups.VERSION and cursor.left_at == cursor.event_id


def _move_attempts(session: Session, attempts: Collection[UUID]) -> None:
    """Brings what is made of attempts, item statistics and gradebooks, up to date with what these are now."""
    ordered = sorted(attempts)
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        statistics_fold.move(session, some)
        projection.move(session, some)


def _is_foreign(session: Session, cursor: FoldCursor) -> bool:
    """Whether the database was restored from a dump: the server that it lies on now counts transactions from its own beginning, so that whatever
    happens here would come before the cursor, and never be read. Then what happened there comes before all transactions, and everything is made
    anew."""
    return session.execute(_IS_FOREIGN, {"xid": str(cursor.xid)}).scalar_one()


def _tell(session: Session, runs: list[str] | None, learners: list[UUID] | None) -> None:
    """The staff of each run, and whoever learnt: their own week is made of roll-ups too."""
    for run_id in runs or ():
        after_commit(session, lambda run_id=run_id: pubsub.hint(Hint.ANALYTICS, UUID(run_id)))
    if learners:
        after_commit(session, lambda: pubsub.hint_each(Hint.LEARNT, learners))
