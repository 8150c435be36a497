"""Aiken, the plainest text for questions with one right choice: the question, choices as `A) …` or `A. …`, and `ANSWER: A`."""

import re

from lms_app.domain.assessments.types.kind import new_choice_id
from lms_app.domain.content import rich_text
from lms_app.errors import Invalid
from lms_app.interchange.findings import Findings
from lms_app.interchange.gift import text_of_file
from lms_app.interchange.gift_source import MOST_QUESTIONS
from lms_app.interchange.made_questions import Unfit, make_question, paragraph_block
from lms_app.interchange.neutral import Bank, Question
from lms_app.words import QuestionType

_CHOICE = re.compile(r"\s*([A-Z])[.)]\s+(.*\S)\s*")
_ANSWER = re.compile(r"\s*ANSWER:\s*([A-Z])\s*", re.IGNORECASE)


def read_aiken(source: bytes, name: str = "This file") -> Bank:
    """The questions of an Aiken file; what cannot be taken is in the report with its line. Raises Invalid for a file that is no text."""
    findings = Findings()
    questions: list[Question] = []
    asked: list[str] = []
    choices: list[tuple[str, str]] = []
    start = 1

    def leave_out(reason: str) -> None:
        findings.leave_out("Aiken", " ".join(asked) or "question", f"line {start}", reason)

    lines = text_of_file(source, name).split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        if not asked and not choices:
            start = number
        if found := _ANSWER.fullmatch(line):
            findings.counts["Aiken"] += 1
            if findings.counts["Aiken"] > MOST_QUESTIONS:
                raise Invalid(f"{name} holds more than {MOST_QUESTIONS:,} questions.")
            try:
                questions.append(_question(asked, choices, found[1].upper(), f"question-{len(questions) + 1}"))
            except (Unfit, Invalid) as refusal:
                leave_out(str(refusal))
            asked, choices = [], []
        elif asked and (found := _CHOICE.fullmatch(line)):
            choices.append((found[1], found[2]))
        elif choices:
            leave_out("It has no line that begins with ANSWER:.")
            asked, choices, start = [line.strip()], [], number
        else:
            asked.append(line.strip())
    if asked or choices:
        leave_out("It has no line that begins with ANSWER:.")
    return Bank(questions=tuple(questions), report=findings.report())


def _question(asked: list[str], choices: list[tuple[str, str]], right: str, ref: str) -> Question:
    letters = [letter for letter, _ in choices]
    if letters != [chr(ord("A") + number) for number in range(len(letters))]:
        raise Unfit("Its choices are not lettered A, B, C and so on.")
    if right not in letters:
        raise Unfit(f"Its answer {right} is none of its choices.")
    listed = [
        {"id": new_choice_id(), "content": rich_text.from_text(text), "weight": "1" if letter == right else "0", "feedback": None}
        for letter, text in choices
    ]
    return make_question(QuestionType.SINGLE_CHOICE, [paragraph_block("\n".join(asked))], {"choices": listed}, ref=ref)
