"""Reading one's inbox: kinds and ids become sentences here, from what is true now."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.notifications.views import Inbox, InboxItem
from lms_app.models import Announcement, Assessment, Certificate, Course, Notification, Person, Question
from lms_app.words import NotificationKind

PER_PAGE = 50


def inbox(session: Session, actor: Actor, limit: int = PER_PAGE) -> Inbox:
    """The actor's newest notifications, at most `limit` of them (50 at most)."""
    rows = session.exec(
        select(Notification).where(Notification.person_id == actor.person_id).order_by(col(Notification.id).desc()).limit(min(limit, PER_PAGE))
    ).all()
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    tell = teller(session, rows)
    return Inbox(items=[_item(row, *tell(row), zone) for row in rows], unread=unread(session, actor))


def unread(session: Session, actor: Actor) -> int:
    """How many notifications the actor has not read."""
    query = select(func.count()).select_from(Notification).where(Notification.person_id == actor.person_id, col(Notification.read_at).is_(None))
    return session.exec(query).one()


def teller(session: Session, rows: Iterable[Notification]):
    """A function from a notification to its sentence and link, with everything it needs read in two statements."""
    subjects = [row.subjects for row in rows]
    courses = {row.id: row for row in _rows(session, Course, (entry.get("course") for entry in subjects))}
    certificates = {row.id: row for row in _rows(session, Certificate, (entry.get("certificate") for entry in subjects))}

    quizzes = {row.id: row for row in _rows(session, Assessment, (entry.get("assessment") for entry in subjects))}
    questions = {row.id: row for row in _rows(session, Question, (entry.get("question") for entry in subjects))}
    announcements = {row.id: row for row in _rows(session, Announcement, (entry.get("announcement") for entry in subjects))}

    def tell(row: Notification) -> tuple[str, str]:
        course = courses.get(UUID(row.subjects["course"])) if row.subjects.get("course") else None
        title = course.title if course else "a course"
        slug = course.slug if course else ""
        match NotificationKind(row.kind):
            case NotificationKind.ENROLLED:
                return f"You are enrolled in {title}.", f"/courses/{slug}"
            case NotificationKind.SEAT_FREED:
                return f"A seat in {title} is free: you are enrolled.", f"/courses/{slug}"
            case NotificationKind.ADDED:
                return f"The staff of {title} enrolled you.", f"/courses/{slug}"
            case NotificationKind.ADDED_WAITING:
                return f"You are on the waiting list of {title}. When a seat is free, you are enrolled by itself.", f"/courses/{slug}"
            case NotificationKind.TAKEN_OUT:
                return f"The staff of {title} ended your enrolment. What you did in it is kept.", f"/courses/{slug}"
            case NotificationKind.CERTIFICATE_ISSUED:
                certificate = certificates.get(UUID(row.subjects["certificate"]))
                return f"Your certificate for {title} is ready.", f"/certificates/{certificate.code}" if certificate else "/my/certificates"
            case NotificationKind.COURSE_COMPLETED:
                return f"You completed {title}.", f"/courses/{slug}"
            case NotificationKind.QUIZ_GRADED:
                return f"A quiz in {title} was graded.", f"/quiz/{row.subjects.get('assessment', '')}"
            case NotificationKind.REGRADED:
                quiz = quizzes.get(UUID(row.subjects["assessment"]))
                what = "A correction was taken back" if row.subjects.get("undone") else "A question was corrected"
                sentence = f"{what} in {quiz.title if quiz else 'a quiz'}, and your mark moved."
                revoked = certificates.get(UUID(row.subjects["certificate"])) if row.subjects.get("certificate") else None
                if revoked is not None and revoked.revoked_at is not None:
                    sentence += f" Your certificate for {title} was withdrawn."
                return sentence, f"/quiz/{row.subjects['assessment']}"
            case NotificationKind.REGRADE_FINISHED:
                question = questions.get(UUID(row.subjects["question"]))
                what = "put back" if row.subjects.get("undone") else "corrected"
                return (
                    f"Marks of “{question.title if question else 'a question'}” were {what}.",
                    f"/teach/questions/{row.subjects['question']}/regrade",
                )
            case NotificationKind.JOINED_STAFF:
                return f"You are on the staff of {title} now, as {row.subjects['role']}.", f"/teach/courses/{row.subjects['course']}"
            case NotificationKind.ANNOUNCEMENT:
                announcement = announcements.get(UUID(row.subjects["announcement"]))
                words = f": {announcement.title}" if announcement and announcement.removed_at is None else " something that was taken back since"
                return f"{title} announces{words}.", f"/courses/{slug}/announcements"
            case NotificationKind.QUESTION_ASKED:
                return f"A student asked a question in {title}.", _in_discussion(row)
            case NotificationKind.REPLY:
                return f"Somebody replied in a thread of {title} that you follow.", _in_discussion(row)
            case NotificationKind.MENTION:
                return f"Somebody mentioned you in {title}.", _in_discussion(row)
            case NotificationKind.ANSWER_ACCEPTED:
                return f"Your reply in {title} was accepted as the answer.", _in_discussion(row)
            case NotificationKind.POST_REPORTED:
                return f"Somebody reported a post in {title}.", _in_discussion(row)
            case NotificationKind.POST_REMOVED:
                return f"The staff of {title} removed what you wrote: {row.subjects['reason']}", f"/courses/{slug}"
            case NotificationKind.IMPORT_FINISHED:
                return f"{title} was imported. Look it over, then publish it.", f"/teach/courses/{row.subjects.get('course', '')}"
            case NotificationKind.IMPORT_FAILED:
                return "An import was refused. The report says why.", "/teach/import"

    return tell


def _rows(session: Session, table: type, ids: Iterable[str | None]):
    wanted = {UUID(value) for value in ids if value}
    return session.exec(select(table).where(table.id.in_(wanted))).all() if wanted else []


def _in_discussion(row: Notification) -> str:
    """A thread, for whoever is told of it: the page that it is about finds out what the reader may see."""
    return f"/discussion/{row.subjects['thread']}"


def _item(row: Notification, sentence: str, link: str, zone: ZoneInfo) -> InboxItem:
    return InboxItem(
        id=str(row.id),
        kind=row.kind,
        sentence=sentence,
        link=link,
        when=when_in_words(row.created_at, zone),
        at=row.created_at.isoformat(),
        unread=row.read_at is None,
    )


def when_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`14:32` today, `3 December, 14:32` this year, with the year otherwise."""
    local, today = moment.astimezone(zone), clock.now().astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%B}{year}, {local:%H:%M}"
