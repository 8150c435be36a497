"""The account's own bank of questions. Nobody else sees it: what a course is to ask is copied into the course's bank."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from lms_app.api.identity import Program
from lms_app.api.v1.problem_responses import refuses
from lms_app.api.v1.questions import CategoryName, NewCategory, NewQuestion, Words
from lms_app.crossing import cross
from lms_app.domain.assessments import question_bank, question_source
from lms_app.domain.assessments.question_bank import Bank, CategoryLine
from lms_app.domain.assessments.question_source import QuestionSource
from lms_app.words import QuestionType

router = APIRouter(tags=["bank"], prefix="/teaching/bank")


@router.get("/questions", responses=refuses(401, 403, 404))
async def read(
    actor: Program,
    search: Words = "",
    type: QuestionType | None = None,
    category_id: UUID | None = None,
    tag: Words = "",
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Bank:
    """The questions of the account's own bank, fifty a page, the newest first, narrowed as a course's are."""
    return await cross(question_bank.bank, actor, None, search=search, kind=type, category_id=category_id, tagged=tag, page=page)


@router.post("/questions", responses=refuses(401, 403, 404))
async def create(given: NewQuestion, actor: Program) -> QuestionSource:
    """Makes a question in the account's own bank. It is read, saved, tagged and sorted at its address as a course's is."""
    return await cross(question_source.create, actor, None, given.type, given.body, category_id=given.category_id, tags=given.tags)


@router.get("/question-categories", responses=refuses(401, 403))
async def read_categories(actor: Program) -> list[CategoryLine]:
    """The categories of the account's own bank as a tree: each below its own, by name."""
    return await cross(question_bank.categories, actor, None)


@router.post("/question-categories", responses=refuses(401, 403, 404, 409))
async def add_category(given: NewCategory, actor: Program) -> list[CategoryLine]:
    """Adds a category to the account's own bank. The whole tree comes back."""
    await cross(question_bank.add_category, actor, None, given.name, given.parent_id)
    return await cross(question_bank.categories, actor, None)


@router.put("/question-categories/{category_id}", responses=refuses(401, 403, 404))
async def rename_category(category_id: UUID, given: CategoryName, actor: Program) -> list[CategoryLine]:
    """Gives a category of the account's own bank another name. The whole tree comes back."""
    await cross(question_bank.rename_category, actor, None, category_id, given.name)
    return await cross(question_bank.categories, actor, None)


@router.delete("/question-categories/{category_id}", status_code=204, responses=refuses(401, 403, 404))
async def remove_category(category_id: UUID, actor: Program) -> None:
    """Removes a category of the account's own bank. What stands in it moves to the one above."""
    await cross(question_bank.remove_category, actor, None, category_id)
