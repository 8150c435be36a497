"""Writing to students of a course."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import nudges, risk
from lms_app.domain.courses import access
from lms_app.domain.notifications import inbox
from lms_app.domain.notifications.inbox import Notice
from lms_app.errors import Invalid, LimitReached, NotFound
from lms_app.models import Enrollment, Nudge
from lms_app.words import EnrollmentStatus, NotificationKind


def send(session: Session, actor: Actor, course_id: UUID, enrollment_ids: Sequence[UUID], words: str) -> tuple[int, int]:
    """Writes to students of the newest run of a course, by a notification to each. Gives how many were, and how many were passed over because they
    had been of late. Where some are flagged, notes who else is, for comparison. Raises NotFound, Invalid, LimitReached where nobody may be."""
    course = access.staffed_course(session, actor, course_id, access.MARKERS)
    run = access.current_run(session, course.id)
    words = words.strip()
    if not 1 <= len(words) <= nudges.LONGEST_TEXT:
        said = f"Write something, in at most {nudges.LONGEST_TEXT} characters."
        raise Invalid(said, fields={"text": said})
    wanted = sorted(set(enrollment_ids))
    if not 1 <= len(wanted) <= nudges.MOST_AT_ONCE:
        raise Invalid(f"Choose 1 to {nudges.MOST_AT_ONCE} students.")
    # Two who write at the same moment wait for one another here, and the second finds what the first sent.
    taking = session.exec(
        select(Enrollment)
        .where(col(Enrollment.id).in_(wanted), Enrollment.run_id == run.id, Enrollment.status == EnrollmentStatus.ACTIVE)
        .order_by(col(Enrollment.id))
        .with_for_update(key_share=True)
    ).all()
    if len(taking) != len(wanted):
        raise NotFound("There is no such student in this course.")
    last, now = nudges.last_sent(session, wanted), clock.now()
    due = [one for one in taking if one.id not in last or last[one.id] <= now - nudges.PAUSE]
    if not due:
        raise LimitReached(f"Each was written to in the last {nudges.PAUSE.days} days. Give them a little time.")
    flagged = {one.student.person_id: one for one in risk.look(session, run).open}
    day = now.astimezone(ZoneInfo(run.time_zone)).date()
    key_ring.load(session, [one.person_id for one in due])
    rows = []
    for one in due:
        codes = list(flagged[one.person_id].reasons) if one.person_id in flagged else []
        row = Nudge(run_id=run.id, enrollment_id=one.id, person_id=one.person_id, actor_id=actor.person_id, codes=codes, day=day, sent_at=now)
        session.add(row)
        row.text = words
        rows.append(row)
    session.flush()
    others = list(flagged.keys() - {row.person_id for row in rows})
    if others and any(row.codes for row in rows):
        session.execute(_NOTE_OTHERS, {"run": run.id, "day": day, "people": others})
    about = {"course": str(course.id)}
    notices = [Notice(person_id=row.person_id, unique_key=f"nudge:{row.id}", subjects=about | {"nudge": str(row.id)}) for row in rows]
    inbox.deliver_many(session, NotificationKind.NUDGE, notices)
    return len(rows), len(wanted) - len(rows)


_NOTE_OTHERS = text(
    "INSERT INTO risk_flags (run_id, day, person_id) SELECT :run, :day, person FROM unnest(CAST(:people AS uuid[])) AS person ON CONFLICT DO NOTHING"
)
