from lms_app.domain.analytics.choice_names_rules import full_marks, part_name, possible_pairs, value_name
from tests.support.questions import choice_body, choice_id, numeric_body, rich, text_body, true_false_body


def test_choices_are_called_by_their_words_and_come_in_the_authors_order() -> None:
    body = choice_body("1", "0")
    assert possible_pairs(body) == [("choice", choice_id(0)), ("choice", choice_id(1))]
    assert value_name(body, "choice", choice_id(1)) == "Choice 1"
    assert part_name(body, "choice") == ""


def test_a_statement_has_two_sides() -> None:
    assert [value_name(true_false_body(True), *pair) for pair in possible_pairs(true_false_body(True))] == ["True", "False"]


def test_answers_are_called_as_their_author_wrote_them_and_all_others_are_one() -> None:
    body = text_body("Hypatia", {"text": "Aspasia", "weight": "0.5"})
    assert [value_name(body, *pair) for pair in possible_pairs(body)] == ["Hypatia", "Aspasia", "Another answer"]
    assert full_marks(body) == {("answer", "answer:0")}
    assert value_name(numeric_body("3.14"), "answer", "answer:0") == "3.14"


def test_what_was_matched_is_called_by_the_words_of_both_sides() -> None:
    body = {"prompts": [{"id": "p1", "content": rich("Slate")}], "options": [{"id": "o1", "content": rich("Roofs")}]}
    assert (part_name(body, "p1"), value_name(body, "p1", "o1")) == ("Slate", "Roofs")


def test_a_gap_knows_its_own_answers() -> None:
    body = {"gaps": [{"id": "g1", "answers": [{"text": "chalk", "weight": "1"}]}]}
    assert value_name(body, "g1", "answer:0") == "chalk"


def test_what_is_gone_from_the_question_keeps_its_id() -> None:
    assert value_name(choice_body("1", "0"), "choice", "gone") == "gone"
    assert value_name(text_body("a"), "answer", "answer:7") == "answer:7"
