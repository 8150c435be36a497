"""Written into our own archive and read back, a course is equal; what was changed, or is not ours, is refused."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from lms_app.errors import Invalid
from lms_app.interchange import neutral
from lms_app.interchange.course_formats import read_course
from lms_app.interchange.lyceum_archive import write_lyceum
from tests.interchange.cartridge_builder import DRAWING, pack_zip
from tests.interchange.drawn_courses import asset, courses
from tests.interchange.drawn_questions import EXAMPLES

SMALL = neutral.Course(
    title="Small", summary="", slug="small", language="en",
    modules=(neutral.Module(ref="m", title="M", lessons=(neutral.Lesson(ref="l", title="L", pages=(neutral.Page(ref="p", title="P"),)),)),),
    assets=(asset("seen.svg", DRAWING.encode(), "image/svg+xml"),),
)  # fmt: skip


class Pipe(io.RawIOBase):
    """Takes bytes and gives no way back, as what seals a file does."""

    def __init__(self) -> None:
        self.taken = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.taken += data
        return len(data)


def packed(course: neutral.Course) -> bytes:
    pipe = Pipe()
    write_lyceum(course, pipe)
    return bytes(pipe.taken)


def again(course: neutral.Course, path: Path) -> neutral.Course:
    path.write_bytes(packed(course))
    return read_course(path)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(course=courses())
def test_a_course_is_equal_when_it_is_read_back(course: neutral.Course, tmp_path: Path) -> None:
    read = again(course, tmp_path / "course.zip")
    assert replace(read, report=neutral.Report()) == course
    assert [item.title for item in read.report.unsupported] == [quiz.title for quiz in course.assessments if quiz.locked]
    assert [found.read() for found in read.assets] == [found.read() for found in course.assets]


def test_the_same_course_is_the_same_archive() -> None:
    assert packed(SMALL) == packed(SMALL)


def test_a_drawing_is_read_without_what_runs_in_it(tmp_path: Path) -> None:
    drawing = again(SMALL, tmp_path / "x.zip").assets[0]
    assert b"script" not in drawing.read()
    assert drawing.size == len(drawing.read())


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None], *, list_anew: bool = False) -> Path:
    """The small course's archive with its files changed; listed anew, as somebody would who wants to be believed."""
    from hashlib import sha256

    with zipfile.ZipFile(io.BytesIO(packed(SMALL))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    if list_anew:
        manifest = json.loads(files.pop("lyceum.json"))
        manifest["files"] = [{"path": name, "size": len(data), "sha256": sha256(data).hexdigest()} for name, data in files.items()]
        files["lyceum.json"] = json.dumps(manifest).encode()
    return pack_zip(path, files)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda files: files.update({"pages/0001.json": b"{}"}), "was changed"),
        (lambda files: files.pop("pages/0001.json"), "lacks a file"),
        (lambda files: files.update({"more.txt": b"x"}), "does not list"),
        (lambda files: files.update({"lyceum.json": b'{"format": "lyceum-course", "version": 2, "files": []}'}), "another version"),
        (lambda files: files.update({"lyceum.json": b'{"format": "other", "version": 1}'}), "not an archive that Lyceum wrote"),
        (lambda files: files.update({"lyceum.json": b"[" * 100_000}), "not valid JSON"),
    ],
)
def test_an_archive_that_was_changed_is_refused(change: Callable[[dict[str, bytes]], None], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_course(rewritten(tmp_path / "x.zip", change))


def in_page(**more: Any) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({"pages/0001.json": json.dumps(json.loads(files["pages/0001.json"]) | more).encode()})


def in_course(**more: Any) -> Callable[[dict[str, bytes]], None]:
    return lambda files: files.update({"course.json": json.dumps(json.loads(files["course.json"]) | more).encode()})


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (in_page(blocks=[{"type": "script"}]), "Block 1"),
        (in_page(blocks=[{"id": "a" * 12, "type": "quiz", "assessment": "q"}]), "a quiz that is not there"),
        (in_page(rule="never"), "not as Lyceum writes it"),
        (in_page(title="a\x00b"), "not valid JSON"),
        (in_page(title="\ud800"), "not valid JSON"),
        (in_course(outline=[]), "not in its outline"),
        (in_course(title=7), "not as Lyceum writes it"),
        (in_course(quizzes=["q"]), "does not name the quizzes"),
        (in_course(certificate_grade="1.01"), "a grade that is none"),
        (in_course(certificate_grade="NaN"), "a grade that is none"),
        (in_course(certificate_quizzes=["q"]), "asks to pass a quiz that is not there"),
        (in_course(certificate_quizzes=[7]), "not as Lyceum writes it"),
        (in_page(shown=[]), "that they do not see"),
        (in_page(published=True, shown=[{"type": "script"}]), "Block 1"),
        (in_course(runs={}), "list of runs"),
        (in_course(runs=[{"present": False}]), "present one"),
        (in_course(runs=[{"time_zone": "Moon/Sea"}]), "none that a course can have"),
        (in_course(runs=[{"opens_at": "2026-03-03T08:00:00+00:00", "closes_at": "2026-03-03T08:00:00+00:00"}]), "none that a course can have"),
        (in_course(runs=[{"seats": -1}]), "none that a course can have"),
        (in_course(runs=[{"policy": "none"}]), "none that a course can have"),
        (in_course(runs=[{"grading": {"scale": 7}}]), "none that a course can have"),
        (in_course(runs=[{"columns": [{"title": "A", "quiz": "gone"}]}]), "none that a course can have"),
        (in_course(runs=[{"columns": [{"title": "A", "points": "1e999"}]}]), "none that a course can have"),
        (in_course(runs=[{"categories": [{"title": "A", "weight": 7}]}]), "not as Lyceum writes it"),
        (in_course(media=[{"name": "a", "path": "../../etc/passwd"}]), "list of media"),
    ],
)
def test_an_archive_that_says_what_no_course_can_be_is_refused(change: Callable[[dict[str, bytes]], None], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=sentence):
        read_course(rewritten(tmp_path / "x.zip", change, list_anew=True))


def test_what_a_later_archive_says_besides_is_told_with_its_place(tmp_path: Path) -> None:
    course = read_course(rewritten(tmp_path / "x.zip", in_page(colour="blue"), list_anew=True))
    assert [(item.kind, item.title, item.place) for item in course.report.unsupported] == [("field", "colour", "pages/0001.json")]
