"""The outline of a course under its author's hands. Every write answers with the outline as it is then."""

from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Header
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.api.problems import problem
from lms_app.crossing import cross
from lms_app.domain.courses import authored_outline, authoring, duplicating, outline_editing, placing
from lms_app.domain.courses.outline_editing import OutlineChanged

router = APIRouter(prefix="/courses/{course_id}/outline")

Kind = Literal["module", "lesson", "page"]
Title = Annotated[str, Field(max_length=400)]
IfNoneMatch = Annotated[str, Header(alias="If-None-Match", max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewNode(_Body):
    """A node at the end of its parent: a module of the course, a lesson of a module, a page of a lesson."""

    kind: Kind
    parent_id: UUID
    title: Title


class NewTitle(_Body):
    """Another title in the place of the one that the author saw."""

    title: Title
    seen: Title


class Place(_Body):
    """In which parent, behind which sibling; first with none."""

    parent_id: UUID
    after_id: UUID | None = None


@router.get("")
async def read(course_id: UUID, actor: SignedIn, known: IfNoneMatch = "") -> Response:
    """The whole outline (`AuthoredOutline`), or 304 where the page has it already. Written by hand: a model that validates a thousand pages again
    takes longer than reading them."""
    found = await cross(authored_outline.authored_outline, actor, course_id)
    tag = f'"{found.version}"'
    if tag in known:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(orjson.dumps(found), media_type="application/json", headers={"ETag": tag})


@router.post("/nodes")
async def add(course_id: UUID, node: NewNode, actor: SignedIn) -> Response:
    """Adds a module, lesson or page; `made` is its id."""
    return _answer(await cross(outline_editing.add, actor, course_id, node.kind, node.parent_id, node.title))


@router.put("/nodes/{kind}/{node_id}/title")
async def rename(course_id: UUID, kind: Kind, node_id: UUID, new: NewTitle, actor: SignedIn) -> Response:
    """Renames a node. A 409 tells `theirs`, the title that somebody else gave it, and `yours`."""
    try:
        return _answer(await cross(outline_editing.change, actor, course_id, authoring.rename, kind, node_id, new.title, seen=new.seen))
    except authoring.Renamed as renamed:
        return problem(409, renamed.slug, renamed.sentence, theirs=renamed.theirs, yours=new.title)


@router.put("/nodes/{kind}/{node_id}/place")
async def place(course_id: UUID, kind: Kind, node_id: UUID, where: Place, actor: SignedIn) -> Response:
    """Puts a node anywhere in its course. 409 where what it was put into or behind is gone."""
    return _answer(await cross(outline_editing.change, actor, course_id, placing.place, kind, node_id, where.parent_id, where.after_id))


@router.post("/nodes/{kind}/{node_id}/copy")
async def duplicate(course_id: UUID, kind: Kind, node_id: UUID, actor: SignedIn) -> Response:
    """A draft copy right behind the node; `made` is its id."""
    return _answer(await cross(outline_editing.change, actor, course_id, duplicating.duplicate, kind, node_id))


@router.post("/nodes/{kind}/{node_id}/archive")
async def archive(course_id: UUID, kind: Kind, node_id: UUID, actor: SignedIn) -> Response:
    """Takes a node out of the course."""
    return _answer(await cross(outline_editing.change, actor, course_id, authoring.archive, kind, node_id))


@router.post("/nodes/{kind}/{node_id}/restore")
async def restore(course_id: UUID, kind: Kind, node_id: UUID, actor: SignedIn) -> Response:
    """Brings an archived node back to where it stood."""
    return _answer(await cross(outline_editing.change, actor, course_id, authoring.restore, kind, node_id))


@router.post("/nodes/{kind}/{node_id}/publish")
async def publish(course_id: UUID, kind: Kind, node_id: UUID, actor: SignedIn) -> Response:
    """Publishes a page, or every page in a lesson or module that is not held back; `pages` says how many."""
    return _answer(await cross(outline_editing.change, actor, course_id, authoring.publish, kind, node_id))


def _answer(changed: OutlineChanged) -> Response:
    return Response(orjson.dumps(changed), media_type="application/json", headers={"ETag": f'"{changed.outline.version}"'})
