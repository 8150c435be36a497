"""Statistics of a table of raw responses: learners by items, scored right or wrong against a key. Pure; the figures are those of the quiz pages."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import cast

from lms_app.domain.analytics.item_figures_rules import all_choice_figures, all_item_figures, quiz_figures
from lms_app.domain.analytics.item_sums_rules import MICRO, Mark, QuizSums
from lms_app.errors import Invalid

SEPARATORS = ",;\t"


@dataclass(frozen=True, kw_only=True)
class ResponseTable:
    """The names of the items, and a row for each learner: what was answered, empty where nothing was."""

    items: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_key(values: object) -> tuple[str, ...]:
    """The right value of each column, from a JSON list of texts and numbers. Raises Invalid."""
    if not isinstance(values, list) or not values:
        raise Invalid("The key must be a JSON list: the right value of each column, in order.")
    given = cast(Sequence[object], values)
    return tuple(_key_value(value, number) for number, value in enumerate(given, start=1))


def read_table(text: str, columns: int) -> ResponseTable:
    """The table in a CSV text: a head with the items' names, then a line for each learner. An empty cell, and `NA`, is a blank.

    Fields stand between commas, semicolons or tabs, whichever gives the number of columns that the key has. Raises Invalid, naming the line.
    """
    separators = SEPARATORS if columns > 1 else SEPARATORS[0]
    found = next((lines for separator in separators if len((lines := _lines(text, separator))[0][1]) == columns), None)
    if found is None:
        head = _lines(text, ",")[0][1]
        raise Invalid(f"The table has {_counted(len(head), 'column')} and the key {_counted(columns, 'value')}. Give one value for each column.")
    (_, head), *rest = found
    for number, cells in rest:
        if len(cells) != columns:
            raise Invalid(f"Line {number} has {_counted(len(cells), 'cell')}; the head has {columns}.")
    if not rest:
        raise Invalid("The table has a head and no learners.")
    names = tuple(name.strip() or f"Column {number}" for number, name in enumerate(head, start=1))
    return ResponseTable(items=names, rows=tuple(tuple(_cell(cell) for cell in cells) for _, cells in rest))


def sums_of_table(table: ResponseTable, key: Sequence[str]) -> QuizSums:
    """The running sums of a table: an answer earns one point where it is the key's, else none. Items go by their number, from 0."""
    return QuizSums.of({str(index): _mark(cell, key[index]) for index, cell in enumerate(row)} for row in table.rows)


def table_figures(table: ResponseTable, key: Sequence[str]) -> dict[str, object]:
    """The figures of a table as JSON values; None stands for what cannot be known. `n` are the learners.

    Facility, its standard deviation and the choices are over the answers given; mean, sd, alpha, standard error and the correlations over the
    learners who answered everything.
    """
    sums = sums_of_table(table, key)
    test, items, choices = quiz_figures(sums), all_item_figures(sums), all_choice_figures(sums)
    return {
        "n": test.attempts,
        "mean": test.mean.value,
        "sd": test.sd.value,
        "alpha": test.alpha.value,
        "sem": test.sem.value,
        "items": [
            {
                "item": name,
                "facility": items[str(index)].facility.value,
                "sd": items[str(index)].sd.value,
                "item_total": items[str(index)].item_total.value,
                "item_rest": items[str(index)].item_rest.value,
                "alpha_if_deleted": items[str(index)].alpha_if_deleted.value,
                "choices": {value: figures.share.value for (item, _, value), figures in sorted(choices.items()) if item == str(index)},
            }
            for index, name in enumerate(table.items)
        ],
    }


def complete_rows(table: ResponseTable) -> int:
    """How many learners answered everything."""
    return sum(all(row) for row in table.rows)


def figures_in_words(figures: Mapping[str, object], complete: int) -> str:
    """The same figures as a small table for a terminal."""
    rows = cast(Sequence[Mapping[str, object]], figures["items"])
    width = max(4, *(len(str(item["item"])) for item in rows))
    names = ("facility", "sd", "item_total", "item_rest", "alpha_if_deleted")
    head = f"{figures['n']} learners, {complete} of them answered everything."
    test = ", ".join(f"{name} {_rounded(figures[name])}" for name in ("mean", "sd", "alpha", "sem"))
    lines = [head, test, "", "  ".join(["item".ljust(width), *names])]
    lines += ["  ".join([str(item["item"]).ljust(width), *(_rounded(item[name]).rjust(len(name)) for name in names)]) for item in rows]
    return "\n".join(lines)


def _lines(text: str, separator: str) -> list[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)
    try:
        found = [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise Invalid(f"Line {reader.line_num} of the table is not CSV: {error}.") from None
    if not found:
        raise Invalid("The table is empty.")
    return found


def _mark(cell: str, right: str) -> Mark:
    score = MICRO if cell and _same(cell, right) else 0
    return Mark(score=score, points=MICRO, fraction=score, answered=bool(cell), tally=(("", cell),) if cell else ())


def _same(cell: str, right: str) -> bool:
    if cell == right:
        return True
    # A spreadsheet may have made 1.0 of a 1.
    try:
        return Decimal(cell) == Decimal(right)
    except InvalidOperation:
        return False


def _cell(cell: str) -> str:
    plain = cell.strip()
    return "" if plain == "NA" else plain


def _key_value(value: object, number: int) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise Invalid(f"Value {number} of the key must be a text or a number.")
    text = str(value).strip()
    if not text or text == "NA":
        raise Invalid(f"Value {number} of the key is empty. Every column needs its right value.")
    return text


def _rounded(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "—"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
