"""The settings of a quiz, as an assessment revision keeps them."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from lms_app.crypto import blind_index
from lms_app.words import Behaviour, Counting, Navigation, Negative, OnExpiry, Release

Fraction = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)]

LONGEST_LIMIT = 7 * 24 * 3600
LONGEST_WAIT = 30 * 24 * 3600


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Band(_Part):
    """What is said to whoever reaches this fraction of the points, and no higher band."""

    from_fraction: Fraction
    text: Annotated[str, Field(min_length=1, max_length=1000)]


class Shown(_Part):
    """What of a result a student sees: marks, whether each answer was right, what is said about it, the right answer."""

    marks: bool = True
    correctness: bool = True
    feedback: bool = True
    solution: bool = True


NOTHING = Shown(marks=False, correctness=False, feedback=False, solution=False)


class Review(_Part):
    """What is shown when: `during`, at once where the behaviour tells at once; `after` submission; once the quiz is `closed`."""

    during: Shown = Shown()
    after: Shown = Shown()
    closed: Shown = Shown()


class QuizSettings(_Part):
    """How a quiz is taken. Times in seconds, kept by the server; None is without limit.

    `pass_mark` is a fraction of the points, None where nothing is to be passed. `tries` is for interactive behaviour. `grace_seconds` is how long
    after the time limit an attempt may still be submitted by hand where `on_expiry` is grace. `password` is a keyed digest (`password_digest`).
    `questions_per_page` 0 puts a section on one page. Dates may be moved for a run, a group or a student (`overrides`).
    """

    behaviour: Behaviour = Behaviour.DEFERRED
    tries: Annotated[int, Field(ge=2, le=10)] = 3
    negative: Negative = Negative.NONE
    attempts_allowed: Annotated[int, Field(ge=1, le=100)] | None = None
    wait_seconds: Annotated[int, Field(ge=0, le=LONGEST_WAIT)] = 0
    counting: Counting = Counting.BEST
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None
    time_limit: Annotated[int, Field(ge=30, le=LONGEST_LIMIT)] | None = None
    on_expiry: OnExpiry = OnExpiry.SUBMIT
    grace_seconds: Annotated[int, Field(ge=0, le=24 * 3600)] = 0
    password: Annotated[str, Field(max_length=64)] = ""
    navigation: Navigation = Navigation.FREE
    questions_per_page: Annotated[int, Field(ge=0, le=50)] = 1
    shuffle_questions: bool = False
    shuffle_choices: bool = True
    pass_mark: Fraction | None = None
    introduction: Annotated[str, Field(max_length=2000)] = ""
    bands: Annotated[tuple[Band, ...], Field(max_length=20)] = ()
    review: Review = Review()
    release: Release = Release.AUTOMATIC
    anonymous: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_before(cls, stored: Any) -> Any:
        """Settings that were stored when a quiz could only say when it tells."""
        if isinstance(stored, dict) and "feedback" in stored:
            before = dict(stored)
            told = before.pop("feedback")
            return {"behaviour": Behaviour.IMMEDIATE if told == "immediate" else Behaviour.DEFERRED, **before}
        return stored

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValueError("The quiz must close after it opens.")
        return self

    @property
    def tells_at_once(self) -> bool:
        """Whether an answer can be checked before the quiz is submitted."""
        return self.behaviour in (Behaviour.IMMEDIATE, Behaviour.INTERACTIVE)

    @property
    def floor(self) -> Negative:
        """What answers may cost. Certainty-based marks may cost what was earned, for that is what they are for."""
        return Negative.QUESTION if self.behaviour == Behaviour.CERTAINTY and self.negative == Negative.NONE else self.negative

    def band(self, fraction: Decimal) -> str:
        """What is said about a total, "" where nothing is."""
        reached = [band for band in self.bands if fraction >= band.from_fraction]
        return max(reached, key=lambda band: band.from_fraction).text if reached else ""

    def shown(self, now: datetime, *, closes_at: datetime | None, released: bool) -> Shown:
        """What a student sees of a submitted attempt now. `closes_at` is when this student's quiz closes."""
        if not released:
            return NOTHING
        return self.review.closed if closes_at is not None and now >= closes_at else self.review.after


def practice_settings() -> QuizSettings:
    """A practice quiz: feedback at once, as often as one likes, nothing to pass."""
    return QuizSettings(behaviour=Behaviour.IMMEDIATE)


def password_digest(assessment_id: object, password: str) -> str:
    """How a quiz's password is kept: a digest under the installation's key, so that a copy of the database cannot be searched for it."""
    return blind_index(f"quiz-password:{assessment_id}", password.strip()).hex() if password.strip() else ""
