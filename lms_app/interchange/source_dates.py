"""When parts of a course of another system open and are due. Sources say it in UTC; here an opening is a wall time of each run, a closing an
instant."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lms_app.domain.courses.availability_rules import FIRST_YEAR, LAST_YEAR, Availability, From, dump, parse_availability
from lms_app.domain.courses.availability_words import date_words


def moment_of(written: str) -> datetime | None:
    """The instant that a date of the source means, None where it is none."""
    text = written.strip()
    if text.startswith('"'):
        # Policies were once written as JSON inside of attributes.
        try:
            text = str(json.loads(text))
        except (ValueError, RecursionError):
            return None
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.replace(second=0, microsecond=0) if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def opening(own: str, above: datetime | None) -> datetime | None:
    """When a part opens, None where it says nothing, or nothing beyond what it stands in does: that opens no sooner."""
    moment = moment_of(own)
    return moment if moment and (above is None or moment > above) else None


def opens_at(moment: datetime | None) -> dict[str, Any]:
    """The availability of what opens then, empty for always."""
    return dump(Availability(conditions=(From(at=moment.replace(tzinfo=None)),))) if moment else {}


def words_of(moment: datetime) -> str:
    """The date as a report says it: `3 March 2026`, with the hour where it is not midnight."""
    return date_words(moment).removesuffix(", 00:00")


def written_opening(availability: Mapping[str, Any]) -> tuple[str, bool]:
    """The date on which a part opens, as OLX writes it, "" for none; and whether that is all that its availability says."""
    if not availability:
        return "", True
    # What it waits for is named by refs, which are no ids: dates are all that is looked for here.
    dates = [each for each in availability["conditions"] if each["kind"] == "from"]
    rule = parse_availability({**availability, "conditions": dates})
    opens = next((each.at for each in rule.conditions if isinstance(each, From)), None)
    alone = len(availability["conditions"]) == len(dates)
    if opens is None or (not alone and availability["match"] == "any"):
        return "", False
    return written_moment(opens.replace(tzinfo=UTC)), alone


def written_moment(moment: datetime) -> str:
    """An instant as OLX writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
