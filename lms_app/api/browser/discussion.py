"""The discussion under a page, for those who take its course and its staff."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.talk import discussion, queries
from lms_app.domain.talk.queries import Shown
from lms_app.domain.talk.views import Discussion, ThreadView

router = APIRouter()

Page = Annotated[int, Query(ge=1, le=1_000_000)]
Words = Annotated[str, Field(max_length=20_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Question(_Body):
    """What opens a thread. `text` is Markdown."""

    title: Annotated[str, Field(max_length=1000)]
    text: Words


class Written(_Body):
    """A reply, or what a post says now, in Markdown."""

    text: Words


class Reason(_Body):
    """Why a post is reported or removed."""

    reason: Annotated[str, Field(max_length=2000)] = ""


class Answer(_Body):
    """Which reply answers the question; None for none."""

    post_id: UUID | None = None


class Switch(_Body):
    """Yes or no."""

    on: bool


@router.get("/pages/{page_id}/discussion")
async def of_page(page_id: UUID, actor: SignedIn, page: Page = 1) -> Discussion:
    """Twenty threads of a page, those that moved last first."""
    return await cross(queries.page_discussion, actor, page_id, page)


@router.post("/pages/{page_id}/discussion", status_code=201)
async def ask(page_id: UUID, question: Question, actor: SignedIn) -> dict[str, str]:
    """Opens a thread."""
    return {"id": str(await cross(discussion.ask, actor, page_id, question.title, question.text))}


@router.get("/courses/{course_id}/discussion")
async def of_course(course_id: UUID, actor: SignedIn, shown: Shown = Shown.WAITING, page: Page = 1) -> Discussion:
    """Twenty threads of a course, for its staff."""
    return await cross(queries.course_discussion, actor, course_id, shown, page)


@router.get("/threads/{thread_id}")
async def thread(thread_id: UUID, actor: SignedIn) -> ThreadView:
    """A thread, whole."""
    return await cross(queries.thread_view, actor, thread_id)


@router.post("/threads/{thread_id}/posts", status_code=201)
async def reply(thread_id: UUID, written: Written, actor: SignedIn) -> dict[str, str]:
    """Adds a reply."""
    return {"id": str(await cross(discussion.reply, actor, thread_id, written.text))}


@router.put("/threads/{thread_id}/answer", status_code=204)
async def accept(thread_id: UUID, answer: Answer, actor: SignedIn) -> None:
    """Says which reply answers."""
    await cross(discussion.accept, actor, thread_id, answer.post_id)


@router.put("/threads/{thread_id}/closed", status_code=204)
async def close(thread_id: UUID, switch: Switch, actor: SignedIn) -> None:
    """Ends a thread, or opens it again."""
    await cross(discussion.close, actor, thread_id, switch.on)


@router.put("/threads/{thread_id}/following", status_code=204)
async def follow(thread_id: UUID, switch: Switch, actor: SignedIn) -> None:
    """Whether one hears of replies."""
    await cross(discussion.follow, actor, thread_id, switch.on)


@router.put("/posts/{post_id}", status_code=204)
async def edit(post_id: UUID, written: Written, actor: SignedIn) -> None:
    """Puts right what one wrote."""
    await cross(discussion.edit, actor, post_id, written.text)


@router.post("/posts/{post_id}/removal", status_code=204)
async def remove(post_id: UUID, why: Reason, actor: SignedIn) -> None:
    """Takes a post away."""
    await cross(discussion.remove, actor, post_id, why.reason)


@router.delete("/posts/{post_id}/removal", status_code=204)
async def restore(post_id: UUID, actor: SignedIn) -> None:
    """Puts it back."""
    await cross(discussion.restore, actor, post_id)


@router.post("/posts/{post_id}/reports", status_code=204)
async def report(post_id: UUID, why: Reason, actor: SignedIn) -> None:
    """Tells the staff that a post is out of place."""
    await cross(discussion.report, actor, post_id, why.reason)


@router.delete("/posts/{post_id}/reports", status_code=204)
async def dismiss(post_id: UUID, actor: SignedIn) -> None:
    """Says that it is not."""
    await cross(discussion.dismiss_reports, actor, post_id)
