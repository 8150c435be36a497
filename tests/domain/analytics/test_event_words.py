"""Events as sentences to the person who did them."""

import pytest

from lms_app.domain.analytics.event_words import event_words, span_words
from lms_app.words import NodeKind, Verb

PAGE, QUIZ = NodeKind.PAGE, NodeKind.ASSESSMENT


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_has_a_sentence(verb: Verb) -> None:
    sentence = event_words(verb, PAGE, "Sand", {})
    assert sentence.endswith(".")
    assert sentence[0].isupper()


@pytest.mark.parametrize(
    ("verb", "kind", "value", "sentence"),
    [
        (Verb.VIEWED, PAGE, {}, "You opened the page “Sand”."),
        (Verb.PROGRESSED, PAGE, {"seconds": 45}, "You were at the page “Sand” for 45 seconds."),
        (Verb.PROGRESSED, PAGE, {"block": "film", "position": 61, "played": 12}, "You saw more of a film on the page “Sand” at 1:01."),
        (Verb.SUBMITTED, QUIZ, {"fraction": "0.5"}, "You handed in the quiz “Sand”: 50\N{NO-BREAK SPACE}%."),
        (Verb.SUBMITTED, QUIZ, {}, "You handed in the quiz “Sand”."),
        (Verb.GRADED, QUIZ, {"fraction": "1"}, "The quiz “Sand” was marked: 100\N{NO-BREAK SPACE}%."),
        (Verb.ANSWERED, NodeKind.QUESTION, {}, "You answered a question of the quiz “Sand”."),
    ],
)
def test_a_sentence_says_what_and_where(verb: Verb, kind: NodeKind, value: dict[str, object], sentence: str) -> None:
    assert event_words(verb, kind, "Sand", value) == sentence


def test_spans_are_told_in_the_largest_units_that_matter() -> None:
    assert [span_words(seconds) for seconds in (1, 45, 60, 3600, 11_100)] == ["1 second", "45 seconds", "1 minute", "1 hour", "3 hours 5 minutes"]
