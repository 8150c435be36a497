"""Commands about item statistics, of a table of responses and of the quizzes here; and about gradebooks."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    app.command("item-analysis")(item_analysis)
    app.command("recount-statistics")(recount_statistics)
    app.command("rebuild-gradebooks")(rebuild_gradebooks)


def item_analysis(
    responses: Annotated[Path, typer.Argument(help="A CSV table, learners by items: a head with the items' names, empty cells for blanks.")],
    key: Annotated[Path, typer.Option(help="A JSON file: a list of the right value of each column.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON and nothing else.")] = False,
) -> None:
    """Item and test statistics of a table of raw responses. Needs no servers."""
    from lms_app.domain.analytics import response_table_rules as tables
    from lms_app.errors import LmsError

    try:
        right = tables.read_key(_json(key))
        table = tables.read_table(_text(responses), len(right))
        figures, complete = tables.table_figures(table, right), tables.complete_rows(table)
    except LmsError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        if complete < len(table.rows):
            typer.echo(f"{complete} of {len(table.rows)} learners answered everything; figures that need a total are over those.", err=True)
    else:
        typer.echo(tables.figures_in_words(figures, complete))


def recount_statistics() -> None:
    """Make the sums of item statistics anew from all attempts. Nobody need stop working meanwhile."""
    from lms_app.account_commands import perform
    from lms_app.domain.analytics.fold import recount_statistics

    typer.echo(f"Attempts that count: {perform(recount_statistics)}.")


def rebuild_gradebooks() -> None:
    """Make the gradebooks' columns of quizzes, and what the quizzes made of everybody, anew from all attempts. What was set by hand stays."""
    from lms_app.account_commands import perform
    from lms_app.domain.gradebook.columns import rebuild

    typer.echo(f"Grades that moved: {perform(rebuild)}.")


def _json(file: Path) -> object:
    from lms_app.errors import Invalid

    try:
        # Numbers stay as they are written: a float would make 0.10 of nothing but a tenth.
        return json.loads(_text(file), parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Invalid(f"{file} is not JSON. The key is a list, such as [1, 1, 0].") from None


def _text(file: Path) -> str:
    from lms_app.errors import Invalid

    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid(f"{file} is not UTF-8 text.") from None
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {(error.strerror or 'it is not there').lower()}.") from None
