"""QTI 3.0 out: read back equal, and scored by its own rules as we score."""

import io
import zipfile
from pathlib import Path

from hypothesis import given, settings
from lxml import etree

from lms_app.domain.assessments.types import TYPES
from lms_app.interchange.likeness import comparable
from lms_app.interchange.neutral import Asset, Bank, Question
from lms_app.interchange.qti import read_qti_package, score_items
from lms_app.interchange.qti_writing import NAMESPACE, write_item, write_qti
from lms_app.words import QuestionType
from tests.interchange.drawn_questions import EXAMPLES, any_questions, qti_questions
from tests.support.questions import choice_body, numeric_body, rich, text_body

PICTURE = Asset(name="01890a5d-ac96-774b-bcce-b302099a8057", media_type="image/png", size=3, content=lambda: b"png")
"""The picture that drawn questions mark places on."""


def packed(tmp_path: Path, *questions: Question) -> tuple[Path, tuple[str, ...]]:
    """A package of these questions, and what it does not say."""
    written = write_qti(Bank(questions=questions, assets=(PICTURE,)))
    path = tmp_path / "package.zip"
    path.write_bytes(written.content)
    return path, tuple(item.reason for item in written.report.unsupported)


@settings(max_examples=EXAMPLES)
@given(question=qti_questions)
def test_questions_written_and_read_are_equal(tmp_path_factory, question: Question) -> None:  # type: ignore[no-untyped-def]
    path, lost = packed(tmp_path_factory.mktemp("qti"), question)
    assert lost == ()
    assert [comparable(found) for found in read_qti_package(path).questions] == [comparable(question)]


@settings(max_examples=EXAMPLES)
@given(question=any_questions)
def test_what_qti_cannot_say_is_reported(tmp_path_factory, question: Question) -> None:  # type: ignore[no-untyped-def]
    path, lost = packed(tmp_path_factory.mktemp("qti"), question)
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("item-")]
    again = read_qti_package(path).questions if names else ()
    assert ([comparable(found) for found in again] == [comparable(question)]) == (lost == ())


@settings(max_examples=EXAMPLES)
@given(question=qti_questions)
def test_the_key_earns_the_points_by_the_items_own_rules(question: Question) -> None:
    if question.type in (QuestionType.ESSAY, QuestionType.DESCRIPTION, QuestionType.FILE_UPLOAD, QuestionType.HOTSPOT):
        return
    source = write_item(question)
    key = {
        declared.get("identifier"): ["".join(value.itertext()) for value in declared.iter(f"{{{NAMESPACE}}}qti-value")]
        for declared in etree.fromstring(source.encode()).iter(f"{{{NAMESPACE}}}qti-response-declaration")
    }
    (scored,) = score_items(source.encode(), "item.xml", key)
    (blank,) = score_items(source.encode(), "item.xml", {name: [] for name in key})
    if not TYPES[question.type].body.model_validate(question.body).model_dump().get("select"):
        assert round(scored.score or 0, 6) == int(question.points), source
    assert blank.score == 0


def test_a_package_has_a_manifest_that_names_its_items_and_files(tmp_path: Path) -> None:
    questions = [Question(ref=f"q{number}", type=QuestionType.SINGLE_CHOICE, title="Q", body=choice_body("1", "0")) for number in range(2)]
    path, lost = packed(tmp_path, *questions)
    assert lost == ()
    with zipfile.ZipFile(path) as archive:
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
        named = [str(found.get("href")) for found in manifest.iter("{*}resource")]
        assert sorted([*named, "imsmanifest.xml"]) == sorted(archive.namelist())
    assert [question.ref for question in read_qti_package(path).questions] == ["q0", "q1"]


def test_the_same_questions_make_the_same_package() -> None:
    bank = Bank(questions=(Question(ref="q", type=QuestionType.NUMERIC, title="Q", body=numeric_body("1")),))
    assert write_qti(bank).content == write_qti(bank).content
    assert zipfile.ZipFile(io.BytesIO(write_qti(bank).content)).testzip() is None


def test_markup_and_marks_of_gaps_survive(tmp_path: Path) -> None:
    question = Question(
        ref="q", type=QuestionType.SHORT_TEXT, title='A < B & "C"', body={**text_body("x < y & z"), "feedback": rich("1 < 2"), "case_sensitive": True}
    )
    path, lost = packed(tmp_path, question)
    assert lost == ()
    assert [comparable(found) for found in read_qti_package(path).questions] == [comparable(question)]
