"""Answers are acknowledged durably: saved once, in order, by their owner, in time, and never after the attempt was graded."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlmodel import select

from lms_app.adapters import clock
from lms_app.database import answer_pool, transact, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import answer_writes, answers, attempts, closing
from lms_app.domain.assessments.answer_writes import LARGEST, Saved
from lms_app.domain.assessments.timing_rules import GRACE
from lms_app.domain.assessments.views import AttemptResult, AttemptSheet
from lms_app.errors import Conflict, Invalid, LimitReached, NotFound
from lms_app.ids import uuid7
from lms_app.models import Answer, Attempt, Enrollment, LearningEvent
from lms_app.words import AttemptStatus, QuestionType, Verb
from tests.support.campus import RIGHT, WRONG, neutral_course, new_actor, new_campus

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


@dataclass
class Sitting:
    """A student at the beginning of a quiz of one minute."""

    pool: asyncpg.Pool
    student: Actor
    assessment_id: UUID
    sheet: AttemptSheet

    @property
    def attempt_id(self) -> UUID:
        return UUID(self.sheet.id)

    def question(self, type_: QuestionType) -> UUID:
        return next(UUID(question.id) for question in self.sheet.questions if question.type == type_)

    async def save(self, type_: QuestionType = QuestionType.TRUE_FALSE, response: Any = None, sequence: int = 1, **other: Any) -> Saved:
        """Saves the right answer, or `response`."""
        return await answer_writes.save(
            other.get("pool", self.pool),
            other.get("actor", self.student),
            other.get("attempt_id", self.attempt_id),
            other.get("question_id", self.question(type_)),
            other.get("claimed", type_),
            RIGHT[type_] if response is None else response,
            sequence,
        )

    def submit(self) -> AttemptResult:
        with transaction() as session:
            return attempts.submit(session, self.student, self.attempt_id)


def kept() -> dict[UUID, tuple[Any, int]]:
    """Every answer in the database."""
    with transaction() as session:
        return {
            question: (answer.response, answer.sequence)
            for attempt in session.exec(select(Attempt)).all()
            for question, answer in answers.given(session, attempt).items()
        }


def begin(student: Actor, assessment_id: UUID) -> AttemptSheet:
    with transaction() as session:
        return attempts.start(session, student, assessment_id)


@pytest.fixture
async def sitting() -> AsyncIterator[Sitting]:
    with transaction() as session:
        campus = new_campus(session, neutral_course(time_limit=60))
        campus.enroll()
        student, assessment_id = campus.student, campus.quiz("Final quiz").id
    pool = await answer_pool()
    yield Sitting(pool, student, assessment_id, begin(student, assessment_id))
    await pool.close()


async def test_the_reply_says_when_the_answer_was_put_on_disk(sitting: Sitting) -> None:
    before = clock.now()
    saved = await sitting.save(sequence=7)
    assert before <= saved.saved_at <= clock.now()
    with transaction() as session:
        row = session.exec(select(Answer)).one()
    assert (row.response, row.sequence, row.saved_at, saved.sequence) == ({"value": True}, 7, saved.saved_at, 7)


async def test_an_older_answer_never_wins_and_learns_of_the_newer(sitting: Sitting) -> None:
    newer = await sitting.save(response={"value": False}, sequence=9)
    assert await sitting.save(response={"value": True}, sequence=8) == newer
    assert await sitting.save(response={"value": True}, sequence=9) == newer
    assert kept()[sitting.question(QuestionType.TRUE_FALSE)] == ({"value": False}, 9)


async def test_of_answers_that_arrive_at_once_the_newest_is_kept(sitting: Sitting) -> None:
    numbers = list(range(1, 41))
    await asyncio.gather(
        *(sitting.save(QuestionType.SHORT_TEXT, {"text": f"draft {number}"}, number) for number in numbers[::2] + numbers[1::2][::-1])
    )
    assert kept()[sitting.question(QuestionType.SHORT_TEXT)] == ({"text": "draft 40"}, 40)


async def test_anothers_attempt_does_not_exist(sitting: Sitting) -> None:
    await sitting.save()
    before = kept()
    with transaction() as session:
        stranger = new_actor(session, "Another Student")
    with pytest.raises(NotFound):
        await sitting.save(response={"value": False}, sequence=5, actor=stranger)
    assert kept() == before


@pytest.mark.parametrize(
    ("reason", "other"),
    [
        (NotFound, {"attempt_id": uuid7()}),
        (NotFound, {"question_id": uuid7()}),
        (NotFound, {"claimed": QuestionType.NUMERIC, "response": {"text": "3"}}),
        (Invalid, {"claimed": "essay"}),
        (Invalid, {"response": {"value": "perhaps"}}),
        (Invalid, {"response": {"choice": "a"}}),
        (Invalid, {"response": {"value": True, "score": 5}}),
    ],
)
async def test_what_does_not_fit_is_refused_and_loses_nothing(sitting: Sitting, reason: type[Exception], other: dict[str, Any]) -> None:
    await sitting.save()
    before = kept()
    with pytest.raises(reason):
        await sitting.save(sequence=2, **other)
    assert kept() == before


@pytest.mark.parametrize("text", ["x" * (LARGEST + 1), "x" * LARGEST, "a\x00b", "a\ud800b"])
async def test_what_no_column_takes_is_refused_and_loses_nothing(sitting: Sitting, text: str) -> None:
    await sitting.save(QuestionType.SHORT_TEXT)
    before = kept()
    with pytest.raises(Invalid):
        await sitting.save(QuestionType.SHORT_TEXT, {"text": text}, 2)
    assert kept() == before


async def test_a_closed_attempt_takes_nothing_more(sitting: Sitting) -> None:
    await sitting.save()
    result = sitting.submit()
    before = kept()
    with pytest.raises(Conflict):
        await sitting.save(response={"value": False}, sequence=2)
    with pytest.raises(Conflict):
        await sitting.save(QuestionType.NUMERIC)
    assert kept() == before
    assert sitting.submit().score == result.score == "1"


async def test_the_grace_is_taken_and_what_comes_after_it_is_not(sitting: Sitting) -> None:
    with transaction() as session:
        deadline = session.exec(select(Attempt.deadline_at)).one()
    assert deadline is not None
    with clock.moved_to(deadline + GRACE):
        assert (await sitting.save()).saved_at == deadline + GRACE
    before = kept()
    with clock.moved_to(deadline + GRACE + timedelta(milliseconds=1)), pytest.raises(LimitReached):
        await sitting.save(response={"value": False}, sequence=2)
    assert kept() == before


async def test_a_checked_answer_stands(sitting: Sitting) -> None:
    await sitting.save()
    with transaction() as session:
        row = session.exec(select(Answer)).one()
        row.checked_at = clock.now()
        session.add(row)
    with pytest.raises(Conflict):
        await sitting.save(response={"value": False}, sequence=2)
    assert kept()[sitting.question(QuestionType.TRUE_FALSE)] == ({"value": True}, 1)


async def close_by_submitting(sitting: Sitting, deadline: Any) -> None:
    await asyncio.to_thread(sitting.submit)


async def close_by_the_clock(sitting: Sitting, deadline: Any) -> None:
    """Sweeps until the attempt is closed: a sweep steps past one whose answer is being saved at that moment, and comes again."""

    def close() -> None:
        for _ in range(1_000):
            with clock.moved_to(deadline + GRACE + timedelta(seconds=1)), transaction() as session:
                closing.close(session, sitting.attempt_id, wait=False)
                if session.get_one(Attempt, sitting.attempt_id).status != AttemptStatus.OPEN:
                    return

    await asyncio.to_thread(close)


async def close_by_starting_anew(sitting: Sitting, deadline: Any) -> None:
    def start() -> None:
        with clock.moved_to(deadline + GRACE + timedelta(seconds=1)):
            begin(sitting.student, sitting.assessment_id)

    await asyncio.to_thread(start)


async def close_by_handing_in(sitting: Sitting, deadline: Any) -> None:
    await transact(lambda session: attempts.hand_in(session, sitting.student, sitting.attempt_id))
    await transact(lambda session: attempts.submit(session, sitting.student, sitting.attempt_id))


@pytest.mark.parametrize(
    ("close", "rounds"), [(close_by_submitting, 20), (close_by_handing_in, 20), (close_by_the_clock, 5), (close_by_starting_anew, 5)]
)
async def test_every_acknowledged_answer_is_in_the_grade_and_none_comes_after_it(sitting: Sitting, close: Callable[..., Any], rounds: int) -> None:
    refused = 0
    for number in range(rounds):
        if number:
            sitting.sheet = begin(sitting.student, sitting.assessment_id)
        with transaction() as session:
            attempt = session.get_one(Attempt, sitting.attempt_id)
        acknowledged: set[UUID] = set()

        async def keep_saving(type_: QuestionType, acknowledged: set[UUID] = acknowledged) -> int:
            for sequence in itertools.count(1):
                try:
                    await sitting.save(type_, WRONG[type_] if sequence % 2 else RIGHT[type_], sequence)
                except Conflict:
                    return sequence - 1
                acknowledged.add(sitting.question(type_))

        savers = {type_: asyncio.create_task(keep_saving(type_)) for type_ in RIGHT}
        await asyncio.sleep(0.002 * (number % 10))
        await close(sitting, attempt.deadline_at)
        async with asyncio.timeout(30):
            newest = {sitting.question(type_): await saver for type_, saver in savers.items()}
        refused += sum(last == 0 for last in newest.values())
        with transaction() as session:
            attempt = session.get_one(Attempt, sitting.attempt_id)
            rows = session.exec(select(Answer).where(Answer.attempt_id == attempt.id)).all()
        assert attempt.status != AttemptStatus.OPEN
        assert {row.question_id for row in rows} == acknowledged
        assert {row.question_id: row.sequence for row in rows} == {id_: last for id_, last in newest.items() if last}
        assert attempt.score == Decimal(sum(last > 0 and last % 2 == 0 for last in newest.values()))
    assert refused < rounds * 5, "No answer was ever quick enough to race."


async def test_five_starts_at_once_give_one_attempt(sitting: Sitting) -> None:
    sitting.submit()
    sheets = await asyncio.gather(*(asyncio.to_thread(begin, sitting.student, sitting.assessment_id) for _ in range(5)))
    assert len({sheet.id for sheet in sheets}) == 1
    with transaction() as session:
        assert len(session.exec(select(Attempt).where(Attempt.status == AttemptStatus.OPEN)).all()) == 1
        assert len(session.exec(select(LearningEvent).where(LearningEvent.verb == Verb.STARTED)).all()) == 2


async def test_five_submissions_at_once_grade_once(sitting: Sitting) -> None:
    await sitting.save()
    results = await asyncio.gather(*(asyncio.to_thread(sitting.submit) for _ in range(5)))
    assert len({(result.score, result.submitted_at) for result in results}) == 1
    with transaction() as session:
        assert len(session.exec(select(LearningEvent).where(LearningEvent.verb == Verb.SUBMITTED)).all()) == 1
        assert session.exec(select(Enrollment.id)).one()


async def test_a_save_costs_one_statement(sitting: Sitting) -> None:
    said: list[str] = []
    async with sitting.pool.acquire() as connection:
        connection.add_query_logger(lambda query: said.append(query.query))
    await sitting.save()
    await sitting.save(sequence=2)
    await asyncio.sleep(0)
    assert len(said) == 2, said
    assert all("INSERT INTO answers" in statement for statement in said)


async def test_who_begins_anew_does_not_wait_for_whoever_closes_the_last_attempt_and_may_wait_for_them(sitting: Sitting) -> None:
    for type_ in RIGHT:
        await sitting.save(type_)

    def begin() -> int:
        with transaction() as session:
            return attempts.start(session, sitting.student, sitting.assessment_id).number

    with clock.moved_by(timedelta(minutes=2)):
        with transaction() as session:
            attempts.own_attempt(session, sitting.student, sitting.attempt_id, lock=True)
            with pytest.raises(Conflict, match="is being closed"):
                await asyncio.wait_for(asyncio.to_thread(begin), 10)
            # What completes a quiz asks for the enrolment, which a start holds.
            assert attempts.submit(session, sitting.student, sitting.attempt_id).percent == 100
        assert begin() == 2
