"""The command that imports a course archive."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer


def register(app: typer.Typer) -> None:
    """Add our command to `python -m lms_app`."""
    app.command("import")(import_course)


def import_course(
    file: Annotated[Path, typer.Argument(help="A course archive: .tar.gz, .zip or .imscc.")],
    owner: Annotated[str, typer.Option(help="E-mail address of the instructor who will own the course.")],
    format_: Annotated[str, typer.Option("--format", help="The format, where it should not be guessed: cartridge or olx.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
) -> None:
    """Import a course archive as a draft course. Uses the servers that run, else starts them for the time being."""
    from lms_app.errors import LmsError
    from lms_app.launcher.failures import CannotStart
    from lms_app.launcher.installation import attached

    try:
        with attached():
            report = _import(file, owner, format_)
    except LmsError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from None
    except CannotStart as failure:
        typer.echo(failure, err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        typer.echo(_in_words(report))


def _import(file: Path, owner: str, format_: str) -> dict[str, Any]:
    """Reads and stores the course. Raises LmsError for what is refused; then nothing of it is kept."""
    from lms_app.adapters import storage
    from lms_app.database import transaction
    from lms_app.domain.courses import importing, imports
    from lms_app.domain.people.logins import actor_of
    from lms_app.domain.people.registration import find_person
    from lms_app.errors import Invalid, NotFound
    from lms_app.interchange.course_formats import read_course

    if not file.is_file():
        raise Invalid(f"There is no file {file}.")
    stored: list[str] = []

    def put(data: bytes, *, key: bytes) -> str:
        stored.append(storage.put(data, key=key))
        return stored[-1]

    try:
        with transaction() as session:
            person = find_person(session, owner)
            if person is None:
                raise NotFound("Nobody here has that e-mail address.")
            actor = actor_of(person)
            source = read_course(file, format_)
            course = importing.store_course(session, actor, source, store=put)
            return imports.stored_report(source, course)
    except BaseException:
        for key in stored:
            storage.delete(key)
        raise


def _in_words(report: dict[str, Any]) -> str:
    course = report["course"]
    lines = [
        f"Imported “{course['title']}” as a draft: {course['modules']} modules, {course['lessons']} lessons, {course['pages']} pages, "
        f"{course['questions']} questions. Its address will be /courses/{course['slug']}.",
        *(f"Not taken: {item['kind']} “{item['title']}” in {item['place']}. {item['reason']}".rstrip() for item in report["unsupported"]),
        *(f"Missing in the archive: {name}" for name in report["missing_files"]),
    ]
    if report["removed_scripts"]:
        lines.append(f"Scripts removed: {report['removed_scripts']}")
    return "\n".join(lines)
