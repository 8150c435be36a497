"""The settings of a quiz, as an assessment revision keeps them."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from lms_app.words import Feedback


class QuizSettings(BaseModel):
    """How a quiz is taken. `attempts_allowed` None is without limit; `pass_mark` is a fraction of the points, None where nothing is to be passed;
    `time_limit` is in seconds, kept by the server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feedback: Feedback = Feedback.AFTER_SUBMISSION
    attempts_allowed: Annotated[int, Field(ge=1, le=100)] | None = None
    pass_mark: Annotated[Decimal, Field(ge=0, le=1, decimal_places=6)] | None = None
    time_limit: Annotated[int, Field(ge=30, le=24 * 3600)] | None = None
    shuffle_questions: bool = False
    introduction: Annotated[str, Field(max_length=2000)] = ""


def practice_settings() -> QuizSettings:
    """A practice quiz: feedback at once, as often as one likes, nothing to pass."""
    return QuizSettings(feedback=Feedback.IMMEDIATE)
