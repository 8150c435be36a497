"""Rubrics and marking guides: how they are written down, and what a filled one earns. Pure.

A rubric has criteria with levels, of which one is chosen; a guide has criteria that are worth up to so many points, given freely. A question earns
the part of its points that the sum over the criteria is of the most that they could give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from lms_app.domain.assessments.score_rules import points_in_words, question_score, round_score
from lms_app.words import Outcome

MOST_CRITERIA = 20
MOST_LEVELS = 9
"""As many as there are keys to choose them by."""

LONGEST_TITLE = 200
LONGEST_TEXT = 2000
MOST_POINTS = Decimal(1000)


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level of a criterion."""

    title: str
    points: Decimal
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """What is looked at: with levels, or, in a guide, with up to `most` points."""

    title: str
    description: str = ""
    levels: tuple[Level, ...] = ()
    most: Decimal = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """Criteria in order. Either all of them have levels, or none has."""

    criteria: tuple[Criterion, ...]

    @property
    def has_levels(self) -> bool:
        """Whether it is a rubric; a guide has none."""
        return bool(self.criteria[0].levels)


@dataclass(frozen=True, kw_only=True)
class FilledLine:
    """One criterion as it was filled in. `level` is the title of the level, "" in a guide."""

    title: str
    level: str
    points: Decimal
    most: Decimal


@dataclass(frozen=True, kw_only=True)
class Earned:
    """What a mark makes of a question: `fraction` of its points, `score` in points, and what that is called."""

    fraction: Decimal
    score: Decimal
    outcome: Outcome


def rubric_from(stored: Mapping[str, Any]) -> Rubric:
    """A rubric from `{"criteria": [{"title", "description", "levels": [{"title", "points", "description"}]} or {"title", "description", "most"}]}`.

    Raises ValueError, with a sentence for its author.
    """
    given = _list(stored.get("criteria"))
    if not 1 <= len(given) <= MOST_CRITERIA:
        raise ValueError(f"A rubric has 1 to {MOST_CRITERIA} criteria.")
    criteria = tuple(_criterion(entry) for entry in given)
    if len({bool(criterion.levels) for criterion in criteria}) != 1:
        raise ValueError("Give levels to every criterion, or to none.")
    if not any(criterion.most > 0 for criterion in criteria):
        raise ValueError("Some criterion must be worth points.")
    return Rubric(criteria=criteria)


def stored_rubric(rubric: Rubric) -> dict[str, Any]:
    """A rubric as it is kept; `rubric_from` reads it."""
    return {
        "criteria": [
            {"title": criterion.title, "description": criterion.description}
            | (
                {"levels": [{"title": level.title, "points": str(level.points), "description": level.description} for level in criterion.levels]}
                if criterion.levels
                else {"most": str(criterion.most)}
            )
            for criterion in rubric.criteria
        ]
    }


def filled_by_levels(rubric: Rubric, levels: list[int]) -> list[FilledLine]:
    """The lines of a rubric of which these levels were chosen, one for each criterion, from 0. Raises ValueError."""
    if not rubric.has_levels or len(levels) != len(rubric.criteria):
        raise ValueError("Choose a level for every criterion.")
    lines: list[FilledLine] = []
    for criterion, place in zip(rubric.criteria, levels, strict=True):
        if not 0 <= place < len(criterion.levels):
            raise ValueError(f"“{criterion.title}” has no such level.")
        level = criterion.levels[place]
        lines.append(FilledLine(title=criterion.title, level=level.title, points=level.points, most=criterion.most))
    return lines


def filled_by_points(rubric: Rubric, points: list[Decimal]) -> list[FilledLine]:
    """The lines of a guide whose criteria were given these points. Raises ValueError."""
    if rubric.has_levels or len(points) != len(rubric.criteria):
        raise ValueError("Give points for every criterion.")
    lines: list[FilledLine] = []
    for criterion, given in zip(rubric.criteria, points, strict=True):
        if not given.is_finite() or not 0 <= given <= criterion.most:
            raise ValueError(f"“{criterion.title}” takes 0 to {criterion.most} points.")
        lines.append(FilledLine(title=criterion.title, level="", points=given, most=criterion.most))
    return lines


def earned_by_rubric(lines: list[FilledLine], worth: Decimal) -> Earned:
    """What a filled rubric earns of a question that is worth so many points: rounded once, from the exact part."""
    most = sum((line.most for line in lines), Decimal(0))
    part = sum((line.points for line in lines), Decimal(0)) / most
    return Earned(fraction=round_score(part), score=question_score(worth, part), outcome=_called(part))


def earned_by_points(points: Decimal, worth: Decimal) -> Earned:
    """What points that were given as such earn. Raises ValueError beyond what the question is worth."""
    if not points.is_finite() or not 0 <= points <= worth:
        raise ValueError(f"This question takes 0 to {points_in_words(worth)} points.")
    part = points / worth if worth else Decimal(0)
    return Earned(fraction=round_score(part), score=round_score(points), outcome=_called(part))


def _criterion(given: Any) -> Criterion:
    fields = _fields(given)
    title = _text(fields.get("title", ""), LONGEST_TITLE).strip()
    if not title:
        raise ValueError("Give every criterion a title.")
    description = _text(fields.get("description", ""), LONGEST_TEXT)
    levels = _list(fields.get("levels"))
    if len(levels) > MOST_LEVELS:
        raise ValueError(f"“{title}” has more than {MOST_LEVELS} levels.")
    if not levels:
        return Criterion(title=title, description=description, most=_points(fields.get("most", 0), title))
    if len(levels) < 2:
        raise ValueError(f"“{title}” needs two levels at least.")
    read = tuple(_level(level, title) for level in levels)
    return Criterion(title=title, description=description, levels=read, most=max(level.points for level in read))


def _level(given: Any, criterion: str) -> Level:
    fields = _fields(given)
    title = _text(fields.get("title", ""), LONGEST_TITLE).strip()
    if not title:
        raise ValueError(f"Give every level of “{criterion}” a title.")
    return Level(title=title, points=_points(fields.get("points", 0), criterion), description=_text(fields.get("description", ""), LONGEST_TEXT))


def _fields(given: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], given) if isinstance(given, Mapping) else {}


def _list(given: Any) -> list[Any]:
    return cast(list[Any], given) if isinstance(given, list) else []


def _points(given: Any, title: str) -> Decimal:
    try:
        points = Decimal(str(given).strip().replace(",", "."))
    except InvalidOperation:
        points = Decimal("NaN")
    if not points.is_finite() or not 0 <= points <= MOST_POINTS or points != round_score(points):
        raise ValueError(f"The points of “{title}” must be a number from 0 to {MOST_POINTS}.")
    return points


def _text(given: Any, most: int) -> str:
    if not isinstance(given, str) or len(given) > most:
        raise ValueError(f"A text of a rubric has at most {most} characters.")
    return given


def _called(part: Decimal) -> Outcome:
    return Outcome.CORRECT if part >= 1 else Outcome.INCORRECT if part <= 0 else Outcome.PARTIAL
