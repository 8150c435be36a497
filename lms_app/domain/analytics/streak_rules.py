"""Weeks in a row, counted so that they cheer and do not press. Pure; days are those of the person's own zone."""

from collections.abc import Collection
from datetime import date, timedelta

WEEK = timedelta(days=7)

MEANING = (
    "Weeks from Monday to Sunday, by your clock, in which you learnt on at least one day: opened a page, spent time at one, watched a film, began or "
    "answered a quiz, or wrote in a discussion. This week counts from the first such day on, and takes nothing away before. One week off is passed "
    "over and ends nothing; after two in a row the count begins anew."
)


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def weeks_in_a_row(days: Collection[date], today: date) -> int:
    """How many weeks in a row had a day of learning, up to now. What lies after today, by a zone that changed, is left out."""
    learnt = {monday_of(day) for day in days if day <= today}
    if not learnt:
        return 0
    week, first = monday_of(today), min(learnt)
    count, off = int(week in learnt), 0
    while week > first and off < 2:
        week -= WEEK
        count, off = (count + 1, 0) if week in learnt else (count, off + 1)
    return count
