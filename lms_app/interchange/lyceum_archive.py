"""Our own archive of a course, written: a zip of JSON documents and files in which nothing that its authors wrote is missing.

    lyceum.json             {"format": "lyceum-course", "version": 1, "files": [{"path", "size", "sha256"}, …]}: every other file of the archive
    course.json             what the course says of itself, its outline (modules, lessons, refs of pages), the refs of quizzes, its media, its runs
    pages/0001.json         a page: its document as blocks, its rule, and what students see of it where that is another
    quizzes/0001.json       a quiz: settings, sections with their pools, its questions: a ref into the bank with points, or a whole question; and what
                            students see of it where that is another
    questions/0001.json     a question of the bank: type, body, tags, category, rubric
    media/0001-NAME         a file of the course

Texts are UTF-8. References in documents are `file:NAME` and `page:REF`; a `file` is the name of a file in `course.json`. A reader of version 1
refuses other versions, files that are not listed, and files whose SHA-256 is another. `lyceum_archive_reading.py` is that reader.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from dataclasses import asdict
from typing import IO, Any

from lms_app.interchange.asset_names import asset_name
from lms_app.interchange.neutral import Assessment, Course, Question, Report
from lms_app.interchange.written_courses import Tell, untold

FORMAT = "lyceum-course"
VERSION = 1
MANIFEST = "lyceum.json"
_PACKED = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "video/", "audio/", "application/pdf", "application/zip")


def write_lyceum(course: Course, target: IO[bytes], tell: Tell = untold) -> Report:
    """Writes the course to `target`, which needs no more than `write`. The report says what the course itself could not give."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writing(archive, course, tell).write()
    return course.report


class _Writing:
    """One archive being written."""

    def __init__(self, archive: zipfile.ZipFile, course: Course, tell: Tell) -> None:
        self.archive, self.course, self.tell = archive, course, tell
        self.listed: list[dict[str, Any]] = []
        self.bank = {question.ref: question for question in course.bank}
        self.done = 0
        self.total = len(course.assets) + sum(1 for _ in course.pages()) + len(course.assessments) + len(course.bank)

    def write(self) -> None:
        course = self.course
        media = [
            {"name": asset.name, "title": asset.title, "media_type": asset.media_type, "path": f"media/{number:04}-{asset_name(asset.name)[-80:]}"}
            for number, asset in enumerate(course.assets, start=1)
        ]
        for asset, entry in zip(course.assets, media, strict=True):
            self._put(entry["path"], asset.pieces(), packed=asset.media_type.startswith(_PACKED))
        for number, page in enumerate(course.pages(), start=1):
            self._put_json(f"pages/{number:04}.json", {**asdict(page), "rule": page.rule.value})
        for number, quiz in enumerate(course.assessments, start=1):
            self._put_json(f"quizzes/{number:04}.json", self._quiz(quiz))
        for number, question in enumerate(course.bank, start=1):
            self._put_json(f"questions/{number:04}.json", _question(question))
        self._put_json("course.json", self._course(media))
        manifest = {"format": FORMAT, "version": VERSION, "files": self.listed}
        self.archive.writestr(MANIFEST, _json(manifest))

    def _course(self, media: list[dict[str, str]]) -> dict[str, Any]:
        course = self.course
        names = (
            "title", "summary", "slug", "language", "level", "tags", "objectives", "cover", "certificate_offered", "signatory_name",
            "signatory_title", "certificate_heading", "certificate_certifies", "certificate_completed", "certificate_colour", "certificate_grade",
            "certificate_quizzes", "categories",
        )  # fmt: skip
        outline = [
            {
                "ref": module.ref,
                "title": module.title,
                "availability": module.availability,
                "lessons": [
                    {
                        "ref": lesson.ref,
                        "title": lesson.title,
                        "graded": lesson.graded,
                        "category": lesson.category,
                        "availability": lesson.availability,
                        "pages": [page.ref for page in lesson.pages],
                    }
                    for lesson in module.lessons
                ],
            }
            for module in course.modules
        ]
        quizzes = [quiz.ref for quiz in course.assessments]
        bank = [question.ref for question in course.bank]
        said = {name: getattr(course, name) for name in names} | {"runs": [asdict(run) for run in course.runs]}
        return {**said, "outline": outline, "quizzes": quizzes, "questions": bank, "media": media}

    def _quiz(self, quiz: Assessment) -> dict[str, Any]:
        return {
            "ref": quiz.ref,
            "title": quiz.title,
            "practice": quiz.practice,
            "settings": quiz.settings,
            "category": quiz.category,
            "availability": quiz.availability,
            "locked": quiz.locked,
            "published": quiz.published,
            "shown": self._quiz(quiz.shown) if quiz.shown is not None else None,
            "sections": [asdict(section) for section in quiz.sections],
            "questions": [self._asked(question) for question in quiz.questions],
        }

    def _asked(self, question: Question) -> dict[str, Any]:
        known = self.bank.get(question.ref)
        if known is not None and Question(**{**vars(known), "points": question.points}) == question:
            return {"ref": question.ref, "points": question.points}
        return _question(question)

    def _put_json(self, path: str, value: Any) -> None:
        self._put(path, [_json(value)])

    def _put(self, path: str, pieces: Iterable[bytes], *, packed: bool = False) -> None:
        digest, size = hashlib.sha256(), 0
        entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        with self.archive.open(entry, "w") as target:
            for piece in pieces:
                digest.update(piece)
                size += len(piece)
                target.write(piece)
        self.listed.append({"path": path, "size": size, "sha256": digest.hexdigest()})
        self.done += 1
        self.tell(min(self.done, self.total), self.total)


def _question(question: Question) -> dict[str, Any]:
    return {**asdict(question), "type": question.type.value}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()
