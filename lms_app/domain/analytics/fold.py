"""The fold: adds learning events past its cursor to the roll-ups, and moves the cursor, both in one transaction; and the rebuild, which makes the
roll-ups anew of all events.

The fold reads only events whose transaction lies below the snapshot's xmin, in the order (xid, id): whatever commits later has a higher xid, so no
event is passed by, and none is counted twice. The two are the roll-ups' only writers; the cursor's row lock makes a second fold step aside.
"""

from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.analytics import rollups, statistics_fold
from lms_app.domain.gradebook import projection
from lms_app.models import FoldCursor
from lms_app.words import Hint

SHARD = 0
BATCH = 2_000

_ANY_LEFT = text(
    "SELECT EXISTS (SELECT FROM learning_events e WHERE (e.xid, e.id) > "
    "(SELECT CAST(CAST(c.xid AS text) AS xid8), c.event_id FROM fold_cursors c WHERE c.shard = :shard))"
)
_LAST = text(
    "SELECT CAST(CAST(xid AS text) AS bigint) AS xid, id FROM learning_events "
    "WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY xid DESC, id DESC LIMIT 1"
)
_IS_FOREIGN = text("SELECT CAST(:xid AS xid8) >= pg_snapshot_xmax(pg_current_snapshot())")
_RESTAMP = text("UPDATE learning_events SET xid = CAST('1' AS xid8) WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())")
_NOTHING = UUID(int=0)


def fold(session: Session, *, batch: int = BATCH) -> bool:
    """Folds the next `batch` events. Gives True when there may be more, False when all was read or another fold is at work."""
    _make_cursor(session)
    cursor = session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update(skip_locked=True)).first()
    if cursor is None:
        return False
    if _is_foreign(session, cursor):
        rebuild(session)
        return True
    moved = session.execute(rollups.ADD_NEXT, {"xid": str(cursor.xid), "id": cursor.event_id, "batch": batch, "now": clock.now()}).one()
    cursor.folded_at = clock.now()
    session.add(cursor)
    if not moved.events:
        return False
    attempts = {UUID(attempt) for attempt in moved.attempts or ()}
    statistics_fold.move(session, attempts)
    projection.move(session, attempts)
    _tell(session, moved.runs)
    cursor.xid, cursor.event_id = moved.xid, moved.id
    return moved.events == batch


def rebuild(session: Session, run_id: UUID | None = None) -> int:
    """Makes the roll-ups of a run, or of all, anew from its events, and gives how many there were. Waits for a fold that is at work.

    Of all runs it takes every event that may be read by now, and the fold goes on behind them; of one run those that the fold has read.
    """
    session.execute(text("SET LOCAL statement_timeout = 0"))
    session.execute(text("SET LOCAL work_mem = '128MB'"))
    session.execute(text("SET LOCAL jit = off"))
    _make_cursor(session)
    cursor = session.exec(select(FoldCursor).where(FoldCursor.shard == SHARD).with_for_update()).one()
    if _is_foreign(session, cursor):
        session.execute(_RESTAMP)
        cursor.xid, cursor.event_id, run_id = 0, _NOTHING, None
    last = session.execute(_LAST).first() if run_id is None else None
    if last is not None:
        cursor.xid, cursor.event_id = last.xid, last.id
    for statement in rollups.CLEAR:
        session.execute(statement, {"run": run_id})
    upto = {"to_xid": str(cursor.xid), "to_id": cursor.event_id}
    moved = session.execute(rollups.ADD_ALL, {"xid": "0", "id": _NOTHING, **upto, "run": run_id, "now": clock.now()}).one()
    cursor.folded_at = clock.now()
    session.add(cursor)
    _tell(session, moved.runs)
    return moved.events


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


def _make_cursor(session: Session) -> None:
    session.execute(
        insert(FoldCursor).values(shard=SHARD, xid=0, event_id=_NOTHING, folded_at=clock.now()).on_conflict_do_nothing(index_elements=["shard"])
    )


def _is_foreign(session: Session, cursor: FoldCursor) -> bool:
    """Whether the database was restored from a dump: the server that it lies on now counts transactions from its own beginning, so that whatever
    happens here would come before the cursor, and never be read. Then what happened there comes before all transactions, and everything is made
    anew."""
    return session.execute(_IS_FOREIGN, {"xid": str(cursor.xid)}).scalar_one()


def _tell(session: Session, runs: list[str] | None) -> None:
    for run_id in runs or ():
        after_commit(session, lambda run_id=run_id: pubsub.hint(Hint.ANALYTICS, UUID(run_id)))
