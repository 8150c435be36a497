"""Grades of a run: what each column counts, what they make together, and why. Pure.

A total is a sum of what each column that counts earned, times its share. Shares add up to 1. How they come about:

* weighted: each category has the share of its weight among the categories in which something counts; within it columns share by their points;
* points: columns share by their points;
* equal: every column has the same share.

Scores are whole millionths (`score_rules.round_score`), everything between them and the total is exact, and the total is rounded once, half to even
at six places. So a total does not depend on the order of anything.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from lms_app.domain.assessments.score_rules import round_score
from lms_app.words import Aggregation, GradeScale, GradeState, Missing

DAY = timedelta(days=1)
NOTHING = Decimal(0)
_MICRO = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A letter, or any word, and the fraction from which on it is given."""

    word: str
    from_fraction: Decimal


LETTERS = tuple(
    Letter(word=word, from_fraction=Decimal(fraction)) for word, fraction in (("A", "0.9"), ("B", "0.8"), ("C", "0.7"), ("D", "0.6"), ("F", "0"))
)


@dataclass(frozen=True, kw_only=True)
class LatePolicy:
    """What lateness costs: `per_day`, a fraction of the column's points for each day begun after the due time and `grace`. It takes nothing below
    `floor`, a fraction of the column's points too; what earned less than that keeps it."""

    per_day: Decimal = NOTHING
    floor: Decimal = NOTHING
    grace: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a run is graded. `pass_mark` is a fraction of the total, None where nothing is to be passed; `scale_points` is what 100 % is worth on a
    scale of points."""

    aggregation: Aggregation = Aggregation.POINTS
    missing: Missing = Missing.LEFT_OUT
    late: LatePolicy = LatePolicy()
    scale: GradeScale = GradeScale.PERCENT
    scale_points: Decimal = Decimal(100)
    letters: tuple[Letter, ...] = LETTERS
    pass_mark: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Category:
    """Columns that belong together. `weight` says something where categories are weighted; of each person the `drop_lowest` lowest are left out."""

    id: str
    title: str
    weight: Decimal = NOTHING
    drop_lowest: int = 0


@dataclass(frozen=True, kw_only=True)
class Column:
    """One thing that is graded, worth so many points. `required` is the fraction of them without which nobody passes the course.

    `due_at` is what its author set, `closes_at` when its quiz closes: when it is due where nothing was set.
    """

    id: str
    title: str
    points: Decimal
    category: str | None = None
    counted: bool = True
    required: Decimal | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None

    @cached_property
    def micro_points(self) -> int:
        """The points in millionths."""
        return _micro(self.points)


class Mark(NamedTuple):
    """What is known of one person in one column. `fraction` is what the quiz made, `at` when the attempt that counts was handed in; `given` are
    points set by hand, which stand before the quiz's and are never late. `closes_at` is when the quiz closes for somebody with an exception.

    A tuple, as whatever there is of each person in each column is: it takes a third of a frozen class's time to make.
    """

    fraction: Decimal | None = None
    at: datetime | None = None
    pending: bool = False
    given: Decimal | None = None
    excused: bool = False
    closes_at: datetime | None = None


UNKNOWN = Mark()


class Standing(NamedTuple):
    """What a mark counts: `score` in points, None where it is left out. `earned` is the score before lateness took `earned - score`."""

    state: GradeState
    score: Decimal | None = None
    earned: Decimal | None = None
    days_late: int = 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """How one column went into a total. `share` is its part of the total, 0 where it does not count; `why` is a sentence."""

    column: Column
    standing: Standing
    share: Fraction
    dropped: bool
    why: str


@dataclass(frozen=True, kw_only=True)
class CategoryLine:
    """How a category did: None while nothing in it counts."""

    category: Category | None
    fraction: Decimal | None
    share: Fraction


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What a column must reach for the course to be passed. `fraction` is what it has, None while it has nothing; excused waives it."""

    column: Column
    required: Decimal
    fraction: Decimal | None
    met: bool
    waived: bool = False


@dataclass(frozen=True, kw_only=True)
class Total:
    """What everything makes. `fraction` is None while nothing counts; `passed` is None then, and where there is nothing to pass."""

    fraction: Decimal | None
    word: str
    passed: bool | None


@dataclass(frozen=True, kw_only=True)
class Breakdown:
    """A total and why it is what it is."""

    total: Total
    lines: tuple[Line, ...]
    categories: tuple[CategoryLine, ...]
    conditions: tuple[Condition, ...]


_Entry = tuple[Column, int]
"""A column that counts and its score, in millionths."""


@dataclass
class _Group:
    """A category of one person: what counts in it, what was dropped."""

    category: Category | None
    kept: list[_Entry] = field(default_factory=list[_Entry])
    dropped: set[str] = field(default_factory=set[str])
    share: Fraction = Fraction(0)


def standing(column: Column, mark: Mark, rules: Rules, now: datetime) -> Standing:
    """What a mark counts now."""
    if mark.excused:
        return Standing(state=GradeState.EXCUSED)
    if mark.given is not None:
        state = GradeState.GIVEN if mark.fraction is None and not mark.pending else GradeState.REPLACED
        return Standing(state=state, score=mark.given, earned=mark.given)
    if mark.pending:
        return Standing(state=GradeState.PENDING)
    if mark.fraction is not None:
        earned = round_score(mark.fraction * column.points)
        days = days_late(_late_after(column, mark), mark.at, rules.late.grace)
        return Standing(state=GradeState.EARNED, earned=earned, score=after_lateness(earned, column.points, days, rules.late), days_late=days)
    if rules.missing == Missing.ZERO and column.counted:
        due_at = due(column, mark)
        if due_at is None or now > due_at + rules.late.grace:
            return Standing(state=GradeState.MISSING, score=NOTHING, earned=NOTHING)
    return Standing(state=GradeState.NONE)


def due(column: Column, mark: Mark) -> datetime | None:
    """When a column is due for somebody: as its author set it, else when its quiz closes. Whom an exception lets go on for longer has that long."""
    if column.due_at is None:
        return mark.closes_at or column.closes_at
    return max(column.due_at, mark.closes_at) if mark.closes_at else column.due_at


def _late_after(column: Column, mark: Mark) -> datetime | None:
    """From when on a quiz is late; None where it has ended by then. What it takes after its end it takes by its grace, or since the staff gave
    somebody more time, and neither costs anything."""
    if column.due_at is None:
        return None
    due_at, ends = due(column, mark), mark.closes_at or column.closes_at
    return due_at if ends is None or due_at is None or due_at < ends else None


def days_late(due_at: datetime | None, at: datetime | None, grace: timedelta = timedelta()) -> int:
    """Days begun after the due time and its grace; 0 for what is in time, or due at no time."""
    if due_at is None or at is None or at <= due_at + grace:
        return 0
    return -((due_at + grace - at) // DAY)


def after_lateness(earned: Decimal, points: Decimal, days: int, policy: LatePolicy) -> Decimal:
    """What is left of `earned` so many days late. It never grows, and does not fall below the floor unless it was below already."""
    if days <= 0 or not policy.per_day:
        return earned
    return round_score(min(earned, max(earned - policy.per_day * days * points, policy.floor * points)))


def total(columns: Sequence[Column], categories: Sequence[Category], marks: Mapping[str, Mark], rules: Rules, now: datetime) -> Total:
    """What the marks of one person, by column, make."""
    standings = {column.id: standing(column, marks.get(column.id, UNKNOWN), rules, now) for column in columns}
    return _total(_groups(columns, categories, standings, rules), columns, standings, rules)


def breakdown(columns: Sequence[Column], categories: Sequence[Category], marks: Mapping[str, Mark], rules: Rules, now: datetime) -> Breakdown:
    """The same with every reason."""
    standings = {column.id: standing(column, marks.get(column.id, UNKNOWN), rules, now) for column in columns}
    groups = _groups(columns, categories, standings, rules)
    of_column = {column.id: group for group in groups for column, _ in group.kept} | {name: group for group in groups for name in group.dropped}
    lines: list[Line] = []
    for column in columns:
        stands, group = standings[column.id], of_column.get(column.id)
        dropped = group is not None and column.id in group.dropped
        share = _share(column, group, rules) if group is not None and not dropped else Fraction(0)
        why = _why(column, stands, group, share, dropped=dropped)
        lines.append(Line(column=column, standing=stands, share=share, dropped=dropped, why=why))
    return Breakdown(
        total=_total(groups, columns, standings, rules),
        lines=tuple(lines),
        categories=tuple(
            CategoryLine(category=group.category, fraction=_rounded(_fraction(group, rules)) if group.kept else None, share=group.share)
            for group in groups
        ),
        conditions=conditions(columns, standings),
    )


def conditions(columns: Sequence[Column], standings: Mapping[str, Standing]) -> tuple[Condition, ...]:
    """What columns must reach for the course to be passed, and whether they do."""
    found: list[Condition] = []
    for column in columns:
        if column.required is None:
            continue
        stands = standings[column.id]
        fraction = None if stands.score is None else _rounded(Fraction(_micro(stands.score), column.micro_points))
        waived = stands.state == GradeState.EXCUSED
        met = waived or (fraction is not None and fraction >= column.required)
        found.append(Condition(column=column, required=column.required, fraction=fraction, met=met, waived=waived))
    return tuple(found)


def word_of(fraction: Decimal | None, rules: Rules, *, passed: bool | None = None) -> str:
    """A total on the run's scale. "" while there is none."""
    if fraction is None:
        return ""
    match rules.scale:
        case GradeScale.PERCENT:
            return f"{percent(fraction)} %"
        case GradeScale.POINTS:
            return f"{in_words(fraction * rules.scale_points)} of {in_words(rules.scale_points)}"
        case GradeScale.LETTERS:
            reached = [letter for letter in rules.letters if fraction >= letter.from_fraction]
            lowest = min(rules.letters, key=lambda letter: letter.from_fraction)
            return max(reached, key=lambda letter: letter.from_fraction, default=lowest).word
        case GradeScale.PASS_FAIL:
            return {True: "Passed", False: "Not passed", None: ""}[passed]


def percent(fraction: Decimal) -> int:
    """A fraction in whole percent, rounded down, so that nobody is told what was not reached."""
    return int((fraction * 100).to_integral_value(ROUND_DOWN))


def in_words(value: Decimal) -> str:
    """A number with at most two places and no zeros at its end."""
    text = f"{value.quantize(Decimal('0.01'), rounding=ROUND_HALF_EVEN):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def exact(value: Decimal) -> str:
    """A number as it is kept, without zeros at its end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _groups(columns: Sequence[Column], categories: Sequence[Category], standings: Mapping[str, Standing], rules: Rules) -> list[_Group]:
    """What counts, by category, with each category's share of the total."""
    groups: dict[str | None, _Group] = {category.id: _Group(category) for category in categories}
    groups[None] = _Group(None)
    for column in columns:
        stands = standings[column.id]
        if column.counted and stands.score is not None:
            groups.get(column.category, groups[None]).kept.append((column, _micro(stands.score)))
    for group in groups.values():
        if group.category is not None and group.category.drop_lowest:
            _drop(group, group.category.drop_lowest)
    weights = {key: _weight(group, rules) for key, group in groups.items()}
    whole = sum(weights.values(), Fraction(0))
    for key, group in groups.items():
        group.share = weights[key] / whole if whole else Fraction(0)
    return [group for group in groups.values() if group.category is not None or group.kept]


def _drop(group: _Group, most: int) -> None:
    """Leaves out the lowest, of equals the one worth more points, and never the last."""
    ranked = sorted(group.kept, key=lambda entry: (_rank(entry), -entry[0].micro_points, entry[0].id))
    group.dropped = {column.id for column, _ in ranked[: min(most, len(ranked) - 1)]} if ranked else set()
    group.kept = [entry for entry in group.kept if entry[0].id not in group.dropped]


def _weight(group: _Group, rules: Rules) -> Fraction:
    if not group.kept:
        return Fraction(0)
    match rules.aggregation:
        case Aggregation.WEIGHTED:
            return Fraction(group.category.weight) if group.category is not None else Fraction(0)
        case Aggregation.POINTS:
            return Fraction(_points(group), _MICRO)
        case Aggregation.EQUAL:
            return Fraction(len(group.kept))


def _fraction(group: _Group, rules: Rules) -> Fraction:
    """What a category with something in it made."""
    if rules.aggregation == Aggregation.EQUAL:
        return sum((_ratio(entry) for entry in group.kept), Fraction(0)) / len(group.kept)
    return Fraction(sum(score for _, score in group.kept), _points(group))


def _share(column: Column, group: _Group, rules: Rules) -> Fraction:
    inner = Fraction(1, len(group.kept)) if rules.aggregation == Aggregation.EQUAL else Fraction(column.micro_points, _points(group))
    return group.share * inner


def _total(groups: Collection[_Group], columns: Sequence[Column], standings: Mapping[str, Standing], rules: Rules) -> Total:
    counting = [group for group in groups if group.share]
    if not counting:
        return Total(fraction=None, word="", passed=None)
    fraction = _rounded(sum((group.share * _fraction(group, rules) for group in counting), Fraction(0)))
    asked = conditions(columns, standings)
    passed = None
    if rules.pass_mark is not None or asked:
        passed = (rules.pass_mark is None or fraction >= rules.pass_mark) and all(condition.met for condition in asked)
    return Total(fraction=fraction, word=word_of(fraction, rules, passed=passed), passed=passed)


def _why(column: Column, stands: Standing, group: _Group | None, share: Fraction, *, dropped: bool) -> str:
    said = _how(column, stands)
    if not column.counted:
        return f"{said} This column does not count.".strip()
    if dropped and group is not None and group.category is not None:
        lowest = group.category.drop_lowest
        which = "the lowest" if lowest == 1 else f"one of the {lowest} lowest"
        return f"{said} Dropped: {which} of {group.category.title}.".strip()
    if stands.score is not None and not share:
        weightless = "without a category" if group is None or group.category is None else f"in {group.category.title}, which weighs nothing"
        return f"{said} Does not count: it is {weightless}.".strip()
    return said


def _how(column: Column, stands: Standing) -> str:
    match stands.state:
        case GradeState.EXCUSED:
            return "Excused: left out."
        case GradeState.GIVEN:
            return "Set by hand."
        case GradeState.REPLACED:
            return "Set by hand, in the place of the quiz’s score."
        case GradeState.PENDING:
            return "Waits to be marked: left out until then."
        case GradeState.MISSING:
            return "Missing: counts as 0."
        case GradeState.NONE:
            return "Nothing yet: left out."
        case GradeState.EARNED:
            if not stands.days_late or stands.score is None or stands.earned is None:
                return ""
            days = "1 day" if stands.days_late == 1 else f"{stands.days_late} days"
            taken = stands.earned - stands.score
            cost = f"costs {in_words(taken)} of {in_words(column.points)} points" if taken else "costs nothing"
            return f"{days} late: {cost}."


def _ratio(entry: _Entry) -> Fraction:
    column, score = entry
    return Fraction(score, column.micro_points)


def _rank(entry: _Entry) -> int:
    """Orders as the ratio does, and is quicker: ratios of numbers below 10^12 that differ at all differ by more than 10^-24."""
    column, score = entry
    return score * 10**30 // column.micro_points


def _points(group: _Group) -> int:
    return sum(column.micro_points for column, _ in group.kept)


def _micro(value: Decimal) -> int:
    return int(value * _MICRO)


def _rounded(value: Fraction) -> Decimal:
    return Decimal(round(value * _MICRO)).scaleb(-6)
