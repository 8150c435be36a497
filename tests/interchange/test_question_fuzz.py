"""Whatever is done to a file of questions, reading it gives questions or a sentence; never a fault, and never for long."""

import os
import random
import time
from collections.abc import Callable

import pytest

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.assessments.types.kind import QuestionBody
from lms_app.errors import LmsError
from lms_app.interchange.aiken import read_aiken
from lms_app.interchange.gift import read_gift
from lms_app.interchange.neutral import Bank

SECONDS = 60.0 if os.environ.get("LYCEUM_LONG") == "1" else 1.0
"""For each reader. Five once the whole suite has room for them."""
SEED = 20261
LONGEST = 2.0

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

READERS: dict[str, tuple[Callable[[bytes], Bank], str, list[str]]] = {
    "gift": (
        read_gift,
        GIFT,
        ["{", "}", "\\", "=", "~", "#", "####", "->", "::", "%", "%50%", "%1e9%", "//", "[html]", "[markdown]", "<script>", "<p>" * 50, "\n\n", "..",
         "9" * 400, "1e999", "{#}", "{=}", "*", "\\*", "$CATEGORY:", "[id:", "[tag:]", "&#0;", "\\n", "{{{{", "}}}}", "\x00", "<!--", "\u202e"],
    ),
    "aiken": (read_aiken, AIKEN, ["ANSWER:", "ANSWER: Z", "A)", "B.", "\n", "\n\n", "A) " * 9, "\x00", "ANSWER: a", "Z. z", "ß) "]),
}  # fmt: skip


def rewritten(text: str, nasty: list[str], chance: random.Random) -> str:
    """The text with a few things put in, taken out, doubled or swapped."""
    for _ in range(chance.randint(1, 4)):
        at, end = sorted(chance.randrange(len(text) + 1) for _ in range(2))
        end = min(end, at + 60)
        put_in = chance.choice(nasty)
        text = chance.choice([text[:at] + put_in + text[at:], text[:at] + text[end:], text[:end] + text[at:], text[:at] + put_in + text[end:]])
    return text


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
        kind.grade(body, kind.solve(body))
    assert all(item.place and item.reason.endswith(".") for item in bank.report.unsupported)
    return bool(bank.questions)


@pytest.mark.parametrize("name", READERS)
def test_a_changed_file_is_read_or_refused(name: str) -> None:
    read, text, nasty = READERS[name]
    chance = random.Random(SEED)
    assert check(read, text.encode())
    until, tries, taken = time.monotonic() + SECONDS, 0, 0
    while time.monotonic() < until or not tries:
        source = bytearray(rewritten(text, nasty, chance).encode("utf-8", "surrogatepass"))
        if chance.random() < 0.2:
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
        ("gift", "// [tag:" * 50_000 + "\na{}"),
        ("gift", "a{#" + "9" * 100_000 + "}"),
        ("gift", "[html]" + "<div>" * 100_000 + "{}"),
        ("aiken", "A) a\n" * 100_000),
        ("aiken", "q\n" + "ANSWER: A\n" * 100_000),
    ],
)
def test_what_is_written_to_take_long_does_not(name: str, text: str) -> None:
    check(READERS[name][0], text.encode())
