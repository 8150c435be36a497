"""Words of the staff to students: how often, and whether they helped. `nudging.py` writes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.analytics import risk_rules as rules
from lms_app.models import Nudge, Run

PAUSE = timedelta(days=3)
"""Nobody is written to twice in one course within this time."""

MOST_AT_ONCE = 50
LONGEST_TEXT = 600


def last_sent(session: Session, enrollment_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each of these students was last written to; who never was is not in it."""
    query = (
        select(Nudge.enrollment_id, func.max(Nudge.sent_at)).where(col(Nudge.enrollment_id).in_(enrollment_ids)).group_by(col(Nudge.enrollment_id))
    )
    return dict(session.exec(query).all())


def helped(session: Session, run: Run) -> str:
    """Of the flagged students of a run who were written to a week ago or longer, how many came back on one of the seven days after; beside those who
    were flagged on the same days and not written to within that week."""
    until = (clock.now() - timedelta(days=rules.NUDGE_DAYS)).astimezone(ZoneInfo(run.time_zone)).date()
    asked = {"run": run.id, "until": until, "days": rules.NUDGE_DAYS}
    nudged = session.execute(_NUDGED_BACK, asked).one()
    others = session.execute(_OTHERS_BACK, asked).one()
    return rules.helped(nudged.people, nudged.back, others.people, others.back)


_BACK = "EXISTS (SELECT 1 FROM active_days a WHERE a.run_id = :run AND a.person_id = f.person_id AND a.day > f.day AND a.day <= f.day + :days)"
_NUDGED_BACK = text(
    f"SELECT count(*) AS people, count(*) FILTER (WHERE {_BACK}) AS back FROM nudges f "  # noqa: S608 - `_BACK` is the constant above
    "WHERE f.run_id = :run AND f.day < :until AND f.codes <> '[]'"
)
_OTHERS_BACK = text(
    f"SELECT count(*) AS people, count(*) FILTER (WHERE {_BACK}) AS back FROM risk_flags f "  # noqa: S608 - `_BACK` is the constant above
    "WHERE f.run_id = :run AND f.day < :until "
    "AND NOT EXISTS (SELECT 1 FROM nudges n WHERE n.run_id = :run AND n.person_id = f.person_id AND n.day BETWEEN f.day AND f.day + :days)"
)
