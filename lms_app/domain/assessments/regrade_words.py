"""A correction of marks in words: what changed in the question, and whom it moves. Pure."""

import html
import re
from typing import Any

from lms_app.domain.assessments.regrade_rules import Result
from lms_app.domain.assessments.regrade_views import KeyChange, RegradeFigures
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import QuestionBody, first_line, shown
from lms_app.domain.enrollments.progress_rules import percentage
from lms_app.words import QuestionType


def counts_in_words(figures: RegradeFigures, *, would: bool) -> str:
    """`12 of 30 students gain, 2 lose; 1 certificate would be withdrawn.`"""
    if not figures.moved:
        nothing = "No mark would move." if would else "No mark moved."
        return f"{nothing} {_kept(figures)}".strip()
    gain, lose = ("gain" if figures.gained != 1 else "gains", "lose" if figures.lost != 1 else "loses") if would else ("gained", "lost")
    parts = [f"{figures.gained} of {_count(figures.students, 'student')} {gain}, {figures.lost} {lose}"]
    be = "would be" if would else "was"
    for number, what in ((figures.completed, "quiz completed"), (figures.withdrawn, "quiz completion withdrawn")):
        if number:
            noun, _, verb = what.rpartition(" ")
            noun = noun.replace("quiz", "quizzes") if number > 1 and noun == "quiz" else noun + ("s" if number > 1 else "")
            parts.append(f"{number} {noun} {be if number == 1 or would else 'were'} {verb}")
    for number, verb in (
        (figures.certificates_issued, "issued"),
        (figures.certificates_revived, "made valid again"),
        (figures.certificates_withdrawn, "withdrawn"),
    ):
        if number:
            parts.append(f"{_count(number, 'certificate')} {be if number == 1 or would else 'were'} {verb}")
    return f"{'; '.join(parts)}. {_kept(figures)}".strip()


def outcome_in_words(result: Result) -> str:
    """Whether an attempt passed, "" where nothing is to be passed."""
    if result.pending:
        return "waits for marks"
    return "" if result.passed is None else "passed" if result.passed else "not passed"


def key_changes(type_: QuestionType, before: QuestionBody, after: QuestionBody) -> list[KeyChange]:
    """What differs between two bodies of a question."""
    kind = TYPES[type_]
    found = [
        KeyChange(what="Question", before=first_line(before), after=first_line(after)),
        KeyChange(what="Right answer", before=_plain(kind.solution(before)), after=_plain(kind.solution(after))),
        *_weights(before, after),
    ]
    told = [change for change in found if change.before != change.after]
    if not told and before != after:
        told = [KeyChange(what="Settings of the question", before="as they were", after="changed")]
    return told


def _weights(before: Any, after: Any) -> list[KeyChange]:
    """Choices and answers whose weight changed, by id or by what they say."""
    old, new = _weighted(before), _weighted(after)
    return [
        KeyChange(what=f"Credit for “{(new.get(key) or old[key])[0]}”", before=_worth(old.get(key)), after=_worth(new.get(key)))
        for key in {**old, **new}
        if _worth(old.get(key)) != _worth(new.get(key))
    ]


def _weighted(body: Any) -> dict[str, tuple[str, Any]]:
    found: dict[str, tuple[str, Any]] = {}
    for choice in getattr(body, "choices", ()):
        found[choice.id] = (_plain(shown(choice.content)), choice.weight)
    for answer in getattr(body, "answers", ()):
        words = str(getattr(answer, "text", None) or getattr(answer, "value", None) or getattr(answer, "formula", ""))
        found[words] = (words, answer.weight)
    return found


def _worth(entry: tuple[str, Any] | None) -> str:
    return "not there" if entry is None else percentage(entry[1])


def _plain(markup: str) -> str:
    """The words of a piece of HTML."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup.replace("</li>", "; "))).split()).strip("; ") or "none"


def _kept(figures: RegradeFigures) -> str:
    if not figures.kept:
        return ""
    return f"{_count(figures.kept, 'mark')} given by hand {'stays' if figures.kept == 1 else 'stay'}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
