"""Item and test statistics: the published digits, and running sums against a recomputation from the whole table by other formulas."""

import csv
import json
import math
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.analytics.item_figures_rules import (
    DIFFERENT,
    Figure,
    all_choice_figures,
    all_item_figures,
    quiz_figures,
    saw_the_same,
)
from lms_app.domain.analytics.item_sums_rules import MICRO, Mark, QuizSums, Row

CLOSE = 1e-9


def right(score: float, *, points: float = 1, answered: bool = True, chose: str = "") -> Mark:
    return Mark(
        score=round(score * MICRO),
        points=round(points * MICRO),
        fraction=round(score / points * MICRO) if points else 0,
        answered=answered,
        tally=(("", chose),) if chose else (),
    )


def without_nothing(sums: QuizSums) -> QuizSums:
    """The sums without questions and choices that nobody has any more: what a table made anew would hold."""
    items = {name: item for name, item in sums.items.items() if any(vars(item).values())}
    choices = {key: choice for key, choice in sums.choices.items() if any(vars(choice).values())}
    return replace(sums, items=items, choices=choices)


def table(*rows: str) -> list[Row]:
    """Rows of ones and noughts, a dot for a blank, a space for a question that was not seen."""
    return [
        {str(number): right(0, answered=False) if sign == "." else right(int(sign)) for number, sign in enumerate(row) if sign != " "} for row in rows
    ]


def read_table(file: Path, blanks: int = 0) -> list[Row]:
    """A published table, the first answers of the first item blanked."""
    with file.open() as lines:
        _, *rows = csv.reader(lines)
    return table(*("." + "".join(row)[1:] if number < blanks else "".join(row) for number, row in enumerate(rows)))


@pytest.mark.parametrize("name", ["lsat6", "lsat7"])
def test_the_published_figures_come_out_to_the_printed_digits(trial_data: Path, name: str) -> None:
    folder = trial_data / "psychometrics"
    published = json.loads((folder / "published.json").read_text())[name]
    sums = QuizSums.of(read_table(folder / f"{name}.csv"))
    overall = quiz_figures(sums)
    assert {"N": overall.n, "mean_total": shown(overall.mean), "sd_total": shown(overall.sd)} == expected(published, "N", "mean_total", "sd_total")
    assert {"alpha": shown(overall.alpha), "sem": shown(overall.sem)} == expected(published, "alpha", "sem")
    items = all_item_figures(sums)
    for number, item in enumerate(published["items"]):
        figures = items[str(number)]
        assert {
            "mean": shown(figures.facility),
            "sd": shown(figures.sd),
            "total_r": shown(figures.item_total),
            "total_r_if_rm": shown(figures.item_rest),
            "alpha_if_rm": shown(figures.alpha_if_deleted),
        } == item


def test_the_four_digits_of_another_package_come_out_too(trial_data: Path) -> None:
    folder = trial_data / "psychometrics"
    published = json.loads((folder / "published.json").read_text())["lsat6"]
    sums = QuizSums.of(read_table(folder / "lsat6.csv"))
    items = all_item_figures(sums).values()
    assert [shown(item.item_total, 4) for item in items] == published["descript_4dp"]["included"]
    assert [shown(item.item_rest, 4) for item in items] == published["descript_4dp"]["excluded"]
    assert [shown(item.alpha_if_deleted, 4) for item in items] == published["descript_4dp"]["alpha_excluding"]
    assert shown(quiz_figures(sums).alpha, 4) == published["alpha_4dp"]


def test_blanks_leave_facility_over_answers_and_totals_over_complete_rows(trial_data: Path) -> None:
    folder = trial_data / "psychometrics"
    published = json.loads((folder / "published.json").read_text())["lsat7"]["first5_item1_missing"]["overall"]
    sums = QuizSums.of(read_table(folder / "lsat7.csv", blanks=5))
    overall = quiz_figures(sums)
    assert (overall.attempts, overall.n) == (published["N"], published["N_complete"])
    assert [shown(overall.mean), shown(overall.sd)] == [published["mean_total"], published["sd_total"]]
    assert [shown(overall.alpha), shown(overall.sem)] == [published["alpha"], published["sem"]]
    first = all_item_figures(sums)["0"]
    assert (shown(first.facility), first.answered, first.seen, first.n) == (0.832, 995, 1000, 995)


def shown(figure: Figure, places: int = 3) -> float:
    assert figure.value is not None, figure.because
    return round(figure.value, places)


def expected(published: dict[str, Any], *names: str) -> dict[str, float]:
    return {name: published["overall"][name] for name in names}


_names = st.integers(1, 5).map(lambda count: [str(number) for number in range(count)])


@st.composite
def quizzes(draw: st.DrawFn) -> tuple[list[str], dict[str, int], Callable[[], Row]]:
    """The names of a quiz's questions, their points, and a way to draw an attempt, some with a question left out."""
    names = draw(_names)
    points = {name: draw(st.sampled_from([250_000, MICRO, 3 * MICRO])) for name in names}
    differ = draw(st.sampled_from([False, False, True]))

    def attempt() -> Row:
        row: dict[str, Mark] = {}
        for name in names:
            if differ and draw(st.booleans()) and len(row) < len(names) - 1:
                continue
            answered = draw(st.sampled_from([True, True, True, False]))
            fraction = draw(st.sampled_from([0, 0, 333_333, 500_000, MICRO, MICRO, -250_000])) if answered else 0
            value = draw(st.sampled_from("abc"))
            row[name] = Mark(
                score=points[name] * fraction // MICRO,
                points=points[name],
                fraction=fraction,
                answered=answered,
                tally=(("", value),) if answered else (),
            )
        return row

    return names, points, attempt


@given(quizzes(), st.data())
def test_running_sums_equal_a_batch_recomputation_after_any_attempts_regrades_and_undos(
    quiz: tuple[list[str], dict[str, int], Callable[[], Row]], data: st.DataObject
) -> None:
    *_, attempt = quiz
    sums, held, before = QuizSums(), {}, {}
    for number in range(data.draw(st.integers(0, 14))):
        act = data.draw(st.sampled_from(["attempt", "attempt", "regrade", "undo", "remove"]))
        if act == "attempt":
            held[number] = attempt()
            sums.add(held[number])
            continue
        if not held:
            continue
        which = data.draw(st.sampled_from(sorted(held)))
        sums.take_out(held[which])
        if act == "remove":
            del held[which]
            before.pop(which, None)
            continue
        new = attempt() if act == "regrade" else before.get(which, held[which])
        before[which], held[which] = held[which], new
        sums.add(new)
    rows = [row for row in held.values() if row]
    assert without_nothing(sums) == QuizSums.of(rows)
    agrees_with_batch(sums, rows)


def agrees_with_batch(sums: QuizSums, rows: list[Row]) -> None:
    """Every figure by the textbook, from the rows."""
    whole = [row for row in rows if all(mark.answered for mark in row.values())]
    totals = [sum(mark.score for mark in row.values()) / MICRO for row in whole]
    overall, items, choices = quiz_figures(sums), all_item_figures(sums), all_choice_figures(sums)
    names = {name for row in rows for name in row}
    same = all(set(row) == names for row in rows)
    assert saw_the_same(sums) is same
    assert (overall.attempts, overall.n, set(items)) == (len(rows), len(whole), names)
    near(overall.mean, statistics.fmean(totals) if totals else None)
    near(overall.sd, statistics.stdev(totals) if len(totals) > 1 else None)
    near(overall.skewness, moment_ratio(totals, 3))
    near(overall.kurtosis, moment_ratio(totals, 4))
    alpha = batch_alpha(whole, names) if same else None
    near(overall.alpha, alpha)
    near(overall.sem, None if alpha is None else statistics.stdev(totals) * math.sqrt(1 - alpha))
    for name, item in items.items():
        fractions = [row[name].fraction / MICRO for row in rows if name in row and row[name].answered]
        near(item.facility, statistics.fmean(fractions) if fractions else None)
        near(item.sd, statistics.stdev(fractions) if len(fractions) > 1 else None)
        marks = [row[name].score / MICRO for row in whole if name in row]
        if not same:
            assert item.item_total == item.item_rest == item.alpha_if_deleted == item.effective_weight == Figure(value=None, because=DIFFERENT)
            continue
        near(item.item_total, correlation(marks, totals))
        near(item.item_rest, correlation(marks, [total - mark for total, mark in zip(totals, marks, strict=True)]))
        near(item.alpha_if_deleted, batch_alpha([{k: v for k, v in row.items() if k != name} for row in whole], names - {name}))
    for (name, part, value), choice in choices.items():
        chose = [(part, value) in row[name].tally for row in whole if name in row]
        assert choice.given == sum((part, value) in row[name].tally for row in rows if name in row)
        near(choice.with_total, correlation([float(each) for each in chose], totals) if same else None)


def near(figure: Figure, value: float | None) -> None:
    assert (figure.value is None) is (value is None), (figure, value)
    assert (figure.because == "") is (figure.value is not None)
    if figure.value is not None and value is not None:
        assert figure.value == pytest.approx(value, rel=CLOSE, abs=CLOSE)


def correlation(first: list[float], second: list[float]) -> float | None:
    # The textbook's sums of floats are not nought where they should be.
    if len(first) < 2 or max(first) - min(first) < CLOSE or max(second) - min(second) < CLOSE:
        return None
    return statistics.correlation(first, second)


def batch_alpha(rows: list[Row], names: set[str]) -> float | None:
    if len(rows) < 2 or len(names) < 2:
        return None
    totals = [sum(mark.score for mark in row.values()) for row in rows]
    if max(totals) == min(totals):
        return None
    spread = sum(statistics.variance([row[name].score for row in rows]) for name in names)
    return len(names) / (len(names) - 1) * (1 - spread / statistics.variance(totals))


def moment_ratio(totals: list[float], power: int) -> float | None:
    """Skewness (3) and kurtosis (4) as Moodle's page on its calculations writes them."""
    s = len(totals)
    if s < power or max(totals) - min(totals) < CLOSE:
        return None
    mean = math.fsum(totals) / s
    m2, m3, m4 = (math.fsum((total - mean) ** order for total in totals) / s for order in (2, 3, 4))
    k2 = s / (s - 1) * m2
    if power == 3:
        return s**2 / ((s - 1) * (s - 2)) * m3 / k2**1.5
    return s**2 / ((s - 1) * (s - 2) * (s - 3)) * ((s + 1) * m4 - 3 * (s - 1) * m2**2) / k2**2


@given(quizzes(), st.data())
def test_what_is_added_and_taken_out_leaves_no_trace(quiz: tuple[list[str], dict[str, int], Callable[[], Row]], data: st.DataObject) -> None:
    *_, attempt = quiz
    rows = [attempt() for _ in range(data.draw(st.integers(1, 8)))]
    sums = QuizSums.of(rows)
    for row in data.draw(st.permutations(rows)):
        sums.take_out(row)
    assert without_nothing(sums) == QuizSums()


def test_a_negative_alpha_is_shown_as_it_is() -> None:
    overall = quiz_figures(QuizSums.of(table("10", "01", "10", "01", "11")))
    assert overall.alpha.value == pytest.approx(-4)
    assert overall.sem.value == pytest.approx(overall.sd.value * math.sqrt(5))


def test_where_students_saw_different_questions_there_are_words_instead_of_alpha() -> None:
    sums = QuizSums.of(table("11 ", "1 0", "011"))
    overall = quiz_figures(sums)
    assert overall.alpha == overall.sem == Figure(value=None, because="students did not all see the same questions")
    assert {figures.item_total.because for figures in all_item_figures(sums).values()} == {"students did not all see the same questions"}
    assert all_item_figures(sums)["0"].facility.value == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("rows", "because"),
    [
        ([], "it needs two questions"),
        (["1"], "it needs two questions"),
        ([".1", "1."], "nobody has answered every question yet"),
        (["11"], "one complete attempt does not vary"),
        (["10", "01"], "all totals are the same"),
    ],
)
def test_what_cannot_be_known_says_why(rows: list[str], because: str) -> None:
    assert quiz_figures(QuizSums.of(table(*rows))).alpha == Figure(value=None, because=because)


def test_a_question_that_everybody_got_right_has_no_correlation_and_says_so() -> None:
    items = all_item_figures(QuizSums.of(table("11", "10", "11")))
    assert items["0"].item_rest == Figure(value=None, because="everybody earned the same here")
    assert items["1"].item_rest == Figure(value=None, because="everybody earned the same on the other questions")


def test_weights_are_of_the_points_and_of_what_they_did() -> None:
    rows = [{"a": right(one, points=3), "b": right(two)} for one, two in ((3, 1), (0, 0), (3, 0), (0, 1), (3, 1))]
    items = all_item_figures(QuizSums.of(rows))
    assert (items["a"].intended_weight.value, items["b"].intended_weight.value) == (0.75, 0.25)
    totals = [4, 0, 3, 1, 4]
    roots = [math.sqrt(statistics.covariance(marks, totals)) for marks in ([3, 0, 3, 0, 3], [1, 0, 0, 1, 1])]
    assert items["a"].effective_weight.value == pytest.approx(roots[0] / sum(roots))
    assert items["b"].effective_weight.value == pytest.approx(roots[1] / sum(roots))
