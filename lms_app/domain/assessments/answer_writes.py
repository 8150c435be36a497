"""Saving an answer: the one path that is hot enough for its own shape. Async, one SQL statement that checks and upserts on asyncpg, no outbox row,
no message: the answer row is the event."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from lms_app.adapters import clock
from lms_app.crypto import Unreadable, key_ring
from lms_app.domain.actor import Actor
from lms_app.domain.assessments.answers import sealed_response
from lms_app.domain.assessments.timing_rules import GRACE
from lms_app.domain.assessments.types import TYPES
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound, NotSignedIn

LARGEST = 32_000
"""Bytes of one response; of one that a person marks, LARGEST_WRITTEN."""

LARGEST_WRITTEN = 400_000

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""The one character that Postgres keeps in no text, as JSON writes it."""

# The login is looked at in the same statement: in an exam an answer comes every few seconds from everybody, and reading who acts beforehand cost
# more than the save. What erases a person ends their log-ins, so the login's row tells that too.
#
# FOR KEY SHARE waits for a submission that holds the attempt FOR UPDATE and then looks at its status again, so that no answer is acknowledged
# after its attempt was graded.
_SAVE = """
WITH mine AS (
    SELECT id, deadline_at FROM attempts
    WHERE id = $1 AND person_id = $2 AND status = 'open' AND (deadline_at IS NULL OR $6::timestamptz <= deadline_at + $7::interval)
      AND layout @> jsonb_build_array(jsonb_build_object('question', $3::uuid::text, 'type', $8::text))
      AND (NOT one_way OR layout @> jsonb_build_array(jsonb_build_object('question', $3::uuid::text, 'page', page)))
      AND ($11::uuid IS NULL OR EXISTS (SELECT FROM logins WHERE id = $11 AND person_id = $2 AND ended_at IS NULL AND expires_at > $6))
    FOR KEY SHARE
)
INSERT INTO answers (attempt_id, question_id, response, response_sealed, certainty, sequence, saved_at)
SELECT id, $3::uuid, $4::jsonb, $9::bytea, $10::int, $5::bigint, $6::timestamptz FROM mine
ON CONFLICT (attempt_id, question_id) DO UPDATE
SET response = excluded.response, response_sealed = excluded.response_sealed, certainty = excluded.certainty,
    sequence = excluded.sequence, saved_at = excluded.saved_at
WHERE answers.sequence < excluded.sequence AND answers.checked_at IS NULL
RETURNING saved_at, (SELECT deadline_at FROM mine) AS deadline_at
"""

_WHY_NOT = """
SELECT ($4::uuid IS NULL OR EXISTS (SELECT FROM logins WHERE id = $4 AND person_id = $2 AND ended_at IS NULL AND expires_at > $5)) AS stands,
       t.status, t.deadline_at, t.one_way, t.page, a.saved_at, a.sequence, a.checked_at, entry->>'type' AS type, (entry->>'page')::int AS entry_page
FROM (SELECT) AS one LEFT JOIN attempts t ON t.id = $1 AND t.person_id = $2
LEFT JOIN LATERAL jsonb_array_elements(t.layout) entry ON entry->>'question' = $3::uuid::text
LEFT JOIN answers a ON a.attempt_id = t.id AND a.question_id = $3::uuid
"""

_KEY = "SELECT wrapped, master_key_id FROM person_keys WHERE person_id = $1 AND destroyed_at IS NULL"


@dataclass(frozen=True, kw_only=True)
class Saved:
    """The acknowledgement: the answer is on disk. `sequence` is the one that is kept; a late repeat learns of the newer one. `deadline_at` is the
    attempt's as it is now, since it may move."""

    saved_at: datetime
    sequence: int
    deadline_at: datetime | None


async def save(
    pool: asyncpg.Pool,
    actor: Actor,
    attempt_id: UUID,
    question_id: UUID,
    question_type: str,
    response: dict[str, Any],
    sequence: int,
    certainty: int | None = None,
) -> Saved:
    """Saves one response of the actor's open attempt, if `sequence` is newer than what is kept. `certainty` is 1 to 3 where the quiz asks for it.
    Where the actor names a login, it must stand: the caller need not have looked.

    Raises NotSignedIn when the login has ended, NotFound for an attempt or question that is not the actor's, Conflict when the attempt is closed,
    the answer was checked or its page was left for good, LimitReached when the time is over, Invalid for a response that its type does not know.
    """
    kind = TYPES.get(question_type)  # pyright: ignore[reportArgumentType, reportCallIssue]
    if kind is None or not kind.asks:
        raise Invalid("There is no such type of question.")
    try:
        body = orjson.dumps(response)
    except TypeError:  # half a character, a number without end, a nesting without end
        raise Invalid("This answer does not fit the question.") from None
    largest = LARGEST_WRITTEN if kind.by_hand else LARGEST
    if len(body) > largest:
        raise Invalid(f"This answer is too long. The limit is {largest // 1000} kB.")
    if _NUL.search(body):
        raise Invalid("This answer does not fit the question.")
    try:
        kind.response.model_validate(response)
    except ValueError:
        raise Invalid("This answer does not fit the question.") from None
    now = clock.now()
    plain, sealed = body.decode(), None
    if kind.typed:
        plain, sealed = None, sealed_response(await _key_of(pool, actor.person_id), attempt_id, question_id, body)
    saved = await pool.fetchrow(
        _SAVE, attempt_id, actor.person_id, question_id, plain, sequence, now, GRACE, question_type, sealed, certainty, actor.login_id
    )
    if saved is not None:
        return Saved(saved_at=saved["saved_at"], sequence=sequence, deadline_at=saved["deadline_at"])
    row = await pool.fetchrow(_WHY_NOT, attempt_id, actor.person_id, question_id, actor.login_id, now)
    assert row is not None
    return _explain(row, question_type, now)


async def _key_of(pool: asyncpg.Pool, person_id: UUID) -> bytes:
    """The key that seals what this person writes: held in the process, else read once a minute."""
    try:
        return key_ring.key(None, person_id)
    except Unreadable:
        row = await pool.fetchrow(_KEY, person_id)
        if row is None:
            raise NotFound("There is no such account any more.") from None
        return key_ring.open(person_id, bytes(row["wrapped"]), row["master_key_id"])


def _explain(row: asyncpg.Record, question_type: str, now: datetime) -> Saved:
    """What the statement found instead of an open attempt: an older repeat is fine, everything else is refused."""
    if not row["stands"]:
        raise NotSignedIn
    if row["type"] != question_type:
        raise NotFound("There is no such question in an attempt of yours.")
    if row["status"] != "open":
        raise Conflict("This attempt is over. What was saved before counts.")
    if row["deadline_at"] is not None and now > row["deadline_at"] + GRACE:
        raise LimitReached("The time is over. What was saved before counts.")
    if row["checked_at"] is not None:
        raise Conflict("You have seen how this answer did, so it no longer changes.")
    if row["one_way"] and row["entry_page"] != row["page"]:
        raise Conflict("You have left the page of this question. What was saved before counts.")
    return Saved(saved_at=row["saved_at"], sequence=row["sequence"], deadline_at=row["deadline_at"])
