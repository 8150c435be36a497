"""The outline of a course under its author's hands. Every write answers with the outline as it is then."""

from dataclasses import asdict
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Header
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.api.problems import problem
from lms_app.crossing import cross
from lms_app.domain.courses import authored_outline, authoring, availability_editing, duplicating, outline_editing, placing
from lms_app.domain.courses.availability_editing import AvailabilityMoved, AvailabilityPreview
from lms_app.domain.courses.outline_editing import OutlineChanged

router = APIRouter(prefix="/courses/{course_id}/outline")

Kind = Literal["module", "lesson", "page"]
AnyKind = Literal["module", "lesson", "page", "quiz"]
Seen = Annotated[str, Header(alias="If-Match", pattern=r'^"?[0-9]{1,9}"?$')]
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


class OpenWhen(_Body):
    """When a node is open: what `domain/courses/availability_rules.py` reads."""

    availability: dict[str, Any]


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


@router.get("/nodes/{kind}/{node_id}/availability")
async def read_availability(course_id: UUID, kind: AnyKind, node_id: UUID, actor: SignedIn) -> Response:
    """When a node is open (`AvailabilityEditor`)."""
    found = await cross(availability_editing.availability_editor, actor, course_id, kind, node_id)
    return Response(orjson.dumps(found), media_type="application/json", headers={"ETag": f'"{found.version}"'})


@router.post("/nodes/{kind}/{node_id}/availability/preview")
async def preview_availability(course_id: UUID, kind: AnyKind, node_id: UUID, new: OpenWhen, actor: SignedIn) -> AvailabilityPreview:
    """For how many students a node would be open. Nothing is saved."""
    return await cross(availability_editing.preview, actor, course_id, kind, node_id, new.availability)


@router.put("/nodes/{kind}/{node_id}/availability")
async def set_availability(course_id: UUID, kind: AnyKind, node_id: UUID, new: OpenWhen, actor: SignedIn, seen: Seen) -> Response:
    """Sets when a node is open, in the place of the version in `If-Match`. A 409 tells what somebody else set meanwhile, as `theirs`."""
    try:
        version = int(seen.strip('"'))
        return _answer(await cross(availability_editing.set_availability, actor, course_id, kind, node_id, new.availability, seen=version))
    except AvailabilityMoved as moved:
        return problem(409, moved.slug, moved.sentence, theirs=asdict(moved.theirs))


def _answer(changed: OutlineChanged) -> Response:
    return Response(orjson.dumps(changed), media_type="application/json", headers={"ETag": f'"{changed.outline.version}"'})
