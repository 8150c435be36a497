"""Questions of the neutral document as Hypothesis draws them."""

import os
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from lms_app.domain.content.rich_text import from_text
from lms_app.interchange.neutral import Question
from lms_app.words import QuestionType
from tests.support.questions import bodies

EXAMPLES = 500 if os.environ.get("LYCEUM_LONG") == "1" else 12
"""How many are drawn for a round trip: each is written, read back and compared several times over."""

_letters = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Co", "Zl", "Zp", "Zs", "Cn"))
_line = st.text(_letters | st.just(" "), min_size=1, max_size=20).map(lambda text: " ".join(text.split())).filter(bool)
_label = st.text(st.characters(codec="ascii", categories=("L", "N")) | st.sampled_from(" -_]["), min_size=1, max_size=12).map(
    lambda text: " ".join(text.split())
)
_category = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8), max_size=3).map("/".join)
_NOT_IN_GIFT = {"hints", "penalty", "deduction", "shuffle", "tell_count", "case_sensitive", "ignore_accents", "unit", "credit", "rows", "sample"}
_IN_GIFT = [
    QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.TRUE_FALSE, QuestionType.SHORT_TEXT, QuestionType.NUMERIC,
    QuestionType.MATCHING, QuestionType.ESSAY, QuestionType.DESCRIPTION,
]  # fmt: skip


@st.composite
def _stems(draw: st.DrawFn) -> dict[str, Any]:
    """Plain words, or several paragraphs, a list, marks and a formula."""
    words = [draw(_line) for _ in range(draw(st.integers(1, 4)))]
    content = from_text(words[0])
    for text in words[1:]:
        kind = draw(st.sampled_from(["paragraph", "bold", "list", "code", "maths", "link"]))
        plain = {"type": "text", "text": text}
        match kind:
            case "paragraph":
                content["content"].append({"type": "paragraph", "content": [plain]})
            case "bold":
                content["content"].append({"type": "paragraph", "content": [{**plain, "marks": [{"type": "bold"}]}]})
            case "link":
                marks = [{"type": "link", "attrs": {"href": "https://example.org/a?b=c&d"}}]
                content["content"].append({"type": "paragraph", "content": [{**plain, "marks": marks}]})
            case "list":
                item = {"type": "listItem", "content": [{"type": "paragraph", "content": [plain]}]}
                content["content"].append({"type": "bulletList", "content": [item]})
            case "code":
                content["content"].append({"type": "codeBlock", "content": [{"type": "text", "text": f"a\n\n  {text} = {{1}}\n"}]})
            case "maths":
                content["content"].append({"type": "paragraph", "content": [{"type": "maths", "attrs": {"tex": "\\frac{a}{b} = x"}}]})
    return {"schema_version": 1, "blocks": [{"id": "stemstemstem", "type": "rich_text", "content": content}]}


@st.composite
def _drawn(draw: st.DrawFn, types: list[QuestionType]) -> Question:
    type_ = draw(st.sampled_from(types))
    body = draw(bodies[type_])
    if type_ not in (QuestionType.CLOZE, QuestionType.DROPDOWN, QuestionType.CALCULATED):
        body = {**body, "stem": draw(_stems())}
    return Question(
        ref=draw(_label.filter(bool)),
        type=type_,
        title=draw(_line),
        body=body,
        tags=tuple(draw(st.lists(_label.filter(bool), max_size=2))),
        category=draw(_category),
    )


def _fit_for_gift(question: Question) -> Question | None:
    """The question without what GIFT has no words for."""
    body = {name: value for name, value in question.body.items() if name not in _NOT_IN_GIFT and not name.startswith("words_")}
    if question.type == QuestionType.MULTIPLE_CHOICE and {Decimal(choice["weight"]) for choice in body["choices"]} <= {Decimal(0), Decimal(1)}:
        return None
    if question.type == QuestionType.DESCRIPTION:
        body.pop("feedback")
    if question.type == QuestionType.NUMERIC:
        body["answers"] = [_with_margin(answer) for answer in body["answers"]]
    if question.type == QuestionType.MATCHING:
        body["prompts"] = [{**prompt, "feedback": None} for prompt in body["prompts"]]
    if question.type == QuestionType.SHORT_TEXT:
        body["answers"] = [{**answer, "match": "wildcard" if "*" in answer["text"] else "exact"} for answer in body["answers"]]
        if any("->" in answer["text"] or "\\*" in answer["text"] for answer in body["answers"]):
            return None
    return Question(ref=question.ref, type=question.type, title=question.title, body=body, tags=question.tags, category=question.category)


def _with_margin(answer: dict[str, Any]) -> dict[str, Any]:
    match answer["tolerance"]:
        case {"kind": "range", "low": low, "high": high}:
            return {**answer, "value": str((Decimal(low) + Decimal(high)) / 2)}
        case {"kind": "relative", "fraction": fraction}:
            return {**answer, "tolerance": {"kind": "absolute", "margin": fraction}}
    return answer


any_questions = _drawn(list(QuestionType))
"""Questions of every type, with whatever the editor can say."""

gift_questions = _drawn(_IN_GIFT).map(_fit_for_gift).filter(lambda question: question is not None)
"""Questions that GIFT can say."""


_NOT_IN_MOODLE = {"deduction", "tell_count", "ignore_accents"}
_IN_MOODLE = [*_IN_GIFT, QuestionType.CLOZE, QuestionType.DROPDOWN, QuestionType.ORDERING, QuestionType.FILE_UPLOAD]


def _fit_for_moodle(question: Question) -> Question | None:
    """The question without what Moodle has no words for."""
    body = {name: value for name, value in question.body.items() if name not in _NOT_IN_MOODLE}
    match question.type:
        case QuestionType.MULTIPLE_CHOICE if {Decimal(choice["weight"]) for choice in body["choices"]} <= {Decimal(0), Decimal(1)}:
            return None
        case QuestionType.SHORT_TEXT:
            body["answers"] = [_with_plain_match(answer) for answer in body["answers"]]
        case QuestionType.NUMERIC:
            body["answers"] = [_absolute(answer) for answer in body["answers"]]
        case QuestionType.MATCHING:
            body = {name: value for name, value in body.items() if name != "credit"}
            body["prompts"] = [{**prompt, "feedback": None} for prompt in body["prompts"]]
        case QuestionType.DROPDOWN:
            first = body["choices"][0]["id"]
            body["gaps"] = [{**gap, "choices": [], "feedback": None, "right": first if gap["choices"] else gap["right"]} for gap in body["gaps"]]
        case QuestionType.CLOZE:
            body["gaps"] = [_fit_gap(gap) for gap in body["gaps"]]
    return Question(ref=question.ref, type=question.type, title=question.title, body=body, tags=question.tags, category=question.category)


def _with_plain_match(answer: dict[str, Any]) -> dict[str, Any]:
    text = answer["text"].replace("\\", "")
    return {**answer, "text": text, "match": "wildcard" if "*" in text else "exact"}


def _absolute(answer: dict[str, Any]) -> dict[str, Any]:
    answer = _with_margin(answer)
    if answer["tolerance"]["kind"] == "range":
        low, high = Decimal(answer["tolerance"]["low"]), Decimal(answer["tolerance"]["high"])
        return {**answer, "tolerance": {"kind": "absolute", "margin": str((high - low) / 2)}}
    return answer


def _fit_gap(gap: dict[str, Any]) -> dict[str, Any]:
    share = {"share": "1"} if gap["share"] == "0.5" else {}
    match gap["kind"]:
        case "text":
            return {**gap, **share, "answers": [_with_plain_match(answer) for answer in gap["answers"]]}
        case "number":
            return {**gap, **share, "unit": None, "answers": [_absolute(answer) for answer in gap["answers"]]}
    return {**gap, **share}


moodle_questions = _drawn(_IN_MOODLE).map(_fit_for_moodle).filter(lambda question: question is not None)
"""Questions that Moodle XML can say."""


_NOT_IN_QTI = {"hints", "penalty", "deduction", "tell_count", "ignore_accents", "unit", "sample", "words_max", "kinds", "files_max"}
_IN_QTI = [type_ for type_ in QuestionType if type_ != QuestionType.CALCULATED]


def _fit_for_qti(question: Question) -> Question | None:
    """The question without what QTI has no words for."""
    body = {name: value for name, value in question.body.items() if name not in _NOT_IN_QTI}
    match question.type:
        case QuestionType.MULTIPLE_CHOICE:
            weights = [Decimal(choice["weight"]) for choice in body["choices"]]
            whole = sum(weight for weight in weights if weight > 0)
            if any(weight / whole < -1 for weight in weights) or (len(weights) > 1 and set(weights) == {Decimal(0)}):
                return None
        case QuestionType.SHORT_TEXT:
            body["answers"] = _written_out(body["answers"])
        case QuestionType.NUMERIC:
            body["answers"] = [{**_with_margin(answer), "feedback": None, "tolerance": answer["tolerance"]} for answer in body["answers"]]
        case QuestionType.MATCHING:
            body["prompts"] = [{**prompt, "feedback": None} for prompt in body["prompts"]]
        case QuestionType.ORDERING:
            body["credit"] = "exact"
        case QuestionType.DROPDOWN:
            body = _fit_for_moodle(question).body | {"deduction": "0", "hints": [], "penalty": "0.333333333333"}
        case QuestionType.CLOZE:
            body["gaps"] = [_fit_qti_gap(gap) for gap in body["gaps"]]
        case QuestionType.HOTSPOT:
            body["regions"] = [{**region, "feedback": None} for region in body["regions"]]
    return Question(ref="item", type=question.type, title=question.title, body=body, points=question.points)


def _written_out(answers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each text once, as QTI keeps them."""
    texts = {answer["text"]: answer for answer in sorted(answers, key=lambda answer: Decimal(answer["weight"]))}
    return [{**answer, "match": "exact", "feedback": None} for answer in answers if texts[answer["text"]] is answer]


def _fit_qti_gap(gap: dict[str, Any]) -> dict[str, Any]:
    match gap["kind"]:
        case "text":
            return {**gap, "answers": _written_out(gap["answers"])}
        case "number":
            answers = [{**_with_margin(answer), "feedback": None, "tolerance": answer["tolerance"]} for answer in gap["answers"]]
            return {**gap, "unit": None, "answers": answers}
    return {**gap, "choices": [{**choice, "feedback": None} for choice in gap["choices"]]}


qti_questions = _drawn(_IN_QTI).map(_fit_for_qti).filter(lambda question: question is not None)
"""Questions that QTI can say."""
