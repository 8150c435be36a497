"""Whatever is done to a file of questions, reading it gives questions or a sentence; never a fault, and never for long."""

import contextlib
import copy
import os
import random
import time
from collections.abc import Callable

import pytest
from lxml import etree

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import QuestionBody
from lms_app.errors import LmsError
from lms_app.interchange.aiken import read_aiken
from lms_app.interchange.gift import read_gift
from lms_app.interchange.moodle_xml import read_moodle_xml
from lms_app.interchange.neutral import Bank
from lms_app.interchange.qti import read_qti, score_items
from tests.interchange.qti_files import item, response

SECONDS = 60.0 if os.environ.get("LYCEUM_LONG") == "1" else 3.0
"""For each reader."""
SEED = 20261
LONGEST = 10.0

GIFT = """// [id:7] [tag:a]
$CATEGORY: $course$/top/Trees

::Oak::[html]<p>What is an \\{oak\\}?</p>{
  =A tree#Yes
  ~%-50%A bird
  ~%33.3333%A plant
  ####Read on.
}

Two plus two {=four =%50%4*} is it.

When? {#=1822:0 =%50%1822:2}

Pi {#3.141..3.142}

Pair {=a -> b =c -> d = -> e}

So? {FALSE#for true#for false}

Write. {}
"""
AIKEN = "Which is a tree?\nA) Oak\nB) Owl\nANSWER: A\n\nWho?\nA. c\nB. d\nANSWER: B\n"

CHOICES = "".join(f'<simpleChoice identifier="{name}">{name}<feedbackInline identifier="{name}">So</feedbackInline></simpleChoice>' for name in "abc")
MAPPING = '<mapping defaultValue="0"><mapEntry mapKey="a" mappedValue="1"/><mapEntry mapKey="b" mappedValue="-1"/></mapping>'
GAPS = '<p>A <textEntryInteraction responseIdentifier="ONE"/> and <inlineChoiceInteraction responseIdentifier="TWO"><inlineChoice identifier="x">x'
QTI = {
    "qti_choice": item(
        f'<p>So?</p><choiceInteraction responseIdentifier="RESPONSE" maxChoices="2"><prompt>Which?</prompt>{CHOICES}</choiceInteraction>',
        response("multiple", "identifier", "a", mapping=MAPPING),
        template="map_response",
        more='<modalFeedback identifier="a" outcomeIdentifier="F" showHide="show">Well</modalFeedback>',
    ),
    "qti_gaps": item(
        f'{GAPS}</inlineChoice><inlineChoice identifier="y">y</inlineChoice></inlineChoiceInteraction>.</p>',
        response("single", "float", "2.5", name="ONE") + response("single", "identifier", "y", name="TWO"),
        processing='<responseProcessing><responseCondition><responseIf><equal toleranceMode="absolute" tolerance="0.1 0.1">'
        '<variable identifier="ONE"/><correct identifier="ONE"/></equal><setOutcomeValue identifier="SCORE"><sum>'
        '<variable identifier="SCORE"/><baseValue baseType="float">1'
        "</baseValue></sum></setOutcomeValue></responseIf></responseCondition></responseProcessing>",
    ),
    "qti_old": b"""<questestinterop><assessment><section><item ident="i" title="Item"><itemmetadata><qtimetadata><qtimetadatafield>
      <fieldlabel>question_type</fieldlabel><fieldentry>multiple_answers_question</fieldentry></qtimetadatafield></qtimetadata></itemmetadata>
      <presentation><material><mattext texttype="text/html">&lt;p&gt;Which?&lt;/p&gt;</mattext></material>
      <response_lid ident="r" rcardinality="Multiple"><render_choice shuffle="Yes"><response_label ident="a">
      <material><mattext>A</mattext></material></response_label>
      <response_label ident="b"><material><mattext>B</mattext></material></response_label></render_choice></response_lid>
      </presentation>
      <resprocessing><outcomes><decvar varname="SCORE" minvalue="0" maxvalue="100"/></outcomes><respcondition continue="No"><conditionvar><and>
      <varequal respident="r">a</varequal><not><varequal respident="r">b</varequal></not></and></conditionvar><setvar action="Set" varname="SCORE">100
      </setvar><displayfeedback linkrefid="f"/></respcondition></resprocessing><itemfeedback ident="f"><material><mattext>Well</mattext></material>
      </itemfeedback></item></section></assessment></questestinterop>""",
}
MARKUP = [
    "<",
    ">",
    "&",
    "]]>",
    "<![CDATA[",
    "<!--",
    "&nbsp;",
    "&#0;",
    "\x00",
    "\u202e",
    "<p>",
    "</p>",
    "<div>" * 40,
    "<script>x</script>",
    "1e999",
    "-1",
    "NaN",
    'identifier="a"',
    'cardinality="ordered"',
    'baseType="pair"',
    'baseType="point"',
    "<!DOCTYPE a>",
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    "&b;",
    "<gap/>",
    "<value>z</value>",
    "<matchInteraction/>",
    "<orderInteraction/>",
    "<sliderInteraction/>",
    "<hotspotInteraction/>",
    "<extendedTextInteraction/>",
    '<object data="../../etc/passwd" type="image/png"/>',
    "<product/>",
    "<divide><null/><null/></divide>",
    'shape="poly"',
    "<response_xy/>",
    "<vargte>",
    "<response_str><render_fib/></response_str>",
    "[a]",
    "[[1]]",
    "_question",
    "<m:math>",
]


def read_and_score(source: bytes) -> Bank:
    """Reads QTI, and scores what nobody would answer."""
    for given in ({}, "a"):
        with contextlib.suppress(LmsError):
            score_items(source, "This file", given)
    return read_qti(source)


MOODLE = """<?xml version="1.0" encoding="UTF-8"?><quiz>
<question type="category"><category><text>$course$/top/Trees</text></category></question>
<question type="multichoice"><name><text>A</text></name><questiontext format="html">
<text>&lt;p&gt;So? &lt;img src="@@PLUGINFILE@@/a.png"&gt;&lt;/p&gt;</text>
<file name="a.png" path="/" encoding="base64">iVBORw0KGgo=</file></questiontext>
<single>true</single><answer fraction="100"><text>A</text><feedback><text>Yes
</text></feedback></answer><answer fraction="-33.33333"><text>B</text></answer><hint format="html"><text>Think</text></hint></question>
<question type="cloze"><name><text>C</text></name><questiontext format="html"><text>In {1:SHORTANSWER:=Italy#Yes~%50%Ital*}, {2:MC:=north~south} of
{:NM:=41.9:0.1}.</text></questiontext></question>
<question type="numerical"><name><text>N</text></name><questiontext><text>How many?</text></questiontext><answer fraction="100"><text>5.5</text>
<tolerance>0.1</tolerance></answer><units><unit><multiplier>1</multiplier><unit_name>m</unit_name></unit></units></question>
<question type="gapselect"><name><text>G</text></name><questiontext><text>The [[2]].</text></questiontext><selectoption><text>a</text><group>1</group>
</selectoption><selectoption><text>b</text><group>1</group></selectoption></question>
<question type="matching"><name><text>M</text></name><questiontext><text>Pair</text></questiontext><subquestion><text>a</text><answer><text>1</text>
</answer></subquestion><subquestion><text></text><answer><text>2</text></answer></subquestion></question>
</quiz>"""


READERS: dict[str, tuple[Callable[[bytes], Bank], str, list[str]]] = {
    "gift": (
        read_gift,
        GIFT,
        ["{", "}", "\\", "=", "~", "#", "####", "->", "::", "%", "%50%", "%1e9%", "//", "[html]", "[markdown]", "<script>", "<p>" * 50, "\n\n", "..",
         "9" * 400, "1e999", "{#}", "{=}", "*", "\\*", "$CATEGORY:", "[id:", "[tag:]", "&#0;", "\\n", "{{{{", "}}}}", "\x00", "<!--", "\u202e"],
    ),
    "aiken": (read_aiken, AIKEN, ["ANSWER:", "ANSWER: Z", "A)", "B.", "\n", "\n\n", "A) " * 9, "\x00", "ANSWER: a", "Z. z", "ß) "]),
    "moodle": (
        read_moodle_xml,
        MOODLE,
        [*MARKUP, "{1:SA:", "{1:MULTICHOICE:", "~", "}", "\\", "%1e9%", 'fraction="1e99"', "[[1]]", "[[99]]", "<file/>", "=====",
         "<multiplier>0</multiplier>", "<penalty>9</penalty>", "<hint/>", 'type="essay"', 'type="ordering"', 'type="truefalse"'],
    ),
    **{name: (read_and_score, text.decode(), MARKUP) for name, text in QTI.items()},
}  # fmt: skip


def rewritten(text: str, nasty: list[str], chance: random.Random) -> str:
    """The text with a few things put in, taken out, doubled or swapped."""
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + 60)
        put_in = chance.choice(nasty)
        text = chance.choice([text[:at] + put_in + text[at:], text[:at] + text[end:], text[:end] + text[at:], text[:at] + put_in + text[end:]])
    return text


def rearranged(text: str, chance: random.Random) -> str:
    """Well-formed XML with a few elements taken out, doubled or put elsewhere, and attributes and texts exchanged."""
    root = etree.fromstring(text.encode())
    for _ in range(chance.randint(1, 5)):
        elements = list(root.iterdescendants(etree.Element))
        if len(elements) < 3:
            break
        one, other = chance.sample(elements, 2)
        match chance.randrange(5):
            case 0 if one.getparent() is not None:
                one.getparent().remove(one)
            case 1:
                other.append(copy.deepcopy(one))
            case 2 if other.attrib:
                name = chance.choice(list(other.attrib))
                values = [value for element in elements for value in element.attrib.values()]
                other.set(name, chance.choice([*values, "", "-1", "1e9", "ordered", "multiple", "pair", "point", "0", "essay_question", "matching"]))
            case 3:
                other.text = chance.choice([one.text or "", "", "-1", "1e12", "[[1]]", "a b", "\\(x\\)", "<p>x</p>", "{1:NM:=1}"])
            case 4:
                one.tag, other.tag = other.tag, one.tag
    return etree.tostring(root, encoding="unicode")


def check(read: Callable[[bytes], Bank], source: bytes) -> bool:
    """Whether questions were read; what was read must be valid, and can be answered."""
    started = time.process_time()
    bank, sentence = None, "Read."
    try:
        bank = read(source)
    except LmsError as refusal:
        sentence = refusal.sentence
    assert time.process_time() - started < LONGEST
    assert sentence.endswith(".")
    if bank is None:
        return False
    for question in bank.questions:
        kind = TYPES[question.type]
        body: QuestionBody = kind.body.model_validate(question.body)
        drawn = kind.draw(body, 1)
        kind.grade(drawn, kind.solve(drawn))
    assert all(item.place and item.reason.endswith(".") for item in bank.report.unsupported)
    return bool(bank.questions)


def long_item(entry: str, choice: str) -> str:
    """An item with ten thousand choices, each with its value."""
    entries, choices = ("".join(part.format(number) for number in range(10_000)) for part in (entry, choice))
    declared = response("multiple", "identifier", mapping=f"<mapping>{entries}</mapping>")
    return item(f'<choiceInteraction responseIdentifier="RESPONSE">{choices}</choiceInteraction>', declared, template="map_response").decode()


@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_refused(name: str) -> None:
    read, text, nasty = READERS[name]
    chance = random.Random(SEED)
    assert check(read, text.encode())
    seconds = SECONDS / (len(QTI) if name in QTI else 1)
    until, tries, taken = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until or not tries:
        is_whole = text.lstrip().startswith("<") and chance.random() < 0.7
        changed = rearranged(text, chance) if is_whole else rewritten(text, nasty, chance)
        source = bytearray(changed.encode("utf-8", "surrogatepass"))
        if source and not is_whole and chance.random() < 0.2:
            source[chance.randrange(len(source))] = chance.randrange(256)
        taken += check(read, bytes(source))
        tries += 1
    assert 0 < taken <= tries


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gift", "{" * 200_000),
        ("gift", "a{\n\n" * 20_000),
        ("gift", "a {=x\n\n" + "b\n\n" * 1_000),
        ("gift", "=" * 200_000),
        ("gift", "a{" + "~" * 200_000 + "}"),
        ("gift", "::" * 200_000),
        ("gift", "\\" * 400_001),
        ("gift", "[id:" * 100_000),
        ("gift", "// [tag:" * 10_000 + "\na{}"),
        ("gift", "a{#" + "9" * 100_000 + "}"),
        ("gift", "[html]" + "<div>" * 100_000 + "{}"),
        ("aiken", "A) a\n" * 100_000),
        ("moodle", "<quiz><question type='cloze'><questiontext><text>" + "{1:SA:" * 100_000 + "</text></questiontext></question></quiz>"),
        ("moodle", "<quiz><question type='cloze'><questiontext><text>" + "{1:SA:=a}" * 10_000 + "</text></questiontext></question></quiz>"),
        ("moodle", "<quiz>" + "<question type='multichoice'/>" * 500 + "</quiz>"),
        ("qti_choice", "<assessmentItem>" + "<responseDeclaration/>" * 20_000 + "<itemBody/></assessmentItem>"),
        ("qti_choice", long_item("<mapEntry mapKey='a{0}' mappedValue='1'/>", "<simpleChoice identifier='a{0}'>a</simpleChoice>")),
        ("qti_old", "<questestinterop>" + "<item><presentation/></item>" * 500 + "</questestinterop>"),
        ("qti_old", f"<questestinterop><item><presentation>{'<response_lid/>' * 10_000}</presentation></item></questestinterop>"),
        ("aiken", "q\n" + "ANSWER: A\n" * 100_000),
    ],
)
def test_what_is_written_to_take_long_does_not(name: str, text: str) -> None:
    check(READERS[name][0], text.encode())
