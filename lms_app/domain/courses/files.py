"""Course files: who may have them, and under which key they are sealed."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, select

from lms_app.crypto import key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.enrollments.openings import openings_of
from lms_app.errors import LimitReached, NotFound
from lms_app.models import Course, Enrollment, StoredFile
from lms_app.words import Status

Delete = Callable[[str], None]
"""`delete(storage_key)` takes a stored file off the disk."""


@dataclass(frozen=True, kw_only=True)
class OpenFile:
    """What is needed to send a file: where it lies, the key that opens it, and what it is."""

    storage_key: str
    key: bytes
    media_type: str
    filename: str
    size: int


def course_file(session: Session, actor: Actor | None, file_id: UUID) -> OpenFile:
    """A file of a course that the actor takes or is on the staff of; a published course's cover is anybody's. Who takes the course has what it shows
    them: no file that stands in drafts alone, on parts that are locked to them, or in questions that they were not asked. Raises NotFound."""
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


def drop(session: Session, file_id: UUID | None, delete: Delete) -> None:
    """Forgets a stored file, if there is one, and has it deleted by `delete(storage_key)` once that is committed."""
    row = session.get(StoredFile, file_id) if file_id is not None else None
    if row is not None:
        key = row.storage_key
        session.delete(row)
        after_commit(session, lambda: delete(key))


def _may_read(session: Session, actor: Actor, row: StoredFile, course_id: UUID) -> bool:
    try:
        enrollment, _ = access.opened_enrollment(session, actor, course_id)
    except (NotFound, LimitReached):
        return _is_staff(session, actor, course_id)
    return _is_shown(session, enrollment, row.id) or _is_staff(session, actor, course_id)


def _is_staff(session: Session, actor: Actor, course_id: UUID) -> bool:
    try:
        access.staffed_course(session, actor, course_id)
    except NotFound:
        return False
    return True


def _is_shown(session: Session, enrollment: Enrollment, file_id: UUID) -> bool:
    """Whether a student sees a file anywhere: on a page or in the words of a quiz that are published and open to them, in an attempt of theirs in
    whatever run, or where an announcement links to it. What is said in discussions opens nothing: anybody may write any address there."""
    places = session.execute(_PLACES, {"course": enrollment.course_id, "file": file_id}).scalars().all()
    if places:
        shut = openings_of(session, enrollment)
        if not all(shut.lock(place) for place in places):
            return True
    named = {"course": enrollment.course_id, "person": enrollment.person_id, "file": file_id}
    return session.execute(_TOLD, named).scalar_one()


_PLACES = text("""
WITH shown AS (
    SELECT p.id, p.published_revision_id FROM pages p JOIN lessons l ON l.id = p.lesson_id JOIN modules m ON m.id = l.module_id
    WHERE p.course_id = :course AND p.status = 'published' AND coalesce(p.archived_at, l.archived_at, m.archived_at) IS NULL
)
SELECT shown.id FROM shown JOIN page_revisions r ON r.id = shown.published_revision_id WHERE :file = ANY (r.files)
UNION
SELECT a.id FROM shown JOIN assessments a ON a.page_id = shown.id JOIN assessment_revisions r ON r.id = a.published_revision_id
LEFT JOIN assessment_sections s ON s.assessment_revision_id = r.id
WHERE a.status = 'published' AND a.archived_at IS NULL AND :file = ANY (files_in(jsonb_build_array(r.settings, s.introduction)))
""")
"""The pages that show a file, and the quizzes that do in their own words."""

_TOLD = text("""
SELECT EXISTS (
    SELECT FROM attempts t CROSS JOIN jsonb_array_elements(t.layout) AS asked JOIN question_revisions r ON r.id = CAST(asked ->> 'revision' AS uuid)
    WHERE t.person_id = :person AND t.course_id = :course AND :file = ANY (r.files)
) OR EXISTS (
    SELECT FROM attempts t JOIN question_scores g ON g.attempt_id = t.id JOIN question_revisions r ON r.id = g.question_revision_id
    WHERE t.person_id = :person AND t.course_id = :course AND :file = ANY (r.files)
) OR EXISTS (
    SELECT FROM attempts t JOIN assessment_sections s ON s.assessment_revision_id = t.assessment_revision_id
    WHERE t.person_id = :person AND t.course_id = :course AND :file = ANY (files_in(jsonb_build_array(s.introduction)))
) OR EXISTS (
    SELECT FROM announcements a
    WHERE a.course_id = :course AND a.removed_at IS NULL AND :file = ANY (files_in(jsonb_build_array(a.text))) AND (
        a.run_id IS NULL OR a.run_id IN (SELECT run_id FROM enrollments WHERE person_id = :person AND course_id = :course AND status = 'active')
    )
)
""")
"""Whether somebody was asked, or is told of what they answered, with a file, or the staff tells them where it is: nobody has a question's picture
before the question."""


def find_file(session: Session, file_id: UUID) -> StoredFile:
    """The row of a stored file. Raises NotFound."""
    row = session.exec(select(StoredFile).where(StoredFile.id == file_id)).first()
    if row is None:
        raise NotFound("There is no such file.")
    return row
