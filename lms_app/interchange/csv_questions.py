"""Questions as a table: one a row, in the columns that most people keep them in.

    type, title, question, answers, choice 1, choice 2, …, feedback, points, tags, category

`question` is Markdown. `type` is the name of a type (single_choice, multiple_choice, true_false, short_text, numeric, essay), or empty: then the rest
tells it. `answers` is the right one: the number or the letter of a choice (1, or B), several with a comma or a semicolon between, true or false,
a text or several with | between, or a number with its tolerance (3.14 ± 0.01). Of the names of columns capitals and spaces do not count.
"""

import csv
import io
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from lms_app.domain.assessments.types.kind import new_choice_id
from lms_app.domain.content import rich_text
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.errors import Invalid
from lms_app.interchange.findings import Findings
from lms_app.interchange.made_questions import Unfit, make_question
from lms_app.interchange.neutral import Bank, Question
from lms_app.words import QuestionType

MOST_ROWS = 5_000
MOST_CHOICES = 20
_COLUMNS = {
    "question": ("question", "questiontext", "stem", "prompt"),
    "answers": ("answers", "answer", "correct", "correctanswer", "rightanswer", "key"),
    "type": ("type", "questiontype", "kind"),
    "title": ("title", "name"),
    "feedback": ("feedback", "explanation", "generalfeedback"),
    "points": ("points", "point", "score", "weight"),
    "tags": ("tags", "tag"),
    "category": ("category", "topic"),
}
_CHOICE = re.compile(r"(?:choice|option|answer)?(\d{1,2}|[a-t])$")
_NUMBER = re.compile(r"\s*([+-]?\d{1,30}(?:[.,]\d{1,30})?)\s*(?:(?:±|\+/-|\+-)\s*(\d{1,30}(?:[.,]\d{1,30})?)\s*(%?))?\s*")
_TRUE, _FALSE = {"true", "t", "yes", "1"}, {"false", "f", "no", "0"}


def read_csv(source: bytes, name: str = "This file") -> Bank:
    """The questions of a table; a row that is none is in the report with its line. Raises Invalid for what is no table with a column of questions."""
    text = _decoded(source, name)
    rows = _rows(text, name)
    columns, choices = _header(next(rows, []))
    if "question" not in columns:
        raise Invalid(f"{name} has no column that is called question. Name the columns in the first row.")
    findings, questions = Findings(), list[Question]()
    for number, row in enumerate(rows, start=2):
        if number > MOST_ROWS + 1:
            raise Invalid(f"{name} holds more than {MOST_ROWS:,} rows.")
        if not any(cell.strip() for cell in row):
            continue
        said = {field: row[place].strip() for field, place in columns.items() if place < len(row)}
        offered = [row[place].strip() if place < len(row) else "" for place in choices]
        while offered and not offered[-1]:
            offered.pop()
        findings.counts[said.get("type", "") or "row"] += 1
        try:
            questions.append(_question(said, offered, f"row-{number}"))
        except (Unfit, Invalid) as refusal:
            reason = refusal.sentence if isinstance(refusal, Invalid) else str(refusal)
            findings.leave_out(said.get("type") or "row", said.get("title") or said.get("question") or f"Row {number}", f"row {number}", reason)
    return Bank(questions=tuple(questions), report=findings.report())


def _decoded(source: bytes, name: str) -> str:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return source.decode("utf-16", "replace")
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return source.decode("cp1252", "replace")


def _rows(text: str, name: str):
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise Invalid(f"{name} is not a table that can be read: {error}.") from error


def _header(row: list[str]) -> tuple[dict[str, int], list[int]]:
    """Where each field stands, and the places of the choices in order."""
    columns: dict[str, int] = {}
    choices: dict[int, int] = {}
    for place, cell in enumerate(row[:200]):
        plain = re.sub(r"[^a-z0-9]", "", cell.lower())
        field = next((field for field, names in _COLUMNS.items() if plain in names), None)
        if field is not None:
            columns.setdefault(field, place)
        elif found := _CHOICE.match(plain):
            choices.setdefault(int(found[1]) if found[1].isdecimal() else ord(found[1]) - ord("a") + 1, place)
    return columns, [choices[number] for number in sorted(choices)][:MOST_CHOICES]


def _question(said: dict[str, str], offered: list[str], ref: str) -> Question:
    if not said.get("question"):
        raise Unfit("It asks nothing: its question is empty.")
    type_ = _type(said, offered)
    fields = _fields(type_, said.get("answers", ""), offered)
    feedback = said.get("feedback", "")
    stem = document_from_markdown(said["question"]).dump()["blocks"]
    return make_question(
        type_,
        stem,
        {**fields, "feedback": rich_text.from_markdown(feedback) if feedback else None},
        ref=ref,
        title=said.get("title", ""),
        points=_points(said.get("points", "")),
        tags=tuple(tag for part in re.split(r"[,;]", said.get("tags", "")) if (tag := " ".join(part.split())[:60])),
        category=said.get("category", "").strip("/ ")[:400],
    )


def _type(said: dict[str, str], offered: list[str]) -> QuestionType:
    written = re.sub(r"[^a-z]+", "_", said.get("type", "").lower()).strip("_")
    named = {"multiplechoice": "single_choice", "mc": "single_choice", "tf": "true_false", "shortanswer": "short_text", "number": "numeric"}
    written = named.get(written.replace("_", ""), written) if written != "multiple_choice" else written
    answers = said.get("answers", "")
    if written:
        if written not in set(QuestionType):
            raise Unfit(f"There is no type {written[:40]}.")
        type_ = QuestionType(written)
        # Many say "multiple choice" and mean that one choice is right.
        return QuestionType.SINGLE_CHOICE if type_ == QuestionType.MULTIPLE_CHOICE and len(_chosen(answers, offered)) == 1 else type_
    if offered:
        return QuestionType.MULTIPLE_CHOICE if len(_chosen(answers, offered)) > 1 else QuestionType.SINGLE_CHOICE
    if answers.lower() in ("true", "false"):
        return QuestionType.TRUE_FALSE
    return QuestionType.ESSAY if not answers else QuestionType.NUMERIC if _NUMBER.fullmatch(answers) else QuestionType.SHORT_TEXT


def _fields(type_: QuestionType, answers: str, offered: list[str]) -> dict[str, Any]:
    match type_:
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE:
            right = _chosen(answers, offered)
            if not right:
                raise Unfit("It does not say which choice is right.")
            return {
                "choices": [
                    {"id": new_choice_id(), "content": rich_text.from_markdown(text), "weight": "1" if number in right else "0"}
                    for number, text in enumerate(offered)
                    if text
                ]
            }
        case QuestionType.TRUE_FALSE:
            if answers.lower() not in _TRUE | _FALSE:
                raise Unfit("It says neither true nor false.")
            return {"answer": answers.lower() in _TRUE}
        case QuestionType.SHORT_TEXT:
            return {"answers": [{"text": text.strip(), "weight": "1"} for text in answers.split("|") if text.strip()]}
        case QuestionType.NUMERIC:
            return {"answers": [_number(answers)]}
        case QuestionType.ESSAY | QuestionType.DESCRIPTION | QuestionType.FILE_UPLOAD:
            return {}
        case _:
            raise Unfit("A row of a table cannot say such a question.")


def _chosen(answers: str, offered: list[str]) -> set[int]:
    """The places of the right choices: by number, by letter, or by what they say."""
    texts = {text.casefold(): number for number, text in enumerate(offered) if text}
    if answers.casefold() in texts:
        return {texts[answers.casefold()]}
    found: set[int] = set()
    for part in (part.strip() for part in re.split(r"[,;|]", answers)):
        if part.casefold() in texts:
            found.add(texts[part.casefold()])
        elif part.isdecimal() and len(part) < 3 and 1 <= int(part) <= len(offered):
            found.add(int(part) - 1)
        elif len(part) == 1 and part.isalpha() and part.isascii() and ord(part.upper()) - ord("A") < len(offered):
            found.add(ord(part.upper()) - ord("A"))
        elif part:
            raise Unfit(f"There is no choice {part[:40]}.")
    return found


def _number(answers: str) -> dict[str, Any]:
    found = _NUMBER.fullmatch(answers)
    if not found:
        raise Unfit("Its answer is not a number.")
    value, margin = (text.replace(",", ".") if text else "0" for text in found.groups()[:2])
    if found[3]:
        return {"value": value, "weight": "1", "tolerance": {"kind": "relative", "fraction": format(Decimal(margin) / 100, "f")}}
    return {"value": value, "weight": "1", "tolerance": {"kind": "absolute", "margin": margin}}


def _points(written: str) -> str:
    try:
        points = Decimal(written.replace(",", ".") or "1")
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= 1000:
        raise Unfit("It is worth no possible number of points.")
    return format(points.quantize(Decimal("0.01")).normalize(), "f")
