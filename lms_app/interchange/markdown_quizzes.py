"""Quizzes of a folder of Markdown, written: each a text of GIFT beside the page that shows it, with what GIFT has no words for in its first lines.

// ---
// title: The moon
// practice: true
// settings:
//   attempts_allowed: 3
// ---

Those lines are comments of GIFT, so that every reader of GIFT takes the questions. `markdown_quiz_reading.py` reads both.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.quiz_settings import QuizSettings
from lms_app.interchange.findings import Findings
from lms_app.interchange.front_matter import write_front_matter
from lms_app.interchange.gift_writing import gift_parts, joined_gift
from lms_app.interchange.neutral import Assessment, Pool, Question

_PLAIN = QuizSettings().model_dump(mode="json")
_FILE = re.compile(r'(?<=\\=")file\\:(?P<name>[^"\\]+)(?=")')
_UNSAID = {
    "rubric": "Its rubric is not in GIFT.",
    "difficulty": "Its difficulty is not in GIFT.",
    "objective": "Which objective it serves is not in GIFT.",
}


def quiz_text(quiz: Assessment, place: str, findings: Findings, file: Callable[[str], str]) -> str:
    """The text of a quiz. `file` gives the way from it to a file of the course. What of it GIFT cannot say is noted."""
    written = _written(quiz.questions, place, findings)
    kept = [question.ref for question, _ in written]
    points = [format(Decimal(question.points).normalize(), "f") for question, _ in written]
    said = {
        "title": quiz.title,
        "practice": quiz.practice,
        "category": quiz.category,
        "points": points if set(points) != {"1"} else [],
        "settings": {name: value for name, value in quiz.settings.items() if value != _PLAIN.get(name)},
        "sections": _sections(quiz, kept),
    }
    if quiz.availability:
        findings.leave_out("availability", quiz.title, place, "When it opens is not in a folder of Markdown.")
    return _commented({name: value for name, value in said.items() if value or name == "practice"}) + _led(joined_gift(written), file)


def bank_text(bank: Sequence[Question], findings: Findings, file: Callable[[str], str]) -> str:
    """The text of a bank, "" where GIFT can say none of it."""
    return _led(joined_gift(_written(bank, "Question bank", findings)), file)


def _written(questions: Sequence[Question], place: str, findings: Findings) -> list[tuple[Question, str]]:
    found = Findings()
    # What a question is worth stands in the first lines: GIFT has no points.
    plain = {question.ref: question for question in questions}
    written = gift_parts([replace(question, points="1") for question in questions], found)
    for item in found.report().unsupported:
        findings.leave_out(item.kind, item.title, place, item.reason)
    for question, _ in written:
        for name, reason in _UNSAID.items():
            if getattr(question, name):
                findings.leave_out(name, question.title, place, reason)
    return [(plain[question.ref], text) for question, text in written]


def _sections(quiz: Assessment, kept: Sequence[str]) -> list[dict[str, Any]]:
    """The sections, each with as many questions as were written of it."""
    listed: list[dict[str, Any]] = []
    start = 0
    for section in quiz.sections:
        asked = [question.ref for question in quiz.questions[start : start + section.questions]]
        start += section.questions
        said = {"title": section.title, "introduction": section.introduction, "shuffle": section.shuffle, "pools": list(map(_pool, section.pools))}
        listed.append({name: value for name, value in said.items() if value} | {"questions": sum(ref in kept for ref in asked)})
    return listed


def _pool(pool: Pool) -> dict[str, Any]:
    said = {"category": pool.category, "tags": list(pool.tags)}
    return {name: value for name, value in said.items() if value} | {"count": pool.count, "points": pool.points}


def _commented(said: dict[str, Any]) -> str:
    return "".join(f"// {line}".rstrip() + "\n" for line in write_front_matter(said).strip().split("\n")) + "\n"


def _led(text: str, file: Callable[[str], str]) -> str:
    return _FILE.sub(lambda found: file(found["name"]), text)
