"""Aiken: one right choice of several, in plain text."""

from pathlib import Path

import pytest

from lms_app.domain.assessments.types.kind import first_line
from lms_app.domain.assessments.types.single_choice import SingleChoice
from lms_app.domain.content.rich_text import to_text
from lms_app.interchange.aiken import read_aiken


def test_moodles_own_examples(trial_data: Path) -> None:
    bank = read_aiken((trial_data / "gift" / "questions.aiken.txt").read_bytes())
    bodies = [SingleChoice.model_validate(question.body) for question in bank.questions]
    assert [first_line(body) for body in bodies] == [
        "The Moodle project was started by:",
        'Moodle\'s abilities include handling user input that includes <html class="cool"> & images:',
    ]
    assert [[(to_text(choice.content), int(choice.weight)) for choice in body.choices] for body in bodies] == [
        [("Petr Skoda", 0), ("Martin Dougiamas", 1), ("Eloy Lafuente", 0), ("Tim Hunt", 0)],
        [("True", 1), ("False", 0)],
    ]
    assert bank.report.unsupported == ()


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("Which?\nA) a\nB) b\n\nWho?\nA. c\nB. d\nANSWER: A", "line 1", "It has no line that begins with ANSWER:."),
        ("Which?\nA) a\nB) b\nANSWER: C\n\nWho?\nA. c\nB. d\nANSWER: A", "line 1", "Its answer C is none of its choices."),
        ("Who?\nA. c\nB. d\nANSWER: A\nWhich?\nA) a\nC) b\nANSWER: A", "line 5", "Its choices are not lettered A, B, C and so on."),
        ("Who?\nA. c\nB. d\nANSWER: A\n\nWhich", "line 6", "It has no line that begins with ANSWER:."),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line_and_the_rest_is_taken(text: str, place: str, reason: str) -> None:
    bank = read_aiken(text.encode())
    assert [question.title for question in bank.questions] == ["Who?"]
    assert [(item.place, item.reason) for item in bank.report.unsupported] == [(place, reason)]
