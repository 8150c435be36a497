"""Dates as a calendar file (RFC 5545): what calendar programs read again and again from a feed."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Protocol

from icalendar import Calendar, Event


class Dated(Protocol):
    """What is asked of an entry here. `at` is an ISO moment with its offset."""

    @property
    def uid(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def link(self) -> str: ...
    @property
    def course(self) -> str: ...


def write(name: str, entries: Iterable[Dated], *, stamped: datetime) -> bytes:
    """A calendar of this name: an entry of no length at each moment, in UTC, that takes no time from anybody. `stamped` is when this was true."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lyceum//Dates of courses//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        calendar.add_component(_event(entry, stamped))
    return calendar.to_ical()


def _event(entry: Dated, stamped: datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", stamped.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", datetime.fromisoformat(entry.at).astimezone(UTC).replace(microsecond=0))
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    event.add("url", entry.link)
    event.add("categories", [entry.course])
    event.add("transp", "TRANSPARENT")
    return event
