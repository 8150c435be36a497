import random
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.grading_rules import PinnedQuestion, grade_attempt, grade_response
from lms_app.words import Negative, Outcome, QuestionType
from tests.support.questions import choice_body, choice_id, numeric_body, questions, text_body

points = st.decimals(min_value=0, max_value=20, places=2)


def pinned(number: int, type_: QuestionType, body: dict[str, Any], points: str | Decimal = "1") -> PinnedQuestion:
    return PinnedQuestion(id=UUID(int=number), revision_id=UUID(int=1000 + number), type=type_, body=body, points=Decimal(points), seed=number)


QUIZ = [
    pinned(1, QuestionType.SINGLE_CHOICE, choice_body("1", "0"), "2"),
    pinned(2, QuestionType.MULTIPLE_CHOICE, choice_body("0.5", "0.5", "-1")),
    pinned(3, QuestionType.NUMERIC, numeric_body("5"), "0.5"),
    pinned(4, QuestionType.SHORT_TEXT, text_body("Paris")),
]
ANSWERS: dict[UUID, dict[str, Any]] = {
    UUID(int=1): {"choice": choice_id(0)},
    UUID(int=2): {"choices": [choice_id(1)]},
    UUID(int=3): {"text": "6"},
}


def test_an_attempt_earns_the_points_of_its_answers() -> None:
    result = grade_attempt(QUIZ, ANSWERS, pass_mark=Decimal("0.55"))
    assert [str(each.score) for each in result.questions] == ["2.000000", "0.500000", "0.000000", "0.000000"]
    assert [each.grade.outcome for each in result.questions] == [Outcome.CORRECT, Outcome.PARTIAL, Outcome.INCORRECT, Outcome.BLANK]
    assert (str(result.total.score), str(result.total.max_score), str(result.total.fraction)) == ("2.500000", "4.500000", "0.555556")
    assert result.passed is True


def test_below_the_pass_mark_is_not_passed_and_without_one_nothing_is() -> None:
    assert grade_attempt(QUIZ, ANSWERS, pass_mark=Decimal("0.56")).passed is False
    assert grade_attempt(QUIZ, ANSWERS).passed is None


def test_an_answer_to_a_question_the_attempt_does_not_have_is_passed_by() -> None:
    assert grade_attempt(QUIZ, {**ANSWERS, UUID(int=99): {"choice": choice_id(0)}}) == grade_attempt(QUIZ, ANSWERS)


def test_a_response_that_does_not_fit_its_type_is_blank_and_stops_nothing() -> None:
    assert grade_response(QuestionType.NUMERIC, numeric_body("5"), {"choice": "5"}, seed=1).outcome == Outcome.BLANK
    assert grade_response(QuestionType.NUMERIC, numeric_body("5"), {}, seed=1).outcome == Outcome.BLANK


def test_an_attempt_of_no_questions_has_earned_nothing() -> None:
    assert grade_attempt([], {}, pass_mark=Decimal("0.5")).passed is False


@given(st.lists(st.tuples(questions, points), max_size=6), st.integers())
def test_shuffling_questions_and_answers_moves_no_score(drawn: list[Any], seed: int) -> None:
    quiz = [pinned(number, type_, body, worth) for number, ((type_, body, _), worth) in enumerate(drawn)]
    answers = [(UUID(int=number), response) for number, ((_, _, response), _) in enumerate(drawn)]
    before = grade_attempt(quiz, dict(answers))
    order = random.Random(seed)
    order.shuffle(quiz)
    order.shuffle(answers)
    after = grade_attempt(quiz, dict(answers))
    assert after.total == before.total
    assert {each.question.id: each.score for each in after.questions} == {each.question.id: each.score for each in before.questions}
    assert 0 <= after.total.score <= after.total.max_score


@given(st.lists(st.tuples(questions, points), min_size=1, max_size=6), st.data())
def test_taking_an_answer_away_never_earns_more(drawn: list[Any], data: st.DataObject) -> None:
    quiz = [pinned(number, type_, body, worth) for number, ((type_, body, _), worth) in enumerate(drawn)]
    answers = {UUID(int=number): response for number, ((_, _, response), _) in enumerate(drawn)}
    missing = data.draw(st.sampled_from(list(answers)))
    fewer = {question: response for question, response in answers.items() if question != missing}
    assert grade_attempt(quiz, fewer).total.score <= grade_attempt(quiz, answers).total.score


def test_an_answer_that_costs_costs_only_in_a_quiz_that_lets_it() -> None:
    quiz = [pinned(1, QuestionType.SINGLE_CHOICE, choice_body("1", "-0.5"), "2"), pinned(2, QuestionType.NUMERIC, numeric_body("5"))]
    answers: dict[UUID, dict[str, Any]] = {UUID(int=1): {"choice": choice_id(1)}, UUID(int=2): {"text": "5"}}
    scores = {rule: grade_attempt(quiz, answers, negative=rule) for rule in Negative}
    assert {rule: str(result.total.score) for rule, result in scores.items()} == {
        Negative.NONE: "1.000000",
        Negative.QUESTION: "0.000000",
        Negative.TOTAL: "0.000000",
    }
    assert [str(result.questions[0].fraction) for result in scores.values()] == ["0.000000", "-0.500000", "-0.500000"]
