"""A student's own week: time, days and weeks in a row by their own clock, and how far their goals are. From the roll-up of quarters of an hour."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals
from lms_app.domain.analytics.goal_rules import Reached, goal_words, reached, time_words
from lms_app.domain.analytics.streak_rules import monday_of, weeks_in_a_row
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.gradebook.queries import own_totals
from lms_app.models import Course, Enrollment, Person
from lms_app.words import EnrollmentStatus, Role, Status

COURSES = 50

_DAYS = text("""
SELECT e.course_id, CAST(q.at AT TIME ZONE :zone AS date) AS day, sum(q.seconds) AS seconds
FROM enrollments e JOIN learning_quarters q ON q.run_id = e.run_id AND q.person_id = e.person_id
WHERE e.person_id = :person GROUP BY 1, 2
""")


class LearntDay(NamedTuple):
    """That somebody learnt in a course on a day of their own, and for how many seconds."""

    course_id: UUID
    day: date
    seconds: int


@dataclass(frozen=True, kw_only=True)
class WeekDay:
    """A day of this week. `learnt` is no reproach where it is False: `ahead` says that the day is still to come."""

    id: str
    letter: str
    words: str
    learnt: bool
    today: bool
    ahead: bool


@dataclass(frozen=True, kw_only=True)
class Week:
    """Time and days of this week; `before` is the time of the whole week before."""

    time: str
    before: str
    days: list[WeekDay]
    learnt: int


@dataclass(frozen=True, kw_only=True)
class OwnGoal:
    """A student's goal in a course, in words and in parts."""

    course_id: str
    slug: str
    course: str
    words: str
    parts: list[Reached]


@dataclass(frozen=True, kw_only=True)
class OwnWeek:
    """This week over all courses, by the clock of `zone`. `row` are weeks in a row; `hidden` where they are not to be shown. `goals` are those of
    courses that are taken now, `without` is the id of the first of these that has none and is not completed: "" where there is no such."""

    zone: str
    as_of: str
    week: Week
    row: int
    hidden: bool
    goals: list[OwnGoal]
    without: str
    without_course: str


def own_week(session: Session, actor: Actor) -> OwnWeek:
    """The actor's week, by a number of statements that does not grow with courses."""
    actor.must_be(Role.STUDENT)
    zone = own_zone(session, actor)
    today = clock.now().astimezone(zone).date()
    learnt = learnt_days(session, actor, zone)
    set_goals = goals.goals_of(session, actor)
    taken = session.exec(
        select(Course.id, Course.slug, Course.title, Enrollment.completed_at)
        .join(Enrollment, col(Enrollment.course_id) == col(Course.id))
        .where(Enrollment.person_id == actor.person_id, Enrollment.status == EnrollmentStatus.ACTIVE, Course.status == Status.PUBLISHED)
        .order_by(col(Enrollment.last_active_at).desc().nulls_last(), col(Enrollment.id).desc())
        .limit(COURSES)
    ).all()
    totals = {total.slug: total.total.percent for total in own_totals(session, actor)} if set_goals else {}
    by_course: dict[UUID, list[LearntDay]] = defaultdict(list)
    for each in learnt:
        by_course[each.course_id].append(each)
    could_have_one = ((str(course_id), title) for course_id, _, title, completed in taken if completed is None and course_id not in set_goals)
    without = next(could_have_one, ("", ""))
    return OwnWeek(
        zone=zone.key.replace("_", " "),
        as_of=as_of(session, actor),
        week=week_of(learnt, today),
        row=weeks_in_a_row({each.day for each in learnt}, today),
        hidden=goals.streak_is_hidden(session, actor),
        goals=[
            OwnGoal(
                course_id=str(course_id),
                slug=slug,
                course=title,
                words=goal_words(set_goals[course_id]),
                parts=reached(set_goals[course_id], percent=totals.get(slug), **_this_week(by_course[course_id], today)),
            )
            for course_id, slug, title, _ in taken
            if course_id in set_goals
        ],
        without=without[0],
        without_course=without[1],
    )


def own_zone(session: Session, actor: Actor) -> ZoneInfo:
    """The actor's time zone."""
    return ZoneInfo(session.get_one(Person, actor.person_id).time_zone)


def learnt_days(session: Session, actor: Actor, zone: ZoneInfo) -> list[LearntDay]:
    """Every day on which the actor learnt, by course: one statement."""
    return [LearntDay(*row) for row in session.execute(_DAYS, {"zone": zone.key, "person": actor.person_id}).all()]


def week_of(learnt: Iterable[LearntDay], today: date) -> Week:
    """The week that `today` is in, and the time of the one before."""
    monday = monday_of(today)
    before = sum(each.seconds for each in learnt if monday - timedelta(days=7) <= each.day < monday)
    days = {each.day for each in learnt}
    return Week(
        time=time_words(_this_week(learnt, today)["seconds"]),
        before=time_words(before),
        days=[_week_day(monday + timedelta(days=number), today, days) for number in range(7)],
        learnt=_this_week(learnt, today)["days"],
    )


def parts_of(goal: goals.Goal, learnt: Iterable[LearntDay], today: date, percent: int | None) -> list[Reached]:
    """How far a goal is, by the days of its course."""
    return reached(goal, percent=percent, **_this_week(learnt, today))


def _this_week(learnt: Iterable[LearntDay], today: date) -> dict[str, int]:
    mine = [each for each in learnt if monday_of(each.day) == monday_of(today)]
    return {"seconds": sum(each.seconds for each in mine), "days": len({each.day for each in mine})}


def _week_day(day: date, today: date, learnt: set[date]) -> WeekDay:
    said = "learnt" if day in learnt else "still to come" if day > today else "today" if day == today else "a day off"
    return WeekDay(
        id=day.isoformat(),
        letter=f"{day:%a}"[0],
        words=f"{day:%A}: {said}",
        learnt=day in learnt,
        today=day == today,
        ahead=day > today,
    )
