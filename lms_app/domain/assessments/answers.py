"""Reading what was answered. What a person wrote is sealed under that person's key; once the key is destroyed it is no answer any more."""

import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, inspect
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from lms_app.crypto import Unreadable, key_ring, seal, unseal
from lms_app.domain.assessments import handed_in
from lms_app.models import Answer, AnswerTry, Attempt


@dataclass(frozen=True, kw_only=True)
class Given:
    """An acknowledged answer. `response` is None where it can be read no more."""

    response: dict[str, Any] | None
    certainty: int | None
    sequence: int
    saved_at: datetime
    checked_at: datetime | None


def given(session: Session, attempt: Attempt) -> dict[UUID, Given]:
    """The answers of an attempt by question. Of files only those that were sent to the question count as given."""
    rows = session.execute(_GIVEN, {"attempt_id": attempt.id}).all()
    found = {row.question_id: opened(session, row, attempt.person_id) for row in rows}
    if handed_in.takes_files(attempt):
        sent = handed_in.sent(session, attempt)
        for question, answer in found.items():
            found[question] = replace(answer, response=handed_in.only_sent(answer.response, sent.get(question, [])))
    return found


# Columns instead of rows: an attempt's answers are read by everybody at once when an exam ends.
_GIVEN = sql_select(*inspect(Answer).columns).where(col(Answer.attempt_id) == bindparam("attempt_id"))


def opened(session: Session, row: Answer | Row[Any], person_id: UUID) -> Given:
    """A stored answer, read."""
    response = row.response
    if row.response_sealed is not None:
        try:
            plain = unseal(key_ring.key(session, person_id), place_of(row.attempt_id, row.question_id), bytes(row.response_sealed))
            response = json.loads(plain)
        except Unreadable:
            response = None
    return Given(response=response, certainty=row.certainty, sequence=row.sequence, saved_at=row.saved_at, checked_at=row.checked_at)


def sealed_response(key: bytes, attempt_id: UUID, question_id: UUID, body: bytes) -> bytes:
    """A response, as JSON bytes, sealed at its place."""
    return seal(key, place_of(attempt_id, question_id), body)


def place_of(attempt_id: UUID, question_id: UUID) -> str:
    """What ties a sealed response to its row."""
    return f"answers.response_sealed:{attempt_id}:{question_id}"


def tries(session: Session, attempt_id: UUID) -> dict[UUID, list[AnswerTry]]:
    """The checked tries of an attempt that were not right, by question, in order."""
    found: dict[UUID, list[AnswerTry]] = {}
    for row in session.exec(select(AnswerTry).where(AnswerTry.attempt_id == attempt_id).order_by(col(AnswerTry.number))).all():
        found.setdefault(row.question_id, []).append(row)
    return found


def earlier_tries(made: list[AnswerTry], sequence: int) -> int:
    """How many tries came before the answer with this sequence: one that was checked and left as it was is not counted against itself."""
    return sum(1 for each in made if each.sequence != sequence)
