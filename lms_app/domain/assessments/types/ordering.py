"""Ordering: things to put in their order.

What an order earns is the author's choice (`credit`), n being the number of items:

- `exact`: everything for the right order, nothing for another.
- `position`: the part of the items that stand at their own place, of n.
- `pairs`: the part of neighbours that follow one another as they should, of n − 1.
- `run`: the longest row of items that stand in the right order, others between them or not: (length − 1) / (n − 1), so that the reverse earns
  nothing.
"""

from bisect import bisect_left
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from lms_app.domain.assessments.types.choices import ChosenId
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
    part_grade,
    place,
    shown,
)
from lms_app.domain.content.document import RichText
from lms_app.words import QuestionType


class Item(Stored):
    """Something with a place in the order."""

    id: ChoiceId
    content: RichText


class Ordering(QuestionBody):
    """Items in the right order."""

    items: Annotated[tuple[Item, ...], Field(min_length=2, max_length=50)]
    credit: Literal["exact", "position", "pairs", "run"] = "exact"

    @model_validator(mode="after")
    def _items_differ(self) -> Self:
        if len({item.id for item in self.items}) != len(self.items):
            raise ValueError("Two items have the same id.")
        if any(item.content == other.content for number, item in enumerate(self.items) for other in self.items[:number]):
            raise ValueError("Two items say the same, so nobody could tell their order.")
        return self


class OrderingResponse(Stored):
    """The ids in the order given. Ids that the question does not have are passed by, and of a repeat the first counts."""

    order: Annotated[tuple[ChosenId, ...], Field(max_length=200)]


def sheet(body: Ordering, seed: int) -> dict[str, Any]:
    """What a student may see: the items in a drawn order that is never the right one."""
    items = sorted(body.items, key=lambda item: place(seed, item.id))
    if tuple(items) == body.items:
        items = [*items[1:], items[0]]
    return {"type": QuestionType.ORDERING.value, **common_sheet(body), "items": [item.model_dump(mode="json") for item in items]}


def grade(body: Ordering, response: OrderingResponse | None) -> Grade:
    """By the rule of the question; see the module."""
    right = [item.id for item in body.items]
    order = _order(body, response)
    at = {identity: number for number, identity in enumerate(order)}
    parts = [part_grade(identity, Decimal(at.get(identity) == number), answered=identity in at) for number, identity in enumerate(right)]
    return graded(body, _earned(body, right, order), parts=parts) if order else blank(body, parts=parts)


def solve(body: Ordering) -> OrderingResponse:
    """The key."""
    return OrderingResponse(order=tuple(item.id for item in body.items))


def solution(body: Ordering) -> str:
    """The items in order."""
    return f"<ol>{''.join(f'<li>{shown(item.content)}</li>' for item in body.items)}</ol>"


def tally(body: Ordering, response: OrderingResponse) -> Tally:
    """The place, from 1, that each item was given."""
    return tuple((identity, str(number)) for number, identity in enumerate(_order(body, response), start=1))


def _order(body: Ordering, response: OrderingResponse | None) -> list[str]:
    known = {item.id for item in body.items}
    return [identity for identity in dict.fromkeys(response.order if response else ()) if identity in known]


def _earned(body: Ordering, right: Sequence[str], order: Sequence[str]) -> Decimal:
    whole = len(right)
    match body.credit:
        case "exact":
            return Decimal(list(order) == list(right))
        case "position":
            return Decimal(sum(given == meant for given, meant in zip(order, right, strict=False))) / whole
        case "pairs":
            return Decimal(len(set(pairwise(order)) & set(pairwise(right)))) / (whole - 1)
        case "run":
            return Decimal(_longest_run([right.index(identity) for identity in order]) - 1) / (whole - 1)


def _longest_run(numbers: Sequence[int]) -> int:
    """The length of the longest increasing subsequence, by patience sorting."""
    ends: list[int] = []
    for number in numbers:
        at = bisect_left(ends, number)
        ends[at : at + 1] = [number]
    return len(ends)


KIND = QuestionKind(
    body=Ordering, response=OrderingResponse, sheet=sheet, grade=grade, solve=solve, describe=first_line, solution=solution, tally=tally
)
