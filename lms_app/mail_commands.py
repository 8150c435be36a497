"""Commands about notifications that did not arrive, for whoever runs the installation and for its mail server."""

import sys
from typing import Annotated
from uuid import UUID

import typer

from lms_app.account_commands import perform


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    for command in (failed_mail, retry_mail, bounce):
        app.command()(command)


def failed_mail() -> None:
    """List the newest fifty notifications that could not be mailed or sent to a browser in thirty days. Addresses are masked."""
    from lms_app.domain.notifications import failures

    found = perform(lambda session: failures.report(session, None))
    typer.echo(f"Sent in 24 hours: {found.sent}. Waiting: {found.waiting}. Given up: {found.given_up}. Addresses paused: {found.paused}.")
    for one in found.failures:
        typer.echo(f"{one.id}  {one.address}  {one.channel}, {one.about}, {one.when} UTC")
        typer.echo(f"    after {one.tries} tries: {one.reason}")


def retry_mail(
    ids: Annotated[list[UUID] | None, typer.Argument(help="Ids as `failed-mail` lists them.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Try every one again.")] = False,
) -> None:
    """Try again what could not be mailed. A running worker takes it up at once."""
    from lms_app.domain.notifications import failures

    if bool(ids) == every:
        typer.echo("Say which, or --all.", err=True)
        raise typer.Exit(2)
    again = sum(perform(lambda session, one=one: failures.retry(session, None, one)) for one in ids or [None])
    typer.echo(f"Tried again: {again}.")


TRY_AGAIN = 75
"""EX_TEMPFAIL: a mail server keeps what it could not hand over, and tries again."""


def bounce() -> None:
    """Read from stdin what a mail server sends back (RFC 3464), and note the mail that did not arrive.

    For a mail server's pipe: anything else is taken, and changes nothing.
    """
    from sqlalchemy.exc import OperationalError

    from lms_app.domain.notifications import bounce_rules, bounces

    raw = sys.stdin.buffer.read(bounce_rules.LARGEST)
    while sys.stdin.buffer.read(1 << 16):
        pass
    try:
        outcome = perform(lambda session: bounces.take_back(session, None, raw))
    except OperationalError:
        typer.echo("The database cannot be reached now.", err=True)
        raise typer.Exit(TRY_AGAIN) from None
    typer.echo(f"{outcome}.")
