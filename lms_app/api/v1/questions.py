"""Banks of questions: what authors of a course read and write by programs."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.assessments import question_bank, question_source
from lms_app.domain.assessments.question_bank import Bank, CategoryLine
from lms_app.domain.assessments.question_source import QuestionSource
from lms_app.words import QuestionType

router = APIRouter(tags=["questions"], prefix="/teaching")

Words = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
Tags = Annotated[list[Annotated[str, Field(max_length=60, pattern=r"^[^,\x00]*$")]], Field(max_length=20)]


class NewQuestion(BaseModel):
    """A type, and the body that the type defines: what is asked, and its key."""

    model_config = ConfigDict(extra="forbid")

    type: QuestionType
    body: dict[str, Any]
    category_id: UUID | None = None
    tags: Tags = []


class NewRevision(BaseModel):
    """What a question asks from now on, and the number of the revision that was read."""

    model_config = ConfigDict(extra="forbid")

    revision: Annotated[int, Field(ge=1, lt=2**31)]
    body: dict[str, Any]


class CategoryChosen(BaseModel):
    """A category of the question's bank; null for none."""

    model_config = ConfigDict(extra="forbid")

    category_id: UUID | None


class TagsGiven(BaseModel):
    """All tags of a question."""

    model_config = ConfigDict(extra="forbid")

    tags: Tags


class QuestionChosen(BaseModel):
    """A question of the course's bank, and what it is worth in the quiz: a decimal number in text."""

    model_config = ConfigDict(extra="forbid")

    question_id: UUID
    points: Annotated[str, Field(max_length=20)] = "1"


class BankChosen(BaseModel):
    """The bank that a copy goes into: a course's; null for one's own."""

    model_config = ConfigDict(extra="forbid")

    course_id: UUID | None


class CategoryName(BaseModel):
    """What a category is called from now on."""

    model_config = ConfigDict(extra="forbid")

    name: Words


class NewCategory(BaseModel):
    """A category, below another or at the top."""

    model_config = ConfigDict(extra="forbid")

    name: Words
    parent_id: UUID | None = None


@router.get("/courses/{course_id}/questions", responses=refuses(401, 404))
async def read_bank(
    course_id: UUID,
    actor: Program,
    search: Words = "",
    type: QuestionType | None = None,
    category_id: UUID | None = None,
    tag: Words = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Bank:
    """A course's questions, fifty a page, the newest first. A category holds those below it; of a search every word must stand in title or tags."""
    return await cross(question_bank.bank, actor, course_id, search=search, kind=type, category_id=category_id, tagged=tag, page=page)


@router.post("/courses/{course_id}/questions", responses=refuses(401, 404))
async def create(course_id: UUID, given: NewQuestion, actor: Program) -> QuestionSource:
    """Makes a question in the course's bank. It is asked where a quiz takes it, or a pool draws it."""
    return await cross(question_source.create, actor, course_id, given.type, given.body, category_id=given.category_id, tags=given.tags)


@router.get("/questions/{question_id}", responses=refuses(401, 404))
async def read(question_id: UUID, actor: Program) -> QuestionSource:
    """A question with its key, to those who may author it."""
    return await cross(question_source.read, actor, question_id)


@router.put("/questions/{question_id}", responses=refuses(401, 404, 409))
async def save(question_id: UUID, given: NewRevision, actor: Program) -> QuestionSource:
    """Saves a new revision of a question. Quizzes that ask it take it into their drafts; attempts that were begun keep it as it was."""
    return await cross(question_source.save, actor, question_id, given.body, revision=given.revision)


@router.put("/questions/{question_id}/category", responses=refuses(401, 404))
async def put_in_category(question_id: UUID, chosen: CategoryChosen, actor: Program) -> QuestionSource:
    """Puts a question into a category of its bank, or into none."""
    return await cross(question_source.put_in_category, actor, question_id, chosen.category_id)


@router.put("/questions/{question_id}/tags", responses=refuses(401, 404))
async def tag(question_id: UUID, given: TagsGiven, actor: Program) -> QuestionSource:
    """Gives a question these tags in the place of those before."""
    return await cross(question_source.tag, actor, question_id, given.tags)


@router.post("/questions/{question_id}/copies", responses=refuses(401, 403, 404))
async def copy(question_id: UUID, chosen: BankChosen, actor: Program) -> QuestionSource:
    """Copies a question into another bank: what it asks now, and its tags. Later changes stay apart."""
    return await cross(question_source.copy, actor, question_id, chosen.course_id)


@router.post("/quizzes/{quiz_id}/questions", responses=refuses(401, 404, 409))
async def use_in_quiz(quiz_id: UUID, chosen: QuestionChosen, actor: Program) -> QuestionSource:
    """Puts a question of the course's bank at the end of a quiz. Students see it when the quiz is published."""
    return await cross(question_source.use_in_quiz, actor, quiz_id, chosen.question_id, chosen.points)


@router.get("/courses/{course_id}/question-categories", responses=refuses(401, 404))
async def read_categories(course_id: UUID, actor: Program) -> list[CategoryLine]:
    """The categories of a course's bank as a tree: each below its own, by name."""
    return await cross(question_bank.categories, actor, course_id)


@router.post("/courses/{course_id}/question-categories", responses=refuses(401, 404, 409))
async def add_category(course_id: UUID, given: NewCategory, actor: Program) -> list[CategoryLine]:
    """Adds a category. The whole tree comes back."""
    await cross(question_bank.add_category, actor, course_id, given.name, given.parent_id)
    return await cross(question_bank.categories, actor, course_id)


@router.put("/courses/{course_id}/question-categories/{category_id}", responses=refuses(401, 404))
async def rename_category(course_id: UUID, category_id: UUID, given: CategoryName, actor: Program) -> list[CategoryLine]:
    """Gives a category another name. The whole tree comes back."""
    await cross(question_bank.rename_category, actor, course_id, category_id, given.name)
    return await cross(question_bank.categories, actor, course_id)


@router.delete("/courses/{course_id}/question-categories/{category_id}", status_code=204, responses=refuses(401, 404))
async def remove_category(course_id: UUID, category_id: UUID, actor: Program) -> None:
    """Removes a category. What stands in it moves to the one above; one that a quiz's pool draws from stays."""
    await cross(question_bank.remove_category, actor, course_id, category_id)
