"""E-mail addresses, names, time zones and passwords as people give them."""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lms_app.errors import Invalid

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 1000
LONGEST_NAME = 120
LONGEST_BIO = 1000

_EMAIL = re.compile(r"[^@\s,;<>\"()\[\]\\]{1,64}@[^@\s,;<>\"()\[\]\\]+\.[^@\s.,;<>\"()\[\]\\]{2,}")
_OURS = frozenset({"", "lyceum", "password", "passwort", "welcome", "student", "teacher", "instructor"})
"""With digits behind them these are what people choose for a site of learning first."""


def clean_email(email: str) -> str:
    """An address as it is stored and found again: NFC, trimmed, lower case. Raises Invalid for what is no address."""
    clean = unicodedata.normalize("NFC", email).strip().lower()
    if len(clean) > 254 or not _EMAIL.fullmatch(clean):
        raise Invalid("That is not an e-mail address.", fields={"email": "Give an address like name@example.org."})
    return clean


def clean_name(name: str) -> str:
    """A name without stray white space or control characters. Raises Invalid for an empty or endless one."""
    visible = "".join(character for character in unicodedata.normalize("NFC", name) if unicodedata.category(character) not in {"Cc", "Cs"})
    clean = " ".join(visible.split())
    if not clean:
        raise Invalid("Give your name.", fields={"name": "Give your name. It is printed on your certificates."})
    if len(clean) > LONGEST_NAME:
        raise Invalid(f"A name has at most {LONGEST_NAME} characters.", fields={"name": f"At most {LONGEST_NAME} characters."})
    return clean


def clean_bio(bio: str) -> str:
    """A text about oneself. Raises Invalid for one that is too long."""
    clean = bio.strip()
    if len(clean) > LONGEST_BIO:
        raise Invalid(f"A bio has at most {LONGEST_BIO} characters.", fields={"bio": f"At most {LONGEST_BIO} characters."})
    return clean


def refuse_together(*checks: Callable[[], object]) -> None:
    """Makes every check, then raises one Invalid with the fields of all that failed: who fills in a form learns of all faults at once."""
    refusals: list[Invalid] = []
    for check in checks:
        try:
            check()
        except Invalid as refused:
            refusals.append(refused)
    if refusals:
        sentence = refusals[0].sentence if len(refusals) == 1 else "Some answers need another look."
        raise Invalid(sentence, fields={name: words for refused in refusals for name, words in refused.fields.items()})


def checked_zone(zone: str) -> str:
    """A time zone of the tz database. Raises Invalid for an unknown one."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("That time zone is not known.", fields={"time_zone": "Choose a time zone from the list."}) from None
    return zone


def checked_password(password: str) -> str:
    """A password that may be set: 10 to 1,000 characters, neither among the commonest nor a word of ours with digits. Raises Invalid."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("That password is too short.", fields={"password": f"Use at least {SHORTEST_PASSWORD} characters."})
    if len(password) > LONGEST_PASSWORD:
        raise Invalid("That password is too long.", fields={"password": f"Use at most {LONGEST_PASSWORD} characters."})
    lower = password.lower()
    if lower in _common() or lower.rstrip("0123456789!?.-_") in _OURS or len(set(password)) < 4:
        raise Invalid("That password is easy to guess.", fields={"password": "Choose one that is harder to guess."})
    return password


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    # Those of ten characters or more among the 30,000 commonest, from zxcvbn's list (MIT).
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split("\n"))
