"""Questions under their author's hands: made, saved while they are written, tried out, given out."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.api.problems import problem
from lms_app.crossing import cross
from lms_app.domain.assessments import question_drafts, question_trials
from lms_app.domain.assessments.question_drafts import GivenOut, QuestionInHand, QuestionMoved, SavedQuestion
from lms_app.domain.assessments.question_trials import Draw, Trial
from lms_app.words import Difficulty, QuestionType

router = APIRouter()

Version = Annotated[str, Header(alias="If-Match", pattern=r'^"?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"?$')]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class New(_Body):
    """A new question of a kind."""

    kind: QuestionType
    below: UUID | None = None


class Draft(_Body):
    """What the editor holds. `spell` names the spell of writing that the save belongs to."""

    form: dict[str, Any]
    spell: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,36}$")] = ""


class Place(_Body):
    """Where a question stands in its bank."""

    category_id: UUID | None = None
    tags: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    difficulty: Difficulty = Difficulty.UNSAID
    objective_id: UUID | None = None


class Tried(_Body):
    """What the editor holds, drawn by a seed, and an answer to it where one is given."""

    form: dict[str, Any]
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 0
    given: dict[str, Any] | None = None


class Held(_Body):
    """What the editor holds, alone."""

    form: dict[str, Any]


@router.post("/courses/{course_id}/questions", status_code=201)
async def create(course_id: UUID, made: New, actor: SignedIn) -> dict[str, str]:
    """A new question in the bank of a course, with nothing in it."""
    return {"id": str(await cross(question_drafts.new, actor, course_id, made.kind, category_id=made.below))}


@router.post("/bank/questions", status_code=201)
async def create_own(made: New, actor: SignedIn) -> dict[str, str]:
    """The same in one's own bank."""
    return {"id": str(await cross(question_drafts.new, actor, None, made.kind, category_id=made.below))}


@router.post("/quizzes/{assessment_id}/questions", status_code=201)
async def create_for_quiz(assessment_id: UUID, made: New, actor: SignedIn) -> dict[str, str]:
    """The same for a quiz, which takes the question once it is given out."""
    return {"id": str(await cross(question_drafts.new_for_quiz, actor, assessment_id, made.kind))}


@router.get("/questions/{question_id}/draft")
async def read(question_id: UUID, actor: SignedIn) -> Response:
    """A question as it was written last (`QuestionInHand`)."""
    found: QuestionInHand = await cross(question_drafts.open_question, actor, question_id)
    return _json(found, found.version)


@router.put("/questions/{question_id}/draft")
async def save(question_id: UUID, draft: Draft, actor: SignedIn, base: Version) -> Response:
    """Saves what the editor holds, made from the version in `If-Match`. A 409 tells what somebody else saved meanwhile, as `theirs`."""
    try:
        saved: SavedQuestion = await cross(question_drafts.save, actor, question_id, draft.form, base=_id(base), spell=draft.spell)
    except QuestionMoved as moved:
        return _moved(moved)
    return _json(saved, saved.version)


@router.delete("/questions/{question_id}/draft", status_code=204)
async def discard(question_id: UUID, actor: SignedIn, version: Version) -> Response:
    """Takes back what was written since the question was given out. `If-Match` names the newest version, else a 409 as for a save."""
    try:
        await cross(question_drafts.discard, actor, question_id, version=_id(version))
    except QuestionMoved as moved:
        return _moved(moved)
    return Response(status_code=204)


@router.post("/questions/{question_id}/publication")
async def give_out(question_id: UUID, actor: SignedIn, version: Version) -> Response:
    """Makes the version in `If-Match`, which is the newest, what the question asks from now on; else a 409 as for a save."""
    try:
        given: GivenOut = await cross(question_drafts.give_out, actor, question_id, version=_id(version))
    except QuestionMoved as moved:
        return _moved(moved)
    return _json(given, given.version)


@router.put("/questions/{question_id}/place", status_code=204)
async def put_away(question_id: UUID, place: Place, actor: SignedIn) -> None:
    """Says where a question stands in its bank."""
    await cross(
        question_drafts.put_away,
        actor,
        question_id,
        category_id=place.category_id,
        tags=place.tags,
        difficulty=place.difficulty,
        objective_id=place.objective_id,
    )


@router.post("/questions/{question_id}/trials")
async def try_out(question_id: UUID, tried: Tried, actor: SignedIn) -> Response:
    """What a student would see, and how an answer would be graded (`Trial`). Nothing is stored."""
    found: Trial = await cross(question_trials.try_out, actor, question_id, tried.form, seed=tried.seed, response=tried.given)
    return _json(found)


@router.post("/questions/{question_id}/draws")
async def draw(question_id: UUID, held: Held, actor: SignedIn) -> list[Draw]:
    """What some attempts at a calculated question would draw."""
    return await cross(question_trials.draws, actor, question_id, held.form)


def _id(version: str) -> UUID:
    return UUID(version.strip('"'))


def _json(value: Any, version: str = "") -> Response:
    return Response(orjson.dumps(value), media_type="application/json", headers={"ETag": f'"{version}"'} if version else None)


def _moved(moved: QuestionMoved) -> Response:
    return problem(409, moved.slug, moved.sentence, theirs=orjson.loads(orjson.dumps(moved.theirs)))
