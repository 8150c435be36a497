"""Questions as GIFT. What GIFT has no words for is noted in the report."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.essay import Essay
from lms_app.domain.assessments.types.kind import RichText
from lms_app.domain.assessments.types.matching import Matching
from lms_app.domain.assessments.types.multiple_choice import MultipleChoice, is_all_or_nothing
from lms_app.domain.assessments.types.numeric import Numeric, NumericAnswer, Range, Relative
from lms_app.domain.assessments.types.short_text import Match, ShortText, TextAnswer
from lms_app.domain.assessments.types.single_choice import SingleChoice
from lms_app.domain.assessments.types.true_false import TrueFalse
from lms_app.interchange.findings import Findings
from lms_app.interchange.gift import read_gift
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Bank, Question
from lms_app.interchange.question_html import plain_words, stem_html, text_html
from lms_app.interchange.written_banks import Written, write_each
from lms_app.words import QuestionType

Say = Callable[[RichText], str]

_SPECIAL = re.compile(r"[\\~=#{}:]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PLAIN = re.compile(r"[^\[<&/\\\n$][^<&\n]*")


def write_gift(bank: Bank) -> Written:
    """The questions as a GIFT file in UTF-8."""
    findings = Findings()
    written = write_each(bank, _question, lambda text: read_gift(text.encode()), findings, format_="GIFT")
    return Written(content=joined_gift(written).encode(), report=findings.report())


def gift_parts(questions: Sequence[Question], findings: Findings) -> list[tuple[Question, str]]:
    """Each question that GIFT can say with its text. Files of the course stay `file:NAME` in it: they lie beside it."""
    return write_each(Bank(questions=tuple(questions)), _question, lambda text: read_gift(text.encode(), links=_Beside()), findings, format_="GIFT")


def joined_gift(written: Sequence[tuple[Question, str]]) -> str:
    """The texts of questions as one, each category named once where its questions begin."""
    parts: list[str] = []
    category = ""
    for question, text in written:
        if question.category != category:
            category = question.category
            parts.append(_category(category))
        # Each was written with its category, so that it could be read back alone.
        parts.append(text.removeprefix(f"{_category(question.category)}\n") if question.category else text)
    return "\n".join(parts)


class _Beside:
    """Files that lie beside a text, by the names that they have."""

    def file(self, address: str, /) -> str | None:
        return address.removeprefix("file:") if address.startswith("file:") else None

    def has(self, name: str, /) -> bool:
        return True

    def missing(self, name: str, /) -> str:
        return name

    def target(self, address: str, /) -> str | None:
        return address

    def add(self, name: str, media_type: str, size: int, content: Any, /) -> str:
        return name


def _category(category: str) -> str:
    return f"$CATEGORY: $course$/top/{_line(category)}\n"


def _question(question: Question) -> str:
    body = TYPES[question.type].body.model_validate(question.body)
    blocks = body.stem.model_dump(mode="json")["blocks"]
    texts = list(_texts(body.model_dump(mode="json")))
    is_plain = all((words := plain_words(text)) is not None and _PLAIN.fullmatch(words) and "->" not in words for text in texts)
    is_plain = is_plain and len(blocks) == 1 and blocks[0]["type"] == "rich_text"
    say: Say = (lambda text: _escaped(plain_words(text) or "")) if is_plain else (lambda text: _escaped(text_html(text)))
    stem = say(blocks[0]["content"]) if is_plain else f"[html]{_escaped(stem_html(blocks))}"
    general = f"####{say(body.feedback)}" if body.feedback else ""
    return (
        (f"{_category(question.category)}\n" if question.category else "")
        + _labels(question)
        + f"::{_escaped(_line(question.title))}::{stem}{_answers(question.type, body, say, general)}\n"
    )


def _texts(value: Any) -> Iterable[RichText]:
    match value:
        case {"type": "doc"}:
            yield value
        case dict():
            for inner in value.values():
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)


def _labels(question: Question) -> str:
    labels = [f"[id:{_label(question.ref)}]"] if question.ref else []
    labels += [f"[tag:{_label(tag)}]" for tag in question.tags]
    return f"// {' '.join(labels)}\n" if labels else ""


def _label(text: str) -> str:
    return _line(text).replace("]", "\\]")


def _line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\g<0>", text).replace("\r", "").replace("\n", "\\n")


def _answers(type_: QuestionType, body: Any, say: Say, general: str) -> str:
    match body:
        case MultipleChoice():
            lines = [_line_of("~", weight, say(choice.content), choice.feedback, say) for choice, weight in _weighed(body)]
        case SingleChoice():
            lines = [
                _line_of(
                    "=" if choice.weight == 1 else "~", None if choice.weight in (0, 1) else choice.weight, say(choice.content), choice.feedback, say
                )
                for choice in body.choices
            ]
        case TrueFalse():
            return _truth(body, say, general)
        case ShortText():
            lines = [_line_of("=", _partial(answer), _typed(answer), answer.feedback, say) for answer in body.answers]
            if all("->" in line for line in lines):
                raise Unfit("GIFT would take its answers, which all have an arrow, for pairs.")
        case Numeric():
            lines = [_line_of("=", _partial(answer), _number(answer), answer.feedback, say) for answer in body.answers]
            return f" {{#\n{''.join(lines)}{_last(general)}}}"
        case Matching():
            lines = _pairs(body, say)
        case Essay():
            return f" {{{general}}}"
        case _ if type_ == QuestionType.DESCRIPTION:
            return ""
        case _:
            raise Unfit("GIFT has no such kind of question.")
    return f" {{\n{''.join(lines)}{_last(general)}}}"


def _last(general: str) -> str:
    """General feedback on a line of its own; a blank line would end the question."""
    return f"\t{general}\n" if general else ""


def _weighed(body: MultipleChoice) -> list[tuple[Any, Decimal]]:
    """Each choice with its weight; where all of the right ones are needed together, each earns its share and a wrong one costs as much."""
    right = sum(choice.weight > 0 for choice in body.choices)
    if not is_all_or_nothing(body) or right == 1:
        return [(choice, choice.weight) for choice in body.choices]
    share = (Decimal(1) / right).quantize(Decimal("0.0000001"))
    return [(choice, share if choice.weight > 0 else Decimal(-1)) for choice in body.choices]


def _line_of(sign: str, weight: Decimal | None, text: str, feedback: RichText | None, say: Say) -> str:
    percent = f"%{weight * 100:f}%" if weight is not None else ""
    said = f"#{say(feedback)}" if feedback else ""
    return f"\t{sign}{percent}{text}{said}\n"


def _partial(answer: TextAnswer | NumericAnswer) -> Decimal | None:
    return None if answer.weight == 1 else answer.weight


def _truth(body: TrueFalse, say: Say, general: str) -> str:
    said = [say(text) if text else "" for text in (body.feedback_true, body.feedback_false)]
    feedback = f"#{said[0]}#{said[1]}" if said[1] else f"#{said[0]}" if said[0] else ""
    return f" {{{'TRUE' if body.answer else 'FALSE'}{feedback}{general}}}"


def _typed(answer: TextAnswer) -> str:
    if answer.match == Match.REGEX:
        raise Unfit("GIFT has no patterns.")
    text = answer.text if answer.match == Match.WILDCARD else answer.text.replace("*", "\\*")
    return f"[plain]{_escaped(text)}"


def _number(answer: NumericAnswer) -> str:
    match answer.tolerance:
        case Range(low=low, high=high):
            return f"{low:f}..{high:f}"
        case Relative(fraction=fraction):
            return f"{answer.value:f}:{abs(answer.value) * fraction:f}"
        case tolerance:
            return f"{answer.value:f}:{tolerance.margin:f}"


def _pairs(body: Matching, say: Say) -> list[str]:
    answers: dict[str, str] = {}
    for option in body.options:
        words = plain_words(option.content)
        if words is None:
            raise Unfit("GIFT takes plain words only as what belongs to a part.")
        answers[option.id] = _escaped(words)
    lines = [f"\t={say(prompt.content)} -> {answers[prompt.right]}\n" for prompt in body.prompts]
    used = {prompt.right for prompt in body.prompts}
    return [*lines, *(f"\t= -> {answer}\n" for identity, answer in answers.items() if identity not in used)]
