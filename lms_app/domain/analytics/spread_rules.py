"""How scores are told to a student without telling anybody's. Pure.

There are steps of ten percent, ten others at least, and five people at least in whatever is shown: steps with fewer are put together with their
neighbours, from below. A picture that was shown moves only once ten people have moved, so that two of them never differ by one person. It is of a
whole run, and of nothing less: there is no filter that could be turned against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

STEPS = 10
LEAST_OTHERS = 10
LEAST_TOGETHER = 5
LEAST_MOVED = 10


@dataclass(frozen=True, kw_only=True)
class Span:
    """People whose score lies from `low` up to `high` percent; the last one holds 100."""

    low: int
    high: int
    people: int


def step_of(percent: int) -> int:
    """The step that a whole percentage is in; more than 100 is in the last."""
    return min(STEPS - 1, max(0, percent // (100 // STEPS)))


def counts(places: Mapping[Any, int]) -> list[int]:
    """How many are in each step."""
    found = [0] * STEPS
    for step in places.values():
        found[step] += 1
    return found


def spans(steps: Sequence[int]) -> list[Span]:
    """Steps put together until each holds five people or more; what is left above joins the last. They cover everything from 0 to 100."""
    width = 100 // STEPS
    found: list[Span] = []
    low, people = 0, 0
    for number, count in enumerate(steps):
        people += count
        if people >= LEAST_TOGETHER:
            found.append(Span(low=low, high=(number + 1) * width, people=people))
            low, people = (number + 1) * width, 0
    if low < 100 and found:
        last = found.pop()
        found.append(Span(low=last.low, high=100, people=last.people + people))
    return found


def may_be_made(now: Mapping[Any, int], before: Mapping[Any, int] | None) -> bool:
    """Whether a picture may be made of these places, where `before` is what the last one was made of, None where there was none."""
    if len(now) < LEAST_OTHERS:
        return False
    return before is None or sum(now.get(key) != before.get(key) for key in now.keys() | before.keys()) >= LEAST_MOVED


def may_be_shown(people: int, *, viewer_in_it: bool) -> bool:
    """Whether somebody may see a picture of so many: ten others are in it."""
    return people - viewer_in_it >= LEAST_OTHERS
