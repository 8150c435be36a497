"""Days and times as they are told to a student. Pure; a day is one of the given zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def day_words(day: date, today: date) -> str:
    """`today`, `tomorrow`, `yesterday`, `Friday` within six days, else `Friday 4 December`, with the year where it is another."""
    ahead = (day - today).days
    if ahead in (-1, 0, 1):
        return ("yesterday", "today", "tomorrow")[ahead + 1]
    return f"{day:%A}" if 1 < ahead < 7 else full_day(day, today)


def full_day(day: date, today: date) -> str:
    """`Friday 4 December`, with the year where it is another than today's."""
    return f"{day:%A} {day.day} {day:%B}{'' if day.year == today.year else f' {day.year}'}"


def moment_words(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`tomorrow at 17:00`, `Friday 4 December at 09:00`."""
    local = moment.astimezone(zone)
    return f"{day_words(local.date(), now.astimezone(zone).date())} at {local:%H:%M}"


def left_words(moment: datetime, zone: ZoneInfo, now: datetime) -> str:
    """`in 20 minutes`, `in 5 hours`, `in 3 days`; "" for what is past. Days are those of the calendar, hours those that pass."""
    if moment <= now:
        return ""
    minutes = int((moment - now).total_seconds() // 60)
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    if minutes < 60:
        return f"in {_many(max(1, minutes), 'minute')}"
    return f"in {_many(minutes // 60, 'hour')}" if minutes < 24 * 60 or not days else f"in {_many(days, 'day')}"


def _many(count: int, one: str) -> str:
    return f"{count} {one}{'' if count == 1 else 's'}"
