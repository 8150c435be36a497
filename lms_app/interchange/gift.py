"""GIFT, Moodle's plain text for questions, into the neutral document.

Of the two feedbacks of a true or false question the first is for who says true, as the reference parser has it.
"""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lms_app.domain.assessments.types.kind import RichText, new_choice_id
from lms_app.domain.content import rich_text
from lms_app.errors import Invalid
from lms_app.interchange.findings import Findings
from lms_app.interchange.gift_source import LONGEST, MOST_QUESTIONS, GiftChoice, GiftQuestion, GiftText, read_source
from lms_app.interchange.made_questions import Unfit, make_question, paragraph_block
from lms_app.interchange.neutral import Bank, Block, Question
from lms_app.interchange.olx_html import Links, OlxHtml
from lms_app.interchange.package_links import PackageLinks
from lms_app.words import QuestionType

_ELEMENT = re.compile(r"<[A-Za-z/!]")
_STAR = re.compile(r"(?<!\\)\*")
_WHOLE = Decimal(100)


def text_of_file(source: bytes, name: str) -> str:
    """The text of a file of questions in UTF-8, with plain line ends. Raises Invalid."""
    if len(source) > 4 * LONGEST:
        raise Invalid(f"{name} is too large to be read: more than {4 * LONGEST >> 20} MB.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{name} is not written in UTF-8.") from error
    if len(text) > LONGEST:
        raise Invalid(f"{name} is too long to be read: more than {LONGEST:,} characters.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_gift(source: bytes, name: str = "This file", *, links: Links | None = None, name_of: Callable[[int], str] = "question-{}".format) -> Bank:
    """The questions of a GIFT file; what cannot be taken is in the report with its line. Raises Invalid for a file that is none.

    `links` says where addresses in it lead, where files lie beside it; `name_of` what a question without an id is called, by its number.
    """
    findings = Findings()
    reader = _Reader(findings, links)
    questions: list[Question] = []
    category = ""
    for asked in read_source(text_of_file(source, name)):
        findings.counts[asked.kind] += 1
        if sum(findings.counts.values()) > MOST_QUESTIONS:
            raise Invalid(f"{name} holds more than {MOST_QUESTIONS:,} questions.")
        if asked.kind == "Category":
            category = category_of(asked.title or "")
            continue
        place = f"line {asked.line}"
        try:
            if asked.fault:
                raise Unfit(asked.fault)
            questions.append(reader.question(asked, place, category, name_of(len(questions) + 1)))
        except (Unfit, Invalid) as refusal:
            findings.leave_out(asked.kind, asked.title or asked.stem.text, place, str(refusal))
    return Bank(questions=tuple(questions), assets=findings.assets(), report=findings.report())


def category_of(path: str) -> str:
    """A category of Moodle's without what names the course that it stood in."""
    parts = [" ".join(part.split()) for part in re.split(r"(?<!/)/(?!/)", path)]
    kept = [part for part in parts if part and part not in ("top", "$course$", "$system$", "$module$", "$cat$")]
    return "/".join(part.replace("//", "/") if len(kept) == 1 else part for part in kept)[:500]


class _Reader:
    def __init__(self, findings: Findings, links: Links | None) -> None:
        self._findings = findings
        self._html = OlxHtml(links or PackageLinks({}, "", findings), findings)

    def question(self, asked: GiftQuestion, place: str, category: str, ref: str) -> Question:
        title = asked.title or asked.stem.text
        type_, fields = self._answers(asked, place)
        return make_question(
            type_,
            self._stem(asked.stem, place, title),
            {"feedback": self._text(asked.feedback, place, title), **fields},
            ref=asked.id or ref,
            title=asked.title or "",
            tags=asked.tags,
            category=category,
        )

    def _answers(self, asked: GiftQuestion, place: str) -> tuple[QuestionType, dict[str, Any]]:
        match asked.kind:
            case "MC":
                return self._choices(asked, place)
            case "TF":
                said = {
                    "feedback_true": self._text(asked.true_feedback, place, "true"),
                    "feedback_false": self._text(asked.false_feedback, place, "false"),
                }
                return QuestionType.TRUE_FALSE, {"answer": asked.is_true, **said}
            case "Short":
                return QuestionType.SHORT_TEXT, {"answers": [self._written(choice, place) for choice in asked.choices]}
            case "Numerical":
                return QuestionType.NUMERIC, {"answers": self._numbers(asked, place)}
            case "Matching":
                return QuestionType.MATCHING, self._pairs(asked, place)
            case "Essay":
                return QuestionType.ESSAY, {}
            case _:
                return QuestionType.DESCRIPTION, {}

    def _choices(self, asked: GiftQuestion, place: str) -> tuple[QuestionType, dict[str, Any]]:
        """One is to be chosen where a choice has =, else several, as Moodle has it."""
        choices = []
        for choice in asked.choices:
            content = self._text(choice.text, place, asked.title or asked.stem.text)
            if content is None:
                raise Unfit("One of its choices is empty.")
            feedback = self._text(choice.feedback, place, choice.text.text)
            choices.append({"id": new_choice_id(), "content": content, "weight": _part(choice), "feedback": feedback})
        one = any(choice.is_correct for choice in asked.choices)
        return QuestionType.SINGLE_CHOICE if one else QuestionType.MULTIPLE_CHOICE, {"choices": choices}

    def _written(self, choice: GiftChoice, place: str) -> dict[str, Any]:
        text = choice.text.text
        is_pattern = _STAR.search(text) is not None
        return {
            "text": text if is_pattern else text.replace("\\*", "*"),
            "match": "wildcard" if is_pattern else "exact",
            "weight": _credit(choice),
            "feedback": self._text(choice.feedback, place, text),
        }

    def _numbers(self, asked: GiftQuestion, place: str) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        for choice in asked.choices:
            feedback = self._text(choice.feedback, place, choice.text.text)
            if choice.number is None:
                if feedback or choice.weight:
                    title = asked.title or asked.stem.text
                    self._findings.leave_out("Numerical", title, place, "What is said about any other number was left out; the question was taken.")
                continue
            number = choice.number
            if number.kind == "high-low":
                low, high = sorted((number.low, number.high))
                value, tolerance = (low + high) / 2, {"kind": "range", "low": str(low), "high": str(high)}
            else:
                value, tolerance = number.number, {"kind": "absolute", "margin": str(abs(number.margin))}
            answers.append({"value": str(value), "tolerance": tolerance, "weight": _credit(choice), "feedback": feedback})
        return answers

    def _pairs(self, asked: GiftQuestion, place: str) -> dict[str, Any]:
        """An answer without a question is an option that belongs nowhere."""
        options: dict[str, str] = {}
        prompts: list[dict[str, Any]] = []
        for pair in asked.pairs:
            if not pair.subanswer:
                raise Unfit("One of its answers is empty.")
            identity = options.setdefault(pair.subanswer, new_choice_id())
            if content := self._text(pair.subquestion, place, asked.title or asked.stem.text):
                prompts.append({"id": new_choice_id(), "content": content, "right": identity})
        listed = [{"id": identity, "content": rich_text.from_text(answer)} for answer, identity in options.items()]
        return {"prompts": prompts, "options": listed}

    def _stem(self, said: GiftText, place: str, title: str) -> list[Block]:
        if said.format == "html":
            return self._html.blocks(said.text, place, title)
        content = self._text(said, place, title)
        return [{**paragraph_block(""), "content": content}] if content else []

    def _text(self, said: GiftText | None, place: str, title: str) -> RichText | None:
        if said is None or not said.text:
            return None
        match said.format:
            case "markdown":
                content = rich_text.from_markdown(said.text)
            case "html":
                return self._html.text(said.text, place, title)
            case "moodle" if _ELEMENT.search(said.text):
                return self._html.text(said.text.replace("\n", "<br>"), place, title)
            case "moodle":
                content = rich_text.from_text(html.unescape(said.text) if "&" in said.text else said.text)
            case _:
                content = rich_text.from_text(said.text)
        return None if rich_text.is_empty(content) else content


def _part(choice: GiftChoice) -> str:
    """What a choice earns of the whole, −1 to 1."""
    if choice.weight is None:
        return "1" if choice.is_correct else "0"
    return _fraction(choice.weight)


def _credit(choice: GiftChoice) -> str:
    """What a typed answer earns; `~` before it says that it is wrong."""
    if choice.weight is None:
        return "1" if choice.is_correct else "0"
    return _fraction(max(choice.weight, Decimal(0)))


def _fraction(percent: Decimal) -> str:
    return format((percent / _WHOLE).quantize(Decimal("0.000000000001")).normalize(), "f")
