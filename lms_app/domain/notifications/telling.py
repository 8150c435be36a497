"""What notifications say: kinds and ids become sentences when they are read, from what is true then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.crypto import Unreadable, key_ring
from lms_app.domain.reports.report_rules import NAMES
from lms_app.models import Announcement, Assessment, Certificate, Course, Lesson, Module, Notification, Nudge, Page, Question
from lms_app.words import NodeKind, NotificationKind

Telling = Callable[[Notification], tuple[str, str]]
"""A function from a notification to its sentence and its link."""

_NODES = {NodeKind.MODULE: Module, NodeKind.LESSON: Lesson, NodeKind.PAGE: Page, NodeKind.ASSESSMENT: Assessment}


def teller(session: Session, rows: Sequence[Notification], zone: ZoneInfo | None = None) -> Telling:
    """A function from one of these notifications to its sentence and link, with everything that they need read by a few statements. Times are told
    in `zone`."""
    told = _Told(session, rows, zone or ZoneInfo("UTC"))

    def tell(row: Notification) -> tuple[str, str]:
        sentence, link = told.of(row)
        # Whoever wrote it may know better where it leads, to a path of ours.
        own = str(row.subjects.get("link", ""))
        return sentence, own if own.startswith("/") and not own.startswith("//") else link

    return tell


def when_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`14:32` today, `3 December, 14:32` this year, with the year otherwise."""
    local, today = moment.astimezone(zone), clock.now().astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{_day(local.date(), today.date())}, {local:%H:%M}"


def day_in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`3 December` this year, with the year otherwise."""
    return _day(moment.astimezone(zone).date(), clock.now().astimezone(zone).date())


class _Told:
    def __init__(self, session: Session, rows: Sequence[Notification], zone: ZoneInfo) -> None:
        self._session, self._zone = session, zone
        subjects = [row.subjects for row in rows]
        self._courses = _by_id(session, Course, (each.get("course") for each in subjects))
        self._certificates = _by_id(session, Certificate, (each.get("certificate") for each in subjects))
        self._quizzes = _by_id(session, Assessment, (each.get("assessment") for each in subjects))
        self._questions = _by_id(session, Question, (each.get("question") for each in subjects))
        self._announcements = _by_id(session, Announcement, (each.get("announcement") for each in subjects))
        self._nudges = _nudges(session, (each.get("nudge") for each in subjects))
        self._nodes: dict[UUID, Any] = {}
        for kind, table in _NODES.items():
            self._nodes |= _by_id(session, table, (each.get("node") for each in subjects if each.get("node_kind") == kind))
        self._waiting = _waiting(session, {UUID(row.subjects["assessment"]) for row in rows if row.kind == NotificationKind.TO_MARK})
        self._arrived = _arrived(session, [row for row in rows if row.kind == NotificationKind.NEW_ENROLMENTS])

    def of(self, row: Notification) -> tuple[str, str]:
        about = row.subjects
        course = self._courses.get(_id(about, "course"))
        title, slug = (course.title, course.slug) if course else ("a course", "")
        quiz = self._quizzes.get(_id(about, "assessment"))
        quiz_title, quiz_link = f"“{quiz.title}”" if quiz else "a quiz", f"/quiz/{about.get('assessment', '')}"
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
                certificate = self._certificates.get(_id(about, "certificate"))
                what = "valid again" if about.get("again") else "ready"
                return f"Your certificate for {title} is {what}.", f"/certificates/{certificate.code}" if certificate else "/my/certificates"
            case NotificationKind.CERTIFICATE_WITHDRAWN:
                why = "grades were changed after it was issued, and no longer reach what it asks for"
                return f"Your certificate for {title} was withdrawn: {why}.", "/my/certificates"
            case NotificationKind.COURSE_COMPLETED:
                return f"You completed {title}.", f"/courses/{slug}"
            case NotificationKind.OPENED:
                return self._opened(about, title, slug)
            case NotificationKind.DUE_SOON:
                return f"{_capital(quiz_title)} in {title} is due {self._at(about, 'due')}. You have not handed it in yet.", quiz_link
            case NotificationKind.OVERDUE:
                return f"{_capital(quiz_title)} in {title} was due {self._at(about, 'due')}, and you have not handed it in.", quiz_link
            case NotificationKind.SUBMITTED:
                return f"You handed in {quiz_title} in {title} {self._at(about, 'at')}.", quiz_link
            case NotificationKind.QUIZ_GRADED:
                return f"{_capital(quiz_title)} in {title} was graded.", quiz_link
            case NotificationKind.FEEDBACK:
                return f"There is a comment on your answers in {quiz_title} in {title}.", quiz_link
            case NotificationKind.REGRADED:
                return self._regraded(about, title, quiz.title if quiz else "a quiz"), quiz_link
            case NotificationKind.REGRADE_FINISHED:
                question = self._questions.get(_id(about, "question"))
                what = "put back" if about.get("undone") else "corrected"
                return f"Marks of “{question.title if question else 'a question'}” were {what}.", f"/teach/questions/{about['question']}/regrade"
            case NotificationKind.ANNOUNCEMENT:
                announcement = self._announcements.get(_id(about, "announcement"))
                words = f": {announcement.title}" if announcement and announcement.removed_at is None else " something that was taken back since"
                return f"{title} announces{words}.", f"/courses/{slug}/announcements"
            case NotificationKind.QUESTION_ASKED:
                return f"A student asked a question in {title}.", _in_discussion(about)
            case NotificationKind.REPLY:
                return f"Somebody replied in a thread of {title} that you follow.", _in_discussion(about)
            case NotificationKind.MENTION:
                return f"Somebody mentioned you in {title}.", _in_discussion(about)
            case NotificationKind.ANSWER_ACCEPTED:
                return f"Your reply in {title} was accepted as the answer.", _in_discussion(about)
            case NotificationKind.POST_REPORTED:
                return f"Somebody reported a post in {title}.", _in_discussion(about)
            case NotificationKind.POST_REMOVED:
                return f"The staff of {title} removed what you wrote: {about['reason']}", f"/courses/{slug}"
            case NotificationKind.NUDGE:
                words = self._nudges.get(_id(about, "nudge"), "")
                return f"The staff of {title} writes: {words}" if words else f"The staff of {title} wishes to see you again.", f"/learn/{slug}"
            case NotificationKind.NEW_ENROLMENTS:
                return self._arrivals(row, title)
            case NotificationKind.TO_MARK:
                return self._to_mark(about, title, quiz_title)
            case NotificationKind.INACTIVE_STUDENTS:
                count = int(about.get("count", 0))
                return f"{_people(count, 'student has', 'students have')} not come to {title} for a week.", f"/teach/courses/{about['course']}/people"
            case NotificationKind.JOINED_STAFF:
                return f"You are on the staff of {title} now, as {about['role']}.", f"/teach/courses/{about['course']}"
            case NotificationKind.IMPORT_FINISHED:
                return f"{title} was imported. Look it over, then publish it.", f"/teach/courses/{about.get('course', '')}"
            case NotificationKind.REPORT_READY:
                named = f"The report “{NAMES[about['report_kind']]}” of {title}"
                return f"{named}, made {self._at(about, 'made')}, is ready to download.", f"/teach/courses/{about['course']}/reports"
            case NotificationKind.REPORT_FAILED:
                named = f"The report “{NAMES[about['report_kind']]}” of {title}"
                return f"{named} could not be made. Its page says why.", f"/teach/courses/{about['course']}/reports"
            case NotificationKind.IMPORT_FAILED:
                return "An import was refused. The report says why.", "/teach/import"
            case NotificationKind.MAIL_PAUSED:
                what = "Your address refused our mail again and again, so nothing is mailed to it now."
                return f"{what} Look whether it is right, then let mail come again.", "/profile/notifications"
            case NotificationKind.FIGURES_DRIFTED:
                names = [name.replace("_", " ") for name in about["metrics"]]
                told = f"{', '.join(names[:3])}{f' and {len(names) - 3} more' if len(names) > 3 else ''}"
                return f"Figures of {title} differ from its events: {told}. Run rebuild-analytics --run {about['run']}.", "/admin"

    def _opened(self, about: Mapping[str, Any], title: str, slug: str) -> tuple[str, str]:
        node = self._nodes.get(_id(about, "node"))
        named = f"“{node.title}”" if node is not None else "Something new"
        links = {NodeKind.ASSESSMENT: f"/quiz/{about['node']}", NodeKind.PAGE: f"/learn/{slug}/{about['node']}"}
        return f"{named} in {title} is open now.", links.get(about["node_kind"], f"/learn/{slug}")

    def _regraded(self, about: Mapping[str, Any], title: str, quiz: str) -> str:
        what = "A correction was taken back" if about.get("undone") else "A question was corrected"
        sentence = f"{what} in {quiz}, and your mark moved."
        revoked = self._certificates.get(_id(about, "certificate"))
        if revoked is not None and revoked.revoked_at is not None:
            sentence += f" Your certificate for {title} was withdrawn."
        return sentence

    def _arrivals(self, row: Notification, title: str) -> tuple[str, str]:
        day = date.fromisoformat(row.subjects["day"])
        today = clock.now().astimezone(ZoneInfo(row.subjects["zone"])).date()
        when = "today" if day == today else f"on {_day(day, today)}"
        people = _people(self._arrived[row.id], "person", "people")
        return f"{people} enrolled in {title} {when}.", f"/teach/courses/{row.subjects['course']}/people"

    def _to_mark(self, about: Mapping[str, Any], title: str, quiz: str) -> tuple[str, str]:
        waiting = self._waiting.get(_id(about, "assessment"), 0)
        link = f"/teach/courses/{about['course']}/marking"
        if not waiting:
            return f"Every submission of {quiz} in {title} is marked.", link
        return f"{_people(waiting, 'submission', 'submissions')} of {quiz} in {title} {'waits' if waiting == 1 else 'wait'} to be marked.", link

    def _at(self, about: Mapping[str, Any], name: str) -> str:
        moment = datetime.fromisoformat(about[name])
        local, today = moment.astimezone(self._zone), clock.now().astimezone(self._zone).date()
        if local.date() in (today, today + timedelta(days=1), today - timedelta(days=1)):
            day = {0: "today", 1: "tomorrow", -1: "yesterday"}[(local.date() - today).days]
            return f"{day} at {local:%H:%M}"
        return f"on {_day(local.date(), today)} at {local:%H:%M}"


def _waiting(session: Session, quizzes: set[UUID]) -> dict[UUID, int]:
    if not quizzes:
        return {}
    counted = text("SELECT assessment_id, count(*) FROM attempts WHERE pending > 0 AND assessment_id = ANY(:quizzes) GROUP BY assessment_id")
    return {row[0]: row[1] for row in session.execute(counted, {"quizzes": list(quizzes)}).all()}


def _arrived(session: Session, rows: Sequence[Notification]) -> dict[UUID, int]:
    """How many enrolled in the course of each on its day, and are there still."""
    if not rows:
        return {}
    spans = [day_span(date.fromisoformat(row.subjects["day"]), ZoneInfo(row.subjects["zone"])) for row in rows]
    counted = text(
        "SELECT asked.id, (SELECT count(*) FROM enrollments e WHERE e.course_id = asked.course AND e.status = 'active' "
        "AND e.enrolled_at >= asked.begins AND e.enrolled_at < asked.ends) "
        "FROM unnest(CAST(:ids AS uuid[]), CAST(:courses AS uuid[]), CAST(:begins AS timestamptz[]), CAST(:ends AS timestamptz[])) "
        "AS asked(id, course, begins, ends)"
    )
    found = session.execute(
        counted,
        {
            "ids": [row.id for row in rows],
            "courses": [UUID(row.subjects["course"]) for row in rows],
            "begins": [begins for begins, _ in spans],
            "ends": [ends for _, ends in spans],
        },
    ).all()
    return {row[0]: row[1] for row in found}


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """When a day begins in a zone, and when the next one does."""
    return datetime.combine(day, time.min, zone), datetime.combine(day + timedelta(days=1), time.min, zone)


def _by_id(session: Session, table: Any, ids: Iterable[str | None]) -> dict[UUID, Any]:
    wanted = {UUID(value) for value in ids if value}
    return {row.id: row for row in session.exec(select(table).where(table.id.in_(wanted))).all()} if wanted else {}


def _nudges(session: Session, ids: Iterable[str | None]) -> dict[UUID, str]:
    """What the staff wrote, by the nudge; without those of accounts that were erased."""
    rows: dict[UUID, Nudge] = _by_id(session, Nudge, ids)
    key_ring.load(session, [row.person_id for row in rows.values()])
    told = {}
    for nudge_id, row in rows.items():
        with suppress(Unreadable):
            told[nudge_id] = row.text or ""
    return told


def _in_discussion(about: Mapping[str, Any]) -> str:
    """A thread, for whoever is told of it: the page that it is about finds out what the reader may see."""
    return f"/discussion/{about['thread']}"


def _id(about: Mapping[str, Any], name: str) -> UUID:
    return UUID(about[name]) if about.get(name) else UUID(int=0)


def _day(day: date, today: date) -> str:
    return f"{day.day} {day:%B}{'' if day.year == today.year else f' {day.year}'}"


def _people(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
