"""How one hears of things: a choice for each group of kinds, quiet hours, muted courses, and whether mail comes at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.notifications.kind_rules import GROUPS, Choice
from lms_app.errors import Invalid, NotFound
from lms_app.models import (
    Course,
    CourseMute,
    Enrollment,
    Membership,
    NotificationChoice,
    NotificationSettings,
    Person,
    PushSubscription,
)
from lms_app.words import EnrollmentStatus, MailTiming, NotificationGroup, Role

DAY = 24 * 60
MOST_COURSES = 50


@dataclass(frozen=True, kw_only=True)
class ChoiceRow:
    """One row of the page: a group of kinds, and how the reader hears of it."""

    id: str
    title: str
    about: str
    in_app: bool
    mail: str
    push: bool


@dataclass(frozen=True, kw_only=True)
class MutableCourse:
    """A course that the reader takes or teaches, and whether it is muted."""

    id: str
    title: str
    muted: bool


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """Everything of the page. Quiet hours are `HH:MM` in `time_zone`, or empty. `mail` is `on`, `off`, or `paused` after refusals of `email`."""

    learning: list[ChoiceRow]
    teaching: list[ChoiceRow]
    quiet_from: str
    quiet_until: str
    time_zone: str
    email: str
    mail: str
    courses: list[MutableCourse]
    browsers: int


def read(session: Session, actor: Actor) -> Preferences:
    """The actor's preferences, the defaults where nothing was chosen."""
    person = session.get_one(Person, actor.person_id)
    settings = session.get(NotificationSettings, actor.person_id) or NotificationSettings(person_id=actor.person_id)
    chosen = choices(session, actor.person_id)
    rows = [
        (group.for_staff, ChoiceRow(id=group.id, title=group.title, about=group.about, in_app=each.in_app, mail=each.mail, push=each.push))
        for group in GROUPS
        for each in [chosen.get(group.id, group.default)]
    ]
    return Preferences(
        learning=[row for for_staff, row in rows if not for_staff],
        teaching=[row for for_staff, row in rows if for_staff and Role.INSTRUCTOR in actor.roles],
        quiet_from=_clock(settings.quiet_from),
        quiet_until=_clock(settings.quiet_until),
        time_zone=person.time_zone.replace("_", " "),
        email=person.email or "",
        mail="off" if settings.mail_off_at else "paused" if settings.mail_paused_at else "on",
        courses=_courses(session, actor),
        browsers=session.exec(select(func.count()).where(col(PushSubscription.person_id) == actor.person_id)).one(),
    )


def choices(session: Session, person_id: UUID) -> dict[NotificationGroup, Choice]:
    """What a person has chosen, by group."""
    rows = session.exec(select(NotificationChoice).where(NotificationChoice.person_id == person_id)).all()
    return {NotificationGroup(row.kind_group): Choice(in_app=row.in_app, mail=MailTiming(row.mail), push=row.push) for row in rows}


def save(session: Session, actor: Actor, chosen: Mapping[NotificationGroup, Choice], *, quiet_from: str, quiet_until: str) -> None:
    """Keeps the actor's choices for these groups, and their quiet hours: both or none. Raises Invalid with the fields."""
    start, end = _minutes(quiet_from, "quiet_from"), _minutes(quiet_until, "quiet_until")
    if (start is None) != (end is None):
        missing = "quiet_from" if start is None else "quiet_until"
        raise Invalid("Quiet hours have a beginning and an end.", fields={missing: "Give both times, or none."})
    if start is not None and start == end:
        raise Invalid("Quiet hours end at another time.", fields={"quiet_until": "They would last all day. To stop all mail, use the button below."})
    for group, choice in chosen.items():
        values = {"in_app": choice.in_app, "mail": choice.mail, "push": choice.push}
        row = insert(NotificationChoice).values(person_id=actor.person_id, kind_group=group, **values)
        session.execute(row.on_conflict_do_update(index_elements=["person_id", "kind_group"], set_=values))
    _set(session, actor.person_id, quiet_from=start, quiet_until=end)


def stop_mail(session: Session, actor: Actor) -> None:
    """Stops all mail of notifications. That of the account, such as a new password's, is none."""
    _set(session, actor.person_id, mail_off_at=clock.now())


def resume_mail(session: Session, actor: Actor) -> None:
    """Lets mail come again: after it was stopped, or paused because the address refused it."""
    _set(session, actor.person_id, mail_off_at=None, mail_paused_at=None, bounces=0)


def mute(session: Session, actor: Actor, course_id: UUID, muted: bool) -> None:
    """Mutes a course that the actor takes or teaches, or hears of it again. What it says lies in the inbox all the same. Raises NotFound."""
    if str(course_id) not in {course.id for course in _courses(session, actor)}:
        raise NotFound("You neither take nor teach this course.")
    is_it = (col(CourseMute.person_id) == actor.person_id, col(CourseMute.course_id) == course_id)
    if muted:
        row = insert(CourseMute).values(person_id=actor.person_id, course_id=course_id, created_at=clock.now())
        session.execute(row.on_conflict_do_nothing())
    else:
        session.execute(delete(CourseMute).where(*is_it))
    session.expire_all()


def _set(session: Session, person_id: UUID, **values: object) -> None:
    row = insert(NotificationSettings).values(person_id=person_id, **{"bounces": 0, **values})
    session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=values))
    session.expire_all()


def _courses(session: Session, actor: Actor) -> list[MutableCourse]:
    taken = select(Enrollment.course_id).where(Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    taught = select(Membership.course_id).where(Membership.person_id == actor.person_id)
    muted = select(CourseMute.course_id).where(CourseMute.person_id == actor.person_id)
    about = col(Course.id).in_(taken) | col(Course.id).in_(taught) | col(Course.id).in_(muted)
    found = session.exec(select(Course.id, Course.title, col(Course.id).in_(muted)).where(about).order_by(Course.title).limit(MOST_COURSES)).all()
    return [MutableCourse(id=str(course_id), title=title, muted=is_muted) for course_id, title, is_muted in found]


def _clock(minutes: int | None) -> str:
    return "" if minutes is None else f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str, field: str) -> int | None:
    if not text.strip():
        return None
    hours, _, minutes = text.strip().partition(":")
    if hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60:
        return int(hours) * 60 + int(minutes)
    raise Invalid("That is not a time of day.", fields={field: "Write it as 22:00."})
