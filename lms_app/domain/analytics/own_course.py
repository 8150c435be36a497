"""A student's own course, on one page: how far and why, this week, the goal, the score so far and how scores lie."""

from dataclasses import dataclass

from sqlmodel import Session

from lms_app.adapters import clock
from lms_app.domain.actor import Actor
from lms_app.domain.analytics import goals, spreads
from lms_app.domain.analytics.goal_rules import Reached, goal_words
from lms_app.domain.analytics.own_week import Week, learnt_days, own_zone, parts_of, week_of
from lms_app.domain.analytics.spreads import Spread
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.courses import access
from lms_app.domain.enrollments.queries import progress_view
from lms_app.domain.enrollments.views import ProgressView
from lms_app.domain.gradebook import own_marks, reading
from lms_app.domain.gradebook.views import TotalView
from lms_app.words import Role


@dataclass(frozen=True, kw_only=True)
class OwnCourse:
    """How a student stands in a course. `goal` is "" and without parts where none is set; `graded` of `grades` are there."""

    course_id: str
    slug: str
    course: str
    why: ProgressView
    week: Week
    zone: str
    goal: str
    parts: list[Reached]
    total: TotalView
    graded: int
    grades: int
    spread: Spread
    as_of: str


def own_course(session: Session, actor: Actor, slug: str) -> OwnCourse:
    """How the actor stands in a course that they take. Raises NotFound."""
    actor.must_be(Role.STUDENT)
    course = access.published_course(session, slug)
    enrollment = access.own_enrollment(session, actor, course.id)
    zone = own_zone(session, actor)
    today = clock.now().astimezone(zone).date()
    learnt = [each for each in learnt_days(session, actor, zone) if each.course_id == course.id]
    book = reading.read_book(session, enrollment.run_id)
    marks = own_marks.as_told(session, [enrollment.id], book.exceptions).get(enrollment.id, {})
    total = book.total(marks)
    goal = goals.goals_of(session, actor).get(course.id)
    return OwnCourse(
        course_id=str(course.id),
        slug=course.slug,
        course=course.title,
        why=progress_view(session, actor, course.slug),
        week=week_of(learnt, today),
        zone=zone.key.replace("_", " "),
        goal=goal_words(goal) if goal else "",
        parts=parts_of(goal, learnt, today, total.percent) if goal else [],
        total=total,
        graded=sum(book.cell(column, mark).points != "" for column, mark in reading.in_order(book.columns, marks)),
        grades=len(book.columns),
        spread=spreads.spread_for(session, enrollment, total.percent, zone),
        as_of=as_of(session, actor),
    )
