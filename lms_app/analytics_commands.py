"""Commands about learning events and the figures made of them."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    app.command("rebuild-analytics")(rebuild_analytics)
    app.command("export-events")(export_events)


def rebuild_analytics(run: Annotated[UUID | None, typer.Option(help="The id of one run. Without it, all.")] = None) -> None:
    """Make the figures of dashboards anew from all learning events. People go on working; the figures stand still until it is done."""
    from lms_app.account_commands import perform
    from lms_app.domain.analytics import fold

    typer.echo(f"Events: {perform(lambda session: fold.rebuild(session, run)):,}.")


def export_events(
    run: Annotated[UUID, typer.Option(help="The id of the run.")],
    out: Annotated[Path, typer.Option(help="The archive to write. It must not be there yet.")],
    format_: Annotated[str, typer.Option("--format", help="xapi (statements of xAPI 1.0.3) or events (a CSV table).")] = "xapi",
) -> None:
    """Write what the students of a run did into an archive, under pseudonyms."""
    from lms_app.account_commands import perform
    from lms_app.database import transaction
    from lms_app.domain.analytics import event_exports

    if format_ not in event_exports.FORMATS:
        raise typer.BadParameter("xapi or events", param_hint="--format")

    def work(session) -> int:  # pyright: ignore[reportMissingParameterType]
        found = event_exports.run_of(session, run)
        with out.open("xb") as target:
            return event_exports.write(format_, found.id, target, transaction, lambda done, total: None)

    try:
        typer.echo(f"Events: {perform(work):,}.")
    except OSError as error:
        typer.echo(f"{out} cannot be written: {(error.strerror or str(error)).lower()}.", err=True)
        raise typer.Exit(1) from None
