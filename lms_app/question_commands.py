"""The commands for questions in the formats of other systems."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

questions = typer.Typer(help="Questions in the formats of other systems.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    app.add_typer(questions, name="questions")


@questions.command("score")
def score_file(
    file: Annotated[Path, typer.Argument(help="A QTI item: .xml.")],
    responses: Annotated[str, typer.Option(help="The response as JSON, or @FILE: values by response identifier; by item identifier if several.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Print the score that a response to a QTI item gets, by the item's own rules."""
    from lms_app.errors import Invalid
    from lms_app.interchange.qti import score_items

    def scored() -> dict[str, Any]:
        found = score_items(_bytes_of(file), file.name, _json(responses))
        whole = [item.score for item in found if item.score is not None]
        best = [item.best for item in found if item.best is not None]
        return {
            "score": float(sum(whole)) if whole else None,
            "max_score": float(sum(best)) if best else None,
            "items": [
                {
                    "identifier": item.identifier,
                    "title": item.title,
                    "score": None if item.score is None else float(item.score),
                    "max_score": None if item.best is None else float(item.best),
                    "fault": item.fault,
                }
                for item in found
            ],
        }

    try:
        result = scored()
    except Invalid as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, indent=2))
    else:
        for item in result["items"]:
            said = item["fault"] or f"{item['score']:g} of {'?' if item['max_score'] is None else format(item['max_score'], 'g')}"
            typer.echo(f"{item['title'] or item['identifier']}: {said}")
    if any(item["fault"] for item in result["items"]):
        raise typer.Exit(1)


def _bytes_of(file: Path) -> bytes:
    from lms_app.errors import Invalid

    if not file.is_file():
        raise Invalid(f"There is no file {file}.")
    return file.read_bytes()


def _json(text: str) -> object:
    from lms_app.errors import Invalid

    written = _bytes_of(Path(text[1:])).decode("utf-8", "replace") if text.startswith("@") else text
    try:
        return json.loads(written)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"The responses are not JSON: {error}.") from error
