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


@questions.command("convert")
def convert(
    file: Annotated[Path, typer.Argument(help="Questions in GIFT, Aiken, Moodle XML, CSV or QTI (.xml, or a package as .zip).")],
    to: Annotated[str, typer.Option("--to", help="The format to write: gift, moodle or qti.")],
    out: Annotated[Path, typer.Option(help="The file to write. It must not be there yet.")],
    from_: Annotated[str, typer.Option("--from", help="The format to read, where it should not be guessed: gift, aiken, moodle, qti or csv.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Write questions in another format, and say what could not be read and what the new format does not say."""
    from lms_app.errors import LmsError
    from lms_app.interchange.question_formats import read_questions, write_questions

    try:
        bank = read_questions(file, from_)
        written = write_questions(bank, to)
        with out.open("xb") as target:
            target.write(written.content)
    except LmsError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from None
    except OSError as error:
        typer.echo(f"{out} cannot be written: {error.strerror}.", err=True)
        raise typer.Exit(1) from None
    report = {
        "source": bank.report.source_counts,
        "read": len(bank.questions),
        "written": len(bank.questions) - sum(not item.reason.startswith("Written") for item in written.report.unsupported),
        "not_read": [vars(item) for item in bank.report.unsupported],
        "not_written": [vars(item) for item in written.report.unsupported],
        "missing_files": list(bank.report.missing_files),
        "removed_scripts": bank.report.removed_scripts,
    }
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _in_words(report))


def _in_words(report: dict[str, Any]) -> str:
    lines = [f"Read {report['read']} questions, wrote {report['written']}."]
    lines += [f"Not read: {item['kind']} “{item['title']}” at {item['place']}. {item['reason']}".rstrip() for item in report["not_read"]]
    lines += [f"Not written whole: {item['kind']} “{item['title']}”. {item['reason']}" for item in report["not_written"]]
    lines += [f"Missing: {name}" for name in report["missing_files"]]
    return "\n".join(lines)


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
