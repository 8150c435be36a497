"""The pictures of how scores lie that students may see (`spread_rules.py`): made by a job, one for each run, of totals as their students are told
them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from lms_app.adapters import clock
from lms_app.domain.analytics import spread_rules as rules
from lms_app.domain.gradebook import own_marks, reading
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Enrollment, ScorePlace, ScoreSpread
from lms_app.words import EnrollmentStatus

PICTURE = "analytics.picture_scores"
"""Name of the job."""

CHUNK = 500

NEVER = datetime(1970, 1, 1, tzinfo=UTC)

EACH, AT_LATEST, KEPT_FRESH = timedelta(minutes=55), timedelta(days=1), timedelta(days=30)
"""A run is looked at again an hour after the last time where grades moved, a day after it at the latest, until a month after its end."""


@dataclass(frozen=True, kw_only=True)
class SpanLine:
    """Some of the scores: from `low` up to `high` percent. `share` is of the longest bar, in whole percent; `own` where the viewer's is there."""

    id: str
    words: str
    people: int
    share: int
    own: bool


@dataclass(frozen=True, kw_only=True)
class Spread:
    """How the scores of a run lie. `others` counts all but the viewer. Where it is not to be seen there are no lines."""

    lines: list[SpanLine]
    others: int
    as_of: str


NOTHING = Spread(lines=[], others=0, as_of="")

_DUE = text("""
SELECT r.id, s.run_id IS NULL AS is_new
FROM runs r JOIN courses c ON c.id = r.course_id AND c.status = 'published' LEFT JOIN score_spreads s ON s.run_id = r.id
WHERE (CAST(:run AS uuid) IS NULL OR r.id = :run) AND (r.closes_at IS NULL OR r.closes_at > :ended)
  AND (s.run_id IS NULL OR s.looked_at < :latest OR s.looked_at < :soon AND EXISTS (
    SELECT FROM grades g JOIN grade_columns k ON k.id = g.column_id WHERE k.run_id = r.id AND g.moved_at > s.looked_at))
  AND (SELECT count(*) FROM (SELECT FROM enrollments e WHERE e.run_id = r.id AND e.status = 'active' LIMIT :least) taking) >= :least
ORDER BY r.id
""")


def due(session: Session, run_id: UUID | None = None) -> list[UUID]:
    """The runs to look at now, each with a row of its own from then on; of one only whether it is among them."""
    now = clock.now()
    asked = {"ended": now - KEPT_FRESH, "latest": now - AT_LATEST, "soon": now - EACH, "least": rules.LEAST_OTHERS, "run": run_id}
    found = session.execute(_DUE, asked).all()
    # Only where there is none: else one would wait here for whoever is at a run.
    for row in found:
        if row.is_new:
            _make_row(session, row.id)
    return [row.id for row in found]


def picture_if_due(session: Session, run_id: UUID) -> bool:
    """The same as `picture` of a run that was due, where nobody else is at it or has just been: who is at it together shares the runs out."""
    row = session.exec(_row(run_id).with_for_update(skip_locked=True)).first()
    return row is not None and bool(due(session, run_id)) and _picture(session, row)


def pass_over(session: Session, run_id: UUID) -> None:
    """Notes of a run whose scores cannot be pictured that it was looked at, so that it waits its time like the others."""
    row = session.exec(_row(run_id).with_for_update()).one()
    row.looked_at = clock.now()
    session.add(row)


def picture(session: Session, run_id: UUID) -> bool:
    """Looks at the scores of a run, and makes the picture anew where enough have moved; gives whether it did."""
    _make_row(session, run_id)
    return _picture(session, session.exec(_row(run_id).with_for_update()).one())


def _picture(session: Session, row: ScoreSpread) -> bool:
    run_id, now = row.run_id, clock.now()
    row.looked_at = now
    session.add(row)
    places = places_now(session, run_id)
    query = select(ScorePlace.enrollment_id, ScorePlace.step).where(ScorePlace.run_id == run_id)
    before = dict(session.exec(query).all()) if row.made_at is not None else None
    if not rules.may_be_made(places, before):
        return False
    row.people, row.steps, row.made_at = len(places), rules.counts(places), now
    session.execute(delete(ScorePlace).where(ScorePlace.run_id == run_id))  # pyright: ignore[reportArgumentType]
    session.execute(insert(ScorePlace), [{"run_id": run_id, "enrollment_id": key, "step": step} for key, step in places.items()])
    return True


def spread_for(session: Session, enrollment: Enrollment, percent: int | None, zone: ZoneInfo) -> Spread:
    """How the scores of the run lie in which somebody is enrolled, with the place of what they have themselves."""
    row = session.get(ScoreSpread, enrollment.run_id)
    if row is None or row.made_at is None:
        return NOTHING
    inside = session.get(ScorePlace, (enrollment.run_id, enrollment.id)) is not None
    if not rules.may_be_shown(row.people, viewer_in_it=inside):
        return NOTHING
    spans = rules.spans(row.steps)
    most = max(span.people for span in spans)
    own = None if percent is None else rules.step_of(percent) * (100 // rules.STEPS)
    return Spread(
        lines=[
            SpanLine(
                id=str(span.low),
                words=f"{span.low} to {span.high} %",
                people=span.people,
                share=span.people * 100 // most,
                own=own is not None and span.low <= own < span.high,
            )
            for span in spans
        ],
        others=row.people - inside,
        as_of=when_in_words(row.made_at, zone),
    )


def places_now(session: Session, run_id: UUID) -> dict[UUID, int]:
    """The step of everybody in a run who has a total, as they are told it."""
    book = reading.read_book(session, run_id)
    query = select(Enrollment.id).where(Enrollment.run_id == run_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    everybody = session.exec(query).all()
    found: dict[UUID, int] = {}
    for start in range(0, len(everybody), CHUNK):
        found |= _places(session, book, everybody[start : start + CHUNK])
    return found


def _places(session: Session, book: reading.Book, enrollment_ids: Collection[UUID]) -> dict[UUID, int]:
    told = own_marks.as_told(session, enrollment_ids, book.exceptions)
    totals = {key: book.total(marks).percent for key, marks in told.items()}
    return {key: rules.step_of(percent) for key, percent in totals.items() if percent is not None}


def _row(run_id: UUID) -> SelectOfScalar[ScoreSpread]:
    return select(ScoreSpread).where(ScoreSpread.run_id == run_id)


def _make_row(session: Session, run_id: UUID) -> None:
    session.execute(insert(ScoreSpread).values(run_id=run_id, people=0, steps=[], looked_at=NEVER).on_conflict_do_nothing())
