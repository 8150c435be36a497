"""The daily audit of figures: every metric of a run is counted again from the raw events and from the tables that they tell of. What has drifted is
kept, told to administrators, and counted for whoever watches the installation. Runs take turns, a few each hour, so that no hour is a busy one.

Both ways of counting are read in one snapshot, so that people may go on working, and nothing is locked. A run of which events are not folded yet in
that snapshot is looked at later.
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import func, or_, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics import fold
from lms_app.domain.analytics.metrics import Metric
from lms_app.domain.analytics.registry import ALL
from lms_app.domain.notifications import inbox
from lms_app.models import FigureAudit, Person, RunFigures
from lms_app.words import NotificationKind

AUDIT = "analytics.audit"
"""Name of the job."""

RUNS = 5
"""Runs that are audited at once: those that nobody has looked at for longest."""

EACH = timedelta(hours=20)
"""No run is audited again before that."""

EXAMPLES = 5
"""Keys of a metric that are told of."""

log = structlog.get_logger(__name__)

_UNFOLDED = text(
    "SELECT EXISTS (SELECT FROM learning_events e, fold_cursors c WHERE c.shard = 0 "
    "AND (e.xid, e.id) > (CAST(CAST(c.xid AS text) AS xid8), c.event_id) AND e.run_id = :run)"
)


@dataclass(frozen=True, kw_only=True)
class Drift:
    """A metric that differs from its source: on how many keys, and some of them with what the roll-up and the source say."""

    metric: str
    keys: int
    examples: list[tuple[str, int, int]]


def due(session: Session) -> list[UUID]:
    """The runs to audit next."""
    query = select(RunFigures.run_id).join(FigureAudit, col(FigureAudit.run_id) == col(RunFigures.run_id), isouter=True)
    rested = or_(col(FigureAudit.at).is_(None), col(FigureAudit.at) < clock.now() - EACH)
    return list(session.exec(query.where(rested).order_by(col(FigureAudit.at).asc().nulls_first(), col(RunFigures.run_id)).limit(RUNS)).all())


def compare(session: Session, run_id: UUID) -> list[Drift] | None:
    """What has drifted in a run, None while events of it are not folded yet, all figures are to be made anew, or newer code made them. The session
    must be fresh: it reads one snapshot."""
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    session.execute(text("SET LOCAL statement_timeout = 0"))
    if not fold.is_whole(session) or fold.is_newer(session) or session.execute(_UNFOLDED, {"run": run_id}).scalar_one():
        return None
    found = []
    with clock.moved_to(clock.now()):
        for name, metric in ALL.items():
            if metric.audited and (differing := apart(session, metric, run_id)):
                found.append(Drift(metric=name, keys=len(differing), examples=differing[:EXAMPLES]))
    return found


def apart(session: Session, metric: Metric, run_id: UUID) -> list[tuple[str, int, int]]:
    """The keys of a metric on which roll-up and source differ, with what they say."""
    rolled, counted = metric.rolled_up(session, run_id), metric.counted(session, run_id)
    both = ((key, rolled.get(key, 0), counted.get(key, 0)) for key in sorted(rolled.keys() | counted.keys()))
    return [(key, one, other) for key, one, other in both if abs(one - other) > metric.slack]


def note(session: Session, run_id: UUID, found: list[Drift]) -> None:
    """Keeps what an audit of a run has found, and tells administrators of drift, once a day."""
    now = clock.now()
    row = {"run_id": run_id, "at": now, "drifts": [asdict(drift) for drift in found]}
    statement = insert(FigureAudit).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=["run_id"], set_={"at": now, "drifts": statement.excluded.drifts}))
    if not found:
        return
    log.error("figures_drifted", run=str(run_id), metrics={drift.metric: drift.keys for drift in found})
    course_id = session.get_one(RunFigures, run_id).course_id
    admins = select(Person.id).where(col(Person.can_administer), col(Person.erased_at).is_(None))
    for person_id in session.exec(admins).all():
        inbox.deliver(
            session,
            person_id,
            NotificationKind.FIGURES_DRIFTED,
            unique_key=f"drift:{run_id}:{person_id}:{now.date()}",
            course=str(course_id),
            run=str(run_id),
            metrics=[drift.metric for drift in found],
        )


def drifted_runs(session: Session) -> int:
    """Runs whose last audit found drift."""
    return session.exec(select(func.count()).select_from(FigureAudit).where(func.jsonb_array_length(FigureAudit.drifts) > 0)).one()
