"""Courses: the catalogue, contents, enrolment, progress, pages."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.actor import Actor
from lms_app.domain.courses.queries import catalogue, course_page
from lms_app.domain.courses.views import Catalogue, CoursePage
from lms_app.domain.enrollments import enrollments, learning
from lms_app.domain.enrollments.enrollments import Place
from lms_app.domain.enrollments.queries import learning_page, marked_outline, progress_view
from lms_app.domain.enrollments.views import LearningPage, MarkedOutline, ProgressView

router = APIRouter(tags=["courses"])

Slug = Annotated[str, Path(max_length=100, pattern=r"^[a-z0-9-]+$")]


class Enrolled(BaseModel):
    """The enrolment's id."""

    id: UUID


class Entry(BaseModel):
    """What lets somebody in where not everybody may enrol."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(max_length=100)] = ""
    invitation: Annotated[str, Field(max_length=100)] = ""


class Reading(BaseModel):
    """Seconds that the page was before its reader since the last time this was told, and whether its end was seen by now."""

    model_config = ConfigDict(extra="forbid")

    seconds: Annotated[int, Field(ge=0, le=3600)]
    reached_end: bool


class ReadSoFar(BaseModel):
    """Whether the page is complete now."""

    complete: bool


@router.get("/courses", responses=refuses(401))
async def find(
    actor: Program,
    search: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Catalogue:
    """Published courses, those that match `search` best first; 24 a page."""
    return await cross(catalogue, actor, search, page)


@router.get("/courses/{slug}", responses=refuses(401, 404))
async def read(slug: Slug, actor: Program) -> CoursePage:
    """A published course with its contents and what the account may do next."""
    return await cross(course_page, actor, slug)


@router.put("/courses/{slug}/enrollment", responses=refuses(401, 403, 404, 409, 429))
async def enroll(slug: Slug, actor: Program, entry: Entry | None = None) -> Enrolled:
    """Enrols the account. Enrolling twice gives the same enrolment.

    Where the course asks for a code, `code` is that, however it is capitalised and spaced; wrong ones are slowed down (429). `invitation` is what
    stands behind `/join/` in an invitation link. Refused with 409 while the course is full (its waiting list is `…/waiting`), before enrolment opens
    and after it closes, and while prerequisites are missing; with 403 where one must be invited; with 422 for a code or a link that does not work.
    """
    code, invitation = await _entry(actor, entry)
    return Enrolled(id=await cross(enrollments.enroll, actor, slug, code=code, invitation=invitation))


@router.put("/courses/{slug}/waiting", responses=refuses(401, 403, 404, 409, 429))
async def wait(slug: Slug, actor: Program, entry: Entry | None = None) -> Place:
    """Puts the account on the waiting list of a course that is full, and gives its position: 1 comes next. Where a seat is free it is enrolled.

    It is enrolled by itself when a seat becomes free, and notified. Refused as enrolling is, but for the seats.
    """
    code, invitation = await _entry(actor, entry)
    return await cross(enrollments.wait, actor, slug, code=code, invitation=invitation)


@router.get("/courses/{slug}/waiting", responses=refuses(401, 404))
async def read_place(slug: Slug, actor: Program) -> Place:
    """Where the account stands on the waiting list, or that it is enrolled by now."""
    return await cross(enrollments.own_place, actor, slug)


@router.delete("/courses/{slug}/waiting", status_code=204, responses=refuses(401, 404))
async def leave_waiting_list(slug: Slug, actor: Program) -> None:
    """Takes the account off the waiting list."""
    await cross(enrollments.leave_waiting_list, actor, slug)


@router.delete("/courses/{slug}/enrollment", status_code=204, responses=refuses(401, 404))
async def withdraw(slug: Slug, actor: Program) -> None:
    """Withdraws the account. What was done is kept."""
    await cross(enrollments.withdraw, actor, slug)


@router.get("/courses/{slug}/progress", responses=refuses(401, 404))
async def read_progress(slug: Slug, actor: Program) -> ProgressView:
    """Where the account stands in the course, and why."""
    return await cross(progress_view, actor, slug)


@router.get("/courses/{slug}/outline", responses=refuses(401, 404, 409))
async def read_outline(slug: Slug, actor: Program) -> MarkedOutline:
    """Modules, lessons, pages and quizzes of a course that the account takes, with what is done."""
    return await cross(marked_outline, actor, slug)


@router.get("/courses/{slug}/pages/{page_id}", responses=refuses(401, 404, 409))
async def read_page(slug: Slug, page_id: UUID, actor: Program) -> LearningPage:
    """A page, with the whole outline and its marks. Refused with 409 before the course opens."""
    return await cross(learning_page, actor, slug, page_id)


@router.put("/pages/{page_id}/completion", status_code=204, responses=refuses(401, 404, 409))
async def complete(page_id: UUID, actor: Program) -> None:
    """Marks a page as done whose rule is that it is marked by hand."""
    await cross(learning.mark_complete, actor, page_id)


@router.post("/pages/{page_id}/reading", responses=refuses(401, 404, 409))
async def read_on(page_id: UUID, reading: Reading, actor: Program) -> ReadSoFar:
    """Tells that a page is being read, which completes it where that is its rule. At most 60 seconds count at once, never more than have passed."""
    return ReadSoFar(complete=await cross(learning.heartbeat, actor, page_id, seconds=reading.seconds, reached_end=reading.reached_end))


async def _entry(actor: Actor, entry: Entry | None) -> tuple[str, str]:
    """The code, which is counted as a try, and the invitation that somebody gave."""
    given = entry or Entry()
    if given.code:
        await cross(enrollments.count_code_try, actor)
    return given.code, given.invitation
