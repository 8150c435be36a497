"""Who has done what: everybody who takes a course by every page and quiz of it, read by windows."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func
from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.analytics import registry
from lms_app.domain.analytics.student_figures import as_of
from lms_app.domain.analytics.views import MetricNote
from lms_app.domain.courses import access
from lms_app.domain.courses.outline import published_outline
from lms_app.domain.enrollments.progress import stands
from lms_app.domain.enrollments.roster import Named, named
from lms_app.models import Attempt, Completion, ItemPerson, Progress, RunItem
from lms_app.words import NodeKind

MOST_ROWS, MOST_COLUMNS = 50, 50
NOTES = ("items_opened", "items_completed")


@dataclass(frozen=True, kw_only=True)
class MatrixItem:
    """A column: a page or quiz, and how many people have ever opened and completed it in this run."""

    id: str
    title: str
    quiz: bool
    required: bool
    started: int
    completed: int


@dataclass(frozen=True, kw_only=True)
class MatrixHead:
    """What the matrix is made of."""

    students: int
    items: list[MatrixItem]
    metrics: list[MetricNote]
    as_of: str


@dataclass(frozen=True, kw_only=True)
class MatrixCell:
    """`state` is `done`, `started` or `none`; `score` the best of the marked attempts at a quiz, in percent."""

    state: str
    score: int | None


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """A student, with required items done and in all, and the cells of the columns that were asked for."""

    id: str
    name: str
    done: int
    total: int
    cells: list[MatrixCell]


@dataclass(frozen=True, kw_only=True)
class MatrixWindow:
    """Some rows of those that were searched for, of `students` in all, by some columns."""

    students: int
    first: int
    first_column: int
    rows: list[MatrixRow]


def head(session: Session, actor: Actor, course_id: UUID) -> MatrixHead:
    """The columns of a course's matrix, with what each adds up to. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    query = select(RunItem.object_id, RunItem.started, RunItem.completed).where(RunItem.run_id == run.id)
    sums = {object_id: (started, completed) for object_id, started, completed in session.exec(query).all()}
    items = [
        MatrixItem(
            id=str(item.id),
            title=item.title,
            quiz=item.kind == NodeKind.ASSESSMENT,
            required=item.required,
            started=sums.get(item.id, (0, 0))[0],
            completed=sums.get(item.id, (0, 0))[1],
        )
        for item in published_outline(session, course.id).items()
    ]
    return MatrixHead(students=len(named(session, run.id)), items=items, metrics=registry.notes(*NOTES), as_of=as_of(session, actor))


def window(
    session: Session,
    actor: Actor,
    course_id: UUID,
    *,
    first: int = 0,
    rows: int = 50,
    first_column: int = 0,
    columns: int = 20,
    search: str = "",
) -> MatrixWindow:
    """A part of the matrix: people by name, each with the cells of some columns. The same number of statements for any part. Raises NotFound."""
    course = access.staffed_course(session, actor, course_id)
    run = access.current_run(session, course.id)
    everybody = named(session, run.id, search)
    people = everybody[first : first + min(rows, MOST_ROWS)]
    items = [item.id for item in published_outline(session, course.id).items()][first_column : first_column + min(columns, MOST_COLUMNS)]
    return MatrixWindow(students=len(everybody), first=first, first_column=first_column, rows=_rows(session, run.id, people, items))


def _rows(session: Session, run_id: UUID, people: list[Named], items: list[UUID]) -> list[MatrixRow]:
    enrollments = [one.enrollment_id for one in people]
    standing = {
        enrollment_id: (done, total)
        for enrollment_id, done, total in session.exec(
            select(Progress.enrollment_id, Progress.done, Progress.total).where(col(Progress.enrollment_id).in_(enrollments))
        ).all()
    }
    opened = set(
        session.exec(
            select(ItemPerson.person_id, ItemPerson.object_id).where(
                ItemPerson.run_id == run_id, col(ItemPerson.person_id).in_([one.person_id for one in people]), col(ItemPerson.object_id).in_(items)
            )
        ).all()
    )
    done = set(
        session.exec(
            select(Completion.enrollment_id, Completion.node_id).where(
                col(Completion.enrollment_id).in_(enrollments), col(Completion.node_id).in_(items), stands()
            )
        ).all()
    )
    best = {
        (enrollment_id, assessment_id): int((fraction or 0) * 100)
        for enrollment_id, assessment_id, fraction in session.exec(
            select(Attempt.enrollment_id, Attempt.assessment_id, func.max(Attempt.fraction))
            .where(
                col(Attempt.enrollment_id).in_(enrollments),
                col(Attempt.assessment_id).in_(items),
                col(Attempt.fraction).is_not(None),
                Attempt.pending == 0,
            )
            .group_by(col(Attempt.enrollment_id), col(Attempt.assessment_id))
        ).all()
    }

    def cell(one: Named, item: UUID) -> MatrixCell:
        score = best.get((one.enrollment_id, item))
        is_begun = (one.person_id, item) in opened or score is not None
        return MatrixCell(state="done" if (one.enrollment_id, item) in done else "started" if is_begun else "none", score=score)

    return [
        MatrixRow(
            id=str(one.enrollment_id),
            name=one.name,
            done=standing.get(one.enrollment_id, (0, 0))[0],
            total=standing.get(one.enrollment_id, (0, 0))[1],
            cells=[cell(one, item) for item in items],
        )
        for one in people
    ]
