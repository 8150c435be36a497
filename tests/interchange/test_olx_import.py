"""From an archive to the database: a course read from OLX is stored whole, with its references led to what was stored."""

import json
import re
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from lms_app.domain.content.document import parse_document
from lms_app.domain.courses import importing
from lms_app.interchange.neutral import Course
from lms_app.interchange.olx import read_olx
from lms_app.models import Assessment, AssessmentRevision, Lesson, Module, Page, PageRevision, Question, QuestionRevision, StoredFile
from tests.interchange.olx_builder import CATEGORY, MISSING_ALT, QUIZ_PAGE, build_short_course
from tests.support.campus import new_actor


def stored(session: Session, source: Course) -> dict[str, Any]:
    """Rows of the imported course by table, and the bytes that were put away."""
    kept: dict[str, bytes] = {}

    def store(data: bytes, *, key: bytes) -> str:
        kept[f"k{len(kept)}"] = data
        return f"k{len(kept) - 1}"

    course = importing.store_course(session, new_actor(session, "Ines Teacher", teaches=True), source, store=store)
    tables = (Module, Lesson, Page, Assessment, Question, StoredFile)
    rows: dict[str, Any] = {table.__name__: session.exec(select(table).where(table.course_id == course.id)).all() for table in tables}
    rows["documents"] = {page.title: revision_of(session, page) for page in rows["Page"]}
    return {**rows, "kept": kept, "course": course}


def revision_of(session: Session, page: Page) -> dict[str, Any]:
    return session.exec(select(PageRevision).where(PageRevision.page_id == page.id)).one().document


def test_the_short_course_is_stored_with_its_references_led(session: Session, tmp_path: Path) -> None:
    rows = stored(session, read_olx(build_short_course(tmp_path)))
    assert [len(rows[name]) for name in ("Module", "Lesson", "Page", "Assessment", "Question", "StoredFile")] == [2, 2, 3, 2, 8, 2]
    files = {row.filename: row for row in rows["StoredFile"]}
    welcome = json.dumps(rows["documents"]["Welcome outside"])
    assert f'"file": "{files["star_map.png"].id}"' in welcome
    assert f'"file": "{files["captions-hour.vtt"].id}"' in welcome
    last = next(page for page in rows["Page"] if page.title == QUIZ_PAGE)
    assert f'"href": "page:{last.id}"' in welcome
    assert rows["kept"][files["star_map.png"].storage_key].startswith(b"\x89PNG")
    quiz = next(quiz for quiz in rows["Assessment"] if quiz.page_id == last.id)
    assert (quiz.category, quiz.practice, quiz.required) == (CATEGORY, False, True)
    revision = session.exec(select(AssessmentRevision).where(AssessmentRevision.assessment_id == quiz.id)).one()
    assert (revision.settings["pass_mark"], revision.settings["attempts_allowed"]) == ("0.6", 5)
    document = rows["documents"][QUIZ_PAGE]
    assert document["blocks"][-1]["assessment"] == str(quiz.id)
    assert MISSING_ALT in json.dumps(document)
    assert sorted(str(question.type) for question in rows["Question"]) == [
        "multiple_choice", "multiple_choice", "numeric", "numeric", "short_text", "single_choice", "single_choice", "single_choice",
    ]  # fmt: skip


def test_the_demo_course_is_stored_whole(session: Session, trial_data: Path) -> None:
    source = read_olx(trial_data / "olx" / "openedx-demo-course.tar.gz")
    rows = stored(session, source)
    assert [len(rows[name]) for name in ("Module", "Lesson", "Page", "Question")] == [6, 17, 58, 28]
    assert len(rows["StoredFile"]) == len(source.assets) == len(rows["kept"])
    ids = {str(row.id) for row in rows["Page"]} | {str(row.id) for row in rows["StoredFile"]}
    missing = set(source.report.missing_files)
    for document in rows["documents"].values():
        parse_document(document)
        for name in re.findall(r"(?:file|page):([^\"\\]+)", json.dumps(document)):
            assert name in ids or name in missing
    bodies = session.exec(select(QuestionRevision.body).join(Question, Question.id == QuestionRevision.question_id)).all()
    for name in re.findall(r"file:([^\"\\]+)", json.dumps(bodies)):
        assert name in ids
