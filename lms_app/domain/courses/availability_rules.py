"""From when, until when and after what a part of a course is open to a student. Pure.

An availability stands at a module, lesson, page or quiz. What it stands at is open to a student when its own availability and those of all that it
stands in say so. Dates are wall times of the run: the same rule holds for every run, in its own zone.

Nothing that was earned or begun is taken away, as in edX and Canvas: who has opened or completed a page keeps it, who has begun a quiz sees it and
finishes their attempt. A new attempt is something new, and asks for what holds now.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from lms_app.domain.courses.availability_words import Moment, all_of, any_of, closed, date_words, joined, moment_words
from lms_app.words import NodeKind

SCHEMA_VERSION: Final = 1
MOST_CONDITIONS: Final = 10
MOST_DAYS: Final = 3650
FIRST_YEAR, LAST_YEAR = 2000, 2200
NODES: Final = (NodeKind.MODULE, NodeKind.LESSON, NodeKind.PAGE, NodeKind.ASSESSMENT)
"""What may have an availability, and what another node may wait for."""


class Match(StrEnum):
    """Whether all conditions must hold, or any one."""

    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, kw_only=True)
class From:
    """From a wall time of the run on."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class Until:
    """Until a wall time of the run. It closes whatever the other conditions say."""

    at: datetime


@dataclass(frozen=True, kw_only=True)
class Days:
    """From the beginning of the day on that is so many days after the student's enrolment, by the run's calendar."""

    days: int


@dataclass(frozen=True, kw_only=True)
class After:
    """Once another node is complete."""

    kind: NodeKind
    node: UUID


@dataclass(frozen=True, kw_only=True)
class Score:
    """Once the best released attempt at a quiz has so many percent."""

    quiz: UUID
    percent: int


Condition = From | Until | Days | After | Score


@dataclass(frozen=True, kw_only=True)
class Availability:
    """When a node is open: always, without conditions."""

    match: Match = Match.ALL
    conditions: tuple[Condition, ...] = ()

    @property
    def until(self) -> Until | None:
        """What closes it."""
        return next((each for each in self.conditions if isinstance(each, Until)), None)

    @property
    def opening(self) -> tuple[From | Days | After | Score, ...]:
        """What opens it, by `match`."""
        return tuple(each for each in self.conditions if not isinstance(each, Until))

    @property
    def waits_for(self) -> frozenset[UUID]:
        """The nodes that it names."""
        named = {each.node for each in self.conditions if isinstance(each, After)}
        return frozenset(named | {each.quiz for each in self.conditions if isinstance(each, Score)})

    def renamed(self, names: Mapping[UUID, UUID]) -> "Availability":
        """The same of a copy: nodes that were copied with it are named by their copies."""
        return Availability(match=self.match, conditions=tuple(_renamed(each, names) for each in self.conditions))


class Unfit(ValueError):
    """What was given is no availability; the message says why."""


def parse_availability(given: Mapping[str, Any]) -> Availability:
    """An availability from what `dump` made, or a browser sent. Raises Unfit."""
    if given.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION or set(given) - {"schema_version", "match", "conditions"}:
        raise Unfit("This availability was made by another version of Lyceum.")
    listed = cast(list[Any] | None, given.get("conditions", []))
    if not isinstance(listed, list) or given.get("match", "all") not in tuple(Match):
        raise Unfit("An availability is a list of conditions, of which all or any must hold.")
    if len(listed) > MOST_CONDITIONS:
        raise Unfit(f"An availability has at most {MOST_CONDITIONS} conditions.")
    conditions = tuple(_condition(each) for each in listed)
    _refuse_twice(conditions)
    availability = Availability(match=Match(given.get("match", "all")), conditions=conditions)
    _refuse_empty_span(availability)
    return availability


def dump(availability: Availability) -> dict[str, Any]:
    """An availability as it is stored, and as a browser has it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "match": availability.match.value,
        "conditions": [_dumped(each) for each in availability.conditions],
    }


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Where one student stands: now, in a run of a zone, enrolled at a moment, with what is complete and the best released score of each quiz (a
    fraction). `titles` are those of nodes that students see; `reader` is the zone that the student reads times in."""

    now: datetime
    zone: ZoneInfo
    enrolled_at: datetime
    complete: Collection[UUID] = frozenset()
    scores: Mapping[UUID, Decimal] = field(default_factory=dict[UUID, Decimal])
    titles: Mapping[UUID, str] = field(default_factory=dict[UUID, str])
    reader: ZoneInfo | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether an availability lets a student in now. `sentence` says when it will, or that it did; `again` is the next moment at which the clock may
    change the answer, None where it cannot."""

    open: bool
    sentence: str = ""
    again: datetime | None = None


def judge(availability: Availability, situation: Situation) -> Verdict:
    """Whether an availability lets a student in."""
    until = availability.until
    moments = {each: _opens(each, situation) for each in availability.opening if isinstance(each, From | Days)}
    ends = _instant(until.at, situation.zone, fold=1) if until else None
    again = min((moment for moment in (*moments.values(), *([ends] if ends else [])) if moment > situation.now), default=None)
    if ends is not None and situation.now >= ends:
        return Verdict(open=False, sentence=closed(_moment(ends, situation)), again=again)
    unmet = [each for each in availability.opening if not _met(each, situation, moments)]
    kept = len(unmet) < len(availability.opening) if availability.match is Match.ANY else not unmet
    if kept or not availability.opening:
        return Verdict(open=True, again=again)
    return Verdict(open=False, sentence=_sentence(availability.match, unmet, situation, moments), again=again)


def author_words(availability: Availability, titles: Mapping[UUID, str]) -> str:
    """An availability as its author reads it, "" for one that is always open. `titles` are those of the nodes that it names."""

    def clause(condition: From | Days | After | Score) -> str:
        match condition:
            case From():
                return f"on {date_words(condition.at)}"
            case Days():
                return f"{condition.days} {'day' if condition.days == 1 else 'days'} after enrolment"
            case After():
                return f"after “{titles.get(condition.node, 'something that is gone')}”"
            case Score():
                return f"after {condition.percent}\N{NO-BREAK SPACE}% in “{titles.get(condition.quiz, 'a quiz that is gone')}”"

    last = "or" if availability.match is Match.ANY else "and"
    opens = f"Opens {joined([clause(each) for each in availability.opening], last)}." if availability.opening else ""
    closes = f"Closes on {date_words(availability.until.at)}." if availability.until else ""
    return " ".join(filter(None, (opens, closes)))


@dataclass(frozen=True, kw_only=True)
class Part:
    """A node of a course and what it stands in."""

    id: UUID
    within: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class Opening:
    """How a node stands for a student. `open`: it may be seen. `fresh`: something new may be begun in it. Where it may not, `sentence` says when."""

    open: bool = True
    fresh: bool = True
    sentence: str = ""


OPEN: Final = Opening()


def openings(
    parts: Iterable[Part], rules: Mapping[UUID, Availability], situation: Situation, begun: Collection[UUID]
) -> tuple[dict[UUID, Opening], datetime | None]:
    """How each node that is not simply open stands for a student, and the next moment at which the clock may change that. `parts` are in the order of
    the course, what holds before what is held; `begun` is what the student has opened, begun or completed."""
    shut: dict[UUID, str] = {}
    soonest: datetime | None = None
    for part in parts:
        sentence = shut.get(part.within, "") if part.within else ""
        rule = rules.get(part.id)
        if rule is not None:
            verdict = judge(rule, situation)
            sentence = sentence or verdict.sentence
            soonest = min(filter(None, (soonest, verdict.again)), default=None)
        if sentence:
            shut[part.id] = sentence
    return {node: Opening(open=node in begun, fresh=False, sentence=sentence) for node, sentence in shut.items()}, soonest


def first_moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """When a wall time comes in a zone for the first time; one that the clocks leave out comes when they have gone on."""
    return _instant(wall, zone, fold=0)


def opening_moment(availability: Availability, zone: ZoneInfo, enrolled_at: datetime) -> datetime | None:
    """When the clock alone opens it; None where something else must happen, or nothing holds it shut."""
    situation = Situation(now=enrolled_at, zone=zone, enrolled_at=enrolled_at)
    moments = [_opens(each, situation) for each in availability.opening if isinstance(each, From | Days)]
    if not moments or len(moments) < len(availability.opening):
        return None
    return min(moments) if availability.match is Match.ANY else max(moments)


def closing_moment(availability: Availability, zone: ZoneInfo) -> datetime | None:
    """When it closes; None where it does not."""
    return _instant(availability.until.at, zone, fold=1) if availability.until else None


def _instant(wall: datetime, zone: ZoneInfo, *, fold: int) -> datetime:
    return wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)


def _opens(condition: From | Days, situation: Situation) -> datetime:
    if isinstance(condition, From):
        return first_moment(condition.at, situation.zone)
    day = situation.enrolled_at.astimezone(situation.zone).date() + timedelta(days=condition.days)
    return first_moment(datetime.combine(day, time.min), situation.zone)


def _met(condition: Condition, situation: Situation, moments: Mapping[Any, datetime]) -> bool:
    match condition:
        case From() | Days():
            return situation.now >= moments[condition]
        case After():
            return condition.node in situation.complete
        case Score():
            return situation.scores.get(condition.quiz, Decimal(-1)) * 100 >= condition.percent
        case Until():
            return True


def _sentence(match: Match, unmet: list[From | Days | After | Score], situation: Situation, moments: Mapping[Any, datetime]) -> str:
    waits = [(moments[each], each) for each in unmet if isinstance(each, From | Days)]
    deeds = [_deed(each, situation) for each in unmet if isinstance(each, After | Score)]
    if match is Match.ALL:
        return all_of(deeds, _told(max(waits, key=lambda wait: wait[0]), situation) if waits else None)
    return any_of(deeds, _told(min(waits, key=lambda wait: wait[0]), situation) if waits else None)


def _told(wait: tuple[datetime, From | Days], situation: Situation) -> Moment:
    moment, condition = wait
    return _moment(moment, situation, days=condition.days if isinstance(condition, Days) else None)


def _moment(moment: datetime, situation: Situation, *, days: int | None = None) -> Moment:
    return moment_words(moment, now=situation.now, zone=situation.reader or situation.zone, days=days)


def _deed(condition: After | Score, situation: Situation) -> str:
    node = condition.node if isinstance(condition, After) else condition.quiz
    title = situation.titles.get(node)
    named = f"“{title}”" if title else "a part of the course that is not shown yet"
    return f"completed {named}" if isinstance(condition, After) else f"reached {condition.percent}\N{NO-BREAK SPACE}% in {named}"


def _condition(given: Any) -> Condition:
    named = cast(Mapping[str, Any], given) if isinstance(given, Mapping) else dict[str, Any]()
    try:
        match named.get("kind"), set(named) - {"kind"}:
            case "from", keys if keys == {"at"}:
                return From(at=_wall(named["at"]))
            case "until", keys if keys == {"at"}:
                return Until(at=_wall(named["at"]))
            case "days", keys if keys == {"days"}:
                return Days(days=_whole(named["days"], 1, MOST_DAYS, "The days after enrolment are"))
            case "after", keys if keys == {"node_kind", "node"}:
                kind = NodeKind(named["node_kind"])
                if kind in NODES:
                    return After(kind=kind, node=UUID(named["node"]))
            case "score", keys if keys == {"quiz", "percent"}:
                return Score(quiz=UUID(named["quiz"]), percent=_whole(named["percent"], 1, 100, "The score is"))
            case _:
                pass
    except Unfit:
        raise
    except (ValueError, TypeError, AttributeError):
        pass
    raise Unfit("A condition is not complete yet: give it its date, number or node.")


def _wall(given: str) -> datetime:
    moment = datetime.fromisoformat(given)
    if moment.tzinfo is not None:
        raise Unfit("Dates are given in the time of the course, without a zone.")
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise Unfit(f"Dates are from {FIRST_YEAR} to {LAST_YEAR}.")
    return moment.replace(second=0, microsecond=0)


def _whole(given: Any, least: int, most: int, what: str) -> int:
    if not isinstance(given, int) or isinstance(given, bool) or not least <= given <= most:
        raise Unfit(f"{what} a whole number from {least} to {most}.")
    return given


def _refuse_twice(conditions: tuple[Condition, ...]) -> None:
    for kind, words in ((From, "one date to open"), (Until, "one date to close"), (Days, "one number of days")):
        if sum(isinstance(each, kind) for each in conditions) > 1:
            raise Unfit(f"An availability has {words}.")
    named = [(type(each), each.node if isinstance(each, After) else each.quiz) for each in conditions if isinstance(each, After | Score)]
    if len(set(named)) < len(named):
        raise Unfit("Two conditions are about the same part of the course. Keep one of them.")


def _refuse_empty_span(availability: Availability) -> None:
    begins = next((each.at for each in availability.conditions if isinstance(each, From)), None)
    until = availability.until
    must = availability.match is Match.ALL or len(availability.opening) == 1
    if begins and until and must and until.at <= begins:
        raise Unfit("It would close before it opens. Let it close later.")


def _dumped(condition: Condition) -> dict[str, Any]:
    match condition:
        case From():
            return {"kind": "from", "at": condition.at.isoformat(timespec="minutes")}
        case Until():
            return {"kind": "until", "at": condition.at.isoformat(timespec="minutes")}
        case Days():
            return {"kind": "days", "days": condition.days}
        case After():
            return {"kind": "after", "node_kind": condition.kind.value, "node": str(condition.node)}
        case Score():
            return {"kind": "score", "quiz": str(condition.quiz), "percent": condition.percent}


def _renamed(condition: Condition, names: Mapping[UUID, UUID]) -> Condition:
    match condition:
        case After():
            return After(kind=condition.kind, node=names.get(condition.node, condition.node))
        case Score():
            return Score(quiz=names.get(condition.quiz, condition.quiz), percent=condition.percent)
        case _:
            return condition
