"""Commands about accounts and keys, for whoever runs the installation."""

from typing import Annotated

import typer

Email = Annotated[str, typer.Argument(help="E-mail address of the account.")]
Name = Annotated[str, typer.Option(help="Name of a new account.")]


def register(app: typer.Typer) -> None:
    """Add our commands to `python -m lms_app`."""
    for command in (create_admin, invite_instructor, approve_instructor, accommodate, rotate_master_key, erase):
        app.command()(command)


def create_admin(email: Email, name: Name = "") -> None:
    """Let an account administer; make it where there is none."""
    from lms_app.domain.people import granting

    new = perform(lambda session: granting.make_admin(session, email, name=name))
    typer.echo(f"{email} may administer. {_INVITED if new else ''}".strip())


def invite_instructor(email: Email, name: Name = "") -> None:
    """Let an account teach; make it where there is none."""
    from lms_app.domain.people import granting

    new = perform(lambda session: granting.make_instructor(session, email, name=name))
    typer.echo(f"{email} may teach. {_INVITED if new else ''}".strip())


def approve_instructor(email: Email) -> None:
    """Let somebody teach who asked to."""
    from lms_app.domain.people import granting

    perform(lambda session: granting.approve_instructor(session, email))
    typer.echo(f"{email} may teach.")


def accommodate(
    email: Email,
    factor: Annotated[float, typer.Option(help="How much of the usual time, from 1 to 10; 1 takes it back.")],
    note: Annotated[str, typer.Option(help="Why, for administrators; kept sealed.")] = "",
) -> None:
    """Give somebody more time in every timed quiz, by itself. Attempts under way keep their time."""
    from decimal import Decimal

    from lms_app.domain.assessments import accommodations

    perform(lambda session: accommodations.accommodate(session, email, time_factor=Decimal(str(factor)), note=note))
    typer.echo(f"{email} has {factor:g} times the usual time in every timed quiz.")


def rotate_master_key() -> None:
    """Wrap every person's key under the first of MASTER_KEYS. Afterwards the older ones can be taken out."""
    from lms_app.crypto import key_ring

    wrapped = 0
    while count := perform(lambda session: key_ring.rewrap(session, limit=100_000)):
        wrapped += count
    typer.echo(f"{wrapped} keys are wrapped anew.")


def erase(email: Email, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Erase an account for good."""
    from lms_app.adapters import storage
    from lms_app.domain.people import erasing
    from lms_app.domain.people.registration import find_person
    from lms_app.errors import NotFound

    if not yes:
        typer.confirm(f"Erase {email}? Nobody can bring it back.", abort=True)

    def work(session) -> None:  # pyright: ignore[reportMissingParameterType]
        person = find_person(session, email)
        if person is None:
            raise NotFound("There is no such account.")
        erasing.erase(session, person.id, discard=storage.delete)

    perform(work)
    typer.echo("The account is erased.")


_INVITED = "A link to set a password is on its way by mail."


def perform(work):  # pyright: ignore[reportMissingParameterType]
    """What `work(session)` gives, in a transaction, on the servers that run, else on ours for the time being; a refusal ends the command."""
    from lms_app.errors import LmsError
    from lms_app.launcher.failures import CannotStart
    from lms_app.launcher.installation import attached

    try:
        with attached():
            from lms_app.database import transaction

            with transaction() as session:
                return work(session)
    except CannotStart as failure:
        typer.echo(failure, err=True)
        raise typer.Exit(1) from None
    except LmsError as refused:
        typer.echo(refused.sentence, err=True)
        raise typer.Exit(1) from None
