"""What a chart shows, in one sentence. Pure: counts and days in, words out."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

WEEK = 7
BIN = 5
"""Width of a bin of scores, in percent."""


def enrolment_finding(enrolled: Sequence[int]) -> str:
    """How many are enrolled, and how that moved in a week. `enrolled` holds the enrolled at the end of each day, in order."""
    if not enrolled:
        return "Nobody has enrolled yet."
    now = enrolled[-1]
    before = enrolled[-1 - WEEK] if len(enrolled) > WEEK else 0
    moved = now - before
    week = "the same as a week ago" if not moved else f"{abs(moved):,} {'more' if moved > 0 else 'fewer'} than a week ago"
    return f"{_people(now)} enrolled, {week}."


def activity_finding(days: Sequence[date], active: Sequence[int]) -> str:
    """The busiest day, and the mean of the last seven. Both sequences are of the same days, in order."""
    if not any(active):
        return "Nobody has been active yet."
    most = max(active)
    busiest = days[len(active) - 1 - list(reversed(active)).index(most)]
    last = active[-WEEK:]
    mean = round(sum(last) / len(last))
    lately = "nobody in the last seven days" if not any(last) else f"{mean:,} a day in the last seven" if mean else "hardly anybody lately"
    return f"{_people(most)} on the busiest day, {busiest.day} {busiest:%B}; {lately}."


def funnel_finding(began: int, titles: Sequence[str], completed: Sequence[int]) -> str:
    """How many of those who `began` came to the end, and before which step most were lost. `completed` are the people at each step, in order."""
    if not began or not completed:
        return "Nobody has enrolled yet." if completed else "The course has nothing to complete yet."
    before = [began, *completed]
    lost = [earlier - later for earlier, later in zip(before, completed, strict=False)]
    end = f"{completed[-1]:,} of {began:,} completed the last step"
    worst = max(lost)
    if worst <= 0:
        return f"{end}; nobody was lost on the way."
    return f"{end}; most are lost before “{titles[lost.index(worst)]}”: {worst:,}."


def score_finding(bins: Sequence[int], mean: float | None, pass_mark: float | None) -> str:
    """How many attempts, their mean, and how many reached the pass mark where bins of 5 % can tell. `mean` and `pass_mark` are fractions."""
    attempts = sum(bins)
    if not attempts or mean is None:
        return "Nobody has submitted this quiz yet."
    counted = "1 attempt" if attempts == 1 else f"{attempts:,} attempts"
    words = f"{counted}, mean {whole_percent(mean)} %"
    if pass_mark is None:
        return f"{words}."
    mark = Decimal(str(pass_mark)) * 100
    if mark % BIN:
        return f"{words}; the pass mark is {mark.normalize():f} %."
    passed = sum(bins[int(mark) // BIN :])
    return f"{words}; {passed:,} reached the pass mark of {int(mark)} %."


def whole_percent(fraction: float) -> int:
    """A fraction as whole percent, rounded down, so that 100 means all."""
    return int(Decimal(str(fraction)) * 100)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def stops_finding(titles: Sequence[str], people: Sequence[int]) -> str:
    """How many have dropped off, and where most of them. Both sequences are of the same items."""
    if not any(people):
        return "Nobody has dropped off."
    most = max(people)
    gone = "1 person has dropped off" if sum(people) == 1 else f"{sum(people):,} people have dropped off"
    return f"{gone}; most stopped at “{titles[list(people).index(most)]}”: {most:,}." if len(people) > 1 else f"{gone}, at “{titles[0]}”."


def heat_finding(days: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """The busiest hour of the week, and the busiest day. `counts` holds 24 numbers for each of `days`."""
    if not any(any(row) for row in counts):
        return "Nothing has been done yet."
    most = max(max(row) for row in counts)
    day, hour = next((day, row.index(most)) for day, row in zip(days, counts, strict=True) if most in row)
    sums = [sum(row) for row in counts]
    busiest = days[sums.index(max(sums))]
    return f"Most is done on {busiest}s; the busiest hour is {day}, {hour}:00 to {hour + 1}:00."


def durations_finding(people: int, median: str) -> str:
    """How long those who completed the course took. `median` is in words."""
    if not people:
        return "Nobody has completed the course yet."
    return (
        f"The one person who completed the course took {median}." if people == 1 else f"{people:,} people completed the course; half within {median}."
    )
