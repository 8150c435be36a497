"""A bank as its page shows it, many questions changed at once, files in and out."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlmodel import Session, select

from lms_app.adapters import clock
from lms_app.domain.assessments import bank_editing, bank_files, bank_listing, question_bank, question_drafts, quiz_authoring
from lms_app.domain.assessments.bank_listing import Entry, Sought, Window
from lms_app.domain.courses import objectives
from lms_app.errors import Invalid, NotFound
from lms_app.ids import uuid7
from lms_app.interchange import neutral
from lms_app.interchange.gift import read_gift
from lms_app.interchange.question_formats import READERS, write_questions
from lms_app.models import Question, RunQuestionSums, StoredFile
from lms_app.words import Difficulty, QuestionType
from tests.support.asked import add_question
from tests.support.campus import Campus, new_actor, new_campus
from tests.support.every_type import PICTURE, bodies

GIFT = b"""
$CATEGORY: $course$/Stones/Old

::Slate:: Slate splits.{T}

What is under sand? {=rock ~air ~[html]<b>water</b>}

This one {has no right answer
"""


@pytest.fixture
def campus(session: Session) -> Campus:
    return new_campus(session)


def window(campus: Campus, offset: int = 0, **sought: Any) -> Window:
    return bank_listing.window(campus.session, campus.instructor, campus.course.id, Sought(**sought), offset=offset)


def titles(campus: Campus, **sought: Any) -> list[str]:
    return [entry.title for entry in window(campus, **sought).entries]


def add(campus: Campus, stem: str, quiz: str = "Try it") -> UUID:
    form = {"stem": stem, "answer": "true", "feedback_true": "Because of its *layers*."}
    return add_question(campus.session, campus.instructor, campus.quiz(quiz).id, QuestionType.TRUE_FALSE, form)


def of(campus: Campus, question: UUID) -> Entry:
    return next(entry for entry in window(campus).entries if entry.id == str(question))


def test_questions_are_found_by_the_words_of_all_that_they_say_and_by_where_they_stand(campus: Campus) -> None:
    session, actor, course = campus.session, campus.instructor, campus.course.id
    slate, chalk = add(campus, "Slate splits well."), add(campus, "Chalk is soft.")
    stones = question_bank.add_category(session, actor, course, "Stones")
    below = question_bank.add_category(session, actor, course, "Layered", stones)
    aim = objectives.add(session, actor, course, "Tell stones apart.")
    question_drafts.put_away(session, actor, slate, category_id=below, tags="roofs", difficulty=Difficulty.HARD, objective_id=aim)
    draft = question_drafts.new(session, actor, course, QuestionType.ESSAY)
    for sought in (
        {"search": "slat"}, {"search": "LAYER slate"}, {"search": "roof"}, {"category_id": stones}, {"tagged": "Roofs"},
        {"difficulty": Difficulty.HARD}, {"objective_id": aim},
    ):  # fmt: skip
        assert titles(campus, **sought) == ["Slate splits well."], sought
    assert titles(campus, search="% & | !") == titles(campus)
    assert [entry.id for entry in window(campus, unpublished=True).entries] == [str(draft)]
    assert titles(campus, kind=QuestionType.ESSAY) == ["New question"]
    quiz = campus.quiz("Try it")
    quiz_authoring.remove_question(session, actor, quiz.id, chalk)
    assert {entry.id for entry in window(campus, unused=True).entries} == {str(chalk), str(draft)}
    assert bank_listing.ids(session, actor, course, Sought(search="chalk")) == [str(chalk)]
    shelf = bank_listing.shelf(session, actor, course)
    assert (shelf.questions, [line.tag for line in shelf.tags], [name.text for name in shelf.objectives]) == (13, ["roofs"], ["Tell stones apart."])


def test_a_line_says_how_a_question_is_used_and_does_and_a_window_costs_the_same_whatever_is_in_it(campus: Campus) -> None:
    session, course = campus.session, campus.course.id
    slate = add(campus, "Slate splits well.")
    for run in (uuid7(), uuid7()):
        session.add(RunQuestionSums(run_id=run, assessment_id=campus.quiz("Try it").id, question_id=slate, answered=206, fractions=125_660_000))
    session.flush()
    entry = of(campus, slate)
    assert (entry.answers, entry.facility, [quiz.title for quiz in entry.quizzes]) == (412, "0.61", ["Try it"])
    counts: list[int] = []

    def count(*_: Any) -> None:
        counts[-1] += 1

    event.listen(session.get_bind(), "before_cursor_execute", count)
    for more in (0, 150):
        counts.append(0)
        session.add_all(
            Question(course_id=course, type=QuestionType.ESSAY, title=f"Essay {number}", created_at=clock.now()) for number in range(more)
        )
        session.flush()
        counts[-1] = 0
        found = window(campus)
    event.remove(session.get_bind(), "before_cursor_execute", count)
    assert (found.total, len(found.entries), len(window(campus, offset=100).entries)) == (161, 100, 61)
    assert counts[0] == counts[1]


def test_many_questions_are_changed_at_once_and_others_left_alone(campus: Campus) -> None:
    session, actor, course = campus.session, campus.instructor, campus.course.id
    slate, chalk = add(campus, "Slate splits well."), add(campus, "Chalk is soft.")
    stones = question_bank.add_category(session, actor, course, "Stones")
    chosen = [slate, chalk, uuid7()]
    assert bank_editing.move(session, actor, course, chosen, stones).changed == 2
    bank_editing.tag(session, actor, course, chosen, add="Old, soft", remove="")
    bank_editing.tag(session, actor, course, [chalk], add="", remove="old")
    bank_editing.rate(session, actor, course, chosen, difficulty=Difficulty.EASY)
    assert [(entry.category, entry.tags, entry.difficulty) for entry in (of(campus, slate), of(campus, chalk))] == [
        (str(stones), ["old", "soft"], "easy"),
        (str(stones), ["soft"], "easy"),
    ]
    used = bank_editing.use_in_quiz(session, actor, course, [chalk, slate], campus.quiz("Final quiz").id, "2")
    again = bank_editing.use_in_quiz(session, actor, course, [chalk, slate], campus.quiz("Final quiz").id, "2")
    assert (used.changed, again.changed, bool(again.left)) == (2, 0, True)
    assert [line.question_id for line in quiz_authoring.lines_of(session, campus.quiz("Final quiz"))][-2:] == [chalk, slate]
    free = UUID(str(question_bank.copy(session, actor, slate, course)))
    archived = bank_editing.archive(session, actor, course, [slate, free])
    assert (archived.changed, archived.left) == (1, "One stays: a quiz asks it.")
    assert [entry.id for entry in window(campus, archived=True).entries] == [str(free)]
    bank_editing.bring_back(session, actor, course, [free])
    assert bank_editing.copy(session, actor, course, [slate, chalk], None).changed == 2
    assert bank_listing.shelf(session, actor, None).questions == 2


def test_strangers_change_nothing_and_questions_of_another_bank_are_passed_by(campus: Campus) -> None:
    session, course = campus.session, campus.course.id
    slate, stranger = add(campus, "Slate splits well."), new_actor(campus.session, "Sam Stranger", teaches=True)
    for forbidden in (
        lambda: bank_listing.shelf(session, stranger, course),
        lambda: bank_listing.window(session, stranger, course, Sought()),
        lambda: bank_listing.ids(session, stranger, course, Sought()),
        lambda: bank_editing.archive(session, stranger, course, [slate]),
        lambda: bank_editing.copy(session, stranger, course, [slate], None),
        lambda: bank_editing.use_in_quiz(session, stranger, course, [slate], campus.quiz("Final quiz").id, "1"),
        lambda: bank_files.look(session, stranger, course, neutral.Bank()),
        lambda: bank_files.neutral_bank(session, stranger, course, [slate], read=lambda storage_key, *, key: b""),
    ):
        with pytest.raises(NotFound):
            forbidden()
    assert bank_editing.archive(session, stranger, None, [slate]).changed == 0
    with pytest.raises(Invalid):
        bank_editing.archive(session, campus.instructor, course, [slate] * 5001)


def test_a_file_is_looked_at_before_anything_is_stored_then_taken_into_a_category(campus: Campus) -> None:
    session, actor, course = campus.session, campus.instructor, campus.course.id
    into, before = question_bank.add_category(session, actor, course, "Imported"), window(campus).total
    bank = read_gift(GIFT)
    looked = bank_files.look(session, actor, course, bank)
    assert (looked.taken, looked.kinds, len(looked.left_out), window(campus).total) == (2, {"true_false": 1, "single_choice": 1}, 1, before)
    assert looked.left_out[0].place == "line 8"
    taken = bank_files.take(session, actor, course, into, bank, store=lambda data, *, key: "x")
    assert (taken.taken, window(campus).total) == (2, before + 2)
    tree = [(line.name, line.depth, line.questions) for line in question_bank.categories(session, actor, course)]
    assert tree == [("Imported", 0, 0), ("Stones", 1, 0), ("Old", 2, 2)]
    # The same again finds its categories.
    bank_files.take(session, actor, course, into, bank, store=lambda data, *, key: "x")
    assert [line.name for line in question_bank.categories(session, actor, course)] == ["Imported", "Stones", "Old"]


def test_pictures_of_a_file_become_files_of_the_course_and_go_out_again(campus: Campus) -> None:
    session, actor, course = campus.session, campus.instructor, campus.course.id
    kept: dict[str, bytes] = {}

    def store(data: bytes, *, key: bytes) -> str:
        kept["picture"] = data
        return "picture"

    question = neutral.Question(ref="q", type=QuestionType.HOTSPOT, title="Disc", body=bodies("disc.svg")[QuestionType.HOTSPOT])
    asset = neutral.Asset(name="disc.svg", media_type="image/svg+xml", size=len(PICTURE), content=lambda: PICTURE)
    bank = neutral.Bank(questions=(question,), assets=(asset,))
    bank_files.take(session, actor, course, None, bank, store=store)
    [file] = session.exec(select(StoredFile).where(StoredFile.course_id == course)).all()
    [found] = window(campus, kind=QuestionType.HOTSPOT).entries
    assert kept["picture"] == PICTURE
    assert bank_files.look(session, actor, None, bank).taken == 0
    out = bank_files.neutral_bank(session, actor, course, [UUID(found.id)], read=lambda storage_key, *, key: kept[storage_key])
    assert [asset.read() for asset in out.assets] == [PICTURE]
    assert out.questions[0].body["image"]["file"] == f"{file.id}.svg"


@pytest.mark.parametrize("format_", ["gift", "moodle", "qti"])
def test_what_is_chosen_is_written_and_read_back(campus: Campus, format_: str) -> None:
    session, actor, course = campus.session, campus.instructor, campus.course.id
    slate = add(campus, "Slate splits well.")
    stones = question_bank.add_category(session, actor, course, "Stones")
    question_bank.put_in_category(session, actor, slate, stones)
    bank = bank_files.neutral_bank(session, actor, course, [slate], read=lambda storage_key, *, key: b"")
    assert bank.questions[0].category == "Stones"
    written = write_questions(bank, format_)
    if format_ != "qti":
        assert [question.type for question in READERS[format_](written.content, "x").questions] == [QuestionType.TRUE_FALSE]
