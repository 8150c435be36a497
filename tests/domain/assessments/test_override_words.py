"""What an exception changes reads as a person would say it."""

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from lms_app.domain.assessments.override_rules import Override, Rules
from lms_app.domain.assessments.override_words import duration_in_words, factor_in_words, override_in_words, percent_more, rules_in_words

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("override", "words"),
    [
        (
            Override(opens_at=datetime(2026, 12, 3, 8, tzinfo=UTC), time_factor=Decimal("1.250000"), attempts_allowed=3),
            "Opens 3 December, 09:00 · 25 % more time · 3 attempts",
        ),
        (Override(closes_at=datetime(2026, 12, 31, 23, 30, tzinfo=UTC)), "Closes 1 January 2027, 00:30"),
        (Override(time_factor=Decimal("1.5"), extra_seconds=300), "50 % more time and 5 minutes more"),
        (Override(extra_seconds=0, attempts_allowed=1), "No added minutes · 1 attempt"),
        (Override(time_factor=Decimal("0.9")), "10 % less time"),
        (Override(time_factor=Decimal(1)), "The usual time"),
    ],
)
def test_an_exception_is_told_in_words(override: Override, words: str) -> None:
    assert override_in_words(override, BERLIN, 2026) == words


def test_what_holds_for_everybody_is_told_in_words() -> None:
    free = Rules(opens_at=None, closes_at=None, time_limit=None, attempts_allowed=None)
    exam = Rules(opens_at=None, closes_at=datetime(2026, 7, 1, 10, tzinfo=UTC), time_limit=5400, attempts_allowed=1)
    assert rules_in_words(free, BERLIN, 2026) == "Always open · no time limit · any number of attempts"
    assert rules_in_words(exam, BERLIN, 2026) == "Closes 1 July, 12:00 · 1 hour 30 minutes · 1 attempt"


def test_more_time_is_written_as_a_form_has_it() -> None:
    assert [percent_more(factor) for factor in (None, Decimal(1), Decimal("1.25"), Decimal(2), Decimal("1.333333"))] == [
        "",
        "",
        "25",
        "100",
        "33.3333",
    ]


def test_factors_and_durations_lose_nothing() -> None:
    assert factor_in_words(Decimal("1.333333")) == "33.3333 % more time"
    assert (duration_in_words(90), duration_in_words(0), duration_in_words(7261)) == ("1 minute 30 seconds", "0 minutes", "2 hours 1 minute 1 second")
