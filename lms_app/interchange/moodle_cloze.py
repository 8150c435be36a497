r"""Cloze as Moodle writes it into a text: `{1:SHORTANSWER:=right~%50%half#because}`, with `\` before a character that would mean something.

Source: docs.moodle.org, "Embedded Answers (Cloze) question type".
"""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.types.cloze import NumberGap, SelectGap, TextGap
from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.domain.assessments.types.numeric import Absolute, Range
from lms_app.domain.assessments.types.short_text import Match
from lms_app.interchange.made_questions import Unfit

Read = Callable[[str], RichText | None]

_KINDS = {
    **dict.fromkeys(("SHORTANSWER", "SA", "MW"), "text"),
    **dict.fromkeys(("SHORTANSWER_C", "SAC", "MWC"), "exact text"),
    **dict.fromkeys(("NUMERICAL", "NM"), "number"),
    **dict.fromkeys(("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"), "select"),
    **dict.fromkeys(("MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), "shuffled select"),
}
_OPENING = re.compile(r"\{(\d{0,4}):([A-Z_]{2,20}):")
_SPECIAL = re.compile(r'[\\}#~/"=]')
_ESCAPED = re.compile(r'\\([\\}#~/"=])')
_PIECE = re.compile(r"\\.|([~}])", re.DOTALL)
_HASH = re.compile(r"\\.|(#)", re.DOTALL)
_WEIGHT = re.compile(r"(=|%(-?\d{1,3}(?:\.\d{0,12})?)%)")
_NUMBER = r"-?\d{1,40}(?:\.\d{0,40})?(?:[eE][+-]?\d{1,3})?"
_NEAR = re.compile(rf"\s*({_NUMBER})(?:\s*:\s*({_NUMBER}))?\s*")
_STAR = re.compile(r"(?<!\\)\*")
_SPACES = re.compile(r"[ \t\r\n]+")
_TAG = re.compile(r"<[^>]{0,300}>")


def read_gaps(text: str, read: Read) -> tuple[str, list[dict[str, Any]]]:
    """The text with `[[1]]` where gap 1 stands, and the gaps. Raises Unfit for what is no gap of ours."""
    parts: list[str] = []
    gaps: list[dict[str, Any]] = []
    at = 0
    while found := _OPENING.search(text, at):
        kind = _KINDS.get(found[2])
        if kind is None:
            raise Unfit(f"It has a gap of a kind that we do not have ({found[2]}).")
        answers, end = _answers(text, found.end())
        gaps.append({"id": new_choice_id(), "name": str(len(gaps) + 1), "share": str(int(found[1] or 1) or 1), **_gap(kind, answers, read)})
        parts += [text[at : found.start()], f"[[{len(gaps)}]]"]
        at = end
        if len(gaps) > 50:
            raise Unfit("It has more than 50 gaps.")
    return "".join([*parts, text[at:]]), gaps


def write_gap(gap: TextGap | NumberGap | SelectGap, say: Callable[[RichText], str]) -> str:
    """A gap as it stands in the text. Raises Unfit for what Moodle has no words for."""
    share = int(gap.share.quantize(Decimal(1))) or 1
    match gap:
        case TextGap():
            kind = "SHORTANSWER_C" if gap.case_sensitive else "SHORTANSWER"
            answers = [(answer.weight, _typed(answer.text, answer.match), answer.feedback) for answer in gap.answers]
        case NumberGap():
            kind = "NUMERICAL"
            answers = [(answer.weight, _near(answer), answer.feedback) for answer in gap.answers]
        case SelectGap():
            kind = "MULTICHOICE_S" if gap.shuffle else "MULTICHOICE"
            answers = [(choice.weight, _escaped(choice.text), choice.feedback) for choice in gap.choices]
    said = (f"{_weight(weight)}{text}{f'#{_quoted(say(feedback))}' if feedback else ''}" for weight, text, feedback in answers)
    return f"{{{share}:{kind}:{'~'.join(said)}}}"


def _answers(text: str, start: int) -> tuple[list[str], int]:
    answers, at = [], start
    for found in _PIECE.finditer(text, start):
        if found[1]:
            answers.append(text[at : found.start()])
            at = found.end()
            if found[1] == "}":
                return answers, at
            if len(answers) > 100:
                break
    raise Unfit("One of its gaps does not end.")


def _gap(kind: str, answers: list[str], read: Read) -> dict[str, Any]:
    found = [_answer(answer, read) for answer in answers if answer.strip()]
    match kind:
        case "number":
            return {"kind": "number", "answers": [_number(answer) for answer in found if answer["text"] != "*"]}
        case "text" | "exact text":
            return {"kind": "text", "case_sensitive": kind != "text", "answers": [_pattern(answer) for answer in found]}
    choices = [{"id": new_choice_id(), **answer, "text": answer["text"][:200]} for answer in found]
    return {"kind": "select", "choices": choices, "shuffle": kind == "shuffled select"}


def _answer(source: str, read: Read) -> dict[str, Any]:
    weight = Decimal(0)
    if found := _WEIGHT.match(source.lstrip()):
        source = source.lstrip()[found.end() :]
        weight = max(Decimal(found[2]) / 100, Decimal(0)) if found[2] else Decimal(1)
    hashes = next(((mark.start(), mark.end()) for mark in _HASH.finditer(source) if mark[1]), None)
    said = source if hashes is None else source[: hashes[0]]
    feedback = read(_plain(source[hashes[1] :])) if hashes else None
    text = _SPACES.sub(" ", html.unescape(_TAG.sub("", _plain(said)))).strip(" ")
    return {"text": text, "weight": format(min(weight, Decimal(1)).quantize(Decimal("0.000000000001")).normalize(), "f"), "feedback": feedback}


def _number(answer: dict[str, Any]) -> dict[str, Any]:
    found = _NEAR.fullmatch(answer["text"])
    if found is None:
        raise Unfit(f"“{answer['text'][:60]}” is no number.")
    tolerance = {"kind": "absolute", "margin": found[2] or "0"}
    return {"value": found[1], "tolerance": tolerance, "weight": answer["weight"], "feedback": answer["feedback"]}


def _pattern(answer: dict[str, Any]) -> dict[str, Any]:
    is_pattern = _STAR.search(answer["text"]) is not None
    text = answer["text"] if is_pattern else answer["text"].replace("\\*", "*")
    return {**answer, "text": text, "match": "wildcard" if is_pattern else "exact"}


def _weight(weight: Decimal) -> str:
    return "=" if weight == 1 else f"%{format((weight * 100).normalize(), 'f')}%"


def _typed(text: str, match: Match) -> str:
    if match == Match.REGEX:
        raise Unfit("Moodle has no patterns.")
    return _escaped(text if match == Match.WILDCARD else text.replace("*", "\\*"))


def _near(answer: Any) -> str:
    match answer.tolerance:
        case Range(low=low, high=high):
            return f"{(low + high) / 2:f}:{(high - low) / 2:f}"
        case Absolute(margin=margin):
            return f"{answer.value:f}:{margin:f}"
        case tolerance:
            return f"{answer.value:f}:{abs(answer.value) * tolerance.fraction:f}"


def _escaped(text: str) -> str:
    return _quoted(html.escape(text, quote=False))


def _quoted(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
