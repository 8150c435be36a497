"""Quizzes of a folder of Markdown, read: texts of GIFT whose first lines may say what `markdown_quizzes.py` writes there."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import TypeAdapter, ValidationError

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.errors import Invalid
from lms_app.interchange.findings import Findings
from lms_app.interchange.front_matter import read_front_matter, text_of
from lms_app.interchange.gift import read_gift
from lms_app.interchange.neutral import Assessment, Pool, Question, Section
from lms_app.interchange.olx_html import Links

_COMMENTED = re.compile(r"\A\ufeff?// ?---[ \t]*\n(?://[^\n]*\n)*?// ?---[ \t]*(?:\n|\Z)")
_POOLS: TypeAdapter[Pool] = TypeAdapter(Pool)
_MOST_DRAWN = 1000


class FolderLinks:
    """Where addresses in a text lead: `found` gives the asset of an address, "" where there is none."""

    def __init__(self, found: Callable[[str], str], findings: Findings) -> None:
        self._found = found
        self._findings = findings
        self._known: set[str] = set()

    def file(self, address: str, /) -> str | None:
        if re.match(r"(?i)(?:https?:)?//|mailto:|tel:|#|data:", address.strip()):
            return None
        name = self._found(address.strip().removeprefix("file:"))
        if not name:
            return self.missing(address)
        self._known.add(name)
        return name

    def has(self, name: str, /) -> bool:
        return name in self._known

    def missing(self, name: str, /) -> str:
        self._findings.miss(name[:400])
        return ""

    def target(self, address: str, /) -> str | None:
        name = self.file(address)
        return address if name is None else f"file:{name}" if name else None

    def add(self, name: str, media_type: str, size: int, content: Callable[[], bytes], /) -> str:
        return ""


def read_quiz(source: bytes, path: str, ref: str, title: str, links: Links, findings: Findings) -> Assessment:
    """The quiz in a text of GIFT. `title` is what it is called where it does not say so. What cannot be taken is noted with its line."""
    said, questions = _read(source, path, links, findings)
    points = said.get("points")
    listed = [_points(value) for value in points] if isinstance(points, list) else []
    worth = listed if len(listed) == len(questions) else ["1"] * len(questions)
    practice = said.get("practice") is not False
    return Assessment(
        ref=ref,
        title=(text_of(said, "title") or title)[:200],
        practice=practice,
        questions=tuple(replace(question, points=point) for question, point in zip(questions, worth, strict=True)),
        settings=_settings(said.get("settings"), path, title, findings),
        sections=_sections(said.get("sections"), len(questions), path, title, findings),
        category=text_of(said, "category")[:100],
    )


def read_bank(source: bytes, path: str, links: Links, findings: Findings) -> tuple[Question, ...]:
    """The questions of a bank, each with a ref of its own."""
    _, questions = _read(source, path, links, findings)
    return tuple({question.ref: question for question in questions}.values())


def _read(source: bytes, path: str, links: Links, findings: Findings) -> tuple[dict[str, Any], tuple[Question, ...]]:
    text = source.decode("utf-8", "replace").replace("\r\n", "\n").replace("\x00", "")
    said, rest = read_front_matter(text)
    if not said and (found := _COMMENTED.match(text)):
        said, _ = read_front_matter(re.sub(r"(?m)^// ?", "", found[0]))
        rest = text[found.end() :]
    try:
        bank = read_gift(rest.encode("utf-8", "replace"), path, links=links, name_of=lambda number: f"{path} {number}")
    except Invalid as refusal:
        findings.leave_out("quiz", path, path, refusal.sentence)
        return said, ()
    for item in bank.report.unsupported:
        findings.leave_out(item.kind, item.title, f"{path}, {item.place}", item.reason)
    findings.removed_scripts += bank.report.removed_scripts
    return said, bank.questions


def _points(value: Any) -> str:
    try:
        points = Decimal(str(value)[:30])
    except InvalidOperation:
        return "1"
    return format(points.normalize(), "f") if points.is_finite() and 0 <= points <= 10_000 else "1"


def _settings(said: Any, path: str, title: str, findings: Findings) -> dict[str, Any]:
    """The settings that a quiz can have. A password is none that may come from outside."""
    if not isinstance(said, dict):
        return {}
    try:
        read = QuizSettings.model_validate({str(name): value for name, value in said.items() if name != "password"})
    except (ValidationError, ValueError, TypeError, RecursionError):
        findings.leave_out("settings", title, path, "They are not those of a quiz.")
        return {}
    return read.model_dump(mode="json", include={str(name) for name in said} - {"password"})


def _sections(said: Any, questions: int, path: str, title: str, findings: Findings) -> tuple[Section, ...]:
    """The sections, none where they do not hold the quiz's questions."""
    if said is None:
        return ()
    try:
        sections = tuple(map(_section, said))
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        sections = ()
    if not sections or sum(section.questions for section in sections) != questions:
        findings.leave_out("section", title, path, "Its sections do not hold its questions, so they were left out.")
        return ()
    return sections


def _section(said: dict[str, Any]) -> Section:
    pools = tuple(_pool(pool) for pool in said.get("pools", ()))
    questions = said.get("questions", 0)
    if not isinstance(questions, int) or questions < 0:
        raise ValueError("no number of questions")
    return Section(
        title=text_of(said, "title")[:200],
        introduction=str(said.get("introduction", ""))[:2000],
        shuffle=said.get("shuffle") is True,
        questions=questions,
        pools=pools,
    )


def _pool(said: dict[str, Any]) -> Pool:
    tags: Sequence[Any] = said.get("tags", ())
    pool = _POOLS.validate_python({**said, "tags": tuple(map(str, tags)), "points": _points(said.get("points", "1"))})
    if not 1 <= pool.count <= _MOST_DRAWN or len(pool.category) > 2000:
        raise ValueError("no possible number of questions")
    return pool
