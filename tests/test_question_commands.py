"""`python -m lms_app questions convert`: any format that we read into any that we write."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lms_app.cli import app
from lms_app.interchange.likeness import comparable
from lms_app.interchange.question_formats import WRITERS, read_questions

GIFT = "::Oak::What is an oak?{=A tree#Yes ~A bird}\n\n::Two::Two plus two?{#4:0.5}\n\n::Pair::Pair.{=a -> 1 =b -> 2}\n\n::So::So?{T}\n"


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["questions", "convert", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.mark.parametrize("to", WRITERS)
def test_questions_are_equal_in_every_format(tmp_path: Path, to: str) -> None:
    source, target = tmp_path / "in.txt", tmp_path / "out"
    source.write_text(GIFT)
    code, printed, _ = run(str(source), "--to", to, "--out", str(target), "--json")
    report = json.loads(printed)
    assert (code, report["read"], report["written"], report["not_read"], report["not_written"]) == (0, 4, 4, [], [])
    assert [comparable(question) for question in read_questions(target).questions] == [
        comparable(question) for question in read_questions(source).questions
    ]


def test_what_is_left_out_is_said(tmp_path: Path) -> None:
    source = tmp_path / "in.gift"
    source.write_text("Broken?{~a =b\n\nFine?{T}\n")
    code, printed, _ = run(str(source), "--to", "moodle", "--out", str(tmp_path / "out.xml"))
    assert code == 0
    assert printed.splitlines()[0] == "Read 1 questions, wrote 1."
    assert "at line 1. Its braces do not pair" in printed


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    source = tmp_path / "in.gift"
    source.write_text(GIFT)
    code, printed, said = run(str(source), "--to", "gift", "--out", str(source))
    assert (code, printed) == (1, "")
    assert "cannot be written" in said
    assert source.read_text() == GIFT


@pytest.mark.parametrize(
    ("arguments", "sentence"), [(["--to", "word"], "There is no format word to write"), (["--to", "gift", "--from", "x"], "no format x to read")]
)
def test_a_format_that_there_is_not_is_refused(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    source = tmp_path / "in.gift"
    source.write_text(GIFT)
    code, _, said = run(str(source), "--out", str(tmp_path / "out"), *arguments)
    assert code == 1
    assert sentence in said
