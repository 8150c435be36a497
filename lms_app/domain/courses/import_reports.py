"""Reading one's imports: how far they are, and the report at the end."""

from dataclasses import dataclass, field
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from lms_app.domain.actor import Actor
from lms_app.domain.courses import imports
from lms_app.domain.notifications.queries import when_in_words
from lms_app.models import Course, ImportJob, Person
from lms_app.words import ImportStatus, Role

MOST_ROWS = 50
MOST_IMPORTS = 10


@dataclass(frozen=True, kw_only=True)
class NotTaken:
    """Something of the source that the course does not hold, or not whole."""

    kind: str
    title: str
    place: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ImportLine:
    """One import in the list of one's imports."""

    id: str
    filename: str
    status: str
    when: str
    course_id: str


@dataclass(frozen=True, kw_only=True)
class ImportView:
    """An import under way, refused or done. `percent` is of the present stage, None while that has no measure. At most 50 rows of each list are
    shown; the `more_` numbers say how many there are besides."""

    id: str
    filename: str
    status: str
    stage: str
    percent: int | None
    refusal: str
    when: str
    course_id: str
    course: str
    modules: int = 0
    lessons: int = 0
    pages: int = 0
    questions: int = 0
    unsupported: list[NotTaken] = field(default_factory=list)
    more_unsupported: int = 0
    missing_files: list[str] = field(default_factory=list)
    more_missing: int = 0
    removed_scripts: int = 0


def import_view(session: Session, actor: Actor, import_id: UUID) -> ImportView:
    """An import of the actor's. Raises NotFound."""
    row = imports.owned(session, actor, import_id)
    course = session.get(Course, row.course_id) if row.course_id else None
    report = row.report or {}
    counts = report.get("course", {})
    unsupported, missing = report.get("unsupported", []), report.get("missing_files", [])
    return ImportView(
        id=str(row.id),
        filename=row.filename,
        status=row.status,
        stage=row.stage,
        percent=row.done * 100 // row.total if row.total else None,
        refusal=row.refusal or "",
        when=when_in_words(row.finished_at or row.created_at, _zone(session, actor)),
        course_id=str(row.course_id or ""),
        course=course.title if course else "",
        **{name: counts.get(name, 0) for name in ("modules", "lessons", "pages", "questions")},
        unsupported=[NotTaken(**entry) for entry in unsupported[:MOST_ROWS]],
        more_unsupported=max(0, len(unsupported) - MOST_ROWS),
        missing_files=missing[:MOST_ROWS],
        more_missing=max(0, len(missing) - MOST_ROWS),
        removed_scripts=report.get("removed_scripts", 0),
    )


def own_imports(session: Session, actor: Actor) -> list[ImportLine]:
    """The actor's newest imports."""
    actor.must_be(Role.INSTRUCTOR)
    rows = session.exec(select(ImportJob).where(ImportJob.person_id == actor.person_id).order_by(col(ImportJob.id).desc()).limit(MOST_IMPORTS)).all()
    zone = _zone(session, actor)
    return [
        ImportLine(
            id=str(row.id),
            filename=row.filename,
            status=ImportStatus(row.status),
            when=when_in_words(row.created_at, zone),
            course_id=str(row.course_id or ""),
        )
        for row in rows
    ]


def _zone(session: Session, actor: Actor) -> ZoneInfo:
    return ZoneInfo(session.get_one(Person, actor.person_id).time_zone)
