"""The columns that come by themselves: one for each quiz of a course that counts and that students see."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from sqlmodel import Session, col, select

from lms_app.adapters import clock, jobs
from lms_app.domain.courses import positions
from lms_app.domain.courses.outline import OutlineLesson, published_outline
from lms_app.domain.gradebook import projection
from lms_app.models import Assessment, Attempt, GradeCategory, GradeColumn, Run
from lms_app.words import JobQueue

BRING = "gradebook.bring"
"""The job that brings what quizzes made of people into columns that came later. It takes their ids."""

POINTS = Decimal(100)
"""What a quiz is worth until somebody says otherwise."""


def follow(session: Session, course_id: UUID) -> None:
    """Brings the columns of every run of a course in line with its published quizzes. A quiz that is gone takes its column along, and brings it back.

    A new column gets the category that its quiz or its lesson names, and by the job `BRING` what its quiz made of people before. Practice quizzes
    have none.
    """
    quizzes = _counting_quizzes(session, course_id)
    for run in session.exec(select(Run).where(Run.course_id == course_id)).all():
        _follow(session, run.id, quizzes)


def rebuild(session: Session) -> int:
    """Makes the columns of quizzes and what they made of everybody anew, in every run; gives the number of grades that moved."""
    projection.give_time(session)
    for course_id in session.exec(select(Run.course_id).distinct()).all():
        follow(session, course_id)
    return projection.rebuild(session, session.exec(select(GradeColumn.id).where(col(GradeColumn.assessment_id).is_not(None))).all())


def bring(session: Session, column_ids: Collection[UUID]) -> int:
    """Brings what quizzes made of people into these columns, as far as they are still there; gives the number of grades that moved."""
    projection.give_time(session)
    return projection.rebuild(session, session.exec(select(GradeColumn.id).where(col(GradeColumn.id).in_(column_ids))).all())


def _counting_quizzes(session: Session, course_id: UUID) -> dict[UUID, tuple[str, str]]:
    """Title and category of each quiz that counts, in reading order."""
    lessons = [lesson for module in published_outline(session, course_id).modules for lesson in module.lessons]
    placed: dict[UUID, tuple[str, OutlineLesson]] = {
        quiz.id: (quiz.title, lesson) for lesson in lessons for page in lesson.pages for quiz in page.quizzes
    }
    rows = session.exec(select(Assessment).where(col(Assessment.id).in_(list(placed)))).all()
    known = {row.id: row for row in rows if not row.practice}
    return {quiz_id: (title, known[quiz_id].category or lesson.category) for quiz_id, (title, lesson) in placed.items() if quiz_id in known}


def _follow(session: Session, run_id: UUID, quizzes: dict[UUID, tuple[str, str]]) -> None:
    columns = session.exec(select(GradeColumn).where(GradeColumn.run_id == run_id).order_by(GradeColumn.position)).all()
    places = [column.position for column in columns]
    known = {column.assessment_id: column for column in columns if column.assessment_id is not None}
    for quiz_id, column in known.items():
        gone = quiz_id not in quizzes
        if gone != (column.archived_at is not None):
            column.archived_at = clock.now() if gone else None
        if not gone:
            column.title = quizzes[quiz_id][0]
        session.add(column)
    new = []
    for quiz_id, (title, category) in quizzes.items():
        if quiz_id in known:
            continue
        places.append(positions.last(places))
        column = GradeColumn(
            run_id=run_id,
            assessment_id=quiz_id,
            category_id=_category(session, run_id, category),
            title=title,
            points=POINTS,
            position=places[-1],
            created_at=clock.now(),
        )
        session.add(column)
        new.append(column)
    session.flush()
    taken = set(
        session.exec(select(Attempt.assessment_id).where(col(Attempt.assessment_id).in_([column.assessment_id for column in new])).distinct()).all()
    )
    older = [str(column.id) for column in new if column.assessment_id in taken]
    if older:
        # By a worker: only whoever holds the fold's cursor writes here, and nobody who publishes should wait for it.
        jobs.enqueue(session, BRING, queue=JobQueue.ANALYTICS, column_ids=older)


def _category(session: Session, run_id: UUID, title: str) -> UUID | None:
    if not title:
        return None
    every = session.exec(select(GradeCategory).where(GradeCategory.run_id == run_id).order_by(GradeCategory.position)).all()
    found = next((category for category in every if category.title == title), None)
    if found is None:
        found = GradeCategory(run_id=run_id, title=title, position=positions.last([one.position for one in every]), created_at=clock.now())
        session.add(found)
        session.flush()
    return found.id
