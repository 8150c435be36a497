"""When a run takes people, when they may work in it, and what its code looks like. Pure; times are aware."""

import secrets
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

ALPHABET = "ABCDEFGHJKMNPQRTUVWXYZ2346789"
"""Of a code: nothing in it is taken for something else, such as 0 for O, 1 for I, 5 for S."""

CODE_LENGTH = 8

RULES = (
    "Before the course opens students can enrol and see what is in it, but not begin. After it has ended they can go on reading and see their "
    "results; quizzes take nothing any more, unless an exception gives somebody longer, and no page is completed any more."
)
"""What the dates of a run do, for the page on which they are set."""


class Dated(Protocol):
    """What is asked of a run here."""

    opens_at: datetime | None
    closes_at: datetime | None
    enrollment_opens_at: datetime | None
    enrollment_closes_at: datetime | None
    time_zone: str


def opens_later(run: Dated, now: datetime) -> str:
    """`Opens on 3 March, 09:00 (Europe/Berlin).` while the run has not opened, else nothing."""
    return f"Opens on {moment_in_words(run.opens_at, run.time_zone, now)}." if run.opens_at is not None and now < run.opens_at else ""


def has_ended(run: Dated, now: datetime) -> bool:
    """Whether the run takes no more work."""
    return run.closes_at is not None and now >= run.closes_at


def ended(run: Dated, now: datetime) -> str:
    """When it ended, and what that means, once it has; else nothing."""
    if run.closes_at is None or now < run.closes_at:
        return ""
    return (
        f"This course ended on {moment_in_words(run.closes_at, run.time_zone, now)}. You can go on reading; nothing more is handed in or completed."
    )


def why_nobody_enrols(run: Dated, now: datetime) -> str:
    """Why nobody can enrol by themselves now, or nothing where they can."""
    if has_ended(run, now):
        return "This course has ended."
    if run.enrollment_opens_at is not None and now < run.enrollment_opens_at:
        return f"Enrolment opens on {moment_in_words(run.enrollment_opens_at, run.time_zone, now)}."
    if run.enrollment_closes_at is not None and now >= run.enrollment_closes_at:
        return f"Enrolment closed on {moment_in_words(run.enrollment_closes_at, run.time_zone, now)}."
    return ""


def moment_in_words(moment: datetime, time_zone: str, now: datetime) -> str:
    """`3 March, 09:00 (Europe/Berlin)`; with the year where it is another than now."""
    zone = ZoneInfo(time_zone)
    local = moment.astimezone(zone)
    year = "" if local.year == now.astimezone(zone).year else f" {local.year}"
    return f"{local.day} {local:%B}{year}, {local:%H:%M} ({zone.key.replace('_', ' ')})"


def new_code() -> str:
    """A code of eight letters and digits, about 5 × 10¹¹ of them."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def plain_code(written: str) -> str:
    """A code as it is compared: however it is capitalised, spaced and hyphenated."""
    return "".join(character for character in written.upper() if character.isascii() and character.isalnum())


def code_in_words(code: str | None) -> str:
    """A code as it is read out: `KDRW-7M4Q`."""
    return f"{code[:4]}-{code[4:]}" if code else ""
