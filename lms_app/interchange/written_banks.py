"""What every writer of questions does: write each, read it back, and note what came back differently."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lms_app.interchange.findings import Findings
from lms_app.interchange.likeness import differences
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Bank, Question, Report


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file of questions, and what of them it does not say."""

    content: bytes
    report: Report = field(default_factory=Report)


def write_each(
    bank: Bank, write: Callable[[Question], str], read: Callable[[str], Bank], findings: Findings, *, format_: str
) -> list[tuple[Question, str]]:
    """Each question that the format can say, as `write` says it.

    `write` raises Unfit for one that it cannot say at all. `read` reads a file with that one question; what differs then is noted with the names of
    the fields, so that nothing is lost in silence.
    """
    written: list[tuple[Question, str]] = []
    for number, question in enumerate(bank.questions, start=1):
        place = f"question {number}"
        findings.counts[question.type.value] += 1
        try:
            text = write(question)
        except Unfit as unfit:
            findings.leave_out(question.type.value, question.title, place, str(unfit))
            continue
        again = read(text).questions
        if len(again) != 1:
            findings.leave_out(question.type.value, question.title, place, f"{format_} cannot say this question.")
            continue
        if lost := differences(question, again[0]):
            findings.leave_out(question.type.value, question.title, place, f"Written, but {format_} does not say all of it: {', '.join(lost)}.")
        written.append((question, text))
    return written
