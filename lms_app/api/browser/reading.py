"""What open tabs tell while they are read or worked on: seconds, whether a page's end was seen, and how far its films were watched."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.enrollments import beats, learning
from lms_app.domain.enrollments.beats import Film, FilmLeft

router = APIRouter()

Seconds = Annotated[int, Field(ge=0, le=3600)]


class FilmBeat(BaseModel):
    """Where a film or recording of the page stands, and how many seconds of it were played since the last beat."""

    model_config = ConfigDict(extra="forbid")

    block: Annotated[str, Field(min_length=1, max_length=64)]
    position: Annotated[int, Field(ge=0, lt=1_000_000)]
    played: Seconds
    paused: bool


class Heartbeat(BaseModel):
    """Seconds at the page since the last beat, whether the end was seen by now, and the films that moved. A beat that is sent again keeps its id."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    seconds: Seconds
    reached_end: bool
    films: Annotated[list[FilmBeat], Field(max_length=8)] = []


class QuizBeat(BaseModel):
    """Seconds at the quiz since the last beat."""

    model_config = ConfigDict(extra="forbid")

    id: UUID | None = None
    seconds: Seconds


class Beaten(BaseModel):
    """Whether the page is complete now."""

    complete: bool


class FilmPlaces(BaseModel):
    """Where each film of the page was left, by block."""

    places: dict[str, FilmLeft]


@router.post("/pages/{page_id}/heartbeat")
async def heartbeat(page_id: UUID, beat: Heartbeat, actor: SignedIn) -> Beaten:
    """Adds to the time at the page."""
    films = [Film(**film.model_dump()) for film in beat.films]
    done = await cross(learning.heartbeat, actor, page_id, seconds=beat.seconds, reached_end=beat.reached_end, beat_id=beat.id, films=films)
    return Beaten(complete=done)


@router.get("/pages/{page_id}/films")
async def read_film_places(page_id: UUID, actor: SignedIn) -> FilmPlaces:
    """Where the films of a page go on, on whatever device they were left."""
    return FilmPlaces(places=await cross(beats.film_places, actor, page_id))


@router.post("/quizzes/{quiz_id}/heartbeat", status_code=204)
async def quiz_heartbeat(quiz_id: UUID, beat: QuizBeat, actor: SignedIn) -> None:
    """Adds to the time at a quiz that was begun."""
    await cross(beats.at_quiz, actor, quiz_id, seconds=beat.seconds, beat_id=beat.id)
