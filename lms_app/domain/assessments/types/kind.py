"""What every type of question is made of: its kind, the common part of its body, and a grade."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from lms_app.domain.assessments.score_rules import round_score
from lms_app.domain.content.document import Document, RichText
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.content.rich_text import is_empty
from lms_app.words import Outcome

LINE = 120
"""Characters of a description."""

Weight = Annotated[Decimal, Field(ge=-1, le=1, decimal_places=12, allow_inf_nan=False)]
"""The part of the question's points that something earns, or below zero, takes. Twelve places, so that three thirds round to one."""

Credit = Annotated[Decimal, Field(ge=0, le=1, decimal_places=12, allow_inf_nan=False)]
"""A weight that cannot take anything away."""

_CHOICE_ID = re.compile(r"[A-Za-z0-9_-]{12}")

ChoiceId = Annotated[str, Field(pattern=rf"^{_CHOICE_ID.pattern}$")]
"""Drawn at random, because students see it: numbered ids would undo the shuffling and a telling name would give the answer away."""


def new_choice_id() -> str:
    """A fresh id for a choice: 12 url-safe characters that say nothing."""
    return secrets.token_urlsafe(9)


def is_choice_id(identity: str) -> bool:
    """Whether this can be the id of a choice."""
    return _CHOICE_ID.fullmatch(identity) is not None


class Stored(BaseModel):
    """A value object kept as JSON. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuestionBody(Stored):
    """What every question has: what it asks, what is said to everybody afterwards, and hints in the order they are given."""

    stem: Document
    feedback: RichText | None = None
    hints: tuple[RichText, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChoiceGrade:
    """How one choice stands in an answer: whether it was chosen, whether it is part of the key, what is said about that."""

    id: str
    chosen: bool
    right: bool
    feedback: RichText | None


@dataclass(frozen=True, kw_only=True)
class Grade:
    """How one answer did.

    `fraction` is of the question's points, 0 to 1. `feedback` is about the answer as a whole, then the general feedback; what is said about
    single choices stands in `choices`, in the author's order (empty for types without choices). `remark` is a sentence about how the answer
    was read, where that needs saying. It holds the key: what of it a student may see is for the quiz's settings to decide.
    """

    fraction: Decimal
    outcome: Outcome
    feedback: tuple[RichText, ...] = ()
    choices: tuple[ChoiceGrade, ...] = ()
    remark: str = ""


Body = TypeVar("Body", bound=QuestionBody)
Response = TypeVar("Response", bound=Stored)


@dataclass(frozen=True, kw_only=True)
class QuestionKind(Generic[Body, Response]):
    """One type of question: all that editors, readers, writers and pages need to know of it.

    - `body` and `response`: the models of what is stored.
    - `sheet(body, seed)`: what a student may see, as JSON values. Never the key, a weight, feedback, or the number of right choices unless the
      author says it. The same seed gives the same order.
    - `grade(body, response)`: pure; None is a blank answer.
    - `solve(body)`: a response that earns full marks, or None where the author gave only a pattern.
    - `describe(body)`: one line for lists.
    """

    body: type[Body]
    response: type[Response]
    sheet: Callable[[Body, int], dict[str, Any]]
    grade: Callable[[Body, Response | None], Grade]
    solve: Callable[[Body], Response | None]
    describe: Callable[[Body], str]


def blank(body: QuestionBody, *, choices: Sequence[ChoiceGrade] = ()) -> Grade:
    """The grade of no answer."""
    return Grade(fraction=round_score(Decimal(0)), outcome=Outcome.BLANK, feedback=_said(body.feedback), choices=tuple(choices))


def graded(
    body: QuestionBody,
    fraction: Decimal,
    *,
    feedback: Iterable[RichText | None] = (),
    choices: Sequence[ChoiceGrade] = (),
    remark: str = "",
) -> Grade:
    """The grade of an answer: `fraction` is kept within 0 to 1 and rounded, and the outcome follows from what is left."""
    kept = round_score(min(max(fraction, Decimal(0)), Decimal(1)))
    outcome = Outcome.CORRECT if kept == 1 else Outcome.INCORRECT if kept == 0 else Outcome.PARTIAL
    return Grade(fraction=kept, outcome=outcome, feedback=_said(*feedback, body.feedback), choices=tuple(choices), remark=remark)


def common_sheet(body: QuestionBody) -> dict[str, Any]:
    """The part of a sheet that every type has."""
    return body.model_dump(mode="json", include={"stem", "hints"})


def best(matching: Iterable[tuple[Decimal, RichText | None]]) -> tuple[Decimal, RichText | None]:
    """The highest weight among the answers that match, with its feedback; of equals the first. Nothing where none matches."""
    return max(matching, key=lambda answer: answer[0], default=(Decimal(0), None))


def need_full_marks(weights: Iterable[Decimal]) -> None:
    """Raises ValueError unless one of the weights earns everything."""
    if Decimal(1) not in weights:
        raise ValueError("One answer must be right: its weight is 1.")


def first_line(body: QuestionBody) -> str:
    """The beginning of what is asked, as one line of plain text."""
    words = " ".join(text_of(body.stem).split())
    return words if len(words) <= LINE else f"{words[: LINE - 1].rstrip()}…"


def place(seed: int, identity: str) -> bytes:
    """Where something stands in the order of this seed. Sorting by it shuffles, the same way each time and whatever the order before."""
    return hashlib.sha256(f"{seed}:{identity}".encode()).digest()


def _said(*texts: RichText | None) -> tuple[RichText, ...]:
    return tuple(text for text in texts if text and not is_empty(text))
