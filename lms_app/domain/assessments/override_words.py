"""What an exception changes, in words. Pure."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from lms_app.domain.assessments.override_rules import Override, Rules


def override_in_words(override: Override, zone: ZoneInfo, year: int) -> str:
    """`Opens 3 December, 09:00 · 25 % more time · 3 attempts`, times in `zone`, the year where it is not this one."""
    more = factor_in_words(override.time_factor) if override.time_factor is not None else ""
    if override.extra_seconds is not None:
        minutes = f"{duration_in_words(override.extra_seconds)} more" if override.extra_seconds else "no added minutes"
        more = f"{more} and {minutes}" if more else minutes
    parts = [
        f"opens {_moment(override.opens_at, zone, year)}" if override.opens_at else "",
        f"closes {_moment(override.closes_at, zone, year)}" if override.closes_at else "",
        more,
        _attempts(override.attempts_allowed) if override.attempts_allowed is not None else "",
    ]
    return _capital(" · ".join(part for part in parts if part))


def rules_in_words(rules: Rules, zone: ZoneInfo, year: int) -> str:
    """The same of the rules that hold for whoever has no exception: `Always open · 30 minutes · as many attempts as one likes`."""
    dates = [
        f"opens {_moment(rules.opens_at, zone, year)}" if rules.opens_at else "",
        f"closes {_moment(rules.closes_at, zone, year)}" if rules.closes_at else "",
    ]
    parts = [
        *([date for date in dates if date] or ["always open"]),
        duration_in_words(rules.time_limit) if rules.time_limit is not None else "no time limit",
        _attempts(rules.attempts_allowed) if rules.attempts_allowed is not None else "any number of attempts",
    ]
    return _capital(" · ".join(parts))


def percent_more(factor: Decimal | None) -> str:
    """A factor above 1 as a form has it: `25` for a quarter more time, "" where it is the usual."""
    return f"{((factor - 1) * 100).normalize():f}" if factor is not None and factor > 1 else ""


def factor_in_words(factor: Decimal) -> str:
    """`25 % more time`, `10 % less time`, `the usual time`."""
    percent = (factor - 1) * 100
    if not percent:
        return "the usual time"
    return f"{_number(abs(percent))} % {'more' if percent > 0 else 'less'} time"


def duration_in_words(seconds: int) -> str:
    """`1 hour 30 minutes`; seconds where they are not whole minutes."""
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    parts = [f"{count} {unit}{'' if count == 1 else 's'}" for count, unit in ((hours, "hour"), (minutes, "minute"), (left, "second")) if count]
    return " ".join(parts) or "0 minutes"


def _moment(moment: datetime, zone: ZoneInfo, year: int) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%B}{'' if local.year == year else f' {local.year}'}, {local:%H:%M}"


def _attempts(count: int) -> str:
    return "1 attempt" if count == 1 else f"{count} attempts"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
