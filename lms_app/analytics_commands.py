"""Commands about learning events and the figures made of them."""

from typing import Annotated
from uuid import UUID

import typer


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    app.command("rebuild-analytics")(rebuild_analytics)


def rebuild_analytics(run: Annotated[UUID | None, typer.Option(help="The id of one run. Without it, all.")] = None) -> None:
    """Make the figures of dashboards anew from all learning events. People go on working; the figures stand still until it is done."""
    from lms_app.account_commands import perform
    from lms_app.domain.analytics import fold

    typer.echo(f"Events: {perform(lambda session: fold.rebuild(session, run)):,}.")
