"""The media of a course: what its authors uploaded or brought in, and where each file is used."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import RowMapping, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from lms_app.adapters import clock
from lms_app.crypto import INSTALLATION, blind_index, key_ring
from lms_app.database import after_commit
from lms_app.domain.actor import Actor
from lms_app.domain.courses import access
from lms_app.domain.courses.media_rules import SHOWN, TYPES_OF, Kind, kind_of, renamed
from lms_app.errors import Conflict, NotFound
from lms_app.ids import uuid7
from lms_app.models import StoredFile

PURPOSE = "course"
PER_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class MediaFile:
    """A file of a course, as its authors see it: size in bytes, sides in pixels where they are known, in how many places it is used."""

    id: str
    name: str
    media_type: str
    kind: Kind
    size: int
    width: int | None
    height: int | None
    created_at: datetime
    uses: int


@dataclass(frozen=True, kw_only=True)
class MediaPage:
    """Files, the newest first, and whether there are older ones."""

    files: list[MediaFile]
    more: bool


@dataclass(frozen=True, kw_only=True)
class MediaUse:
    """A place that shows a file now: to its authors (`in_draft`), to students (`in_published`), or to both."""

    kind: Literal["page", "question", "quiz", "cover"]
    id: str
    title: str
    address: str
    in_draft: bool
    in_published: bool


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """A file that lies sealed under the key which `admit` gave. `sha256` is of what was sent, before it was made fit."""

    name: str
    media_type: str
    size: int
    storage_key: str
    sha256: bytes
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The file that the course has now. Not new: it had the same before, and nobody needs the bytes that have just been stored."""

    file: MediaFile
    is_new: bool


def admit(session: Session, actor: Actor, course_id: UUID) -> bytes:
    """The key to seal a file under that the actor adds to a course. Raises NotFound unless they are one of its authors."""
    access.editable_course(session, actor, course_id)
    return key_ring.create_once(session)


def keep(session: Session, actor: Actor, course_id: UUID, arrived: Arrived) -> Kept:
    """Notes a file. The same sent before is the same file, brought back if it was archived. Raises what `admit` raises."""
    access.editable_course(session, actor, course_id)
    digest = blind_index("course file", arrived.sha256.hex())
    added = session.execute(
        insert(StoredFile)
        .values(
            id=uuid7(),
            key_owner=INSTALLATION,
            course_id=course_id,
            purpose=PURPOSE,
            filename=arrived.name,
            media_type=arrived.media_type,
            size=arrived.size,
            storage_key=arrived.storage_key,
            width=arrived.width,
            height=arrived.height,
            digest=digest,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["course_id", "digest"])
        .returning(col(StoredFile.id))
    ).scalar()
    row = session.exec(select(StoredFile).where(StoredFile.course_id == course_id, StoredFile.digest == digest).with_for_update()).one()
    if row.archived_at is not None:
        row.archived_at, row.filename = None, arrived.name
        session.add(row)
    return Kept(file=_view(row, _counts(session, course_id, [row.id])), is_new=added is not None)


def library(session: Session, actor: Actor, course_id: UUID, *, kind: Kind | None = None, search: str = "", after: UUID | None = None) -> MediaPage:
    """The files of a course that the actor may author, at most 50, the newest first: of one kind, with a part of the name, older than `after`."""
    access.editable_course(session, actor, course_id)
    query = select(StoredFile).where(StoredFile.course_id == course_id, StoredFile.purpose == PURPOSE, col(StoredFile.archived_at).is_(None))
    if kind is not None:
        media_type = col(StoredFile.media_type)
        query = query.where(media_type.not_in(SHOWN) if kind == "file" else media_type.in_(TYPES_OF[kind]))
    if search.strip():
        query = query.where(col(StoredFile.filename).icontains(search.strip(), autoescape=True))
    if after is not None:
        query = query.where(col(StoredFile.id) < after)
    rows = session.exec(query.order_by(col(StoredFile.id).desc()).limit(PER_PAGE + 1)).all()
    shown = rows[:PER_PAGE]
    counts = _counts(session, course_id, [row.id for row in shown])
    return MediaPage(files=[_view(row, counts) for row in shown], more=len(rows) > PER_PAGE)


def own_file(session: Session, actor: Actor, course_id: UUID, file_id: UUID) -> StoredFile:
    """A file in the library of a course that the actor may author. Raises NotFound."""
    access.editable_course(session, actor, course_id)
    row = session.get(StoredFile, file_id)
    if row is None or row.course_id != course_id or row.purpose != PURPOSE or row.archived_at is not None:
        raise NotFound("There is no such file in this course.")
    return row


def rename(session: Session, actor: Actor, course_id: UUID, file_id: UUID, name: str) -> MediaFile:
    """Gives a file another name; the ending that says what it is stays. Raises NotFound, Invalid."""
    row = own_file(session, actor, course_id, file_id)
    row.filename = renamed(name, row.media_type, row.filename)
    session.add(row)
    return _view(row, _counts(session, course_id, [row.id]))


def uses(session: Session, actor: Actor, course_id: UUID, file_id: UUID) -> list[MediaUse]:
    """Where a file is used now: on pages, in questions, in the words of quizzes, as the cover. Raises NotFound."""
    own_file(session, actor, course_id, file_id)
    found = session.execute(_PLACES, {"course": course_id, "files": [file_id]}).mappings()
    return [_use(row, course_id) for row in found]


def archive(session: Session, actor: Actor, course_id: UUID, file_id: UUID, *, delete: Callable[[str], None]) -> None:
    """Takes a file out of the library. One that no earlier version of anything shows is deleted, bytes and all. Raises NotFound, or Conflict, which
    says where the file is used."""
    row = own_file(session, actor, course_id, file_id)
    places = uses(session, actor, course_id, file_id)
    if places:
        raise Conflict(f"{row.filename} is used {_said(places)}. Take it out there first.")
    if session.execute(_EVER, {"course": course_id, "file": file_id}).scalar():
        row.archived_at = clock.now()
        session.add(row)
        return
    storage_key = row.storage_key
    session.delete(row)
    after_commit(session, lambda: delete(storage_key))


_USES = """
SELECT u.file, u.kind, u.id, u.title, u.in_draft, u.in_published FROM (
    SELECT f.file, 'page' AS kind, p.id, p.title,
        bool_or(r.id = p.draft_revision_id) AS in_draft, bool_or(r.id = p.published_revision_id) AS in_published
    FROM pages p JOIN page_revisions r ON r.id = ANY (ARRAY[p.draft_revision_id, p.published_revision_id]), unnest(r.files) AS f (file)
    WHERE p.course_id = :course AND p.archived_at IS NULL AND f.file = ANY (:files) GROUP BY f.file, p.id
    UNION ALL
    SELECT f.file, 'question', q.id, q.title, bool_or(r.id = q.draft_revision_id), bool_or(r.id = q.published_revision_id)
    FROM questions q JOIN question_revisions r ON r.id = ANY (ARRAY[q.draft_revision_id, q.published_revision_id]), unnest(r.files) AS f (file)
    WHERE q.course_id = :course AND q.archived_at IS NULL AND f.file = ANY (:files) GROUP BY f.file, q.id
    UNION ALL
    SELECT f.file, 'question', q.id, q.title, true, false
    FROM questions q JOIN question_drafts d ON d.question_id = q.id, unnest(d.files) AS f (file)
    WHERE q.course_id = :course AND q.archived_at IS NULL AND f.file = ANY (:files) AND NOT EXISTS (
        SELECT FROM question_revisions r
        WHERE r.id = ANY (ARRAY[q.draft_revision_id, q.published_revision_id]) AND f.file = ANY (r.files)
    )
    UNION ALL
    SELECT f.file, 'quiz', a.id, a.title, bool_or(r.id = a.draft_revision_id), bool_or(r.id = a.published_revision_id)
    FROM assessments a JOIN assessment_revisions r ON r.id = ANY (ARRAY[a.draft_revision_id, a.published_revision_id])
    JOIN assessment_sections s ON s.assessment_revision_id = r.id, unnest(files_in(jsonb_build_array(r.settings, s.introduction))) AS f (file)
    WHERE a.course_id = :course AND a.archived_at IS NULL AND f.file = ANY (:files) GROUP BY f.file, a.id
    UNION ALL
    SELECT c.cover_file_id, 'cover', c.id, c.title, true, c.published_at IS NOT NULL
    FROM courses c WHERE c.id = :course AND c.cover_file_id = ANY (:files)
) AS u
"""
_PLACES = text(f"{_USES} ORDER BY u.kind, u.title, u.id")
_COUNTS = text(f"SELECT every.file, count(*) AS places FROM ({_USES}) AS every GROUP BY every.file")  # noqa: S608 - nothing but our own words

_EVER = text("""
SELECT EXISTS (SELECT FROM page_revisions r JOIN pages p ON p.id = r.page_id WHERE p.course_id = :course AND :file = ANY (r.files))
    OR EXISTS (SELECT FROM question_revisions r WHERE :file = ANY (r.files))
    OR EXISTS (SELECT FROM question_drafts d WHERE :file = ANY (d.files))
    OR EXISTS (
        SELECT FROM assessments a JOIN assessment_revisions r ON r.assessment_id = a.id JOIN assessment_sections s ON s.assessment_revision_id = r.id
        WHERE a.course_id = :course AND :file = ANY (files_in(jsonb_build_array(r.settings, s.introduction)))
    )
""")
"""Earlier versions can be restored, and questions of attempts that are over are still looked at, wherever they were copied to."""


def _counts(session: Session, course_id: UUID, files: list[UUID]) -> dict[UUID, int]:
    """In how many places each file is used: one statement for all."""
    return {row.file: row.places for row in session.execute(_COUNTS, {"course": course_id, "files": files})}


def _view(row: StoredFile, counts: dict[UUID, int]) -> MediaFile:
    return MediaFile(
        id=str(row.id),
        name=row.filename,
        media_type=row.media_type,
        kind=kind_of(row.media_type),
        size=row.size,
        width=row.width,
        height=row.height,
        created_at=row.created_at,
        uses=counts.get(row.id, 0),
    )


def _use(row: RowMapping, course_id: UUID) -> MediaUse:
    addresses = {
        "page": f"/teach/pages/{row['id']}",
        "question": f"/teach/questions/{row['id']}",
        "quiz": f"/teach/quizzes/{row['id']}",
        "cover": f"/teach/courses/{course_id}",
    }
    return MediaUse(
        kind=row["kind"],
        id=str(row["id"]),
        title=row["title"] or "Untitled",
        address=addresses[row["kind"]],
        in_draft=bool(row["in_draft"]),
        in_published=bool(row["in_published"]),
    )


def _said(places: list[MediaUse]) -> str:
    """The first place, and how many more there are."""
    first, more = places[0], len(places) - 1
    words = {
        "page": f"on the page “{first.title}”",
        "question": f"in the question “{first.title}”",
        "quiz": f"in the quiz “{first.title}”",
        "cover": "as the cover of the course",
    }
    return words[first.kind] + (f" and in {more} more {'place' if more == 1 else 'places'}" if more else "")
