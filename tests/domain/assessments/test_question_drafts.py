"""Questions under their authors' hands: drafts, what keeps them from being given out, two authors at once, trials."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, func, select

from lms_app.domain.actor import Actor
from lms_app.domain.assessments import question_bank, question_drafts, question_source, question_trials, quiz_authoring
from lms_app.domain.assessments.question_comparison import compare
from lms_app.domain.assessments.question_drafts import QuestionInHand, QuestionMoved
from lms_app.domain.assessments.question_forms import empty_form, form_from_body
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.courses import objectives
from lms_app.errors import Invalid, NotFound
from lms_app.models import Question, QuestionDraft, QuestionRevision
from lms_app.words import Difficulty, QuestionType
from tests.support.campus import Campus, new_actor, new_campus
from tests.support.every_type import bodies
from tests.support.questions import choice_id, rich, true_false_body

STATEMENT = {**empty_form(QuestionType.TRUE_FALSE), "stem": rich("Slate splits."), "answer": "true"}


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def new(campus: Campus, type_: QuestionType = QuestionType.TRUE_FALSE, **more: Any) -> UUID:
    return question_drafts.new(campus.session, campus.instructor, campus.course.id, type_, **more)


def opened(campus: Campus, question: UUID, actor: Actor | None = None) -> QuestionInHand:
    return question_drafts.open_question(campus.session, actor or campus.instructor, question)


def save(campus: Campus, question: UUID, form: dict[str, Any], base: str = "", **more: Any) -> question_drafts.SavedQuestion:
    version = UUID(base or opened(campus, question).version)
    return question_drafts.save(campus.session, more.pop("actor", campus.instructor), question, form, base=version, **more)


def give_out(campus: Campus, question: UUID, version: str) -> question_drafts.GivenOut:
    return question_drafts.give_out(campus.session, campus.instructor, question, version=UUID(version))


def discard(campus: Campus, question: UUID, version: str) -> None:
    question_drafts.discard(campus.session, campus.instructor, question, version=UUID(version))


def test_a_new_question_is_kept_half_written_and_says_what_is_missing(campus: Campus) -> None:
    question = new(campus)
    assert (opened(campus, question).state, opened(campus, question).revision, opened(campus, question).blank) == ("new", 0, True)
    saved = save(campus, question, {**STATEMENT, "answer": ""})
    assert (saved.state, saved.title, saved.problems) == ("new", "Slate splits.", {"answer": "Say whether the statement is true or false."})
    assert opened(campus, question).form["stem"] == rich("Slate splits.")
    assert not opened(campus, question).blank
    with pytest.raises(Invalid) as refusal:
        give_out(campus, question, saved.version)
    assert set(refusal.value.fields) == {"answer"}
    assert str(question) not in {line.id for line in question_bank.bank(campus.session, campus.instructor, campus.course.id).lines}


def test_what_is_given_out_goes_into_the_quiz_it_was_made_for_and_quizzes_follow_the_next_state(campus: Campus) -> None:
    quiz = campus.quiz("Try it")
    question = question_drafts.new_for_quiz(campus.session, campus.instructor, quiz.id, QuestionType.TRUE_FALSE)
    first = opened(campus, question).takes_it
    assert first is not None
    assert first.title == "Try it"
    given = give_out(campus, question, save(campus, question, STATEMENT).version)
    assert (given.revision, [name.title for name in given.used_in], given.correctable) == (1, ["Try it"], False)
    assert quiz_authoring.lines_of(campus.session, quiz)[-1].question_id == question
    changed = save(campus, question, {**STATEMENT, "answer": "false"})
    assert changed.state == "changed"
    again = give_out(campus, question, changed.version)
    assert (again.revision, opened(campus, question).state) == (2, "saved")
    assert str(quiz_authoring.lines_of(campus.session, quiz)[-1].revision_id) == again.version
    # Nothing was written since: the same again.
    assert give_out(campus, question, again.version).revision == 2


def test_two_authors_never_overwrite_each_other_in_silence(campus: Campus) -> None:
    question = new(campus)
    before = opened(campus, question).version
    mine = save(campus, question, STATEMENT, before, spell="mine")
    # The answer to my first save was lost: the next of the same spell is no conflict.
    mine = save(campus, question, {**STATEMENT, "answer": "false"}, before, spell="mine")
    with pytest.raises(QuestionMoved) as moved:
        save(campus, question, {**STATEMENT, "stem": rich("Chalk is soft."), "answer": "false"}, before, spell="theirs")
    theirs = moved.value.theirs
    assert (theirs.version, [difference.field for difference in theirs.differences]) == (mine.version, ["stem"])
    assert "Slate splits." in theirs.differences[0].theirs
    assert "Chalk is soft." in theirs.differences[0].mine
    with pytest.raises(QuestionMoved):
        give_out(campus, question, before)
    # What says the same is no conflict, whoever saved it.
    assert save(campus, question, {**STATEMENT, "answer": "false"}, before, spell="theirs").state == "new"


def test_what_a_program_gave_out_meanwhile_is_shown_to_who_writes(campus: Campus) -> None:
    question = new(campus)
    version = give_out(campus, question, save(campus, question, STATEMENT).version).version
    draft = save(campus, question, {**STATEMENT, "answer": "false"}, version)
    question_source.save(campus.session, campus.instructor, question, true_false_body(True), revision=1)
    with pytest.raises(QuestionMoved) as moved:
        save(campus, question, {**STATEMENT, "answer": "false"}, draft.version, spell="x")
    newer = moved.value.theirs.version
    kept = save(campus, question, {**STATEMENT, "answer": "false"}, newer)
    assert give_out(campus, question, kept.version).revision == 3


def test_what_was_written_is_taken_back_and_a_question_never_given_out_leaves_the_bank(campus: Campus) -> None:
    question = new(campus)
    give_out(campus, question, save(campus, question, STATEMENT).version)
    seen = opened(campus, question).version
    newest = save(campus, question, {**STATEMENT, "answer": "false"}).version
    with pytest.raises(QuestionMoved):
        discard(campus, question, seen)
    discard(campus, question, newest)
    assert (opened(campus, question).form["answer"], opened(campus, question).state) == ("true", "saved")
    other = new(campus)
    version = opened(campus, other).version
    discard(campus, other, version)
    assert campus.session.get_one(Question, other).archived_at is not None
    with pytest.raises(Invalid, match="taken out"):
        discard(campus, other, version)


def test_a_question_says_where_it_stands_in_its_bank(campus: Campus) -> None:
    session, actor, course = campus.session, campus.instructor, campus.course.id
    question, stones = new(campus), question_bank.add_category(session, actor, course, "Stones")
    aim = objectives.add(session, actor, course, "Tell stones apart.")
    question_drafts.put_away(session, actor, question, category_id=stones, tags="Roofs", difficulty=Difficulty.HARD, objective_id=aim)
    found = opened(campus, question)
    assert (found.category, found.tags, found.difficulty, found.objective) == (str(stones), ["roofs"], "hard", str(aim))
    for wrong in ({"objective_id": uuid4()}, {"category_id": uuid4()}):
        more: dict[str, Any] = {"category_id": None, "tags": "", "difficulty": Difficulty.UNSAID, "objective_id": None, **wrong}
        with pytest.raises(NotFound):
            question_drafts.put_away(session, actor, question, **more)


def test_only_who_may_author_a_question_sees_its_draft(campus: Campus) -> None:
    question, stranger = new(campus), new_actor(campus.session, "Sam Stranger", teaches=True)
    version = UUID(opened(campus, question).version)
    for forbidden in (
        lambda: opened(campus, question, stranger),
        lambda: save(campus, question, STATEMENT, str(version), actor=stranger),
        lambda: question_drafts.give_out(campus.session, stranger, question, version=version),
        lambda: question_drafts.discard(campus.session, stranger, question, version=version),
        lambda: question_trials.try_out(campus.session, stranger, question, STATEMENT, seed=1),
        lambda: question_trials.draws(campus.session, stranger, question, STATEMENT),
        lambda: question_drafts.new(campus.session, stranger, campus.course.id, QuestionType.ESSAY),
        lambda: question_drafts.new_for_quiz(campus.session, stranger, campus.quiz("Try it").id, QuestionType.ESSAY),
    ):
        with pytest.raises(NotFound):
            forbidden()
    with pytest.raises(Invalid, match="needs a course"):
        question_drafts.new(campus.session, campus.instructor, None, QuestionType.HOTSPOT)


def test_a_form_keeps_the_fields_of_its_type_alone_and_no_character_of_code_0(campus: Campus) -> None:
    question = new(campus)
    save(campus, question, {**STATEMENT, "choices": ["x"]})
    assert set(opened(campus, question).form) == set(empty_form(QuestionType.TRUE_FALSE))
    for odd in ("a\x00", "x" * 1_000_001):
        with pytest.raises(Invalid):
            save(campus, question, {**STATEMENT, "feedback": odd})
    save(campus, question, {**STATEMENT, "feedback": "a\\u0000"})


def test_every_type_is_tried_out_as_a_student_would_answer_it_and_nothing_is_stored(campus: Campus) -> None:
    for type_, body in bodies().items():
        question = new(campus, type_)
        form = form_from_body(type_, body)
        if type_ == QuestionType.HOTSPOT:
            # Its picture is none of the course's.
            with pytest.raises(Invalid) as refusal:
                question_trials.try_out(campus.session, campus.instructor, question, form, seed=1)
            assert set(refusal.value.fields) == {"file"}
            continue
        kind = TYPES[type_]
        solved = kind.solve(kind.draw(kind.body.model_validate(body), 1))
        response = solved.model_dump(mode="json") if solved else {"text": "Two words"} if type_ == QuestionType.ESSAY else None
        trial = question_trials.try_out(campus.session, campus.instructor, question, form, seed=1, response=response)
        assert trial.question.type == type_.value
        if solved:
            assert (trial.percent, trial.feedback and trial.feedback.outcome) == ("100", "correct"), type_
    counted = select(func.count()).select_from(QuestionRevision).join(QuestionDraft, QuestionDraft.question_id == QuestionRevision.question_id)  # pyright: ignore
    assert campus.session.exec(counted).one() == 0
    with pytest.raises(Invalid, match="no answer"):
        question_trials.try_out(campus.session, campus.instructor, new(campus), STATEMENT, seed=1, response={"text": 1})


def test_a_trial_tells_what_is_said_of_a_wrong_answer_and_a_new_seed_draws_anew(campus: Campus) -> None:
    type_ = QuestionType.CALCULATED
    form = form_from_body(type_, bodies()[type_]) | {"variables": [{"name": "x", "low": "1", "high": "900", "step": "1"}], "hints": ["Add."]}
    question = new(campus, type_)
    trials = [question_trials.try_out(campus.session, campus.instructor, question, form, seed=seed, response={"text": "-1"}) for seed in (1, 1, 2)]
    assert trials[0].question.html == trials[1].question.html != trials[2].question.html
    assert (trials[0].percent, "Add." in trials[0].hints[0]) == ("0", True)
    assert trials[0].feedback is not None
    assert trials[0].feedback.solution
    draws = question_trials.draws(campus.session, campus.instructor, question, form)
    assert all(int(draw.answer) == 2 * int(draw.values["x"]) for draw in draws)
    assert question_trials.draws(campus.session, campus.instructor, new(campus), STATEMENT) == []


def test_states_are_compared_field_by_field_and_by_what_they_say() -> None:
    row = {"id": choice_id(1), "text": rich("a"), "right": True}
    same = {"type": "doc", "content": [{"type": "paragraph", "attrs": {"block": None}, "content": [{"type": "text", "text": "a"}]}]}
    theirs: dict[str, Any] = {"stem": "", "choices": [row], "shuffle": True, "feedback": ""}
    assert compare(theirs, {**theirs, "choices": [{**row, "text": same, "id": ""}], "shuffle": True}) == []
    [choices, feedback] = compare(theirs, {**theirs, "choices": [{**row, "text": rich("<b>")}], "feedback": rich("Why")})
    assert (choices.field, choices.theirs, choices.mine) == ("choices", "<ol><li>a · ✓</li></ol>", "<ol><li>&lt;b&gt; · ✓</li></ol>")
    assert (feedback.theirs, "Why" in feedback.mine) == ("", True)
