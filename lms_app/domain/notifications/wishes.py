"""What people want of a kind of notification from a course: their choices, mutes, quiet hours and whether mail reaches them, by one statement."""

from collections.abc import Collection
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlmodel import Session

from lms_app.domain.notifications.delivery_rules import Quiet, Wishes
from lms_app.domain.notifications.kind_rules import Choice, group_of
from lms_app.words import MailTiming, NotificationKind


def wishes_of(session: Session, person_ids: Collection[UUID], kind: NotificationKind, course_id: UUID | None) -> dict[UUID, Wishes]:
    """The wishes of some people, by their ids. Who was erased has none."""
    group = group_of(kind)
    rows = session.execute(_WISHES, {"people": list(person_ids), "group": str(group.id), "course": course_id}).all()
    return {
        row.id: Wishes(
            choice=group.default if row.mail is None else Choice(in_app=row.in_app, mail=MailTiming(row.mail), push=row.push),
            zone=ZoneInfo(row.time_zone),
            quiet=None if row.quiet_from is None else Quiet(start=row.quiet_from, end=row.quiet_until),
            muted=row.muted,
            mailable=row.mailable,
            has_browsers=row.has_browsers,
        )
        for row in rows
    }


_WISHES = text(
    """
    SELECT p.id, p.time_zone, c.in_app, c.mail, c.push, s.quiet_from, s.quiet_until,
        p.email_index IS NOT NULL AND s.mail_off_at IS NULL AND s.mail_paused_at IS NULL AS mailable,
        EXISTS (SELECT FROM course_mutes m WHERE m.person_id = p.id AND m.course_id = :course) AS muted,
        EXISTS (SELECT FROM push_subscriptions b WHERE b.person_id = p.id) AS has_browsers
    FROM people p
    LEFT JOIN notification_choices c ON c.person_id = p.id AND c.kind_group = :group
    LEFT JOIN notification_settings s ON s.person_id = p.id
    WHERE p.id IN :people AND p.erased_at IS NULL
    """
).bindparams(bindparam("people", expanding=True))
