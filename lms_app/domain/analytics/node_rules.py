"""How the figures of a page or quiz are written and drawn: lengths of time, parts of films, findings in a sentence. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from lms_app.domain.analytics.node_views import FilmPart, NodeDay

MOST_PARTS = 24
"""Bars of a film, at most."""
MOST_DAYS = 350
"""Days that are shown, at most: the last ones."""
STEPS = (1, 2, 4, 10, 20, 40, 120)
"""How many half minutes one bar may stand for."""


def length(seconds: float) -> tuple[str, str]:
    """A length of time as a number and its unit: seconds below two minutes, minutes below two hours, else hours."""
    if seconds < 120:
        return f"{round(seconds)}", "s"
    if seconds < 7200:
        return f"{round(seconds / 60)}", "min"
    return f"{seconds / 3600:.1f}", "h"


def spread(low: float | None, high: float | None) -> str:
    """The middle half, in words."""
    if low is None or high is None:
        return ""
    first, second = length(low), length(high)
    return (
        f"the middle half {first[0]}–{second[0]} {second[1]}" if first[1] == second[1] else f"the middle half {' '.join(first)} to {' '.join(second)}"
    )


def of(count: int, whole: int) -> str:
    """A share in words."""
    return f"{100 * count // whole} % of {whole:,}" if whole else "of nobody yet"


def days(opened: Mapping[date, int], completed: Mapping[date, int]) -> list[NodeDay]:
    """Every day from the first on which anybody opened or completed it to the last, quiet ones too."""
    there = opened.keys() | completed.keys()
    if not there:
        return []
    first, last = max(min(there), max(there) - timedelta(days=MOST_DAYS - 1)), max(there)
    each = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [NodeDay(day=day.isoformat(), opened=opened.get(day, 0), completed=completed.get(day, 0)) for day in each]


def days_finding(opened: Mapping[date, int], completed: Mapping[date, int], *, quiz: bool = False) -> str:
    """When most people came, and how many completed it in all."""
    if not any(opened.values()):
        return "Nobody has begun it yet." if quiz else "Nobody has opened it yet."
    most = max(opened.values())
    day = min(day for day, count in opened.items() if count == most)
    people = "1 person" if most == 1 else f"{most:,} people"
    return f"Most came on {day.day} {day:%B}: {people}. {sum(completed.values()):,} of {sum(opened.values()):,} have completed it."


def film_parts(people: Mapping[int, int], stops: Mapping[int, int], part: int) -> list[FilmPart]:
    """The parts of a film, each `part` seconds long, in at most `MOST_PARTS` stretches of even length. Of a stretch the people are those of its best
    attended part."""
    last = max([*people, *stops], default=-1)
    if last < 0:
        return []
    step = next((step for step in STEPS if last // step < MOST_PARTS), last // MOST_PARTS + 1)
    made: list[FilmPart] = []
    for start in range(0, last + 1, step):
        inside = range(start, start + step)
        made.append(
            FilmPart(
                start=start * part,
                end=(start + step) * part,
                people=max(people.get(number, 0) for number in inside),
                stops=sum(stops.get(number, 0) for number in inside),
            )
        )
    return made


def clock(seconds: int) -> str:
    """A place in a film: 4:30, 1:04:30."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"


def film_finding(people: int, seconds: int, parts: Sequence[FilmPart]) -> str:
    """How many watched a film and for how long, how many came to its last stretch, and where most stop."""
    if not people or not any(part.people for part in parts):
        return "Nobody has played it yet."
    last = next(part for part in reversed(parts) if part.people)
    watched = "1 person has" if people == 1 else f"{people:,} people have"
    words = f"{watched} played it, {' '.join(length(seconds / people))} each on average; {last.people:,} came as far as {clock(last.start)}"
    most = max(parts, key=lambda one: one.stops)
    return f"{words}. It is stopped most between {clock(most.start)} and {clock(most.end)}: {most.stops:,} times." if most.stops > 1 else f"{words}."
