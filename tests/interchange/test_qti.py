"""QTI of every version: what is taken, what is reported, and what answers earn."""

import json
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from lms_app.cli import app
from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.rich_text import to_text
from lms_app.errors import Invalid
from lms_app.interchange.neutral import Bank, Question
from lms_app.interchange.qti import read_qti, read_qti_package, score_items
from lms_app.interchange.qti12_items import old_key
from lms_app.interchange.qti12_scoring import score_old_item
from lms_app.interchange.qti_scoring import declared_responses, score_item
from lms_app.interchange.qti_tree import read_tree
from lms_app.words import QuestionType
from tests.interchange.qti_files import files_in, item, item_files, response

CENSUS = Path(__file__).with_name("qti_census.json")
WITHOUT_KEY = (QuestionType.ESSAY, QuestionType.DESCRIPTION, QuestionType.FILE_UPLOAD)


@cache
def bank_of(path: Path) -> Bank | Invalid:
    """What a file holds, or why it is refused."""
    try:
        return read_qti(path.read_bytes(), path.name, files=files_in(path.parent))
    except Invalid as refusal:
        return refusal


def questions_of(path: Path) -> tuple[Question, ...]:
    bank = bank_of(path)
    return bank.questions if isinstance(bank, Bank) else ()


def census_of(path: Path) -> dict[str, Any]:
    """What a file holds by the source's word for its kind, what was taken as which type, and what was reported and why."""
    bank = bank_of(path)
    if isinstance(bank, Invalid):
        return {"refused": bank.sentence.split(" (")[0]}
    return {
        "kinds": dict(sorted(bank.report.source_counts.items())),
        "taken": [question.type.value for question in bank.questions],
        "reported": [f"{found.kind}: {found.reason}" for found in bank.report.unsupported],
    }


def test_every_file_of_items_is_taken_or_reported_as_the_census_says(trial_data: Path) -> None:
    folder = trial_data / "qti"
    census = {path.relative_to(folder).as_posix(): census_of(path) for path in item_files(folder)}
    assert census == json.loads(CENSUS.read_text())


def test_no_item_is_dropped_in_silence(trial_data: Path) -> None:
    for path in item_files(trial_data / "qti"):
        bank = bank_of(path)
        if isinstance(bank, Bank):
            left_out = [found for found in bank.report.unsupported if "the question was taken" not in found.reason]
            whole = [found for found in left_out if found.kind in bank.report.source_counts]
            assert len(bank.questions) + len(whole) == sum(bank.report.source_counts.values()), path.name


def lesser(value: Any) -> Iterator[Any]:
    """The response with one of its values taken out or changed."""
    match value:
        case str():
            yield "zz"
            yield ""
        case list() if value and isinstance(value[0], dict):
            for number in range(len(value)):
                yield value[:number] + value[number + 1 :]
        case list():
            for number in range(len(value)):
                yield value[:number] + value[number + 1 :]
                yield [*value[:number], "zz", *value[number + 1 :]]
        case dict():
            for name, inner in value.items():
                yield {other: found for other, found in value.items() if other != name}
                yield from ({**value, name: less} for less in lesser(inner))


def test_the_key_of_every_question_taken_earns_everything_and_anything_less_earns_less(trial_data: Path) -> None:
    tried: Counter[QuestionType] = Counter()
    for path in item_files(trial_data / "qti"):
        for question in questions_of(path):
            if question.type not in WITHOUT_KEY:
                check_key(question, path.name)
                tried[question.type] += 1
    assert set(tried) >= {
        QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE, QuestionType.SHORT_TEXT, QuestionType.NUMERIC, QuestionType.MATCHING,
        QuestionType.ORDERING, QuestionType.CLOZE, QuestionType.DROPDOWN, QuestionType.HOTSPOT, QuestionType.CALCULATED,
    }  # fmt: skip


def check_key(question: Question, name: str) -> None:
    kind = TYPES[question.type]
    body = kind.draw(kind.body.model_validate(question.body), 7)
    solved = kind.solve(body)
    assert solved is not None, name
    assert kind.grade(body, solved).fraction == 1, name
    for changed in lesser(solved.model_dump(mode="json")):
        try:
            given = kind.response.model_validate(changed)
        except ValueError:
            continue
        assert kind.grade(body, given).fraction < 1, (name, changed)


def scored_items(path: Path) -> Iterator[tuple[dict[str, list[str]], Callable[[dict[str, list[str]]], Decimal]]]:
    """The key of each item that has one, and what scores a response to it."""
    try:
        root = read_tree(path.read_bytes(), path.name)
    except Invalid:
        return
    for found in [root] if root.tag == "assessmentItem" else root.iter("item"):
        if found.tag == "assessmentItem":
            yield {one.id: list(one.correct) for one in declared_responses(found).values() if one.correct}, partial(score_item, found)
        else:
            yield old_key(found), partial(score_old_item, found)


def test_the_correct_response_of_every_item_scores_full_marks_and_a_changed_or_missing_value_scores_less(trial_data: Path) -> None:
    tried, without = 0, Counter[str]()
    for path in item_files(trial_data / "qti"):
        for key, score in scored_items(path):
            if not key:
                continue
            try:
                full = score(key)
            except Invalid as refusal:
                without[refusal.sentence] += 1
                continue
            if full <= 0:
                without[path.name] += 1
                continue
            for changed in lesser(key):
                given = {name: values if isinstance(values, list) else [values] for name, values in changed.items()}
                assert score(given) < full, (path.name, changed)
            tried += 1
    assert tried > 150
    # What is drawn for each attempt or shown only to who asks has no score before it is.
    assert sum(without.values()) < 20, without


def test_expected_values_of_the_trial_data(trial_data: Path) -> None:
    folder = trial_data / "qti"
    expected = json.loads((folder / "expected.json").read_text())
    for said in expected["assessments"]:
        path = folder / said["file"].removeprefix("spec/fixtures/")
        bank = bank_of(path)
        assert isinstance(bank, Bank)
        assert sum(bank.report.source_counts.values()) == said["items"]
        if "kinds" in said:
            assert all(question.type in OUR_TYPES[kind] for kind, question in zip(said["kinds"], bank.questions, strict=True))
    (first, *_) = questions_of(folder / "feedback_quiz_1.2.xml")
    assert to_text(first.body["feedback"]) == "General Feedback"
    (matching,) = questions_of(folder / "items_1.2" / "matching.xml")
    body = TYPES[matching.type].body.model_validate(matching.body).model_dump()
    contents = {option["id"]: to_text(option["content"]) for option in body["options"]}
    pairs = {to_text(prompt["content"]): contents[prompt["right"]] for prompt in body["prompts"]}
    wanted = expected["matching.xml"]
    assert pairs == {wanted["questions"][name]: wanted["answers"][name] for name in wanted["questions"]}
    assert set(contents.values()) - set(pairs.values()) == set(wanted["distractors"])
    numbers = [
        [str(Decimal(answer["value"])) for answer in question.body["answers"]]
        for question in questions_of(folder / "items_1.2" / "numeric_exact_match.xml")
    ]
    assert [[float(value) for value in values] for values in numbers] == [
        [float(value) for value in values] for values in expected["numeric"]["numeric_exact_match.xml"]
    ]
    (margin,) = questions_of(folder / "items_1.2" / "numeric_margin_error.xml")
    assert margin.body["answers"][0] == {"value": "77", "tolerance": {"kind": "absolute", "margin": "7"}, "weight": "1"}
    for name in ("multiple_choice.xml", "true_false.xml"):
        (one,) = questions_of(folder / "items_1.2" / name)
        assert (len(one.body["choices"]), one.body["shuffle"]) == (expected[name]["choices"], expected[name]["shuffled"])


OUR_TYPES = {
    "string": [QuestionType.ESSAY], "choice": [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_CHOICE],
    "fill_blank": [QuestionType.SHORT_TEXT, QuestionType.CLOZE], "multiple_dropdown": [QuestionType.CLOZE], "match": [QuestionType.MATCHING],
    "numeric": [QuestionType.NUMERIC], "formula": [QuestionType.CALCULATED],
}  # fmt: skip


@pytest.mark.parametrize("name", ["test_qti_1.2.zip", "test_qti_2.1.zip", "test_qti_2.2.zip"])
def test_packages_are_read_with_their_pictures(trial_data: Path, name: str) -> None:
    bank = read_qti_package(trial_data / "qti" / name)
    assert bank.questions
    assert bank.assets
    assert all(len(asset.read()) == asset.size for asset in bank.assets)


def test_a_quiz_that_a_cartridge_holds_twice_is_read_once(tmp_path: Path, trial_data: Path) -> None:
    folder = trial_data / "qti" / "with_banks"
    with zipfile.ZipFile(tmp_path / "banks.zip", "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder).as_posix())
    refs = [question.ref for question in read_qti_package(tmp_path / "banks.zip").questions]
    assert len(refs) == len(set(refs)) == 8


def test_qti_3_is_read_as_qti_2_is() -> None:
    source = b"""<qti-assessment-item xmlns="http://www.imsglobal.org/xsd/imsqtiasi_v3p0" identifier="three" title="Three" time-dependent="false">
      <qti-response-declaration identifier="RESPONSE" cardinality="multiple" base-type="identifier">
        <qti-correct-response><qti-value>a</qti-value><qti-value>b</qti-value></qti-correct-response>
        <qti-mapping lower-bound="0" default-value="0">
          <qti-map-entry map-key="a" mapped-value="1"/><qti-map-entry map-key="b" mapped-value="1"/><qti-map-entry map-key="c" mapped-value="-1"/>
        </qti-mapping>
      </qti-response-declaration>
      <qti-item-body><qti-choice-interaction response-identifier="RESPONSE" max-choices="2" shuffle="true"><qti-prompt>Which?</qti-prompt>
        <qti-simple-choice identifier="a">A</qti-simple-choice><qti-simple-choice identifier="b">B</qti-simple-choice>
        <qti-simple-choice identifier="c">C</qti-simple-choice></qti-choice-interaction></qti-item-body>
      <qti-response-processing template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/map_response.xml"/></qti-assessment-item>"""
    (question,) = read_qti(source).questions
    assert (question.type, question.points, question.body["select"]) == (QuestionType.MULTIPLE_CHOICE, "2", 2)
    assert [choice["weight"] for choice in question.body["choices"]] == ["0.5", "0.5", "-0.5"]
    assert [one.score for one in score_items(source, "three", ["a", "c"])] == [0]
    assert [one.score for one in score_items(source, "three", {"RESPONSE": ["a", "b"]})] == [2]


MAPPED = (
    '<mapping defaultValue="0"><mapEntry mapKey="York" mappedValue="1"/><mapEntry mapKey="york" mappedValue="0.5" caseSensitive="false"/></mapping>'
)
AREAS = '<areaMapping defaultValue="0"><areaMapEntry shape="rect" coords="0,0,10,10" mappedValue="2"/></areaMapping>'


@pytest.mark.parametrize(
    ("source", "given", "score"),
    [
        (item("", response("single", "string", "York", mapping=MAPPED), template="map_response"), "York", 1),
        (item("", response("single", "string", "York", mapping=MAPPED), template="map_response"), "YORK", 0.5),
        (item("", response("single", "string", "York", mapping=MAPPED), template="map_response"), "Kent", 0),
        (item("", response("single", "string", "York", mapping=MAPPED)), "york", 0),
        (item("", response("multiple", "pair", "a b", "c d")), ["d c", ["b", "a"]], 1),
        (item("", response("multiple", "directedPair", "a b")), ["b a"], 0),
        (item("", response("ordered", "identifier", "a", "b")), ["b", "a"], 0),
        (item("", response("single", "float", "2.50")), 2.5, 1),
        (item("", response("single", "point", mapping=AREAS), template="map_response_point"), {"x": 10, "y": 0}, 2),
        (item("", response("single", "point", mapping=AREAS), template="map_response_point"), [11, 0], 0),
        (item("", response("single", "identifier", "a")), {"base": {"identifier": "a"}}, 1),
        (item("", response("multiple", "identifier", "a", "b")), {"list": {"identifier": ["b", "a"]}}, 1),
    ],
)
def test_a_response_earns_what_the_item_says(source: bytes, given: Any, score: float) -> None:
    assert [float(one.score or 0) for one in score_items(source, "item.xml", given)] == [score]


def test_rules_of_an_items_own_are_followed() -> None:
    rules = """<responseProcessing><responseCondition>
      <responseIf><match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>
        <setOutcomeValue identifier="SCORE"><baseValue baseType="float">2</baseValue></setOutcomeValue></responseIf>
      <responseElseIf><match><variable identifier="RESPONSE"/><baseValue baseType="identifier">b</baseValue></match>
        <setOutcomeValue identifier="SCORE"><baseValue baseType="float">0.5</baseValue></setOutcomeValue></responseElseIf>
      <responseElse><setOutcomeValue identifier="SCORE"><baseValue baseType="float">-1</baseValue></setOutcomeValue></responseElse>
    </responseCondition></responseProcessing>"""
    choices = "".join(f'<simpleChoice identifier="{name}">{name}</simpleChoice>' for name in "abc")
    body = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{choices}</choiceInteraction>'
    source = item(body, response("single", "identifier", "a"), processing=rules)
    assert [float(score_items(source, "item", name)[0].score or 0) for name in "abc"] == [2, 0.5, -1]
    (question,) = read_qti(source).questions
    assert [choice["weight"] for choice in question.body["choices"]] == ["1", "0.25", "-0.5"]
    assert question.points == "2"


def test_an_item_of_which_nothing_earns_anything_has_no_best_score() -> None:
    mapping = '<mapping defaultValue="0"><mapEntry mapKey="a" mappedValue="-1"/></mapping>'
    (scored,) = score_items(item("", response("single", "identifier", mapping=mapping), template="map_response"), "item", "a")
    assert (scored.score, scored.best) == (-1, None)


def test_an_item_whose_key_is_drawn_is_not_scored() -> None:
    source = item("", response("single", "float", "1"), more="<templateProcessing/>")
    (scored,) = score_items(source, "item", "1")
    assert (scored.score, scored.best) == (None, None)
    assert scored.fault.startswith("The item draws its key anew")


def test_rules_that_we_do_not_know_are_said_not_guessed() -> None:
    rules = '<responseProcessing><setOutcomeValue identifier="SCORE"><customOperator/></setOutcomeValue></responseProcessing>'
    source = item("<p/>", response("single", "identifier", "a"), processing=rules)
    (scored,) = score_items(source, "item", "a")
    assert (scored.score, scored.fault) == (None, "The item is scored by customOperator, which we do not understand.")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"OTHER": "a"}, "The item has no response “OTHER”, but RESPONSE."),
        ({"RESPONSE": [["a", "b", "c"]]}, "A value of a response is a text, a number, or a list of two."),
    ],
)
def test_responses_that_do_not_fit_are_refused(given: Any, sentence: str) -> None:
    with pytest.raises(Invalid, match=f"^{sentence}$"):
        score_items(item("", response("single", "identifier", "a")), "item", given)


@pytest.mark.parametrize(
    "source",
    [
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem><itemBody>&x;</itemBody></assessmentItem>',
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/">%x;]><assessmentItem/>',
        b'<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><assessmentItem>&b;</assessmentItem>',
        b"<assessmentItem>" + b"<div>" * 200 + b"</div>" * 200 + b"</assessmentItem>",
        b"<html/>",
    ],
)
def test_what_is_dangerous_or_no_qti_is_refused(source: bytes) -> None:
    with pytest.raises(Invalid):
        read_qti(source)


def test_the_command_prints_the_score(tmp_path: Path) -> None:
    path = tmp_path / "item.xml"
    path.write_bytes(item("", response("multiple", "identifier", "a", "b")))
    run = CliRunner().invoke(app, ["questions", "score", str(path), "--responses", '{"RESPONSE": ["b", "a"]}', "--json"])
    assert run.exit_code == 0, run.output
    assert json.loads(run.stdout) == {
        "score": 1.0,
        "max_score": 1.0,
        "items": [{"identifier": "item", "title": "Item", "score": 1.0, "max_score": 1.0, "fault": ""}],
    }
    refused = CliRunner().invoke(app, ["questions", "score", str(path), "--responses", "{", "--json"])
    assert refused.exit_code == 1
    assert "not JSON" in refused.output
