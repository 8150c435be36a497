"""Cloze: gaps in a text, each to be typed into or chosen from a menu.

`[[1]]` in the text is where the gap named 1 stands. A gap earns by its `share`, whatever those of all gaps add up to; within it the best answer that
matches counts, as in a short text or numeric question of its own.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.gaps import MOST_GAPS, GapChoice, GapName, GapResponse, need_marks
from lms_app.domain.assessments.types.kind import (
    ChoiceId,
    Credit,
    Grade,
    PartGrade,
    QuestionBody,
    QuestionKind,
    Stored,
    Tally,
    best,
    blank,
    common_sheet,
    counted,
    first_line,
    graded,
    listed,
    need_full_marks,
    part_grade,
    place,
    shown,
)
from lms_app.domain.assessments.types.numeric import NumericAnswer
from lms_app.domain.assessments.types.short_text import Match, TextAnswer, matches, written_answer
from lms_app.domain.assessments.types.text_matching import normalise
from lms_app.domain.assessments.types.units import Measured, read_measured, told_unit
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType

Share = Annotated[Decimal, Field(gt=0, le=100, decimal_places=6, allow_inf_nan=False)]
Width = Annotated[int, Field(ge=2, le=60)]


class _Gap(Stored):
    id: ChoiceId
    name: GapName
    share: Share = Decimal(1)


class TextGap(_Gap):
    """A word or a few to type. `width` is how many letters the field shows; it says nothing of the answer."""

    kind: Literal["text"] = "text"
    answers: Annotated[tuple[TextAnswer, ...], Field(min_length=1, max_length=50)]
    case_sensitive: bool = False
    ignore_accents: bool = False
    width: Width = 12


class NumberGap(Measured, _Gap):
    """A number to type."""

    kind: Literal["number"] = "number"
    answers: Annotated[tuple[NumericAnswer, ...], Field(min_length=1, max_length=50)]
    width: Width = 12


class WeighedChoice(GapChoice):
    """A choice, and the part of the gap that it earns."""

    weight: Credit = Decimal(0)
    feedback: RichText | None = None


class SelectGap(_Gap):
    """A word to choose. `shuffle` draws the order of the menu."""

    kind: Literal["select"] = "select"
    choices: Annotated[tuple[WeighedChoice, ...], Field(min_length=2, max_length=50)]
    shuffle: bool = True

    @model_validator(mode="after")
    def _choices_differ(self) -> Self:
        if len({choice.id for choice in self.choices}) != len(self.choices) or len({choice.text for choice in self.choices}) != len(self.choices):
            raise ValueError("Two choices of a gap are the same.")
        return self


Gap = Annotated[TextGap | NumberGap | SelectGap, Field(discriminator="kind")]


class Cloze(QuestionBody):
    """Every gap has an answer that earns all of it."""

    gaps: Annotated[tuple[Gap, ...], Field(min_length=1, max_length=MOST_GAPS)]

    @model_validator(mode="after")
    def _gaps_fit(self) -> Self:
        need_marks(self.stem, [gap.name for gap in self.gaps])
        if len({gap.id for gap in self.gaps}) != len(self.gaps):
            raise ValueError("Two gaps have the same id.")
        for gap in self.gaps:
            need_full_marks(answer.weight for answer in (gap.choices if isinstance(gap, SelectGap) else gap.answers))
        return self


def sheet(body: Cloze, seed: int) -> dict[str, Any]:
    """What a student may see."""
    return {"type": QuestionType.CLOZE.value, **common_sheet(body), "gaps": [_gap_sheet(gap, seed) for gap in body.gaps]}


def grade(body: Cloze, response: GapResponse | None) -> Grade:
    """The shares of the gaps, each by its best answer."""
    given = {gap.id: response.gaps.get(gap.id, "") if response else "" for gap in body.gaps}
    parts = [_part(gap, given[gap.id]) for gap in body.gaps]
    if not any(_is_answered(gap, given[gap.id]) for gap in body.gaps):
        return blank(body, parts=parts)
    whole = sum((Fraction(gap.share) for gap in body.gaps), Fraction(0))
    earned = sum((Fraction(gap.share) * Fraction(_earned(gap, given[gap.id])[0]) for gap in body.gaps), Fraction(0)) / whole
    return graded(body, Decimal(earned.numerator) / Decimal(earned.denominator), parts=parts)


def solve(body: Cloze) -> GapResponse | None:
    """What earns everything in each gap; None where one has patterns only."""
    written = {gap.id: _right(gap) for gap in body.gaps}
    kept = {identity: text for identity, text in written.items() if text is not None}
    return GapResponse(gaps=kept) if len(kept) == len(written) else None


def solution(body: Cloze) -> str:
    """The right answer of each gap in order."""
    return listed(f"{shown(gap.name)}: {shown(_shown_right(gap))}" for gap in body.gaps)


def tally(body: Cloze, response: GapResponse) -> Tally:
    """What stands in each gap: the id of the choice, or which answer counted."""
    return tuple((gap.id, _counted(gap, response.gaps[gap.id])) for gap in body.gaps if _is_answered(gap, response.gaps.get(gap.id, "")))


def _gap_sheet(gap: TextGap | NumberGap | SelectGap, seed: int) -> dict[str, Any]:
    common = {"id": gap.id, "name": gap.name, "kind": gap.kind}
    match gap:
        case TextGap():
            return {**common, "width": gap.width}
        case NumberGap():
            return {**common, "width": gap.width, **told_unit(gap)}
        case SelectGap():
            order = sorted(gap.choices, key=lambda choice: place(seed, choice.id)) if gap.shuffle else gap.choices
            return {**common, "choices": [{"id": choice.id, "text": choice.text} for choice in order]}


def _is_answered(gap: TextGap | NumberGap | SelectGap, text: str) -> bool:
    if isinstance(gap, SelectGap):
        return any(choice.id == text for choice in gap.choices)
    return bool(normalise(text, case_sensitive=True, ignore_accents=False))


def _earned(gap: TextGap | NumberGap | SelectGap, text: str) -> tuple[Decimal, RichText | None]:
    if not _is_answered(gap, text):
        return Decimal(0), None
    match gap:
        case TextGap():
            return best((answer.weight, answer.feedback) for answer in gap.answers if _is_matched(gap, answer, text))
        case NumberGap():
            reading = read_measured(text[:100], gap)
            weight, feedback = best((answer.weight, answer.feedback) for answer in gap.answers if _is_near(answer, reading.number))
            return weight * reading.share, feedback
        case SelectGap():
            return best((choice.weight, choice.feedback) for choice in gap.choices if choice.id == text)


def _part(gap: TextGap | NumberGap | SelectGap, text: str) -> PartGrade:
    earned, feedback = _earned(gap, text)
    return part_grade(gap.id, earned, answered=_is_answered(gap, text), feedback=feedback)


def _counted(gap: TextGap | NumberGap | SelectGap, text: str) -> str:
    match gap:
        case TextGap():
            return counted([(answer.weight, _is_matched(gap, answer, text)) for answer in gap.answers])
        case NumberGap():
            number = read_measured(text[:100], gap).number
            return counted([(answer.weight, _is_near(answer, number)) for answer in gap.answers])
        case SelectGap():
            return text


def _is_matched(gap: TextGap, answer: TextAnswer, text: str) -> bool:
    return matches(answer, text, case_sensitive=gap.case_sensitive, ignore_accents=gap.ignore_accents)


def _is_near(answer: NumericAnswer, number: Fraction | None) -> bool:
    return number is not None and answer.tolerance.holds(number, Fraction(answer.value))


def _right(gap: TextGap | NumberGap | SelectGap) -> str | None:
    match gap:
        case TextGap():
            written = (written_answer(answer) for answer in gap.answers if answer.weight == 1)
        case NumberGap():
            unit = f" {gap.unit}" if gap.unit_rule != "optional" else ""
            written = (f"{answer.value}{unit}" for answer in gap.answers if answer.weight == 1)
        case SelectGap():
            written = (choice.id for choice in gap.choices if choice.weight == 1)
    return next((text for text in written if _earned(gap, text)[0] == 1), None)


def _shown_right(gap: TextGap | NumberGap | SelectGap) -> str:
    match gap:
        case TextGap():
            return next((answer.text for answer in gap.answers if answer.weight == 1 and answer.match == Match.EXACT), _right(gap) or "…")
        case NumberGap():
            return next(f"{answer.value} {gap.unit or ''}".strip() for answer in gap.answers if answer.weight == 1)
        case SelectGap():
            return next(choice.text for choice in gap.choices if choice.weight == 1)


KIND = QuestionKind(
    body=Cloze, response=GapResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally, typed=True
)
