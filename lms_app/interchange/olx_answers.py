"""The answers of one response of an OLX problem, as the body of one of our question types asks for them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.domain.content import rich_text
from lms_app.interchange.arithmetic import decimal_text, value_of
from lms_app.interchange.html_tree import escaped, inner_html
from lms_app.interchange.made_questions import Unfit
from lms_app.words import QuestionType

Read = Callable[[str], RichText | None]
"""HTML to rich text, None where it says nothing."""

HINTS = {"choicehint", "optionhint", "correcthint", "stringequalhint", "compoundhint"}
_CHOICE_GROUPS = ("choicegroup", "radiogroup", "checkboxgroup")
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_PLAIN_NUMBER = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,2})?")
_RANGE = re.compile(r"^\s*([\[(])\s*([^,;]+?)\s*[,;]\s*([^,;]+?)\s*([\])])\s*$")
_HALF = Decimal("0.5")
_DEFAULT_TOLERANCE = "0.00001"
"""What the old platform allows where the author says nothing: 0.001 percent, for the rounding of floating point."""
_HAIR = Decimal("1e-12")
"""How far, in proportion, an open end of a range is moved inwards to leave the end itself out."""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """The type of a question, its part of the body, and general feedback that came with single answers."""

    type: QuestionType
    fields: dict[str, Any]
    lost: list[str] = field(default_factory=list)


def read_answers(response: etree._Element, unit: etree._Element, read: Read) -> Answers:
    """The answers of `response`; `unit` is the response itself, or one of several inputs in it. Unfit where it is none of ours."""
    match str(response.tag):
        case "multiplechoiceresponse":
            return _choices(response, read, several=False)
        case "choiceresponse":
            return _choices(response, read, several=response.find(".//radiogroup") is None)
        case "optionresponse":
            return _options(unit if unit.tag == "optioninput" else unit.find(".//optioninput"), read)
        case "stringresponse":
            return _texts(response, read)
        case "numericalresponse":
            return _numbers(response, read)
        case tag:
            raise Unfit(_REASONS.get(tag, "Lyceum has no such kind of question."))


def _choices(response: etree._Element, read: Read, *, several: bool) -> Answers:
    group = next((found for tag in _CHOICE_GROUPS if (found := response.find(f".//{tag}")) is not None), None)
    elements = list(response.iter("choice")) if group is None else list(group.iter("choice"))
    marks = [(element.get("correct") or "false").strip().lower() for element in elements]
    weights = _weights(response, elements, marks, several=several)
    choices = []
    for element, weight in zip(elements, weights, strict=True):
        content = read(inner_html(element, lambda child: child.tag not in HINTS))
        if content is None:
            raise Unfit("One of its choices is empty.")
        hints = {(hint.get("selected") or "true").strip().lower(): hint for hint in element.iter("choicehint")}
        choice = {"id": new_choice_id(), "content": content, "weight": weight, "feedback": _said(hints.get("true"), read)}
        if several:
            choice["feedback_unselected"] = _said(hints.get("false"), read)
        choices.append(choice)
    if not several and (said := _true_or_false(choices)) is not None:
        return said
    shuffled = group is not None and (group.get("shuffle") or "").lower() == "true"
    lost = ["compoundhint"] if response.find(".//compoundhint") is not None else []
    kind = QuestionType.MULTIPLE_CHOICE if several else QuestionType.SINGLE_CHOICE
    return Answers(type=kind, fields={"choices": choices, "shuffle": shuffled}, lost=lost)


def _true_or_false(choices: list[dict[str, Any]]) -> Answers | None:
    """A choice between the words True and False as what it is, None of any other."""
    said = [" ".join(rich_text.to_text(choice["content"]).split()).lower() for choice in choices]
    weights = [choice["weight"] for choice in choices]
    if said != ["true", "false"] or sorted(weights) != ["0", "1"]:
        return None
    fields = {"answer": weights[0] == "1", "feedback_true": choices[0]["feedback"], "feedback_false": choices[1]["feedback"]}
    return Answers(type=QuestionType.TRUE_FALSE, fields=fields)


def _weights(response: etree._Element, elements: list[etree._Element], marks: list[str], *, several: bool) -> list[str]:
    right = marks.count("true")
    if not several:
        gives_part = bool(response.get("partial_credit"))
        parts = [_part(element) if gives_part else "0" for element in elements]
        return ["1" if mark == "true" else part if mark == "partial" else "0" for mark, part in zip(marks, parts, strict=True)]
    if right and (response.get("partial_credit") or "").upper() in ("EDC", "HALVES"):
        wrong = len(marks) - right
        return [_fraction(1, right) if mark == "true" else _fraction(-1, wrong) for mark in marks]
    return ["1" if mark == "true" else "0" for mark in marks]


def _part(element: etree._Element) -> str:
    try:
        return str(min(max(Decimal(element.get("point_value") or "0.5"), Decimal(0)), Decimal(1)).quantize(Decimal("0.000001")))
    except InvalidOperation:
        return "0.5"


def _fraction(share: int, of: int) -> str:
    return str((Decimal(share) / of).quantize(Decimal("0.000000000001")))


def _options(unit: etree._Element | None, read: Read) -> Answers:
    if unit is None:
        raise Unfit("It has no list to choose from.")
    listed = [
        (inner_html(option, lambda child: child.tag not in HINTS), (option.get("correct") or "").strip().lower() == "true", option.find("optionhint"))
        for option in unit.iter("option")
    ]
    if not listed:
        correct = _spaced(unit.get("correct") or "")
        listed = [(escaped(text), _spaced(text) == correct, None) for text in _listed_options(unit.get("options") or "")]
    choices = []
    for source, is_right, hint in listed:
        content = read(source)
        if content is None:
            raise Unfit("One of its choices is empty.")
        choices.append({"id": new_choice_id(), "content": content, "weight": "1" if is_right else "0", "feedback": _said(hint, read)})
    return Answers(type=QuestionType.SINGLE_CHOICE, fields={"choices": choices, "shuffle": False})


def _listed_options(written: str) -> list[str]:
    """The texts in `('one','two')`, which is how lists were written before there were elements for them."""
    inside = written.strip().removeprefix("(").removesuffix(")")
    quoted = [re.sub(r"\\(.)", r"\1", one or two) for one, two in _QUOTED.findall(inside)]
    return quoted or [part.strip() for part in inside.split(",") if part.strip()]


def _texts(response: etree._Element, read: Read) -> Answers:
    words = (response.get("type") or "").lower().split()
    match = "regex" if "regexp" in words else "exact"
    first = response.get("answer") or ""
    said = _said(response.find("correcthint"), read)
    if "_or_" in first and match == "exact":
        accepted = [(text, said) for text in first.split("_or_")]
    else:
        accepted = [(first, said)]
        for extra in response.iter("additional_answer"):
            accepted.append((extra.get("answer") or extra.text or "", _said(extra.find("correcthint"), read)))
    answers = [{"text": text.strip(), "weight": "1", "match": match, "feedback": feedback} for text, feedback in accepted if text.strip()]
    answers += [
        {"text": (hint.get("answer") or "").strip(), "weight": "0", "match": match, "feedback": _said(hint, read)}
        for hint in response.iter("stringequalhint")
        if (hint.get("answer") or "").strip()
    ]
    fields = {"answers": answers, "case_sensitive": "ci" not in words, "ignore_accents": False}
    return Answers(type=QuestionType.SHORT_TEXT, fields=fields)


def _numbers(response: etree._Element, read: Read) -> Answers:
    said = _said(response.find("correcthint"), read)
    tolerance = tolerance_of(response)
    answers = [_number(response.get("answer") or "", tolerance, said)]
    for extra in response.iter("additional_answer"):
        answers.append(_number(extra.get("answer") or extra.text or "", tolerance, _said(extra.find("correcthint"), read)))
    answers += _partly_right(response, answers[0], tolerance)
    return Answers(type=QuestionType.NUMERIC, fields={"answers": answers, "unit": unit_of(response)})


def unit_of(response: etree._Element) -> str | None:
    """What stands behind the field of a number."""
    units = [element.get("trailing_text") or "" for element in response.iter("textline", "formulaequationinput")]
    return next((unit.strip()[:30] for unit in units if unit.strip()), None)


def feedback_of(answer: etree._Element, read: Read) -> RichText | None:
    """What is said to whoever gives this answer."""
    return _said(answer.find("correcthint"), read)


def _number(written: str, tolerance: dict[str, str], feedback: RichText | None, weight: str = "1") -> dict[str, Any]:
    if found := _RANGE.match(written):
        low, high = _decimal(found[2]), _decimal(found[3])
        if low >= high:
            raise Unfit(f"Its range of answers is empty: {written[:60]}.")
        low = low + _hair(low, high) if found[1] == "(" else low
        high = high - _hair(low, high) if found[4] == ")" else high
        shown = {"kind": "range", "low": _digits(low), "high": _digits(high)}
        return {"value": _digits((low + high) / 2), "tolerance": shown, "weight": weight, "feedback": feedback}
    return {"value": _digits(_decimal(written)), "tolerance": tolerance, "weight": weight, "feedback": feedback}


def tolerance_of(response: etree._Element) -> dict[str, str]:
    """How near one must come to the answer of a response."""
    defaults = [str(param.get("default")) for param in response.iter("responseparam") if param.get("type") == "tolerance" and param.get("default")]
    written = defaults[0] if defaults else ""
    if not written:
        return {"kind": "relative", "fraction": _DEFAULT_TOLERANCE}
    is_share = written.strip().endswith("%")
    amount = abs(_decimal(written.strip().removesuffix("%")))
    return {"kind": "relative", "fraction": _digits(amount / 100)} if is_share else {"kind": "absolute", "margin": _digits(amount)}


def _partly_right(response: etree._Element, right: dict[str, Any], tolerance: dict[str, str]) -> list[dict[str, Any]]:
    """Half the credit for listed answers, or for coming close, where the author gives it."""
    credit = {part.strip().lower() for part in (response.get("partial_credit") or "").split(",")}
    found: list[dict[str, Any]] = []
    for param in response.iter("responseparam"):
        if "list" in credit and param.get("partial_answers"):
            found += [_number(text, tolerance, None, str(_HALF)) for text in str(param.get("partial_answers")).split(",")]
    if "close" in credit and "low" not in right["tolerance"]:
        written = next((str(param.get("partial_range")) for param in response.iter("responseparam") if param.get("partial_range")), "2")
        times = _decimal(written)
        wider = {name: value if name == "kind" else _digits(Decimal(value) * times) for name, value in tolerance.items()}
        found.append({**right, "tolerance": wider, "weight": str(_HALF), "feedback": None})
    return found


def _decimal(written: str) -> Decimal:
    text = written.strip().replace("\u2212", "-")
    if _PLAIN_NUMBER.fullmatch(text):
        return Decimal(text)
    value = value_of(text)
    if value is None:
        raise Unfit("Its answer is a formula or comes from a script." if text else "It has no answer.")
    return Decimal(decimal_text(value))


def _digits(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _hair(low: Decimal, high: Decimal) -> Decimal:
    return _HAIR * max(abs(low), abs(high), high - low)


def _said(hint: etree._Element | None, read: Read) -> RichText | None:
    if hint is None:
        return None
    label = (hint.get("label") or "").strip()
    said = inner_html(hint)
    return read(f"<p><strong>{escaped(label)}</strong> {said}</p>" if label else said)


def _spaced(text: str) -> str:
    return " ".join(text.split())


_REASONS = {
    "externalresponse": "It is graded by a program elsewhere.",
    "schematicresponse": "It is graded by a script.",
    "symbolicresponse": "It asks for a formula.",
    "annotationresponse": "It asks about a passage that is marked in a text.",
    "choicetextresponse": "It asks for text inside its choices.",
    "truefalseresponse": "Lyceum has no such kind of question.",
    "javascriptresponse": "It is graded by a script.",
}
