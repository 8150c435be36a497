"""Our own archive of a course, read: what `lyceum_archive.py` wrote, checked against its list, or refused with a sentence."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.domain.assessments.rubric_rules import rubric_from
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.certificates.award_rules import MOST_QUIZZES
from lms_app.domain.content.document import parse_document
from lms_app.domain.courses.availability_rules import parse_availability
from lms_app.domain.courses.leading import availability_led
from lms_app.errors import Invalid
from lms_app.interchange.archives import Archive
from lms_app.interchange.findings import Findings
from lms_app.interchange.lyceum_archive import FORMAT, MANIFEST, VERSION
from lms_app.interchange.lyceum_archive_runs import read_runs
from lms_app.interchange.neutral import (
    Assessment,
    Asset,
    Course,
    GradeCategory,
    GradeColumn,
    Lesson,
    Module,
    Page,
    Pool,
    Question,
    Run,
    Section,
)
from lms_app.words import Difficulty, NodeKind

MOST_JSON = 32 << 20
_COURSE = {
    "title": 200, "summary": 1000, "slug": 60, "language": 35, "level": 60, "cover": 400, "signatory_name": 120, "signatory_title": 120,
    "certificate_heading": 120, "certificate_certifies": 120, "certificate_completed": 120, "certificate_colour": 20, "certificate_grade": 10,
}  # fmt: skip
_LISTS = ("tags", "objectives", "categories", "outline", "quizzes", "questions", "media", "runs", "certificate_quizzes")
_PARTS = (Page, Question, Assessment, Section, Pool, Module, Lesson, Run, GradeCategory, GradeColumn)
_Made = TypeVar("_Made")


def read_lyceum_archive(archive: Archive) -> Course:
    """The course in one of our archives. Raises Invalid for one that was changed, is of another version, or says what a course cannot be."""
    return _Reading(archive).course()


class _Reading:
    """One archive being read."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._findings = Findings()
        manifest = self._json(MANIFEST)
        if manifest.get("format") != FORMAT:
            raise Invalid("This is not an archive that Lyceum wrote.")
        if manifest.get("version") != VERSION:
            raise Invalid(f"The archive was written by another version of Lyceum: only version {VERSION} can be read here.")
        self._check(manifest.get("files"))

    def course(self) -> Course:
        said = self._json("course.json")
        bank = {question.ref: question for question in map(self._question, self._documents("questions"))}
        quizzes = {quiz.ref: quiz for quiz in (self._quiz(name, value, bank) for name, value in self._documents("quizzes"))}
        pages = {page.ref: page for page in map(self._page, self._documents("pages"))}
        assets = self._assets(_list(said.get("media"), "course.json"))
        for names, found, what in (("questions", bank, "questions"), ("quizzes", quizzes, "quizzes")):
            if _list(said.get(names), "course.json") != list(found):
                raise Invalid(f"The archive's course.json does not name the {what} that are there.")
        modules = tuple(self._module(value, pages) for value in _list(said.get("outline"), "course.json"))
        if pages:
            raise Invalid("The archive holds a page that is not in its outline.")
        self._note_unknown(said, {*_COURSE, *_LISTS, "certificate_offered"})
        asked = _list(said.get("certificate_quizzes", []), "course.json")[:MOST_QUIZZES]
        course = Course(
            **{name: _line(said.get(name, ""), most, f"course.json, {name}") for name, most in _COURSE.items()},  # pyright: ignore[reportArgumentType]
            tags=tuple(_line(tag, 40, "course.json, tags") for tag in _list(said.get("tags", []), "course.json")[:12]),
            objectives=tuple(_line(text, 300, "course.json, objectives") for text in _list(said.get("objectives", []), "course.json")[:40]),
            categories=tuple(_line(path, 2000, "course.json, categories") for path in _list(said.get("categories", []), "course.json")),
            certificate_offered=said.get("certificate_offered") is not False,
            certificate_quizzes=tuple(_line(ref, 400, "course.json, certificate_quizzes") for ref in asked),
            modules=modules,
            assessments=tuple(quizzes.values()),
            bank=tuple(bank.values()),
            runs=read_runs(said.get("runs", []), quizzes, self._made),
            assets=assets,
            report=self._findings.report(),
        )
        _check_quizzes(course)
        _check_certificate(course)
        _check_availabilities(course)
        return course

    def _check(self, listed: Any) -> None:
        """Every file is listed, every listed file is there, and is what it was."""
        names = set(self._archive) - {MANIFEST}
        for entry in _list(listed, MANIFEST):
            path = entry.get("path") if isinstance(entry, dict) else None
            if not isinstance(path, str) or path not in names:
                raise Invalid(f"The archive lacks a file that it lists, or lists it twice: {str(path)[:80]}.")
            names.discard(path)
            digest = hashlib.sha256()
            for piece in self._archive.pieces(path):
                digest.update(piece)
            if digest.hexdigest() != entry.get("sha256"):
                raise Invalid(f"The archive was changed after it was written: {path[:80]} is not what it was.")
        if names:
            raise Invalid(f"The archive holds a file that it does not list: {min(names)[:80]}.")

    def _json(self, name: str) -> dict[str, Any]:
        if name not in self._archive:
            raise Invalid(f"The archive lacks its {name}.")
        if self._archive.size(name) > MOST_JSON:
            raise Invalid(f"{name} is too large to be read.")
        try:
            text = self._archive.read(name).decode("utf-8")
            value = json.loads(text, parse_constant=_no_number)
            if "\\u" in text and "\x00" in "".join(_texts(value)).encode("utf-8").decode("utf-8"):
                raise ValueError("a character that no text has")
        except (ValueError, RecursionError) as error:
            raise Invalid(f"{name} is not valid JSON.") from error
        if not isinstance(value, dict):
            raise Invalid(f"{name} is not as Lyceum writes it.")
        return value

    def _documents(self, folder: str) -> list[tuple[str, dict[str, Any]]]:
        names = sorted(name for name in self._archive if name.startswith(f"{folder}/"))
        found = [(name, self._json(name)) for name in names]
        refs = [value.get("ref") for _, value in found]
        if not all(isinstance(ref, str) and 0 < len(ref) <= 400 for ref in refs) or len(set(refs)) < len(refs):
            raise Invalid(f"In the archive's {folder} a ref is missing, or stands twice.")
        return found

    def _page(self, document: tuple[str, dict[str, Any]]) -> Page:
        name, value = document
        blocks = value.get("blocks")
        try:
            parse_document({"schema_version": 1, "blocks": blocks})
            if value.get("shown") is not None:
                parse_document({"schema_version": 1, "blocks": value["shown"]})
        except Invalid as refusal:
            raise Invalid(f"{name}: {refusal.sentence}") from refusal
        return self._made(Page, value, name)

    def _question(self, document: tuple[str, dict[str, Any]]) -> Question:
        name, value = document
        question = self._made(Question, value, name)
        _points(question.points, name)
        if question.difficulty not in set(Difficulty):
            raise Invalid(f"{name}: there is no difficulty {question.difficulty[:40]}.")
        try:
            TYPES[question.type].body.model_validate(question.body)
            if question.rubric is not None:
                rubric_from(question.rubric)
        except (ValidationError, ValueError) as error:
            raise Invalid(f"{name}: the question is not as its type has it.") from error
        return question

    def _quiz(self, name: str, value: dict[str, Any], bank: dict[str, Question], *, within: bool = False) -> Assessment:
        asked = [self._asked(entry, name, bank) for entry in _list(value.get("questions"), name)]
        sections = tuple(self._section(entry, name) for entry in _list(value.get("sections", []), name))
        if sections and sum(section.questions for section in sections) != len(asked):
            raise Invalid(f"{name}: its sections do not hold its questions.")
        shown = self._quiz(name, _dict(value["shown"], name), bank, within=True) if value.get("shown") is not None and not within else None
        quiz = self._made(Assessment, {**value, "questions": (), "sections": (), "shown": None}, name)
        try:
            settings = QuizSettings.model_validate(quiz.settings)
        except ValidationError as error:
            raise Invalid(f"{name}: its settings are not those of a quiz.") from error
        if settings.password:
            raise Invalid(f"{name}: a password cannot come from outside.")
        if quiz.locked and not within:
            self._findings.leave_out("password", quiz.title, quiz.title, "It had a password, which no archive holds: give it a new one.")
        return Assessment(**{**vars(quiz), "questions": tuple(asked), "sections": sections, "shown": shown})

    def _asked(self, entry: Any, name: str, bank: dict[str, Question]) -> Question:
        if not isinstance(entry, dict):
            raise Invalid(f"{name}: a question of it is not as Lyceum writes it.")
        if "type" in entry:
            return self._question((name, entry))
        known = bank.get(str(entry.get("ref")))
        if known is None:
            raise Invalid(f"{name}: it asks a question that is not in the archive.")
        return Question(**{**vars(known), "points": _points(entry.get("points"), name)})

    def _section(self, value: Any, name: str) -> Section:
        pools = [self._made(Pool, pool, name) for pool in _list(value.get("pools", []) if isinstance(value, dict) else None, name)]
        for pool in pools:
            _points(pool.points, name)
            if not 1 <= pool.count <= 1000:
                raise Invalid(f"{name}: a pool of it draws no possible number of questions.")
        section = self._made(Section, {**value, "pools": ()}, name)
        if section.questions < 0:
            raise Invalid(f"{name}: its sections do not hold its questions.")
        return Section(**{**vars(section), "pools": tuple(pools)})

    def _module(self, value: Any, pages: dict[str, Page]) -> Module:
        lessons = [self._lesson(entry, pages) for entry in _list(value.get("lessons") if isinstance(value, dict) else None, "course.json")]
        module = self._made(Module, {**value, "lessons": ()}, "course.json")
        return Module(**{**vars(module), "lessons": tuple(lessons)})

    def _lesson(self, value: Any, pages: dict[str, Page]) -> Lesson:
        refs = _list(value.get("pages") if isinstance(value, dict) else None, "course.json")
        lesson = self._made(Lesson, {**value, "pages": ()}, "course.json")
        if not all(isinstance(ref, str) and ref in pages for ref in refs) or len(set(refs)) < len(refs):
            raise Invalid("The archive's outline names a page that is not there, or names it twice.")
        return Lesson(**{**vars(lesson), "pages": tuple(pages.pop(ref) for ref in refs)})

    def _assets(self, entries: list[Any]) -> tuple[Asset, ...]:
        order: list[str] = []
        for entry in entries:
            path, name = (entry.get("path"), entry.get("name")) if isinstance(entry, dict) else (None, None)
            if not isinstance(path, str) or not path.startswith("media/") or path not in self._archive or not isinstance(name, str) or name in order:
                raise Invalid("The archive's list of media names a file that is not there, or names it twice.")
            media_type, title = _line(entry.get("media_type"), 120, "course.json, media"), _line(entry.get("title", ""), 200, "course.json, media")
            order.append(_line(name, 400, "course.json, media"))
            made = Asset(
                name=name, title=title, media_type=media_type, size=self._archive.size(path), content=partial(self._archive.read, path),
                stream=partial(self._archive.pieces, path),
            )  # fmt: skip
            self._findings.use(name, lambda made=made: made)
        kept = {asset.name: asset for asset in self._findings.assets()}
        return tuple(kept[name] for name in order if name in kept)

    def _made(self, cls: type[_Made], value: Any, place: str) -> _Made:
        """One of the neutral parts from JSON; what it does not know is noted with its place."""
        if not isinstance(value, dict):
            raise Invalid(f"{place} is not as Lyceum writes it.")
        known = {field.name for field in fields(cls)}  # pyright: ignore[reportArgumentType]
        self._note_unknown(value, known, place)
        try:
            return _ADAPTERS[cls].validate_python({name: inner for name, inner in value.items() if name in known})
        except (ValidationError, RecursionError) as error:
            raise Invalid(f"{place} is not as Lyceum writes it.") from error

    def _note_unknown(self, value: dict[str, Any], known: set[str], place: str = "course.json") -> None:
        for name in value.keys() - known:
            self._findings.leave_out("field", name[:100], place, "This version of Lyceum does not know it.")


_ADAPTERS: dict[type, TypeAdapter[Any]] = {cls: TypeAdapter(cls) for cls in _PARTS}


def _check_quizzes(course: Course) -> None:
    """Each quiz block names a quiz, and no quiz stands in two places."""
    known = {quiz.ref for quiz in course.assessments}
    for states in ([page.blocks for page in course.pages()], [page.shown or () for page in course.pages()]):
        placed = [block["assessment"] for blocks in states for block in blocks if block["type"] == "quiz"]
        if not known.issuperset(placed) or len(set(placed)) < len(placed):
            raise Invalid("A page of the archive shows a quiz that is not there, or that stands elsewhere.")
    for page in course.pages():
        if (page.shown is not None or page.shown_title) and not page.published:
            raise Invalid("The archive says what students see of a page that they do not see.")


def _check_certificate(course: Course) -> None:
    """The certificate asks for a grade that can be, and for quizzes that are there."""
    try:
        least = Decimal(course.certificate_grade or "1")
    except InvalidOperation:
        least = Decimal(0)
    if not (least.is_finite() and 0 < least <= 1):
        raise Invalid("The archive's certificate asks for a grade that is none.")
    known = {quiz.ref for quiz in course.assessments}
    if not set(course.certificate_quizzes) <= known:
        raise Invalid("The archive's certificate asks to pass a quiz that is not there.")


def _check_availabilities(course: Course) -> None:
    """Each availability is one, and waits for nothing that is not in the course."""
    nodes = {
        NodeKind.MODULE: {module.ref for module in course.modules},
        NodeKind.LESSON: {lesson.ref for lesson in course.lessons()},
        NodeKind.PAGE: {page.ref for page in course.pages()},
        NodeKind.ASSESSMENT: {quiz.ref for quiz in course.assessments},
    }
    every: list[Module | Lesson | Page | Assessment] = [*course.modules, *course.lessons(), *course.pages(), *course.assessments]
    if sum(map(len, nodes.values())) < len(every):
        raise Invalid("Two parts of the archive's outline have the same ref.")
    if any(not 0 <= question.objective <= len(course.objectives) for question in course.questions()):
        raise Invalid("A question of the archive serves an objective that is not there.")
    for node in every:
        if not node.availability:
            continue
        try:
            led = availability_led(node.availability, lambda kind, ref: str(UUID(int=0)) if ref in nodes.get(kind, ()) else "")
            parse_availability(led)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Invalid(f"The archive says when “{node.title[:60]}” opens in a way that no course can.") from error


def _dict(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid(f"{place} is not as Lyceum writes it.")
    return value


def _list(value: Any, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise Invalid(f"{place} is not as Lyceum writes it.")
    return value


def _line(value: Any, most: int, place: str) -> str:
    if not isinstance(value, str) or len(value) > most or "\x00" in value:
        raise Invalid(f"{place} is not as Lyceum writes it.")
    return value


def _points(value: Any, place: str) -> str:
    try:
        points = Decimal(value) if isinstance(value, str) and len(value) <= 30 else Decimal("NaN")
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= 10_000:
        raise Invalid(f"{place}: a question of it is worth no possible number of points.")
    return value


def _texts(value: Any) -> Iterator[str]:
    """Every text in JSON, names of fields too."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case dict() as inner:
                yield from inner
                waiting += inner.values()
            case list() as inner:
                waiting += inner


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no number")
