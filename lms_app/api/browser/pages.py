"""Pages under their author's hands: drafts saved while they are written, their history, and what the block editor asks for besides."""

from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import SignedIn
from lms_app.api.problems import problem
from lms_app.crossing import cross
from lms_app.domain.assessments import quiz_authoring
from lms_app.domain.content import clipboard
from lms_app.domain.content.maths import mathml
from lms_app.domain.content.views import BlockView
from lms_app.domain.courses import completion_preview, page_drafts, page_history
from lms_app.domain.courses.completion_preview import CompletionPreview
from lms_app.domain.courses.page_drafts import PageDraft, PageMoved, SavedDraft
from lms_app.domain.courses.page_history import PageDifference, PageState, UnpublishedChanges
from lms_app.words import CompletionRule, Role

router = APIRouter()

Base = Annotated[str, Header(alias="If-Match", pattern=r'^"?[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"?$')]
Text = Annotated[str, Field(max_length=1_000_000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Draft(_Body):
    """What the editor holds. `spell` names the spell of writing that the save belongs to."""

    title: Annotated[str, Field(max_length=400)]
    document: dict[str, Any]
    spell: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{0,36}$")] = ""


class Rule(_Body):
    """What completes a page, and whether the course wants it."""

    rule: CompletionRule
    required: bool


class Held(_Body):
    """What the editor holds, alone."""

    document: dict[str, Any]


class Markdown(_Body):
    """A text in Markdown."""

    markdown: Text


class Pasted(_Body):
    """HTML as a clipboard holds it."""

    html: Annotated[str, Field(max_length=4_000_000)]


class NewQuiz(_Body):
    """A quiz that is to stand on a page."""

    title: Annotated[str, Field(max_length=400)]
    practice: bool = False


@router.get("/pages/{page_id}/draft")
async def read(page_id: UUID, actor: SignedIn) -> Response:
    """The newest state of a page (`PageDraft`)."""
    found: PageDraft = await cross(page_drafts.open_draft, actor, page_id)
    return _json(found, found.page.revision)


@router.put("/pages/{page_id}/draft")
async def save(page_id: UUID, draft: Draft, actor: SignedIn, base: Base) -> Response:
    """Saves what the editor holds, made from the revision in `If-Match`. A 409 tells what somebody else saved meanwhile, as `theirs`."""
    try:
        saved: SavedDraft = await cross(
            page_drafts.save_draft, actor, page_id, title=draft.title, document=draft.document, base=_id(base), spell=draft.spell
        )
    except PageMoved as moved:
        return _moved(moved)
    return _json(saved, saved.revision)


@router.post("/pages/{page_id}/publication")
async def publish(page_id: UUID, actor: SignedIn, base: Base) -> Response:
    """Shows students the revision in `If-Match`, which is the newest; else a 409 as for a save."""
    try:
        saved: SavedDraft = await cross(page_drafts.publish, actor, page_id, revision=_id(base))
    except PageMoved as moved:
        return _moved(moved)
    return _json(saved, saved.revision)


@router.put("/pages/{page_id}/rule")
async def set_rule(page_id: UUID, rule: Rule, actor: SignedIn) -> SavedDraft:
    """Sets what completes a page."""
    return await cross(page_drafts.set_rule, actor, page_id, rule=rule.rule, required=rule.required)


@router.post("/pages/{page_id}/rule/preview")
async def preview_rule(page_id: UUID, rule: Rule, actor: SignedIn) -> CompletionPreview:
    """What a rule would do to those who take the course. Nothing is saved."""
    return await cross(completion_preview.preview_rule, actor, page_id, rule=rule.rule, required=rule.required)


@router.get("/pages/{page_id}/changes")
async def read_changes(page_id: UUID, actor: SignedIn) -> Response:
    """What publishing a page would change for students (`UnpublishedChanges`)."""
    found: UnpublishedChanges = await cross(page_history.unpublished_changes, actor, page_id)
    return _json(found)


@router.get("/pages/{page_id}/view")
async def view(page_id: UUID, actor: SignedIn) -> list[BlockView]:
    """The newest state of a page as it will look to students."""
    return await cross(page_drafts.as_students_see, actor, page_id)


@router.get("/pages/{page_id}/revisions")
async def read_history(page_id: UUID, actor: SignedIn) -> list[PageState]:
    """The states of a page, the newest first."""
    return await cross(page_history.history, actor, page_id)


@router.get("/pages/{page_id}/revisions/{revision_id}/difference")
async def read_difference(page_id: UUID, revision_id: UUID, actor: SignedIn, against: Annotated[Literal["before", "newest"], Query()]) -> Response:
    """How a state differs from the one before it, or the newest from it (`PageDifference`)."""
    found: PageDifference = await cross(page_history.difference, actor, page_id, revision_id, against)
    return _json(found)


@router.post("/pages/{page_id}/revisions/{revision_id}/restoration")
async def restore(page_id: UUID, revision_id: UUID, actor: SignedIn, base: Base) -> Response:
    """Makes an earlier state the newest again, from the revision in `If-Match`; gives the draft as reading it does. A 409 as for a save."""
    try:
        restored: PageDraft = await cross(page_drafts.restore, actor, page_id, revision_id, base=_id(base))
    except PageMoved as moved:
        return _moved(moved)
    return _json(restored, restored.page.revision)


@router.post("/pages/{page_id}/markdown")
async def write_markdown(page_id: UUID, held: Held, actor: SignedIn) -> Markdown:
    """What the editor holds, as Markdown."""
    return Markdown(markdown=await cross(page_drafts.as_markdown, actor, page_id, held.document))


@router.post("/pages/{page_id}/document")
async def read_markdown(page_id: UUID, text: Markdown, actor: SignedIn) -> Response:
    """What Markdown says, for the editor. Nothing is saved."""
    return _json(await cross(page_drafts.from_markdown, actor, page_id, text.markdown))


@router.post("/pages/{page_id}/quizzes", status_code=201)
async def add_quiz(page_id: UUID, quiz: NewQuiz, actor: SignedIn) -> dict[str, str]:
    """A new quiz without questions; its place on the page is the editor's to save."""
    added = await cross(_new_quiz, actor, page_id, quiz.title, quiz.practice)
    return {"id": added}


@router.post("/clipboard")
async def read_clipboard(pasted: Pasted, actor: SignedIn) -> Response:
    """What HTML of a clipboard says, as nodes for the editor; office programs' own markings are left out."""
    actor.must_be(Role.INSTRUCTOR)
    return _json({"content": clipboard.nodes_of(pasted.html)})


@router.get("/formula")
async def formula(request: Request, actor: SignedIn, tex: Annotated[str, Query(max_length=10_000)], display: bool = False) -> Response:
    """A formula as students see it: MathML."""
    actor.must_be(Role.INSTRUCTOR)
    return Response(mathml(tex, display=display), media_type="text/plain; charset=utf-8", headers={"Cache-Control": "private, max-age=86400"})


def _new_quiz(session, actor, page_id: UUID, title: str, practice: bool) -> str:  # pyright: ignore[reportMissingParameterType]
    return str(quiz_authoring.new_quiz(session, actor, page_id, title=title, practice=practice).id)


def _id(base: str) -> UUID:
    return UUID(base.strip('"'))


def _json(value: Any, version: str = "") -> Response:
    """Written by hand: a model that validates a long document again takes longer than reading it."""
    return Response(orjson.dumps(value), media_type="application/json", headers={"ETag": f'"{version}"'} if version else None)


def _moved(moved: PageMoved) -> Response:
    return problem(409, moved.slug, moved.sentence, theirs=orjson.loads(orjson.dumps(moved.theirs)))
