"""Commands about jobs that were given up, for whoever runs the installation."""

import json
from typing import Annotated
from uuid import UUID

import typer

from lms_app.account_commands import perform


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    for command in (parked_jobs, resend_jobs):
        app.command()(command)


def parked_jobs() -> None:
    """List the jobs that failed so often that they are sent no more."""
    from lms_app.adapters import jobs

    found = perform(jobs.parked)
    if not found:
        typer.echo("No job is parked.")
    for one in found:
        typer.echo(f"{one.id}  {one.job} {json.dumps(one.arguments)}")
        typer.echo(f"    parked {one.parked_at:%Y-%m-%d %H:%M} UTC after {one.sendings} sendings: {one.last_error}")


def resend_jobs(
    ids: Annotated[list[UUID] | None, typer.Argument(help="Ids of parked jobs, as `parked-jobs` lists them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Send every parked job.")] = False,
) -> None:
    """Send parked jobs again. A running scheduler and worker take them up within seconds."""
    from lms_app.adapters import jobs

    if bool(ids) == every:
        typer.echo("Say which jobs, or --all.", err=True)
        raise typer.Exit(2)
    again = perform(lambda session: jobs.send_again(session, None if every else ids))
    typer.echo(f"Jobs to be sent again: {again}.")
