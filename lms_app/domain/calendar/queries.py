"""A student's own dates: what comes next, and a month."""

import re
from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.calendar.moment_words import full_day, left_words, moment_words
from lms_app.domain.calendar.moments import Moment, MomentKind, moments_of
from lms_app.domain.calendar.views import CalendarDay, CalendarMonth, CalendarWeek, DateLine, NextDates
from lms_app.models import Enrollment, Person
from lms_app.words import EnrollmentStatus, Role

NEXT = 5
IN_A_DAY = 3
FIRST_YEAR, LAST_YEAR = 2000, 2200

LABELS = {
    MomentKind.DUE: "Due",
    MomentKind.OPENS: "Opens",
    MomentKind.CLOSES: "Closes",
    MomentKind.BEGINS: "Course begins",
    MomentKind.ENDS: "Course ends",
}


def next_dates(session: Session, actor: Actor) -> NextDates:
    """What comes next in the actor's courses: quizzes that are not handed in yet, and what opens, closes, begins or ends."""
    actor.must_be(Role.STUDENT)
    zone, now = _zone(session, actor), clock.now()
    ahead = [each for each in moments_of(session, actor.person_id) if each.at > now and not each.done]
    return NextDates(lines=[_line(each, zone, now) for each in ahead[:NEXT]], more=max(0, len(ahead) - NEXT), zone=zone_words(zone))


def month(session: Session, actor: Actor, wanted: str = "") -> CalendarMonth:
    """A month of the actor's dates (`2026-12`), the present one where `wanted` is none: whole weeks from Monday, in the actor's zone."""
    actor.must_be(Role.STUDENT)
    zone, now = _zone(session, actor), clock.now()
    today = now.astimezone(zone).date()
    first = _first(wanted, today)
    monday, following = first - timedelta(days=first.weekday()), next_month(first)
    lines: dict[date, list[DateLine]] = defaultdict(list)
    for each in moments_of(session, actor.person_id):
        lines[each.at.astimezone(zone).date()].append(_line(each, zone, now))
    count = -(-(following - monday).days // 7)
    days = [_day(monday + timedelta(days=number), first, today, lines) for number in range(count * 7)]
    return CalendarMonth(
        month=f"{first:%Y-%m}",
        title=f"{first:%B %Y}",
        zone=zone_words(zone),
        current=(first.year, first.month) == (today.year, today.month),
        courses=_takes_any(session, actor),
        weeks=[CalendarWeek(id=days[at].day, days=days[at : at + 7]) for at in range(0, len(days), 7)],
        days=[day for day in days if day.lines and not day.outside],
    )


def step(wanted: str, months: int) -> str:
    """The month so many months from one."""
    first = _first(wanted, clock.now().date())
    number = min(max(first.year * 12 + first.month - 1 + months, FIRST_YEAR * 12), LAST_YEAR * 12 + 11)
    return f"{number // 12:04}-{number % 12 + 1:02}"


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first + timedelta(days=32)).replace(day=1)


def zone_words(zone: ZoneInfo) -> str:
    """A zone's name as it is read: `Europe/Berlin`, `America/New York`."""
    return zone.key.replace("_", " ")


def _first(wanted: str, today: date) -> date:
    found = re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", wanted)
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return today.replace(day=1)
    return date(int(found[1]), int(found[2]), 1)


def _day(day: date, first: date, today: date, lines: dict[date, list[DateLine]]) -> CalendarDay:
    those = lines.get(day, [])
    return CalendarDay(
        day=day.isoformat(),
        number=day.day,
        words=full_day(day, today),
        today=day == today,
        outside=day.month != first.month,
        lines=those[:IN_A_DAY],
        rest=those[IN_A_DAY:],
    )


def _line(moment: Moment, zone: ZoneInfo, now: datetime) -> DateLine:
    return DateLine(
        id=f"{moment.kind}-{moment.run_id}-{moment.node}",
        kind=moment.kind,
        label="Handed in, was due" if moment.done else LABELS[moment.kind],
        title=moment.title,
        course="" if moment.kind in (MomentKind.BEGINS, MomentKind.ENDS) else moment.course,
        note=moment.note if moment.at > now else "",
        when=moment_words(moment.at, zone, now),
        time=f"{moment.at.astimezone(zone):%H:%M}",
        left=left_words(moment.at, zone, now),
        link=moment.link,
        done=moment.done,
    )


def _zone(session: Session, actor: Actor) -> ZoneInfo:
    return ZoneInfo(session.get_one(Person, actor.person_id).time_zone)


def _takes_any(session: Session, actor: Actor) -> bool:
    active = select(Enrollment.id).where(Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE)
    return session.exec(active.limit(1)).first() is not None
