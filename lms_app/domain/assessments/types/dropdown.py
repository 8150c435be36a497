"""Drop-down in text: gaps to be chosen from menus, all from one list or some from lists of their own. Every gap earns the same."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.gaps import MOST_GAPS, GapChoice, GapName, GapResponse, need_marks
from lms_app.domain.assessments.types.kind import (
    ChoiceId,
    Grade,
    QuestionBody,
    QuestionKind,
    Stored,
    Tally,
    blank,
    common_sheet,
    first_line,
    graded,
    listed,
    part_grade,
    place,
    shown,
)
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType

Choices = Annotated[tuple[GapChoice, ...], Field(max_length=50)]


class DropdownGap(Stored):
    """A gap and what belongs into it. `choices` is its own list, where it has one. `feedback` is for who chose another."""

    id: ChoiceId
    name: GapName
    right: ChoiceId
    choices: Choices = ()
    feedback: RichText | None = None


class Dropdown(QuestionBody):
    """`choices` is the list of all gaps that have none of their own; `shuffle` draws its order."""

    choices: Choices = ()
    gaps: Annotated[tuple[DropdownGap, ...], Field(min_length=1, max_length=MOST_GAPS)]
    shuffle: bool = True

    @model_validator(mode="after")
    def _gaps_fit(self) -> Self:
        need_marks(self.stem, [gap.name for gap in self.gaps])
        if len({gap.id for gap in self.gaps}) != len(self.gaps):
            raise ValueError("Two gaps have the same id.")
        for gap in self.gaps:
            menu = menu_of(self, gap)
            if len(menu) < 2:
                raise ValueError(f"Gap {gap.name} needs two choices or more.")
            if len({choice.id for choice in menu}) != len(menu) or len({choice.text for choice in menu}) != len(menu):
                raise ValueError("Two choices of a gap are the same.")
            if gap.right not in {choice.id for choice in menu}:
                raise ValueError(f"Say which choice belongs into gap {gap.name}.")
        return self


def menu_of(body: Dropdown, gap: DropdownGap) -> Choices:
    """What a gap offers, in the author's order."""
    return gap.choices or body.choices


def sheet(body: Dropdown, seed: int) -> dict[str, Any]:
    """What a student may see."""
    return {"type": QuestionType.DROPDOWN.value, **common_sheet(body), "gaps": [_gap_sheet(body, gap, seed) for gap in body.gaps]}


def grade(body: Dropdown, response: GapResponse | None) -> Grade:
    """The part of the gaps that are right."""
    given = {gap.id: chosen for gap in body.gaps if (chosen := _chosen(body, gap, response))}
    parts = [
        part_grade(
            gap.id,
            Decimal(given.get(gap.id) == gap.right),
            answered=gap.id in given,
            feedback=gap.feedback if gap.id in given and given[gap.id] != gap.right else None,
        )
        for gap in body.gaps
    ]
    return graded(body, Decimal(sum(part.fraction == 1 for part in parts)) / len(parts), parts=parts) if given else blank(body, parts=parts)


def solve(body: Dropdown) -> GapResponse:
    """The key."""
    return GapResponse(gaps={gap.id: gap.right for gap in body.gaps})


def solution(body: Dropdown) -> str:
    """The right choice of each gap in order."""
    return listed(f"{shown(gap.name)}: {shown(choice.text)}" for gap in body.gaps for choice in menu_of(body, gap) if choice.id == gap.right)


def tally(body: Dropdown, response: GapResponse) -> Tally:
    """The choice in each gap."""
    return tuple((gap.id, chosen) for gap in body.gaps if (chosen := _chosen(body, gap, response)))


def _chosen(body: Dropdown, gap: DropdownGap, response: GapResponse | None) -> str:
    chosen = response.gaps.get(gap.id, "") if response else ""
    return chosen if any(choice.id == chosen for choice in menu_of(body, gap)) else ""


def _gap_sheet(body: Dropdown, gap: DropdownGap, seed: int) -> dict[str, Any]:
    menu = menu_of(body, gap)
    order = sorted(menu, key=lambda choice: place(seed, choice.id)) if body.shuffle else menu
    return {"id": gap.id, "name": gap.name, "kind": "select", "choices": [choice.model_dump(mode="json") for choice in order]}


KIND = QuestionKind(body=Dropdown, response=GapResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally)
