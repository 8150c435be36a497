"""Availabilities in words: to a student, who reads when something opens, and to an author, who reads the rule. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment in words: `when` answers "when", `bare` goes after "before"; `days` that it is so many days after enrolment."""

    when: str
    bare: str
    days: int | None = None


def moment_words(moment: datetime, *, now: datetime, zone: ZoneInfo, days: int | None = None) -> Moment:
    """A moment as somebody in a zone reads it now: `on 3 March, 09:00`, without the hour at midnight, with the year where it is another."""
    local, today = moment.astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return Moment(when=f"today at {local:%H:%M}", bare=f"{local:%H:%M} today", days=days)
    year = "" if local.year == today.year else f" {local.year}"
    hour = "" if local.time() == time.min else f", {local:%H:%M}"
    bare = f"{local.day} {local:%B}{year}{hour}"
    return Moment(when=f"on {bare}", bare=bare, days=days)


def all_of(deeds: Sequence[str], moment: Moment | None) -> str:
    """What opens when all of some deeds are done, and not before a moment. A deed goes after "you have"."""
    if not deeds:
        return _at(moment) if moment else ""
    return f"Opens when you have {joined(deeds, 'and')}{f', and not before {moment.bare}' if moment else ''}."


def any_of(deeds: Sequence[str], moment: Moment | None) -> str:
    """What opens when one of some deeds is done, or at a moment."""
    if not deeds:
        return _at(moment) if moment else ""
    return f"Opens when you have {joined(deeds, 'or')}{f', and {moment.when} at the latest' if moment else ''}."


def closed(moment: Moment) -> str:
    """What is over."""
    return f"Closed {moment.when}."


def joined(words: Sequence[str], last: str) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def date_words(wall: datetime) -> str:
    """A wall time as an author reads it: `3 March 2026, 09:00`."""
    return f"{wall.day} {wall:%B} {wall.year}, {wall:%H:%M}"


def _at(moment: Moment) -> str:
    if moment.days is None:
        return f"Opens {moment.when}."
    return f"Opens {moment.days} {'day' if moment.days == 1 else 'days'} after you enrolled: {moment.when}."
