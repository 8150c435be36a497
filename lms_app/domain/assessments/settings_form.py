"""A quiz's settings as a plain form: percents, minutes, dates in the author's zone, and back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import Session

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.assessments.question_forms.fields import plain
from lms_app.domain.assessments.quiz_settings import QuizSettings, password_digest
from lms_app.domain.courses import access
from lms_app.errors import Invalid
from lms_app.models import AssessmentRevision, Person

TIMES = ("during", "after", "closed")
THINGS = ("marks", "correctness", "feedback", "solution")
MOST_BANDS = 20
LONGEST_PASSWORD = 200
_NAMES = {"wait_seconds": "wait", "grace_seconds": "grace"}


@dataclass(frozen=True, kw_only=True)
class BandRow:
    """One band in the form: from this percent on, these words. `place` is its number in the form."""

    place: int
    percent: str = ""
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class SettingsSheet:
    """The form of a quiz's settings. Shares in percent, times in minutes, dates as `2026-11-25T14:00` in the author's `zone`; empty for none.

    The password never leaves: `has_password` says whether there is one. `review` has a key for each time and thing: `after_marks`.
    """

    quiz_id: str
    title: str
    practice: bool
    zone: str
    introduction: str
    behaviour: str
    tries: str
    negative: str
    attempts_allowed: str
    wait: str
    counting: str
    pass_mark: str
    opens_at: str
    closes_at: str
    time_limit: str
    on_expiry: str
    grace: str
    has_password: bool
    navigation: str
    questions_per_page: str
    shuffle_questions: bool
    shuffle_choices: bool
    bands: list[BandRow]
    review: dict[str, bool]
    release: str
    anonymous: bool


def settings_sheet(session: Session, actor: Actor, assessment_id: UUID) -> SettingsSheet:
    """The form of the settings of a quiz's newest revision. Raises NotFound."""
    quiz = access.editable_assessment(session, actor, assessment_id)
    revision = session.get_one(AssessmentRevision, quiz.draft_revision_id)
    settings = QuizSettings.model_validate(revision.settings)
    zone = _zone(session, actor)
    return SettingsSheet(
        quiz_id=str(quiz.id),
        title=revision.title,
        practice=quiz.practice,
        zone=zone.key.replace("_", " "),
        introduction=settings.introduction,
        behaviour=settings.behaviour,
        tries=str(settings.tries),
        negative=settings.negative,
        attempts_allowed=str(settings.attempts_allowed or ""),
        wait=_minutes(settings.wait_seconds),
        counting=settings.counting,
        pass_mark=plain(settings.pass_mark * 100) if settings.pass_mark is not None else "",
        opens_at=_local(settings.opens_at, zone),
        closes_at=_local(settings.closes_at, zone),
        time_limit=_minutes(settings.time_limit),
        on_expiry=settings.on_expiry,
        grace=_minutes(settings.grace_seconds),
        has_password=bool(settings.password),
        navigation=settings.navigation,
        questions_per_page=str(settings.questions_per_page),
        shuffle_questions=settings.shuffle_questions,
        shuffle_choices=settings.shuffle_choices,
        bands=[BandRow(place=place, percent=plain(band.from_fraction * 100), text=band.text) for place, band in enumerate(settings.bands)],
        review={f"{time}_{thing}": getattr(getattr(settings.review, time), thing) for time in TIMES for thing in THINGS},
        release=settings.release,
        anonymous=settings.anonymous,
    )


def save_sheet(session: Session, actor: Actor, assessment_id: UUID, form: Mapping[str, Any], bands: Sequence[tuple[str, str]]) -> None:
    """Saves the form as a new draft revision. `form` has the names of `SettingsSheet`, with `password` and `remove_password`; what is not ticked
    may be left out; `bands` are pairs of percent and words, empty ones passed over. Raises Invalid with the fields that need another look."""
    zone = _zone(session, actor)
    settings: dict[str, Any] = {
        **{name: form[name] for name in ("behaviour", "negative", "counting", "on_expiry", "navigation", "release")},
        "introduction": form["introduction"].replace("\r\n", "\n").strip(),
        "tries": form["tries"].strip() or 3,
        "attempts_allowed": form["attempts_allowed"].strip() or None,
        "wait_seconds": quiz_authoring.seconds_of_minutes(form["wait"]) or 0,
        "pass_mark": quiz_authoring.fraction_of_percent(form["pass_mark"]),
        "opens_at": _aware(form["opens_at"], zone),
        "closes_at": _aware(form["closes_at"], zone),
        "time_limit": quiz_authoring.seconds_of_minutes(form["time_limit"]),
        "grace_seconds": quiz_authoring.seconds_of_minutes(form["grace"]) or 0,
        "questions_per_page": form["questions_per_page"].strip() or 0,
        "shuffle_questions": bool(form.get("shuffle_questions")),
        "shuffle_choices": bool(form.get("shuffle_choices")),
        "anonymous": bool(form.get("anonymous")),
        "bands": [
            {"from_fraction": quiz_authoring.fraction_of_percent(percent) or Decimal(0), "text": text.strip()}
            for percent, text in bands
            if percent.strip() or text.strip()
        ],
        "review": {time: {thing: bool(form.get(f"review_{time}_{thing}")) for thing in THINGS} for time in TIMES},
    }
    if len(form["password"]) > LONGEST_PASSWORD:
        settings["password"] = form["password"]  # Longer than any digest: refused with the other settings.
    elif form["password"].strip():
        settings["password"] = password_digest(assessment_id, form["password"])
    elif form.get("remove_password"):
        settings["password"] = ""
    try:
        quiz_authoring.save_settings(session, actor, assessment_id, title=form["title"], settings=settings)
    except Invalid as refusal:
        raise Invalid(refusal.sentence, fields={_NAMES.get(name, name): sentence for name, sentence in refusal.fields.items()}) from None


def _zone(session: Session, actor: Actor) -> ZoneInfo:
    return ZoneInfo(session.get_one(Person, actor.person_id).time_zone)


def _minutes(seconds: int | None) -> str:
    return plain(Decimal(seconds) / 60 if seconds % 60 == 0 else round(Decimal(seconds) / 60, 4)) if seconds else ""


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    if moment is None:
        return ""
    there = moment.astimezone(zone)
    return there.strftime("%Y-%m-%dT%H:%M:%S" if there.second else "%Y-%m-%dT%H:%M")


def _aware(written: str, zone: ZoneInfo) -> datetime | str | None:
    """A moment of the author's day; what cannot be read is given back, to be refused with the other settings."""
    clean = written.strip()
    if not clean:
        return None
    try:
        moment = datetime.fromisoformat(clean)
        return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)
    except (ValueError, OverflowError):
        return clean
