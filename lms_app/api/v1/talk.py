"""Discussion under pages, and announcements."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.talk import announcements, discussion, queries
from lms_app.domain.talk.queries import Shown
from lms_app.domain.talk.views import AnnouncementPage, Discussion, ThreadView

router = APIRouter(tags=["talk"])

Page = Annotated[int, Query(ge=1, le=1_000_000)]
Title = Annotated[str, Field(min_length=1, max_length=150)]
Words = Annotated[str, Field(min_length=1, max_length=10_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewThread(_Body):
    """A question about a page. `text` is Markdown."""

    title: Title
    text: Words


class NewPost(_Body):
    """A reply, in Markdown."""

    text: Words


class NewAnnouncement(_Body):
    """What all who take a course are told, or one of its runs. `text` is Markdown."""

    title: Title
    text: Words
    run_id: UUID | None = None


class Made(BaseModel):
    """The id of what was written."""

    id: UUID


@router.get("/pages/{page_id}/discussion", responses=refuses(401, 404, 409))
async def read_discussion(page_id: UUID, actor: Program, page: Page = 1) -> Discussion:
    """Twenty threads about a page, in one's own run, those that moved last first."""
    return await cross(queries.page_discussion, actor, page_id, page)


@router.post("/pages/{page_id}/discussion", status_code=201, responses=refuses(401, 404, 409, 429))
async def ask(page_id: UUID, thread: NewThread, actor: Program) -> Made:
    """Asks a question about a page."""
    return Made(id=await cross(discussion.ask, actor, page_id, thread.title, thread.text))


@router.get("/threads/{thread_id}", responses=refuses(401, 404, 409))
async def read_thread(thread_id: UUID, actor: Program) -> ThreadView:
    """A thread, whole; posts as HTML that is safe as it is."""
    return await cross(queries.thread_view, actor, thread_id)


@router.post("/threads/{thread_id}/posts", status_code=201, responses=refuses(401, 404, 409, 429))
async def reply(thread_id: UUID, post: NewPost, actor: Program) -> Made:
    """Replies to a thread."""
    return Made(id=await cross(discussion.reply, actor, thread_id, post.text))


@router.get("/courses/{slug}/announcements", responses=refuses(401, 404))
async def read_announcements(slug: Annotated[str, Field(max_length=100)], actor: Program, page: Page = 1) -> AnnouncementPage:
    """Twenty announcements of a course that one takes or teaches, newest first."""
    return await cross(announcements.announcements, actor, slug, page)


@router.get("/teaching/courses/{course_id}/discussion", responses=refuses(401, 404))
async def read_course_discussion(course_id: UUID, actor: Program, shown: Shown = Shown.WAITING, page: Page = 1) -> Discussion:
    """Twenty threads of all pages of a course, for its staff: those that wait for an answer, all, reported or removed ones."""
    return await cross(queries.course_discussion, actor, course_id, shown, page)


@router.post("/teaching/courses/{course_id}/announcements", status_code=201, responses=refuses(401, 404))
async def announce(course_id: UUID, announcement: NewAnnouncement, actor: Program) -> Made:
    """Tells all who take a course, or one of its runs. A worker brings it to everybody."""
    return Made(id=await cross(announcements.write, actor, course_id, announcement.title, announcement.text, announcement.run_id))
