"""From a cartridge to the database: quizzes with what they draw from the bank, and drawings that are harmless."""

from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from lms_app.domain.assessments import quiz_authoring
from lms_app.interchange.course_formats import read_course
from lms_app.models import Question, QuestionCategory
from tests.interchange.cartridge_builder import DRAWING, files_of, pack_zip
from tests.interchange.olx_builder import course_of, pack
from tests.interchange.test_olx_import import stored


def test_a_cartridge_is_stored_with_its_bank_and_what_its_quiz_draws_from_it(session: Session, tmp_path: Path) -> None:
    rows = stored(session, read_course(pack_zip(tmp_path / "tides.imscc", files_of())))
    categories = {row.id: row for row in session.exec(select(QuestionCategory).where(QuestionCategory.course_id == rows["course"].id)).all()}
    assert {row.name: categories[row.parent_id].name if row.parent_id else "" for row in categories.values()} == {
        "The quiz": "", "Drawn": "The quiz", "Spare": "",
    }  # fmt: skip
    quiz = rows["Assessment"][0]
    lines, parts, pools = quiz_authoring.composition_of(session, quiz)
    assert [part.title for part in parts] == ["", "Drawn"]
    assert [line.section for line in lines] == [0]
    assert [(pool.section, categories[pool.category_id].name, pool.count) for pool in pools] == [(1, "Drawn", 1)]
    kept = session.exec(select(Question).where(Question.course_id == rows["course"].id, col(Question.category_id).is_not(None))).all()
    assert sorted(categories[question.category_id].name for question in kept) == ["Drawn", "Drawn", "Spare"]


@pytest.mark.parametrize("format_", ["olx", "cartridge"])
def test_a_drawing_is_stored_without_what_runs_in_it(format_: str, session: Session, tmp_path: Path) -> None:
    files = course_of('<html><![CDATA[<p>A <img src="/static/seen.svg" alt="x"></p>]]></html>', {"static/seen.svg": DRAWING})
    path = pack(tmp_path / "x.tar.gz", files) if format_ == "olx" else pack_zip(tmp_path / "x.imscc", files_of())
    rows = stored(session, read_course(path))
    drawing = next(row for row in rows["StoredFile"] if row.filename.endswith("seen.svg"))
    assert b"rect" in rows["kept"][drawing.storage_key]
    assert b"script" not in rows["kept"][drawing.storage_key]
    assert drawing.size == len(rows["kept"][drawing.storage_key])


def test_a_drawing_that_cannot_be_made_harmless_is_left_out_and_told_of(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg"><text>&b;</text></svg>'
    files = course_of('<html><![CDATA[<p>A <img src="/static/seen.svg" alt="x"></p>]]></html>', {"static/seen.svg": laughs})
    course = read_course(pack(tmp_path / "x.tar.gz", files))
    assert course.assets == ()
    assert [(item.kind, item.title) for item in course.report.unsupported] == [("svg", "seen.svg")]


def test_the_format_of_an_archive_is_told_by_what_it_holds(tmp_path: Path) -> None:
    assert read_course(pack_zip(tmp_path / "x.zip", files_of())).title == "Tides and moons"
    assert read_course(pack(tmp_path / "x.tar.gz", course_of("<html>A text</html>"))).title == "Small"
