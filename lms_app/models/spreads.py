"""How the scores of a run lie, as its students may see it: a picture of a moment, which moves only by ten people at once."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from lms_app.models.columns import Row, document, moment, no_entries


class ScoreSpread(Row, table=True):
    """The picture: how many people had a total in each step of ten percent. `looked_at` says when it was last compared with what is."""

    __tablename__ = "score_spreads"

    run_id: UUID = Field(foreign_key="runs.id", primary_key=True)
    people: int = 0
    steps: list[Any] = document(default_factory=no_entries)
    made_at: datetime | None = moment(default=None)
    looked_at: datetime = moment()


class ScorePlace(Row, table=True):
    """In which step of the picture somebody is: by it the next one knows how many have moved."""

    __tablename__ = "score_places"

    run_id: UUID = Field(foreign_key="runs.id", primary_key=True)
    enrollment_id: UUID = Field(foreign_key="enrollments.id", primary_key=True)
    step: int
