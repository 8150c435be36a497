"""The commands that bring courses in and out."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")]


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    app.command("import")(import_course)
    app.command("export")(export_course)


def import_course(
    file: Annotated[Path, typer.Argument(help="A course archive: .tar.gz, .zip or .imscc.")],
    owner: Annotated[str, typer.Option(help="E-mail address of the instructor who will own the course.")],
    format_: Annotated[str, typer.Option("--format", help="Where it should not be guessed: lyceum, cartridge, olx or markdown.")] = "",
    as_json: AsJson = False,
) -> None:
    """Import a course archive as a draft course. Uses the servers that run, else starts them for the time being."""
    report = _told(lambda: _import(file, owner, format_))
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _import_in_words(report))


def export_course(
    course: Annotated[str, typer.Argument(help="The course's address: what stands behind /courses/.")],
    owner: Annotated[str, typer.Option(help="E-mail address of an owner or editor of the course.")],
    out: Annotated[Path, typer.Option(help="The file to write. It must not be there yet.")],
    format_: Annotated[str, typer.Option("--format", help="lyceum, cartridge, olx or markdown.")] = "lyceum",
    as_json: AsJson = False,
) -> None:
    """Write a course into a file, and say what the format does not. Uses the servers that run, else starts them for the time being."""
    report = _told(lambda: _export(course, owner, out, format_))
    typer.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _export_in_words(report))


def _told(act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `act` gives; a refusal is a sentence on the standard error and ends the command."""
    from lms_app.errors import LmsError
    from lms_app.launcher.failures import CannotStart
    from lms_app.launcher.installation import attached

    try:
        with attached():
            return act()
    except LmsError as refusal:
        typer.echo(refusal.sentence, err=True)
        raise typer.Exit(1) from None
    except CannotStart as failure:
        typer.echo(failure, err=True)
        raise typer.Exit(1) from None


def _import(file: Path, owner: str, format_: str) -> dict[str, Any]:
    """Reads and stores the course. Raises LmsError for what is refused; then nothing of it is kept."""
    from lms_app.adapters import storage
    from lms_app.database import transaction
    from lms_app.domain.courses import importing, imports
    from lms_app.errors import Invalid
    from lms_app.interchange.course_formats import read_course

    if not file.is_file():
        raise Invalid(f"There is no file {file}.")
    stored: list[str] = []

    def put(data: bytes, *, key: bytes) -> str:
        stored.append(storage.put(data, key=key))
        return stored[-1]

    try:
        with transaction() as session:
            actor = _actor(session, owner)
            source = read_course(file, format_)
            course = importing.store_course(session, actor, source, store=put)
            return imports.stored_report(source, course)
    except BaseException:
        for key in stored:
            storage.delete(key)
        raise


def _export(slug: str, owner: str, out: Path, format_: str) -> dict[str, Any]:
    """Writes the course. Raises LmsError for what is refused; then there is no file."""
    from lms_app.adapters import storage
    from lms_app.database import transaction
    from lms_app.domain.courses import exporting, exports
    from lms_app.errors import Invalid
    from lms_app.interchange.course_formats import WRITERS

    if format_ not in WRITERS:
        raise Invalid(f"There is no format {format_} to write. Choose {', '.join(WRITERS)}.")
    with transaction() as session:
        course_id = exports.course_at(session, slug)
        source = exporting.exported_course(
            session, _actor(session, owner), course_id, read=lambda name, key: storage.read_range(name, 0, None, key=key)
        )
    try:
        with out.open("xb") as target:
            try:
                report = WRITERS[format_][0](source, target)
            except BaseException:
                out.unlink()
                raise
            size = target.tell()
    except OSError as error:
        raise Invalid(f"{out} cannot be written: {error.strerror}.") from error
    counts = {"pages": sum(1 for _ in source.pages()), "questions": sum(1 for _ in source.questions()), "files": len(source.assets)}
    return {
        "course": {"title": source.title, "slug": source.slug, "modules": len(source.modules), **counts},
        "format": format_,
        "file": str(out),
        "size": size,
        "unsupported": [asdict(item) for item in report.unsupported],
    }


def _actor(session: Any, email: str) -> Any:
    from lms_app.domain.people.logins import actor_of
    from lms_app.domain.people.registration import find_person
    from lms_app.errors import NotFound

    person = find_person(session, email)
    if person is None:
        raise NotFound("Nobody here has that e-mail address.")
    return actor_of(person)


def _import_in_words(report: dict[str, Any]) -> str:
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


def _export_in_words(report: dict[str, Any]) -> str:
    course = report["course"]
    return "\n".join(
        [
            f"Wrote “{course['title']}” to {report['file']}: {course['pages']} pages, {course['questions']} questions, {course['files']} files.",
            *(f"Not written: {item['kind']} “{item['title']}” in {item['place']}. {item['reason']}".rstrip() for item in report["unsupported"]),
        ]
    )
