"""What a student's results say to that student: how far each objective is mastered, and what markers wrote."""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.analytics.mastery_rules import mastery
from lms_app.domain.assessments import marks
from lms_app.domain.assessments.told_marks import untold
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Assessment, Attempt, Course, Enrollment, Mark, Objective, Person, Question, QuestionScore
from lms_app.words import EnrollmentStatus, Outcome, Role

OBJECTIVES = 20
COMMENTS = 5
MOST_MARKS = 200


@dataclass(frozen=True, kw_only=True)
class ObjectiveStanding:
    """An objective with its estimate in whole percent and the interval around it."""

    id: str
    objective: str
    course: str
    mean: int
    low: int
    high: int
    answers: int


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What a marker wrote of an answer."""

    id: str
    quiz: str
    course: str
    comment: str
    when: str
    link: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Both, the least mastered objective first and the newest comment first."""

    objectives: list[ObjectiveStanding]
    feedback: list[Feedback]


def standing(session: Session, actor: Actor) -> Standing:
    """How the actor stands. What a quiz does not show them now is not counted and not told."""
    actor.must_be(Role.STUDENT)
    return Standing(objectives=_objectives(session, actor), feedback=_feedback(session, actor))


def _objectives(session: Session, actor: Actor) -> list[ObjectiveStanding]:
    rows = session.exec(
        select(Objective.id, Objective.text, Course.title, QuestionScore.question_id, QuestionScore.fraction, Attempt.id)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(Question, col(Question.objective_id) == col(Objective.id))
        .join(QuestionScore, col(QuestionScore.question_id) == col(Question.id))
        .join(Attempt, col(Attempt.id) == col(QuestionScore.attempt_id))
        .join(Enrollment, col(Enrollment.id) == col(Attempt.enrollment_id))
        .join(Course, col(Course.id) == col(Objective.course_id))
        .where(
            Attempt.person_id == actor.person_id,
            Enrollment.status == EnrollmentStatus.ACTIVE,
            col(Objective.archived_at).is_(None),
            QuestionScore.outcome != Outcome.PENDING,
        )
        .order_by(col(Attempt.id).desc())
    ).all()
    hidden = untold(session, {row[5] for row in rows}).answers
    last: dict[UUID, dict[UUID, float]] = defaultdict(dict)
    named: dict[UUID, tuple[str, str]] = {}
    for objective_id, text, course, question_id, fraction, attempt_id in rows:
        if attempt_id not in hidden:
            named[objective_id] = (text, course)
            last[objective_id].setdefault(question_id, float(fraction))
    found = [
        ObjectiveStanding(
            id=str(objective_id), objective=named[objective_id][0], course=named[objective_id][1], mean=made.mean, low=made.low, high=made.high,
            answers=made.answers,
        )
        for objective_id, fractions in last.items()
        if (made := mastery(list(fractions.values()))) is not None
    ]  # fmt: skip
    return sorted(found, key=lambda each: (each.mean, each.objective))[:OBJECTIVES]


def _feedback(session: Session, actor: Actor) -> list[Feedback]:
    rows = session.exec(
        select(Mark, Assessment.title, Course.title)
        .join(Assessment, col(Assessment.id) == col(Mark.assessment_id))
        .join(Course, col(Course.id) == col(Assessment.course_id))
        .where(Mark.person_id == actor.person_id)
        .order_by(col(Mark.id).desc())
        .limit(MOST_MARKS)
    ).all()
    hidden = untold(session, {mark.attempt_id for mark, _, _ in rows}).feedback
    zone = ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
    counted: set[tuple[UUID, UUID]] = set()
    found: list[Feedback] = []
    for mark, quiz, course in rows:
        about = (mark.attempt_id, mark.question_id)
        if about in counted or mark.attempt_id in hidden:
            continue
        counted.add(about)
        comment = marks.comment_of(mark)
        if comment:
            when = when_in_words(mark.at, zone)
            found.append(Feedback(id=str(mark.id), quiz=quiz, course=course, comment=comment, when=when, link=f"/quiz/{mark.assessment_id}"))
    return found[:COMMENTS]
