"""Course files: who may have them, and under which key they are sealed."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.crypto import key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments.openings import ALL_OPEN, availabilities, openings_of
from lms_app.errors import LimitReached, NotFound
from lms_app.models import Course, Enrollment, StoredFile
from lms_app.words import Status


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    """What is needed to send a file: where it lies, the key that opens it, and what it is."""

    storage_key: str
    key: bytes
    media_type: str
    filename: str
    size: int


def course_file(session: Session, actor: Actor | None, file_id: UUID) -> OpenFile:
    """A file of a course that the actor takes or is on the staff of; a published course's cover is anybody's. Who takes the course has no file that
    only stands on parts of it that are locked to them. Raises NotFound."""
    row = session.get(StoredFile, file_id)
    if row is None or row.purpose != "course" or row.course_id is None:
        raise NotFound("There is no such file.")
    course = session.get_one(Course, row.course_id)
    is_cover = course.cover_file_id == row.id and course.status == Status.PUBLISHED
    if not is_cover and not (actor and _may_read(session, actor, row, course.id)):
        raise NotFound("There is no such file.")
    return opened(session, row)


def opened(session: Session, row: StoredFile) -> OpenFile:
    """A stored file with the key that opens it."""
    return OpenFile(
        storage_key=row.storage_key,
        key=key_ring.key(session, row.key_owner),
        media_type=row.media_type,
        filename=row.filename,
        size=row.size,
    )


def _may_read(session: Session, actor: Actor, row: StoredFile, course_id: UUID) -> bool:
    try:
        enrollment, _ = access.opened_enrollment(session, actor, course_id)
    except (NotFound, LimitReached):
        return _is_staff(session, actor, course_id)
    return not _is_locked(session, enrollment, row.id) or _is_staff(session, actor, course_id)


def _is_staff(session: Session, actor: Actor, course_id: UUID) -> bool:
    try:
        access.staffed_course(session, actor, course_id)
    except NotFound:
        return False
    return True


def _is_locked(session: Session, enrollment: Enrollment, file_id: UUID) -> bool:
    """Whether all that shows a file is locked to a student: one statement in a course without availabilities."""
    named = {"course": enrollment.course_id, "file": file_id}
    if not availabilities(session, [enrollment.course_id]):
        return False
    places = session.execute(_PLACES, named).scalars().all()
    shut = openings_of(session, enrollment) if places else ALL_OPEN
    return bool(places) and all(shut.lock(place) for place in places)


_PLACES = text("""
SELECT p.id FROM pages p JOIN page_revisions r ON r.id = p.published_revision_id
WHERE p.course_id = :course AND p.status = 'published' AND p.archived_at IS NULL AND :file = ANY (r.files)
UNION
SELECT a.id FROM assessments a JOIN assessment_sections s ON s.assessment_revision_id = a.published_revision_id
LEFT JOIN section_questions sq ON sq.section_id = s.id
LEFT JOIN questions q ON q.id = sq.question_id
LEFT JOIN question_revisions r ON r.id = q.published_revision_id
WHERE a.course_id = :course AND a.status = 'published' AND a.archived_at IS NULL
  AND (:file = ANY (r.files) OR :file = ANY (files_in(jsonb_build_array(s.introduction))))
""")
"""The pages and quizzes that show a file. Of questions that are drawn nobody knows where they come; their files stay open."""


def find_file(session: Session, file_id: UUID) -> StoredFile:
    """The row of a stored file. Raises NotFound."""
    row = session.exec(select(StoredFile).where(StoredFile.id == file_id)).first()
    if row is None:
        raise NotFound("There is no such file.")
    return row
