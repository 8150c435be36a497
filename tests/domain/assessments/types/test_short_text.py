import time
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lms_app.domain.assessments.types import short_text
from lms_app.domain.assessments.types.kind import Grade
from lms_app.domain.assessments.types.short_text import ShortText, ShortTextResponse
from lms_app.domain.assessments.types.text_matching import matches_pattern, matches_wildcard, normalise
from lms_app.words import Outcome
from tests.support.questions import rich, text_body


def answer(body: dict[str, Any], text: str) -> Grade:
    return short_text.grade(ShortText.model_validate(body), ShortTextResponse(text=text))


def takes(key: str, text: str, *, match: str = "exact", **options: bool) -> bool:
    return answer(text_body({"text": key, "match": match}, **options), text).fraction == 1


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("Paris", " paris "),
        ("New York", "new \t york"),
        ("Straße", "STRASSE"),
        ("fi", "ﬁ"),
        ("café", "cafe\N{COMBINING ACUTE ACCENT}"),
        ("don't", "don\N{RIGHT SINGLE QUOTATION MARK}t"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("12", "１２"),
        ("soft", "so\N{SOFT HYPHEN}ft"),
        ("שלום", "\N{RIGHT-TO-LEFT MARK}שלום"),
    ],
)
def test_what_reads_the_same_is_the_same(key: str, text: str) -> None:
    assert takes(key, text)
    assert takes(text, key)


@pytest.mark.parametrize(
    ("key", "text"), [("Paris", "Pari"), ("Paris", "Paris."), ("New York", "NewYork"), ("café", "cafe"), ("a*", "ab"), (".", "x")]
)
def test_what_reads_differently_is_not_the_same(key: str, text: str) -> None:
    assert not takes(key, text)


def test_case_and_accents_matter_as_the_author_wants() -> None:
    assert takes("NaCl", "nacl")
    assert not takes("NaCl", "nacl", case_sensitive=True)
    assert takes("NaCl", "NaCl", case_sensitive=True)
    assert takes("Málaga", "malaga", ignore_accents=True)
    assert takes("malaga", "MÁLAGA", ignore_accents=True)
    assert takes("כלב", "כֶּלֶב", ignore_accents=True)
    assert not takes("कि", "कु", ignore_accents=True)


@pytest.mark.parametrize(
    ("key", "text", "taken"),
    [
        ("*ache*", "ACHE", True),
        ("*ache*", "a head ache today", True),
        ("*ache*", "ach e", False),
        ("col*r", "colour", True),
        ("col*r", "color", True),
        ("col*r", "colourful", False),
        ("a*a", "a", False),
        ("a*a", "aa", True),
        ("a*b*a", "aba", True),
        ("a*ba*a", "aba", False),
        ("*", "anything", True),
        (r"2\*3", "2*3", True),
        (r"2\*3", "2x3", False),
        (r"\**", "*x", True),
        (r"\**", "x*", False),
        ("**", "x", True),
    ],
)
def test_a_star_stands_for_anything(key: str, text: str, taken: bool) -> None:
    assert takes(key, text, match="wildcard") is taken


@pytest.mark.parametrize(
    ("key", "text", "taken"),
    [
        ("..bble", "Bubble", True),
        ("..bble", "a bubble", False),
        (".*.", "x", True),
        (r"\S+", "two words", False),
        (r"\D+", "abc", True),
        ("colou?r|couleur", "COULEUR", True),
        ("café", "cafe", False),
        ("(?i)É", "é", True),
    ],
)
def test_a_pattern_matches_the_whole_of_what_was_typed(key: str, text: str, taken: bool) -> None:
    assert takes(key, text, match="regex") is taken


def test_a_pattern_keeps_to_case_and_accents_as_the_author_wants() -> None:
    assert not takes("ab+", "ABB", match="regex", case_sensitive=True)
    assert takes("caf[ée]", "CAFÉ", match="regex", ignore_accents=True)


@pytest.mark.parametrize("pattern", [r"(a)\1", "(?=a)b", "(?<!a)b", "(", "a{1001}", "[z-a]", "x" * 501, "((a{30}){30}){30}"])
def test_a_pattern_that_could_hold_up_the_server_or_says_nothing_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        ShortText.model_validate(text_body({"text": pattern, "match": "regex"}))


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+", "(.*a){20}", "(a|a?)+b", "(?:a?){100}a{100}"])
def test_no_pattern_takes_long_on_the_longest_answer(pattern: str) -> None:
    body = ShortText.model_validate(text_body({"text": pattern, "match": "regex"}))
    begun = time.process_time()
    short_text.grade(body, ShortTextResponse(text="a" * 999 + "!"))
    assert time.process_time() - begun < 5


def test_no_wildcard_takes_long_on_the_longest_answer() -> None:
    begun = time.process_time()
    assert not matches_wildcard("a" * 1000, "*a" * 499 + "b", case_sensitive=False, ignore_accents=False)
    assert time.process_time() - begun < 5


def test_the_best_of_the_answers_that_match_counts_with_its_feedback() -> None:
    body = text_body(
        {"text": "*", "match": "wildcard", "weight": "0", "feedback": rich("Think of rivers.")},
        {"text": "seine*", "match": "wildcard", "weight": "0.5", "feedback": rich("Nearly.")},
        {"text": "Seine-Maritime", "feedback": rich("Yes.")},
    )
    assert (answer(body, "seine-maritime").fraction, answer(body, "seine-maritime").feedback) == (1, (rich("Yes."),))
    assert (answer(body, "Seine").outcome, answer(body, "Seine").feedback) == (Outcome.PARTIAL, (rich("Nearly."),))
    assert (answer(body, "Loire").outcome, answer(body, "Loire").feedback) == (Outcome.INCORRECT, (rich("Think of rivers."),))


def test_white_space_is_no_answer_even_where_anything_is_right() -> None:
    assert answer(text_body({"text": "*", "match": "wildcard"}), " \n\N{ZERO WIDTH SPACE}").outcome == Outcome.BLANK


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "  "}, {"text": "x", "match": "like"}, {"text": "x", "weight": "0"}, {"text": "x" * 1001}])
def test_an_answer_that_nobody_could_give_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ShortText.model_validate(text_body(wrong))


def test_a_question_of_patterns_only_has_no_model_answer() -> None:
    assert short_text.solve(ShortText.model_validate(text_body({"text": "[ab]+", "match": "regex"}))) is None
    solved = short_text.solve(ShortText.model_validate(text_body({"text": r"*2\*3", "match": "wildcard"})))
    assert solved == ShortTextResponse(text="2*3")


def test_the_sheet_says_whether_case_matters() -> None:
    assert short_text.sheet(ShortText.model_validate(text_body("NaCl", case_sensitive=True)), 1)["case_sensitive"] is True


@given(st.text(max_size=60), st.booleans(), st.booleans())
def test_the_normal_form_is_reached_at_once_and_forgets_the_form_of_unicode(text: str, case_sensitive: bool, ignore_accents: bool) -> None:
    once = normalise(text, case_sensitive=case_sensitive, ignore_accents=ignore_accents)
    assert normalise(once, case_sensitive=case_sensitive, ignore_accents=ignore_accents) == once
    for form in ("NFC", "NFD"):
        assert normalise(unicodedata.normalize(form, text), case_sensitive=case_sensitive, ignore_accents=ignore_accents) == once


@given(st.text(alphabet="ab* ", max_size=12), st.text(alphabet="ab ", max_size=12))
def test_a_wildcard_matches_what_the_same_pattern_matches(key: str, text: str) -> None:
    plain = {"case_sensitive": True, "ignore_accents": False}
    pattern = normalise(key, **plain).replace("*", ".*")
    assert matches_wildcard(text, key, **plain) is matches_pattern(text, pattern, **plain)


@given(st.text(min_size=1, max_size=60).filter(lambda text: bool(normalise(text, case_sensitive=True, ignore_accents=False))))
def test_every_answer_matches_itself(text: str) -> None:
    assert takes(text, text)


@given(st.text(alphabet="aÉ*ß .", min_size=1, max_size=30).filter(str.strip))
def test_every_answer_with_its_stars_escaped_matches_itself_as_a_wildcard(text: str) -> None:
    assert takes(text.replace("*", "\\*"), text, match="wildcard")
