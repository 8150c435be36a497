"""What open tabs tell: the seconds that their reader was at a page or quiz, and how far a film was watched.

A tab counts seconds while it is seen, has the focus and was used within five minutes, and tells them in small batches. What it says is bounded
here: no more seconds than have passed since the same person's last beat, wherever that came from, at most a minute at once, and the same beat once.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, text
from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.analytics.events import FOLD
from lms_app.domain.courses import access
from lms_app.errors import NotFound
from lms_app.ids import uuid7
from lms_app.models import Attempt, Enrollment, FilmPlace
from lms_app.words import JobQueue, NodeKind, Verb

LONGEST_BEAT = 60
"""A beat counts for at most this many seconds, whatever the tab says."""

FASTEST = 4
"""Seconds of a film that may be played in one."""

RECENT = 8
"""Beats of a person by which a repeat is known."""


@dataclass(frozen=True, kw_only=True)
class Film:
    """Where a film or recording stands, in whole seconds from its beginning, and how many seconds of it were played since this was told last."""

    block: str
    position: int
    played: int
    paused: bool


@dataclass(frozen=True, kw_only=True)
class FilmLeft:
    """Where a film was left, in seconds from its beginning, and when."""

    position: int
    at: str


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a page's beat has made of the view of the page: its seconds in all, and whether its end was seen."""

    seconds: int
    reached_end: bool


def at_page(
    session: Session,
    enrollment: Enrollment,
    page_id: UUID,
    *,
    seconds: int,
    reached_end: bool,
    beat_id: UUID | None = None,
    films: Sequence[Film] = (),
    revision_id: UUID | None = None,
) -> Seen:
    """Notes what a tab tells of a page that its reader may see: one statement."""
    told = _told(enrollment, NodeKind.PAGE, page_id, seconds, beat_id, revision_id, films)
    row = session.execute(_AT_PAGE, told | {"end": reached_end}).one()
    _wake(session)
    return Seen(seconds=row.seconds, reached_end=row.reached_end)


def at_quiz(session: Session, actor: Actor, assessment_id: UUID, *, seconds: int, beat_id: UUID | None = None) -> None:
    """Notes the seconds that the actor was at a quiz which they have begun. Raises NotFound."""
    enrollment = access.learned_assessment(session, actor, assessment_id).enrollment
    begun = select(func.max(Attempt.started_at)).where(Attempt.enrollment_id == enrollment.id, Attempt.assessment_id == assessment_id)
    since = session.exec(begun).one()
    if since is None:
        raise NotFound
    session.execute(_AT_QUIZ, _told(enrollment, NodeKind.ASSESSMENT, assessment_id, seconds, beat_id, None, ()) | {"since": since})
    _wake(session)


def film_places(session: Session, actor: Actor, page_id: UUID) -> dict[str, FilmLeft]:
    """Where the actor has left the films of a page, by block. Raises NotFound."""
    _, enrollment, _ = access.learned_page(session, actor, page_id)
    rows = session.exec(select(FilmPlace).where(FilmPlace.enrollment_id == enrollment.id, col(FilmPlace.page_id) == page_id)).all()
    return {row.block: FilmLeft(position=row.position, at=row.at.isoformat()) for row in rows}


def _told(
    enrollment: Enrollment, kind: NodeKind, node_id: UUID, seconds: int, beat_id: UUID | None, revision_id: UUID | None, films: Sequence[Film]
) -> dict[str, Any]:
    now = clock.now()
    # Of a film that a beat names twice the last word counts.
    once = {film.block: film for film in films}
    return {
        "person": enrollment.person_id,
        "enrollment": enrollment.id,
        "run": enrollment.run_id,
        "course": enrollment.course_id,
        "kind": kind,
        "node": node_id,
        "revision": revision_id,
        "seconds": max(0, min(seconds, LONGEST_BEAT)),
        "beat": beat_id or uuid7(),
        "now": now,
        "event": _at(now),
        "films": orjson.dumps(
            [{**asdict(film), "event": str(_at(now)), "verb": Verb.PAUSED if film.paused else Verb.PROGRESSED} for film in once.values()]
        ).decode(),
    }


def _at(moment: datetime) -> UUID:
    return uuid7(int(moment.timestamp() * 1000))


def _wake(session: Session) -> None:
    after_commit(session, lambda: jobs.wake(FOLD, JobQueue.ANALYTICS), once=FOLD)


# The row of a person's last beat is held until the end of the transaction: of two tabs that tell at the same moment the second sees the first.
# Of a beat that is known already nothing is counted. Films are those of blocks that the page has, and are told together with seconds only: no tab can
# fill the log.
_COUNTED = f"""
counted AS (
  INSERT INTO last_beats AS b (person_id, at, recent, counted)
  VALUES (:person, :now, ARRAY[CAST(:beat AS uuid)], CAST(least(:seconds, round(extract(epoch FROM CAST(:now AS timestamptz) - {{since}}))) AS int))
  ON CONFLICT (person_id) DO UPDATE SET at = greatest(b.at, excluded.at), recent = (excluded.recent || b.recent)[1:{RECENT}],
    counted = CAST(greatest(0, least(:seconds, round(extract(epoch FROM excluded.at - b.at)))) AS int)
    WHERE NOT b.recent @> excluded.recent
  RETURNING counted
),
told AS (
  INSERT INTO learning_events (id, occurred_at, recorded_at, course_id, run_id, person_id, verb, object_kind, object_id, revision_id, value,
    schema_version)
  SELECT :event, :now, :now, :course, :run, :person, 'progressed', :kind, :node, CAST(:revision AS uuid), jsonb_build_object('seconds', counted), 1
  FROM counted WHERE counted > 0
)
"""  # noqa: S608 - numbers of ours

_AT_QUIZ = text(f"WITH {_COUNTED.format(since='CAST(:since AS timestamptz)')} SELECT counted FROM counted")  # noqa: S608 - words of ours

_AT_PAGE = text(f"""
WITH before AS (SELECT first_at, seconds, reached_end FROM page_views WHERE enrollment_id = :enrollment AND page_id = :node),
{_COUNTED.format(since="coalesce((SELECT first_at FROM before), CAST(:now AS timestamptz))")},
seen AS (
  INSERT INTO page_views AS v (enrollment_id, page_id, first_at, last_at, seconds, reached_end)
  VALUES (:enrollment, :node, :now, :now, coalesce((SELECT counted FROM counted), 0), :end)
  ON CONFLICT (enrollment_id, page_id) DO UPDATE SET last_at = excluded.last_at, seconds = v.seconds + excluded.seconds,
    reached_end = v.reached_end OR excluded.reached_end
  RETURNING seconds, reached_end
),
films AS (
  SELECT f.*, c.counted FROM jsonb_to_recordset(CAST(:films AS jsonb)) AS f (block text, position int, played int, event uuid, verb text)
    CROSS JOIN counted c JOIN page_revisions r ON r.id = :revision AND r.document -> 'blocks' @> jsonb_build_array(jsonb_build_object('id', f.block))
),
film_places_moved AS (
  INSERT INTO film_places (enrollment_id, block, page_id, position, at) SELECT :enrollment, block, :node, position, :now FROM films
  ON CONFLICT (enrollment_id, block) DO UPDATE SET position = excluded.position, at = excluded.at
),
films_told AS (
  INSERT INTO learning_events (id, occurred_at, recorded_at, course_id, run_id, person_id, verb, object_kind, object_id, revision_id, value,
    schema_version)
  SELECT event, :now, :now, :course, :run, :person, verb, :kind, :node, CAST(:revision AS uuid),
    jsonb_build_object('block', block, 'position', position, 'played', least(played, {FASTEST} * counted)), 1 FROM films WHERE counted > 0
)
SELECT seconds, reached_end FROM seen
""")  # noqa: S608 - words of ours
