"""`python -m lms_app item-analysis`: JSON alone on stdout, no servers, refusals as sentences."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lms_app.launcher.places import PROJECT


def run(tmp_path: Path, table: str | bytes | Path, key: str, *options: str) -> subprocess.CompletedProcess[str]:
    """The command in a process that has no servers and an empty data folder."""
    if not isinstance(table, Path):
        file = tmp_path / "responses.csv"
        file.write_bytes(table if isinstance(table, bytes) else table.encode())
        table = file
    (tmp_path / "key.json").write_text(key)
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")} | {"VAR_DIR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "lms_app", "item-analysis", str(table), "--key", str(tmp_path / "key.json"), *options]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=60, check=False)


def test_a_published_table_comes_out_as_json_with_the_printed_digits(tmp_path: Path, trial_data: Path) -> None:
    folder = trial_data / "psychometrics"
    published = json.loads((folder / "published.json").read_text())["lsat6"]
    done = run(tmp_path, folder / "lsat6.csv", "[1, 1, 1, 1, 1]", "--json")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert set(figures) == {"n", "mean", "sd", "alpha", "sem", "items"}
    overall = published["overall"]
    assert [round(figures[name], 3) for name in ("n", "mean", "sd", "alpha", "sem")] == [
        overall[name] for name in ("N", "mean_total", "sd_total", "alpha", "sem")
    ]
    names = {"facility": "mean", "sd": "sd", "item_total": "total_r", "item_rest": "total_r_if_rm", "alpha_if_deleted": "alpha_if_rm"}
    for item, known in zip(figures["items"], published["items"], strict=True):
        assert {known_name: round(item[name], 3) for name, known_name in names.items()} == known
    first = figures["items"][0]
    assert set(first) == {"item", "choices", *names}
    assert first["item"] == "Item_1"
    assert first["choices"] == {"0": pytest.approx(0.076), "1": pytest.approx(0.924)}
    # Nothing was started, and nothing was made.
    assert (done.stderr, (tmp_path / "var").exists()) == ("", False)


def test_letters_and_blanks_are_scored_by_the_key(tmp_path: Path) -> None:
    done = run(tmp_path, "one;two\nB;3\nA;3.0\n;2\nB;NA\nC;3\n", '["B", 3]', "--json")
    figures = json.loads(done.stdout)
    one, two = figures["items"]
    assert (figures["n"], figures["mean"]) == (5, pytest.approx(4 / 3))
    assert (one["facility"], two["facility"]) == (0.5, 0.75)
    assert one["choices"] == {"A": 0.25, "B": 0.5, "C": 0.25}
    assert two["choices"] == {"2": 0.25, "3": 0.5, "3.0": 0.25}
    assert done.stderr.strip() == "3 of 5 learners answered everything; figures that need a total are over those."


def test_what_cannot_be_known_is_null(tmp_path: Path) -> None:
    figures = json.loads(run(tmp_path, "one,two\n1,1\n", "[1, 1]", "--json").stdout)
    assert (figures["mean"], figures["sd"], figures["alpha"], figures["items"][0]["item_rest"]) == (2, None, None, None)


def test_without_json_the_figures_are_a_small_table(tmp_path: Path) -> None:
    done = run(tmp_path, "one,two\n1,1\n1,0\n0,0\n", "[1, 1]")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == "3 learners, 3 of them answered everything."
    assert "0.667" in done.stdout


@pytest.mark.parametrize(
    ("table", "key", "sentence"),
    [
        ("a,b\n1,1\n", "[1]", "The table has 2 columns and the key 1 value. Give one value for each column."),
        ("a,b\n1,1\n1\n", "[1, 1]", "Line 3 has 1 cell; the head has 2."),
        ("a,b\n", "[1, 1]", "The table has a head and no learners."),
        ("", "[1]", "The table is empty."),
        ('a,b\n"1,1\n', "[1, 1]", "Line 2 of the table is not CSV: unexpected end of data."),
        ("a,b\n1,1\n", "{}", "The key must be a JSON list: the right value of each column, in order."),
        ("a,b\n1,1\n", "[1, null]", "Value 2 of the key must be a text or a number."),
        ("a,b\n1,1\n", '[1, " "]', "Value 2 of the key is empty. Every column needs its right value."),
        ("a,b\n1,1\n", "1, 1", "key.json is not JSON. The key is a list, such as [1, 1, 0]."),
        ("a,b\n1,1\n", "[" * 100_000, "key.json is not JSON. The key is a list, such as [1, 1, 0]."),
        (b"a,b\n\xff,1\n", "[1, 1]", "responses.csv is not UTF-8 text."),
        (Path("/nowhere/at/all.csv"), "[1]", "/nowhere/at/all.csv cannot be read: no such file or directory."),
    ],
)
def test_bad_input_gets_a_sentence(tmp_path: Path, table: str | bytes | Path, key: str, sentence: str) -> None:
    done = run(tmp_path, table, key, "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.strip().endswith(sentence)
    assert "Traceback" not in done.stderr
