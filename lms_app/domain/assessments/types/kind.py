"""What every type of question is made of: its kind, the common part of its body, and a grade."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from lms_app.domain.assessments.score_rules import round_score
from lms_app.domain.content.document import Document, RichText
from lms_app.domain.content.plain_text import text_of
from lms_app.domain.content.rendering import inline_html_of_rich_text
from lms_app.domain.content.rich_text import is_empty
from lms_app.words import Outcome

LINE = 120
"""Characters of a description."""

Weight = Annotated[Decimal, Field(ge=-1, le=1, decimal_places=12, allow_inf_nan=False)]
"""The part of the question's points that something earns, or below zero, takes. Twelve places, so that three thirds round to one."""

Credit = Annotated[Decimal, Field(ge=0, le=1, decimal_places=12, allow_inf_nan=False)]
"""A weight that cannot take anything away."""

THIRD = Decimal("0.333333333333")

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
    """What every question has: what it asks, what is said to everybody afterwards, and hints in the order they are given.

    `penalty` is the part of the points that each wrong try takes where a quiz gives several tries. `deduction` is the part that an answer costs
    which earns nothing at all, where the quiz lets answers cost.
    """

    stem: Document
    feedback: RichText | None = None
    hints: Annotated[tuple[RichText, ...], Field(max_length=20)] = ()
    penalty: Credit = THIRD
    deduction: Credit = Decimal(0)

    def plain(self) -> dict[str, Any]:
        """Stem and hints as JSON values, not to be changed. Made once: a stored body is read once, and shown to a whole hall."""
        kept = vars(self).get("_plain")
        # A body that was copied from another has its own stem, and what was kept of the other's.
        if kept is None or kept[0] is not self.stem or kept[1] is not self.hints:
            kept = vars(self)["_plain"] = (self.stem, self.hints, self.model_dump(mode="json", include={"stem", "hints"}))
        return kept[2]


@dataclass(frozen=True, kw_only=True)
class ChoiceGrade:
    """How one choice stands in an answer: whether it was chosen, whether it is part of the key, what is said about that."""

    id: str
    chosen: bool
    right: bool
    feedback: RichText | None


@dataclass(frozen=True, kw_only=True)
class PartGrade:
    """How one part of an answer did: a gap, a prompt, an item, a mark on a picture. `fraction` is of the part, 0 to 1."""

    id: str
    outcome: Outcome
    fraction: Decimal
    feedback: RichText | None = None


@dataclass(frozen=True, kw_only=True)
class Grade:
    """How one answer did.

    `fraction` is of the question's points, −1 to 1: what a quiz lets an answer cost is for `score_rules` to say. `feedback` is about the answer
    as a whole, then the general feedback; what is said about single choices stands in `choices`, in the author's order (empty for types without
    choices), and about parts in `parts`. `remark` is a sentence about how the answer was read, where that needs saying. An answer that waits for
    a marker is PENDING with nothing earned yet. A grade holds the key: what of it a student may see is for the quiz's settings to decide.
    """

    fraction: Decimal
    outcome: Outcome
    feedback: tuple[RichText, ...] = ()
    choices: tuple[ChoiceGrade, ...] = ()
    parts: tuple[PartGrade, ...] = ()
    remark: str = ""


Tally = tuple[tuple[str, str], ...]
"""What statistics count of a response: (part, value) pairs, such as the ids that were chosen. Never what a person wrote."""

Body = TypeVar("Body", bound=QuestionBody)
Response = TypeVar("Response", bound=Stored)


def _as_written(body: Any, seed: int) -> Any:
    return body


def _nothing_more(body: Any) -> None:
    return None


def _no_solution(body: Any) -> str:
    return ""


def _no_tally(body: Any, response: Any) -> Tally:
    return ()


@dataclass(frozen=True, kw_only=True)
class QuestionKind(Generic[Body, Response]):
    """One type of question: all that editors, readers, writers and pages need to know of it.

    - `body` and `response`: the models of what is stored.
    - `sheet(body, seed)`: what a student may see, as JSON values. Never the key, a weight, feedback, or the number of right choices unless the
      author says it. The same seed gives the same order.
    - `grade(body, response)`: pure; None is a blank answer.
    - `solve(body)`: a response that earns full marks, or None where the author gave only a pattern.
    - `describe(body)`: one line for lists.
    - `draw(body, seed)`: the body as one attempt has it, with its own numbers put in. Whoever shows or grades a stored body draws it first, with
      `question_seed`; a drawn body is drawn already and stays as it is.
    - `solution(body)`: the right answer as HTML, "" where there is none to show. Holds the key.
    - `tally(body, response)`: what statistics count of a response.
    - `check(body)`: raises ValueError, with a sentence, for a body that would fail some attempts. It may take a while, so it runs when a question
      is saved, not whenever one is read.
    - `asks`: whether there is anything to answer. Where not, there are no points either.
    - `by_hand`: whether a person marks it; `grade` then says PENDING of an answer.
    - `typed`: whether an answer may hold what a person wrote, and is sealed at rest.

    None of these raises for a body and a response that their models took.
    """

    body: type[Body]
    response: type[Response]
    sheet: Callable[[Body, int], dict[str, Any]]
    grade: Callable[[Body, Response | None], Grade]
    solve: Callable[[Body], Response | None]
    describe: Callable[[Body], str]
    draw: Callable[[Body, int], Body] = _as_written
    solution: Callable[[Body], str] = _no_solution
    tally: Callable[[Body, Response], Tally] = _no_tally
    check: Callable[[Body], None] = _nothing_more
    asks: bool = True
    by_hand: bool = False
    typed: bool = False


def question_seed(attempt_seed: int, question_id: UUID) -> int:
    """The seed of one question of an attempt, 62 bits: the same each time, and nothing can be told from it about another's."""
    return int.from_bytes(hashlib.sha256(f"{attempt_seed}:{question_id}".encode()).digest()[:8]) >> 2


def blank(body: QuestionBody, *, choices: Sequence[ChoiceGrade] = (), parts: Sequence[PartGrade] = ()) -> Grade:
    """The grade of no answer, which never costs anything."""
    return Grade(fraction=round_score(Decimal(0)), outcome=Outcome.BLANK, feedback=_said(body.feedback), choices=tuple(choices), parts=tuple(parts))


def pending(body: QuestionBody, *, remark: str = "") -> Grade:
    """The grade of an answer that waits for a marker."""
    return Grade(fraction=round_score(Decimal(0)), outcome=Outcome.PENDING, feedback=_said(body.feedback), remark=remark)


def graded(
    body: QuestionBody,
    fraction: Decimal,
    *,
    feedback: Iterable[RichText | None] = (),
    choices: Sequence[ChoiceGrade] = (),
    parts: Sequence[PartGrade] = (),
    remark: str = "",
) -> Grade:
    """The grade of an answer: `fraction` is kept within −1 to 1 and rounded, and the outcome follows from what is left.

    An answer that earns nothing and costs nothing takes the question's deduction.
    """
    kept = round_score(min(max(fraction, Decimal(-1)), Decimal(1)))
    return Grade(
        fraction=kept or round_score(-body.deduction),
        outcome=outcome_of(kept),
        feedback=_said(*feedback, body.feedback),
        choices=tuple(choices),
        parts=tuple(parts),
        remark=remark,
    )


def outcome_of(fraction: Decimal) -> Outcome:
    """The outcome of an answer that earned this part."""
    return Outcome.CORRECT if fraction >= 1 else Outcome.INCORRECT if fraction <= 0 else Outcome.PARTIAL


def part_grade(identity: str, fraction: Decimal, *, answered: bool = True, feedback: RichText | None = None) -> PartGrade:
    """The grade of one part, rounded and kept within 0 to 1."""
    kept = round_score(min(max(fraction, Decimal(0)), Decimal(1)))
    said = feedback if feedback and not is_empty(feedback) else None
    return PartGrade(id=identity, outcome=outcome_of(kept) if answered else Outcome.BLANK, fraction=kept, feedback=said)


def common_sheet(body: QuestionBody) -> dict[str, Any]:
    """The part of a sheet that every type has."""
    return dict(body.plain())


def best(matching: Iterable[tuple[Decimal, RichText | None]]) -> tuple[Decimal, RichText | None]:
    """The highest weight among the answers that match, with its feedback; of equals the first. Nothing where none matches."""
    return max(matching, key=lambda answer: answer[0], default=(Decimal(0), None))


def counted(answers: Sequence[tuple[Decimal, bool]]) -> str:
    """What a tally says of answers of which the best that matches counts, each given as (weight, matches): `answer:` and its place, or `other`."""
    matching = [(weight, -number) for number, (weight, matches) in enumerate(answers) if matches]
    return f"answer:{-max(matching)[1]}" if matching else "other"


def listed(texts: Iterable[str]) -> str:
    """Pieces of HTML as one piece: alone as it is, several as a list, "" of none."""
    pieces = list(texts)
    return pieces[0] if len(pieces) == 1 else f"<ul>{''.join(f'<li>{piece}</li>' for piece in pieces)}</ul>" if pieces else ""


def shown(text: RichText | str) -> str:
    """A rich text, or plain words, as HTML inside a line."""
    return escape(text) if isinstance(text, str) else inline_html_of_rich_text(text)


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
