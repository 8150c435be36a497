"""Banks of questions for their page: a course's at `/courses/{course_id}/bank`, one's own at `/bank`."""

import base64
import tempfile
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote
from uuid import UUID

import anyio
import anyio.to_thread
from fastapi import APIRouter, Depends, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from lms_app.adapters import storage
from lms_app.api.identity import SignedIn
from lms_app.api.uploads import Upload
from lms_app.crossing import cross
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import bank_editing, bank_files, bank_listing, question_bank
from lms_app.domain.assessments.bank_editing import Changed
from lms_app.domain.assessments.bank_files import FileReport
from lms_app.domain.assessments.bank_listing import Shelf, Sought, Window
from lms_app.domain.assessments.question_bank import CategoryLine
from lms_app.errors import Invalid
from lms_app.interchange import neutral
from lms_app.interchange.question_formats import read_questions, write_questions
from lms_app.words import Difficulty, QuestionType, Role

router = APIRouter()

LIMIT = 32
"""MB of a file of questions."""
ENDINGS = (".gift", ".txt", ".xml", ".qti", ".zip", ".csv", ".tsv")
WRITTEN = {"gift": ("questions.gift.txt", "text/plain"), "moodle": ("questions.xml", "application/xml"), "qti": ("questions.zip", "application/zip")}
"""Name and kind of what is written, by format."""

Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Ids = Annotated[list[UUID], Field(max_length=5000)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Category(_Body):
    """A category: what it is called, and what it stands below."""

    name: Words
    below: UUID | None = None


class Chosen(_Body):
    """What becomes of the chosen questions."""

    act: Literal["move", "tag", "rate", "archive", "bring_back", "use", "copy"]
    questions: Ids
    into: UUID | None = None
    add: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    remove: Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")] = ""
    difficulty: Difficulty | None = None
    objective: UUID | None = None
    points: Annotated[str, Field(max_length=20)] = "1"


class Writing(_Body):
    """What is written, and how."""

    format: Literal["gift", "moodle", "qti"]
    questions: Ids


def _sought(
    search: Words = "",
    category: UUID | None = None,
    kind: QuestionType | None = None,
    tag: Words = "",
    difficulty: Annotated[Literal["easy", "medium", "hard", "unsaid"] | None, Query()] = None,
    objective: UUID | None = None,
    unused: bool = False,
    unpublished: bool = False,
    archived: bool = False,
) -> Sought:
    return Sought(
        search=search,
        category_id=category,
        kind=kind,
        tagged=tag,
        difficulty=None if difficulty is None else Difficulty.UNSAID if difficulty == "unsaid" else Difficulty(difficulty),
        objective_id=objective,
        unused=unused,
        unpublished=unpublished,
        archived=archived,
    )


Looked = Annotated[Sought, Depends(_sought)]
Offset = Annotated[int, Query(ge=0, le=1_000_000)]
Name = Annotated[str, Header(alias="X-File-Name", max_length=4000)]


@router.get("/courses/{course_id}/bank")
async def read(course_id: UUID, actor: SignedIn) -> Shelf:
    """What a bank is made of: categories, tags, quizzes, objectives."""
    return await cross(bank_listing.shelf, actor, course_id)


@router.get("/bank")
async def read_own(actor: SignedIn) -> Shelf:
    """The same of one's own."""
    return await cross(bank_listing.shelf, actor, None)


@router.get("/courses/{course_id}/bank/questions")
async def window(course_id: UUID, actor: SignedIn, sought: Looked, offset: Offset = 0) -> Window:
    """A window of what is looked for."""
    return await cross(bank_listing.window, actor, course_id, sought, offset=offset)


@router.get("/bank/questions")
async def window_own(actor: SignedIn, sought: Looked, offset: Offset = 0) -> Window:
    """The same of one's own."""
    return await cross(bank_listing.window, actor, None, sought, offset=offset)


@router.get("/courses/{course_id}/bank/ids")
async def ids(course_id: UUID, actor: SignedIn, sought: Looked) -> list[str]:
    """All that is looked for, by id."""
    return await cross(bank_listing.ids, actor, course_id, sought)


@router.get("/bank/ids")
async def ids_own(actor: SignedIn, sought: Looked) -> list[str]:
    """The same of one's own."""
    return await cross(bank_listing.ids, actor, None, sought)


@router.post("/courses/{course_id}/bank/categories", status_code=201)
async def add_category(course_id: UUID, category: Category, actor: SignedIn) -> list[CategoryLine]:
    """A new category. The whole tree comes back."""
    return await _add_category(course_id, category, actor)


@router.post("/bank/categories", status_code=201)
async def add_category_own(category: Category, actor: SignedIn) -> list[CategoryLine]:
    """The same in one's own."""
    return await _add_category(None, category, actor)


@router.patch("/courses/{course_id}/bank/categories/{category}")
async def rename_category(course_id: UUID, category: UUID, naming: Category, actor: SignedIn) -> list[CategoryLine]:
    """Gives a category another name."""
    await cross(question_bank.rename_category, actor, course_id, category, naming.name)
    return await cross(question_bank.categories, actor, course_id)


@router.patch("/bank/categories/{category}")
async def rename_category_own(category: UUID, naming: Category, actor: SignedIn) -> list[CategoryLine]:
    """The same in one's own."""
    await cross(question_bank.rename_category, actor, None, category, naming.name)
    return await cross(question_bank.categories, actor, None)


@router.delete("/courses/{course_id}/bank/categories/{category}")
async def remove_category(course_id: UUID, category: UUID, actor: SignedIn) -> list[CategoryLine]:
    """Takes a category away. What stands in it moves to the one above."""
    await cross(question_bank.remove_category, actor, course_id, category)
    return await cross(question_bank.categories, actor, course_id)


@router.delete("/bank/categories/{category}")
async def remove_category_own(category: UUID, actor: SignedIn) -> list[CategoryLine]:
    """The same in one's own."""
    await cross(question_bank.remove_category, actor, None, category)
    return await cross(question_bank.categories, actor, None)


@router.post("/courses/{course_id}/bank/acts")
async def act(course_id: UUID, chosen: Chosen, actor: SignedIn) -> Changed:
    """Does something with the chosen questions of a course's bank."""
    if chosen.act == "use":
        if chosen.into is None:
            raise Invalid("Choose a quiz.")
        return await cross(bank_editing.use_in_quiz, actor, course_id, chosen.questions, chosen.into, chosen.points)
    if chosen.act == "copy":
        return await cross(bank_editing.copy, actor, course_id, chosen.questions, None)
    return await _act(course_id, chosen, actor)


@router.post("/bank/acts")
async def act_own(chosen: Chosen, actor: SignedIn) -> Changed:
    """The same with one's own: they are copied into the course `into`."""
    if chosen.act == "use":
        raise Invalid("Copy them to a course first: quizzes ask questions of their course.")
    if chosen.act == "copy":
        if chosen.into is None:
            raise Invalid("Choose a course.")
        return await cross(bank_editing.copy, actor, None, chosen.questions, chosen.into)
    return await _act(None, chosen, actor)


@router.post("/courses/{course_id}/bank/readings")
async def look(course_id: UUID, request: Request, actor: SignedIn, name: Name = "") -> FileReport:
    """What of a file, sent as the body, the bank would take. Nothing is stored."""
    return await cross(bank_files.look, actor, course_id, await _read(request, actor, name))


@router.post("/bank/readings")
async def look_own(request: Request, actor: SignedIn, name: Name = "") -> FileReport:
    """The same for one's own."""
    return await cross(bank_files.look, actor, None, await _read(request, actor, name))


@router.post("/courses/{course_id}/bank/imports", status_code=201)
async def take(course_id: UUID, request: Request, actor: SignedIn, name: Name = "", category: UUID | None = None) -> FileReport:
    """Takes the questions of a file, sent as the body, into a category."""
    return await cross(bank_files.take, actor, course_id, category, await _read(request, actor, name), store=storage.put)


@router.post("/bank/imports", status_code=201)
async def take_own(request: Request, actor: SignedIn, name: Name = "", category: UUID | None = None) -> FileReport:
    """The same into one's own."""
    return await cross(bank_files.take, actor, None, category, await _read(request, actor, name), store=storage.put)


@router.post("/courses/{course_id}/bank/exports")
async def write(course_id: UUID, writing: Writing, actor: SignedIn) -> dict[str, Any]:
    """The chosen questions as a file, and what that does not say."""
    return await _write(await cross(bank_files.neutral_bank, actor, course_id, writing.questions, read=storage.get), writing.format)


@router.post("/bank/exports")
async def write_own(writing: Writing, actor: SignedIn) -> dict[str, Any]:
    """The same of one's own."""
    return await _write(await cross(bank_files.neutral_bank, actor, None, writing.questions, read=storage.get), writing.format)


async def _add_category(course_id: UUID | None, category: Category, actor: Actor) -> list[CategoryLine]:
    await cross(question_bank.add_category, actor, course_id, category.name, category.below)
    return await cross(question_bank.categories, actor, course_id)


async def _act(course_id: UUID | None, chosen: Chosen, actor: Actor) -> Changed:
    match chosen.act:
        case "move":
            return await cross(bank_editing.move, actor, course_id, chosen.questions, chosen.into)
        case "tag":
            return await cross(bank_editing.tag, actor, course_id, chosen.questions, add=chosen.add, remove=chosen.remove)
        case "rate":
            return await cross(bank_editing.rate, actor, course_id, chosen.questions, difficulty=chosen.difficulty, objective_id=chosen.objective)
        case "archive":
            return await cross(bank_editing.archive, actor, course_id, chosen.questions)
        case _:
            return await cross(bank_editing.bring_back, actor, course_id, chosen.questions)


async def _read(request: Request, actor: Actor, name: str) -> neutral.Bank:
    """The questions of a file that comes as the body. Raises Invalid, TooLarge."""
    actor.must_be(Role.INSTRUCTOR)
    upload = Upload(request, bytes_max=LIMIT << 20, too_large=f"This file is larger than {LIMIT} MB. Divide it, then import the parts.")
    sent = await upload.whole()
    ending = Path(unquote(name).replace("\\", "/").rpartition("/")[2]).suffix.lower()
    return await anyio.to_thread.run_sync(partial(_read_file, sent, ending if ending in ENDINGS else ".txt"), limiter=_one_file())


def _read_file(sent: bytes, ending: str) -> neutral.Bank:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"file{ending}"
        path.write_bytes(sent)
        return read_questions(path)


async def _write(bank: neutral.Bank, format_: str) -> dict[str, Any]:
    written = await anyio.to_thread.run_sync(lambda: write_questions(bank, format_), limiter=_one_file())
    name, kind = WRITTEN[format_]
    return {
        "name": name,
        "type": kind,
        "content": base64.b64encode(written.content).decode(),
        "questions": len(bank.questions),
        "left_out": [asdict(item) for item in written.report.unsupported],
    }


@lru_cache(maxsize=1)
def _one_file() -> anyio.CapacityLimiter:
    # One at a time in a process: a large file takes a while and much memory.
    return anyio.CapacityLimiter(1)
