"""A score depends on what was answered last, and on nothing else: not on the order in which answers arrive, on repeats, on shuffles, on breaks."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from lms_app.database import answer_pool, close_loop, transaction
from lms_app.domain.actor import Actor
from lms_app.domain.assessments import answer_writes, answers, attempts, grading, settling
from lms_app.domain.assessments.grading_rules import grade_attempt, grade_response
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.views import AttemptSheet, QuestionSheet
from lms_app.domain.courses import authoring
from lms_app.domain.enrollments import enrollments
from lms_app.errors import Conflict
from lms_app.models import Attempt
from lms_app.words import QuestionType, Role
from tests.support.campus import RIGHT, WRONG, neutral_course, new_campus
from tests.support.people import sign_in
from tests.support.questions import bodies, questions

on_one_database = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

PARTLY = {QuestionType.MULTIPLE_CHOICE: {"choices": ["choice-00000"]}}


@dataclass
class Hall:
    """A student, two quizzes, and a loop on which answers are saved as the web server saves them."""

    runner: asyncio.Runner
    student: Actor
    quiz: UUID
    one_way: UUID

    def start(self, quiz: UUID | None = None) -> AttemptSheet:
        with transaction() as session:
            return attempts.start(session, self.student, quiz or self.quiz)

    def save(self, attempt_id: str, question: QuestionSheet, response: dict[str, Any], sequence: int) -> answer_writes.Saved:
        async def save() -> answer_writes.Saved:
            return await answer_writes.save(await answer_pool(), self.student, UUID(attempt_id), UUID(question.id), question.type, response, sequence)

        return self.runner.run(save())

    def submit(self, attempt_id: str) -> None:
        with transaction() as session:
            attempts.submit(session, self.student, UUID(attempt_id))

    def look_again(self, attempt_id: str, how: str) -> None:
        """A break: the sheet is opened anew, started anew, or the tab says that it is there."""
        with transaction() as session:
            match how:
                case "reload":
                    attempts.read(session, self.student, UUID(attempt_id))
                case "start":
                    assert attempts.start(session, self.student, self.quiz).id == attempt_id
                case _:
                    attempts.beat(session, self.student, UUID(attempt_id), 2)

    def is_graded_as(self, attempt_id: str, told: dict[str, dict[str, Any]]) -> None:
        """The attempt's score is what these responses, by question, make: question by question, and as a whole."""
        with transaction() as session:
            attempt = session.get_one(Attempt, UUID(attempt_id))
            kept = {str(question): answer.response for question, answer in answers.given(session, attempt).items()}
            assert kept == told
            pinned = grading.pinned_questions(attempt, grading.revisions_of(session, attempt))
            expected = grade_attempt(pinned, {UUID(question): response for question, response in told.items()}, pass_mark=Decimal("0.6"))
            assert (attempt.score, attempt.fraction, attempt.passed) == (expected.total.score, expected.total.fraction, expected.passed)
            assert settling.settings_of(session, attempt).pass_mark == Decimal("0.6")


@pytest.fixture
def hall(committed_database: str, redis_url: str) -> Iterator[Hall]:
    student = sign_in(Role.STUDENT).actor
    quizzes: list[UUID] = []
    with transaction() as session:
        for slug, ways in (("free", {"shuffle_questions": True}), ("one-way", {"navigation": "one_way", "questions_per_page": 2})):
            campus = new_campus(session, neutral_course(slug, **ways), publish=False)
            authoring.publish_course(session, campus.instructor, campus.course.id)
            enrollments.enroll(session, student, campus.slug)
            quizzes.append(campus.quiz("Final quiz").id)
    with asyncio.Runner() as runner:
        yield Hall(runner, student, *quizzes)
        runner.run(close_loop())


def responses_to(type_: str) -> list[dict[str, Any]]:
    """What may be answered: right, wrong, and where there is such a thing, partly right."""
    kind = QuestionType(type_)
    return [RIGHT[kind], WRONG[kind], *([PARTLY[kind]] if kind in PARTLY else [])]


@on_one_database
@given(data=st.data())
def test_the_order_of_arrival_repeats_shuffles_and_breaks_move_no_score(hall: Hall, data: st.DataObject) -> None:
    sheet = hall.start()
    given_ = data.draw(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2)), min_size=3, max_size=10), label="answers, in the student's order")
    sent = []
    for sequence, (place, which) in enumerate(given_, start=1):
        # By type, since every attempt has its questions in another order.
        question = sorted(sheet.questions, key=lambda each: each.type)[place]
        possible = responses_to(question.type)
        sent.append((question, possible[which % len(possible)], sequence))
    repeats = data.draw(st.lists(st.sampled_from(sent), max_size=4), label="repeats")
    arriving = data.draw(st.permutations([*sent, *repeats]), label="arrival")
    breaks = data.draw(st.dictionaries(st.integers(0, len(arriving) - 1), st.sampled_from(["reload", "start", "beat"]), max_size=3), label="breaks")
    for turn, (question, response, sequence) in enumerate(arriving):
        if turn in breaks:
            hall.look_again(sheet.id, breaks[turn])
        assert hall.save(sheet.id, question, response, sequence).sequence >= sequence
    hall.submit(sheet.id)
    last = {question.id: response for question, response, _ in sent}
    hall.is_graded_as(sheet.id, last)


@on_one_database
@given(data=st.data())
def test_pages_turned_for_good_keep_what_was_acknowledged_and_take_nothing_more(hall: Hall, data: st.DataObject) -> None:
    sheet = hall.start(hall.one_way)
    told: dict[str, dict[str, Any]] = {}
    left: list[QuestionSheet] = []
    sequence = 0
    for page in range(1, sheet.pages + 1):
        if page > 1:
            with transaction() as session:
                sheet = attempts.turn_page(session, hall.student, UUID(sheet.id), page)
        assert {question.page for question in sheet.questions} == {page}
        tried = data.draw(st.lists(st.tuples(st.sampled_from([*sheet.questions, *left]), st.integers(0, 2)), max_size=4), label=f"page {page}")
        for question, which in tried:
            sequence += 1
            possible = responses_to(question.type)
            response = possible[which % len(possible)]
            if question in left:
                with pytest.raises(Conflict):
                    hall.save(sheet.id, question, response, sequence)
            else:
                hall.save(sheet.id, question, response, sequence)
                told[question.id] = response
        left += sheet.questions
    hall.submit(sheet.id)
    hall.is_graded_as(sheet.id, told)


@on_one_database
@given(order=st.permutations(range(5)), which=st.lists(st.integers(0, 2), min_size=5, max_size=5))
def test_the_same_answers_make_the_same_score_in_every_attempt(hall: Hall, order: list[int], which: list[int]) -> None:
    scores = set()
    for places in (range(5), order):
        sheet = hall.start()
        by_type = sorted(sheet.questions, key=lambda each: each.type)
        for sequence, place in enumerate(places, start=1):
            possible = responses_to(by_type[place].type)
            hall.save(sheet.id, by_type[place], possible[which[place] % len(possible)], sequence)
        hall.submit(sheet.id)
        with transaction() as session:
            scores.add(session.get_one(Attempt, UUID(sheet.id)).score)
    assert len(scores) == 1


@given(questions, st.integers(0, 2**62), st.integers(0, 2**62))
def test_a_seed_moves_no_score_of_what_is_not_drawn_by_it(drawn: tuple[QuestionType, dict[str, Any], dict[str, Any]], one: int, other: int) -> None:
    type_, body, response = drawn
    assume(type_ != QuestionType.CALCULATED)
    assert grade_response(type_, body, response, seed=one) == grade_response(type_, body, response, seed=other)


@given(bodies[QuestionType.CALCULATED], st.integers(0, 2**62))
def test_a_calculated_question_gives_everything_for_the_right_number_of_every_seed(body: dict[str, Any], seed: int) -> None:
    kind = TYPES[QuestionType.CALCULATED]
    stored = kind.draw(kind.body.model_validate(body), seed)
    solved = kind.solve(stored)
    assert solved is not None
    assert grade_response(QuestionType.CALCULATED, body, solved.model_dump(mode="json"), seed=seed).fraction == 1
