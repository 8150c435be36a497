"""Marking: the next script, a mark, rubrics, kept comments, release."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.file_answers import send
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.assessments import comment_bank, handing_in, marking, marking_queue, marking_script, rubrics
from lms_app.domain.assessments.comment_bank import KeptComment
from lms_app.domain.assessments.marking import Marked, MarkedPage, MarkGiven
from lms_app.domain.assessments.marking_script import Script
from lms_app.domain.assessments.rubrics import RubricSheet

router = APIRouter()

Claims = Annotated[list[UUID], Field(max_length=10)]
Points = Annotated[str, Field(max_length=20)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Holding(_Body):
    """Scripts that the page has in hand."""

    held: Claims = []


class Returned(_Body):
    """Scripts that go back into the queue; `passed` comes again after all others."""

    claims: Claims
    passed: bool = False


class Renewed(_Body):
    """Scripts that stay in hand."""

    claims: Claims


class NewMark(_Body):
    """A mark, by points or by the rubric."""

    points: Points | None = None
    levels: Annotated[list[Annotated[int, Field(ge=0, le=20)]], Field(max_length=20)] | None = None
    criteria: Annotated[list[Points], Field(max_length=20)] | None = None
    comment: Annotated[str, Field(max_length=marking.LONGEST_COMMENT)] = ""
    rubric: Annotated[int, Field(ge=0)] = 0
    version: Annotated[int, Field(ge=0, le=10_000)] = 0


class RubricGiven(_Body):
    """A rubric in the place of the one of `version`; none takes it away."""

    body: dict[str, Any] | None
    version: Annotated[int, Field(ge=0)] = 0


class Comment(_Body):
    """A comment to keep."""

    text: Annotated[str, Field(min_length=1, max_length=comment_bank.LONGEST)]


class Released(BaseModel):
    """How many attempts have their marks now."""

    attempts: int


class Next(BaseModel):
    """The next script, or nothing."""

    script: Script | None


@router.post("/marking/quizzes/{assessment_id}/next")
async def take_next(assessment_id: UUID, page: Holding, actor: SignedIn) -> Next:
    """The oldest answer that nobody has in hand."""
    return Next(script=await cross(marking_script.next_script, actor, assessment_id, page.held))


@router.post("/marking/claims/renewal")
async def renew(which: Renewed, actor: SignedIn) -> Renewed:
    """Keeps scripts in hand for another five minutes; gives those that still are."""
    return Renewed(claims=await cross(marking_queue.renew, actor, which.claims))


@router.post("/marking/claims/return", status_code=204)
async def give_back(which: Returned, actor: SignedIn) -> None:
    """Puts scripts back."""
    await cross(marking_queue.give_back, actor, which.claims, passed=which.passed)


@router.put("/marking/claims/{claim_id}/mark")
async def mark(claim_id: UUID, given: NewMark, actor: SignedIn) -> Marked:
    """Marks the answer in hand."""
    return await cross(marking.mark, actor, claim_id, MarkGiven(**given.model_dump()))


@router.get("/marking/claims/{claim_id}/files/{file_id}")
async def file(claim_id: UUID, file_id: UUID, request: Request, actor: SignedIn) -> Response:
    """A file of the answer in hand, to be saved."""
    return send(request, await cross(handing_in.script_file, actor, claim_id, file_id), download=True)


@router.get("/marking/quizzes/{assessment_id}/marks")
async def marked(assessment_id: UUID, actor: SignedIn, page: int = 1) -> MarkedPage:
    """What is marked, newest first."""
    return await cross(marking.marked, actor, assessment_id, min(max(page, 1), 10_000))


@router.post("/marking/marks/{mark_id}/open")
async def open_marked(mark_id: UUID, actor: SignedIn) -> Script:
    """A marked answer in hand, to be marked anew."""
    return await cross(marking.open_marked, actor, mark_id)


@router.post("/marking/marks/{mark_id}/release", status_code=204)
async def release_one(mark_id: UUID, actor: SignedIn) -> None:
    """Releases the marks of one attempt."""
    await cross(marking.release_one, actor, mark_id)


@router.post("/marking/quizzes/{assessment_id}/release")
async def release_all(assessment_id: UUID, actor: SignedIn) -> Released:
    """Releases what is marked to the end, batch by batch."""
    released = 0
    while batch := await cross(marking.release_all, actor, assessment_id):
        released += batch
    return Released(attempts=released)


@router.put("/marking/questions/{question_id}/rubric")
async def write_rubric(question_id: UUID, given: RubricGiven, actor: SignedIn) -> RubricSheet | None:
    """Gives a question a rubric or a marking guide."""
    return await cross(rubrics.write, actor, question_id, given.body, given.version)


@router.get("/marking/courses/{course_id}/comments")
async def comments(course_id: UUID, actor: SignedIn) -> list[KeptComment]:
    """One's comments for a course."""
    return await cross(comment_bank.kept, actor, course_id)


@router.post("/marking/courses/{course_id}/comments")
async def keep_comment(course_id: UUID, comment: Comment, actor: SignedIn) -> KeptComment:
    """Keeps a comment for use again."""
    return await cross(comment_bank.keep, actor, course_id, comment.text)


@router.delete("/marking/comments/{comment_id}", status_code=204)
async def drop_comment(comment_id: UUID, actor: SignedIn) -> None:
    """Keeps a comment no longer."""
    await cross(comment_bank.drop, actor, comment_id)
