"""Matching, ordering, gaps, places on a picture, essays and files."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lms_app.domain.assessments.grading_rules import grade_response
from lms_app.domain.assessments.types import TYPES, file_upload, hotspot, ordering
from lms_app.domain.assessments.types.essay import count_words
from lms_app.domain.assessments.types.file_upload import FileUpload
from lms_app.domain.assessments.types.gaps import place_gaps
from lms_app.domain.assessments.types.hotspot import Hotspot
from lms_app.domain.assessments.types.kind import Grade
from lms_app.domain.assessments.types.ordering import Ordering
from lms_app.words import Outcome, QuestionType
from tests.support.questions import choice_id, rich, stem

FILE = "01890a5d-ac96-774b-bcce-b302099a8057"


def graded(type_: QuestionType, body: dict[str, Any], response: dict[str, Any] | None) -> Grade:
    return grade_response(type_, body, response, seed=1)


def matching(**more: Any) -> dict[str, Any]:
    prompts = [
        {"id": choice_id(number), "content": rich(f"P{number}"), "right": choice_id(10 + number), "feedback": rich("No.")} for number in range(3)
    ]
    options = [{"id": choice_id(10 + number), "content": rich(f"O{number}")} for number in range(4)]
    return {"stem": stem("Match."), "prompts": prompts, "options": options, **more}


def pairs(*options: int | None) -> dict[str, Any]:
    return {"pairs": {choice_id(number): choice_id(10 + option) for number, option in enumerate(options) if option is not None}}


def test_each_prompt_with_its_option_earns_its_share_and_all_or_nothing_only_the_whole() -> None:
    cases = {(0, 1, 2): "1.000000", (0, 1, 3): "0.666667", (0, None, None): "0.333333", (1, 0, 3): "0.000000"}
    assert {given: str(graded(QuestionType.MATCHING, matching(), pairs(*given)).fraction) for given in cases} == cases
    assert graded(QuestionType.MATCHING, matching(credit="all"), pairs(0, 1, 3)).fraction == 0


def test_a_grade_says_of_each_prompt_how_it_did_and_why_where_it_was_wrong() -> None:
    parts = graded(QuestionType.MATCHING, matching(), pairs(0, 2, None)).parts
    assert [(part.id, part.outcome, part.feedback) for part in parts] == [
        (choice_id(0), Outcome.CORRECT, None),
        (choice_id(1), Outcome.INCORRECT, rich("No.")),
        (choice_id(2), Outcome.BLANK, None),
    ]


def test_two_options_that_say_the_same_are_refused() -> None:
    body = matching()
    body["options"][3]["content"] = body["options"][0]["content"]
    with pytest.raises(ValidationError, match="say the same"):
        TYPES[QuestionType.MATCHING].body.model_validate(body)


def ordered(credit: str, size: int = 5) -> dict[str, Any]:
    items = [{"id": choice_id(number), "content": rich(f"I{number}")} for number in range(size)]
    return {"stem": stem("Order."), "items": items, "credit": credit}


@pytest.mark.parametrize(
    ("order", "earned"),
    [
        ((0, 1, 2, 3, 4), {"exact": "1", "position": "1", "pairs": "1", "run": "1"}),
        ((1, 2, 3, 4, 0), {"exact": "0", "position": "0", "pairs": "0.75", "run": "0.75"}),
        ((1, 0, 2, 3, 4), {"exact": "0", "position": "0.6", "pairs": "0.5", "run": "0.75"}),
        ((4, 3, 2, 1, 0), {"exact": "0", "position": "0.2", "pairs": "0", "run": "0"}),
        ((0, 1, 2), {"exact": "0", "position": "0.6", "pairs": "0.5", "run": "0.5"}),
    ],
)
def test_an_order_earns_by_the_rule_of_the_question(order: tuple[int, ...], earned: dict[str, str]) -> None:
    response = {"order": [choice_id(number) for number in order]}
    assert {credit: graded(QuestionType.ORDERING, ordered(credit), response).fraction for credit in earned} == {
        credit: Decimal(part) for credit, part in earned.items()
    }


@given(st.integers(2, 6), st.integers(0, 2**62))
def test_the_order_shown_is_never_the_right_one(size: int, seed: int) -> None:
    body = Ordering.model_validate(ordered("exact", size))
    shown = [item["id"] for item in ordering.sheet(body, seed)["items"]]
    assert shown != [item.id for item in body.items]
    assert sorted(shown) == sorted(item.id for item in body.items)


def cloze(*gaps: dict[str, Any], text: str | None = None) -> dict[str, Any]:
    named = [{"id": choice_id(number), "name": str(number + 1), **gap} for number, gap in enumerate(gaps)]
    return {"stem": stem(text or " ".join(f"[[{gap['name']}]]" for gap in named)), "gaps": named}


TEXT = {"kind": "text", "answers": [{"text": "Paris", "weight": "1"}, {"text": "Lyon", "weight": "0.5"}]}
NUMBER = {"kind": "number", "unit": "m", "units": [{"name": "km", "factor": "1000"}], "answers": [{"value": "2000", "weight": "1"}]}
SELECT = {
    "kind": "select",
    "share": "2",
    "choices": [{"id": choice_id(20), "text": "yes", "weight": "1"}, {"id": choice_id(21), "text": "no", "feedback": rich("Look again.")}],
}


def test_gaps_earn_their_shares_each_by_its_best_answer() -> None:
    body = cloze(TEXT, NUMBER, SELECT)
    cases = {("paris", "2 km", choice_id(20)): "1.000000", ("Lyon", "", choice_id(21)): "0.125000", ("", "2000", choice_id(20)): "0.750000"}
    for given_, earned in cases.items():
        response = {"gaps": {choice_id(number): text for number, text in enumerate(given_)}}
        assert str(graded(QuestionType.CLOZE, body, response).fraction) == earned
    parts = graded(QuestionType.CLOZE, body, {"gaps": {choice_id(2): choice_id(21)}}).parts
    assert [(part.outcome, part.feedback) for part in parts] == [
        (Outcome.BLANK, None),
        (Outcome.BLANK, None),
        (Outcome.INCORRECT, rich("Look again.")),
    ]


@pytest.mark.parametrize("text", ["No gap.", "[[1]] and [[1]]", "[[1]] and [[2]]"])
def test_a_text_that_has_not_each_gap_once_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match=r"\[\["):
        TYPES[QuestionType.CLOZE].body.model_validate(cloze(TEXT, text=text))


def test_a_gap_stands_where_its_mark_is_and_never_inside_a_tag() -> None:
    gaps = [{"id": choice_id(0), "name": "1"}]
    html = '<p title="[[1]] >">A [[1]] and [[2]]</p>'
    assert place_gaps(html, gaps) == f'<p title="[[1]] >">A <span data-gap="{choice_id(0)}"></span> and [[2]]</p>'


def test_a_drop_down_takes_its_choices_from_the_shared_list_or_its_own() -> None:
    shared = [{"id": choice_id(30 + number), "text": f"S{number}"} for number in range(3)]
    own = [{"id": choice_id(40 + number), "text": f"O{number}"} for number in range(2)]
    body = {**cloze({"right": choice_id(31)}, {"right": choice_id(40), "choices": own}), "choices": shared}
    right = {"gaps": {choice_id(0): choice_id(31), choice_id(1): choice_id(40)}}
    assert graded(QuestionType.DROPDOWN, body, right).fraction == 1
    assert str(graded(QuestionType.DROPDOWN, body, {"gaps": {**right["gaps"], choice_id(1): choice_id(31)}}).fraction) == "0.500000"
    with pytest.raises(ValidationError, match="which choice belongs"):
        TYPES[QuestionType.DROPDOWN].body.model_validate({**body, "gaps": [{**body["gaps"][0], "right": choice_id(40)}, body["gaps"][1]]})


def picture(*regions: tuple[dict[str, Any], str], marks: int = 1) -> dict[str, Any]:
    listed = [{"id": choice_id(number), "shape": shape, "weight": weight} for number, (shape, weight) in enumerate(regions)]
    return {"stem": stem("Where?"), "image": {"file": FILE, "alt": "A map", "width": 200, "height": 100}, "regions": listed, "marks": marks}


CIRCLE = {"kind": "circle", "x": "50", "y": "50", "radius": "10"}
BOX = {"kind": "rectangle", "x": "100", "y": "0", "width": "50", "height": "50"}
ARROW = {"kind": "polygon", "points": [["0", "0"], ["40", "20"], ["0", "40"], ["10", "20"]]}


def mark(body: dict[str, Any], *places: tuple[float, float]) -> Grade:
    return graded(QuestionType.HOTSPOT, body, {"points": [{"x": x / 200, "y": y / 100} for x, y in places]})


@pytest.mark.parametrize(
    ("shape", "within", "without"),
    [
        (CIRCLE, [(50, 50), (60, 50), (50, 40)], [(60.5, 50), (58, 58)]),
        (BOX, [(100, 0), (150, 50), (125, 25)], [(99, 25), (125, 51)]),
        (ARROW, [(0, 0), (20, 20), (10, 20), (20, 10)], [(5, 20), (20, 9), (41, 20)]),
    ],
)
def test_a_region_holds_what_lies_in_it_and_on_its_edge(
    shape: dict[str, Any], within: list[tuple[float, float]], without: list[tuple[float, float]]
) -> None:
    assert {mark(picture((shape, "1")), place).fraction for place in within} == {1}
    assert {mark(picture((shape, "1")), place).fraction for place in without} == {0}


def test_a_region_counts_for_one_mark_and_marks_go_where_most_is_earned() -> None:
    inner = {"kind": "circle", "x": "50", "y": "50", "radius": "5"}
    body = picture((CIRCLE, "0.5"), (inner, "0.5"), (BOX, "-0.5"), marks=2)
    cases = {((50, 50), (58, 50)): 1, ((58, 50), (50, 50)): 1, ((58, 50), (57, 50)): "0.5", ((50, 50), (50, 50)): "0.5", ((50, 50), (120, 10)): 0}
    assert {places: mark(body, *places).fraction for places in cases} == {places: Decimal(earned) for places, earned in cases.items()}
    assert mark(body, (120, 10)).fraction == Decimal("-0.5")


def test_more_marks_than_may_be_set_earn_nothing() -> None:
    result = mark(picture((CIRCLE, "1")), (50, 50), (10, 10))
    assert (result.fraction, result.outcome) == (0, Outcome.INCORRECT)
    assert "More than 1" in result.remark
    assert [part.outcome for part in result.parts] == [Outcome.CORRECT, Outcome.INCORRECT]


def test_a_region_that_nobody_could_mark_is_refused() -> None:
    for shape in ({**CIRCLE, "x": "500"}, {"kind": "polygon", "points": [["300", "0"], ["300", "1"], ["301", "1"]]}):
        with pytest.raises(ValidationError, match="no place on the picture"):
            Hotspot.model_validate(picture((shape, "1")))


def test_a_sheet_of_a_picture_says_nothing_of_its_regions() -> None:
    sheet = hotspot.sheet(Hotspot.model_validate(picture((CIRCLE, "1"))), 1)
    assert set(sheet) == {"type", "stem", "hints", "image", "marks"}
    assert sheet["image"] == {"src": f"/v/files/{FILE}", "alt": "A map", "width": 200, "height": 100}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("One, two – three.", 3),
        ("don't well-known", 2),
        ("3.5", 2),
        ("我喜歡", 3),
        ("café Ελλάδα слово", 3),
        ("हिन्दी भाषा", 2),
        ("x_y", 2),
        ("- -- '", 0),
    ],
)
def test_words_are_counted_in_every_script(text: str, words: int) -> None:
    assert count_words(text) == words


def test_an_essay_waits_for_its_marker_and_says_how_long_it_is() -> None:
    body = {"stem": stem("Write."), "words_min": 2, "words_max": 3}
    remarks = [graded(QuestionType.ESSAY, body, {"text": text}) for text in ("one", "one two", "a b c d")]
    assert {result.outcome for result in remarks} == {Outcome.PENDING}
    assert [result.remark for result in remarks] == ["1 word, fewer than the 2 asked for.", "2 words.", "4 words, more than the 3 asked for."]
    assert graded(QuestionType.ESSAY, body, {"text": " \n"}).outcome == Outcome.BLANK


def test_sent_files_wait_for_their_marker_and_only_the_kinds_asked_for_are_taken() -> None:
    body = {"stem": stem("Send."), "kinds": [".pdf"], "bytes_max": 1000}
    assert graded(QuestionType.FILE_UPLOAD, body, {"files": [FILE]}).outcome == Outcome.PENDING
    assert graded(QuestionType.FILE_UPLOAD, body, {"files": []}).outcome == Outcome.BLANK
    read = FileUpload.model_validate(body)
    taken = [file_upload.takes(read, name, size) for name, size in [("A.PDF", 1000), ("a.pdf.exe", 10), ("a.pdf", 1001), ("a.pdf", 0)]]
    assert taken == [True, False, False, False]


def test_a_description_asks_nothing_and_is_worth_nothing() -> None:
    assert not TYPES[QuestionType.DESCRIPTION].asks
    assert graded(QuestionType.DESCRIPTION, {"stem": stem("Read."), "deduction": "1"}, {}).fraction == 0


def test_the_key_of_regions_around_one_middle_marks_each_in_a_place_of_its_own() -> None:
    body = Hotspot.model_validate(picture((CIRCLE, "1"), (CIRCLE, "1"), ({**CIRCLE, "radius": "4"}, "0.5"), marks=3))
    solved = hotspot.solve(body)
    assert solved is not None
    assert hotspot.grade(body, solved).fraction == 1
