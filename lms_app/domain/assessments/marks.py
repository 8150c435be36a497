"""Reading marks: the newest of each answer counts, the others are its history."""

from uuid import UUID

from sqlalchemy.dialects.postgresql import distinct_on
from sqlmodel import Session, col, select

from lms_app.crypto import Unreadable
from lms_app.domain.assessments.views import RubricLine
from lms_app.models import Mark


def newest(session: Session, attempt_id: UUID) -> dict[UUID, Mark]:
    """The marks of an attempt that count, by question."""
    rows = session.exec(
        select(Mark)
        .where(Mark.attempt_id == attempt_id)
        .ext(distinct_on(col(Mark.question_id)))
        .order_by(col(Mark.question_id), col(Mark.number).desc())
    ).all()
    return {row.question_id: row for row in rows}


def newest_of(session: Session, attempt_id: UUID, question_id: UUID) -> Mark | None:
    """The mark of one answer that counts."""
    query = select(Mark).where(Mark.attempt_id == attempt_id, Mark.question_id == question_id)
    return session.exec(query.order_by(col(Mark.number).desc()).limit(1)).first()


def comment_of(mark: Mark) -> str:
    """The comment of a mark, "" where there is none or nobody may read it any more."""
    try:
        return mark.comment or ""
    except Unreadable:
        return ""


def lines_of(mark: Mark) -> list[RubricLine]:
    """The rubric of a mark as it was filled in."""
    return [RubricLine(title=line["title"], level=line["level"], points=line["points"], most=line["most"]) for line in mark.filled]
