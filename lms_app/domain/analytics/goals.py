"""A student's own goals, and whether their weeks in a row are shown: theirs alone. Nobody else reads them, the staff of a course neither."""

from dataclasses import asdict, dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from lms_app.adapters import clock, pubsub
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goal_rules as rules
from lms_app.domain.analytics.goal_rules import Goal
from lms_app.domain.courses import access
from lms_app.domain.notifications.queries import when_in_words
from lms_app.errors import Invalid
from lms_app.models import Course, CourseGoal, HiddenStreak, Person
from lms_app.words import Hint, Role

MOST = 200
"""Goals that are told of: more courses nobody takes."""


@dataclass(frozen=True, kw_only=True)
class GoalForm:
    """A goal as its form shows it. `exists` where one is set."""

    course_id: str
    course: str
    score: str
    hours: str
    days: str
    exists: bool


@dataclass(frozen=True, kw_only=True)
class KeptGoal:
    """A goal as it is kept, for whoever set it."""

    course_id: str
    course: str
    words: str
    since: str
    score: int | None
    minutes: int | None
    days: int | None


def set_goal(session: Session, actor: Actor, course_id: UUID, *, score: str = "", hours: str = "", days: str = "") -> None:
    """Sets what the actor means to reach in a course that they take, or changes it. Raises NotFound, Invalid with the fields."""
    actor.must_be(Role.STUDENT)
    access.own_enrollment(session, actor, course_id)
    goal, wrong = rules.read(score, hours, days)
    if wrong:
        raise Invalid("This goal needs another look.", fields=wrong)
    now = clock.now()
    # Two tabs that set one at once make one row.
    made = CourseGoal(person_id=actor.person_id, course_id=course_id, set_at=now)
    fresh = insert(CourseGoal).values(id=made.id, person_id=made.person_id, course_id=course_id, set_at=now)
    session.execute(fresh.on_conflict_do_nothing(index_elements=["person_id", "course_id"]))
    row = session.exec(_own(actor).where(CourseGoal.course_id == course_id).with_for_update()).one()
    row.goal, row.set_at = orjson.dumps(asdict(goal)).decode(), now
    session.add(row)
    session.flush()
    _tell(session, actor)


def remove_goal(session: Session, actor: Actor, course_id: UUID) -> None:
    """Takes back the actor's goal in a course, whether they still take it or not. Nothing happens where there is none."""
    row = session.exec(_own(actor).where(CourseGoal.course_id == course_id)).first()
    if row is not None:
        session.delete(row)
        session.flush()
        _tell(session, actor)


def goal_form(session: Session, actor: Actor, course_id: UUID) -> GoalForm:
    """The actor's goal in a course that they take, to change. Raises NotFound."""
    access.own_enrollment(session, actor, course_id)
    found = goals_of(session, actor).get(course_id)
    goal = found or Goal()
    return GoalForm(
        course_id=str(course_id),
        course=session.get_one(Course, course_id).title,
        score="" if goal.score is None else str(goal.score),
        hours=rules.hours_typed(goal.minutes),
        days="" if goal.days is None else str(goal.days),
        exists=found is not None,
    )


def goals_of(session: Session, actor: Actor) -> dict[UUID, Goal]:
    """The actor's goals by course."""
    return {row.course_id: _goal(row) for row in session.exec(_own(actor).limit(MOST)).all()}


def kept_goals(session: Session, actor: Actor) -> list[KeptGoal]:
    """Every goal of the actor's, to look at and to take along."""
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    query = select(CourseGoal, Course.title).join(Course, col(Course.id) == col(CourseGoal.course_id)).where(CourseGoal.person_id == actor.person_id)
    rows = session.exec(query.order_by(col(CourseGoal.id).desc()).limit(MOST)).all()
    return [_kept(row, title, zone) for row, title in rows]


def hide_streak(session: Session, actor: Actor) -> None:
    """Shows the actor their weeks in a row no longer."""
    session.execute(insert(HiddenStreak).values(person_id=actor.person_id, at=clock.now()).on_conflict_do_nothing())
    _tell(session, actor)


def show_streak(session: Session, actor: Actor) -> None:
    """Shows them again."""
    row = session.get(HiddenStreak, actor.person_id)
    if row is not None:
        session.delete(row)
        session.flush()
        _tell(session, actor)


def streak_is_hidden(session: Session, actor: Actor) -> bool:
    """Whether the actor does not wish to see their weeks in a row."""
    return session.get(HiddenStreak, actor.person_id) is not None


def _own(actor: Actor) -> SelectOfScalar[CourseGoal]:
    return select(CourseGoal).where(CourseGoal.person_id == actor.person_id)


def _kept(row: CourseGoal, title: str, zone: ZoneInfo) -> KeptGoal:
    goal = _goal(row)
    since = when_in_words(row.set_at, zone)
    return KeptGoal(course_id=str(row.course_id), course=title, words=rules.goal_words(goal), since=since, **asdict(goal))


def _tell(session: Session, actor: Actor) -> None:
    """After the commit, the actor's own open pages, and no others."""
    after_commit(session, lambda: pubsub.hint(Hint.GOALS, actor.person_id))


def _goal(row: CourseGoal) -> Goal:
    return rules.kept(orjson.loads(row.goal)) if row.goal else Goal()
