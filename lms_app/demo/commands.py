"""The command that seeds the demo campus."""

import typer


def register(app: typer.Typer) -> None:
    """Add our command to `python -m lms_app`."""
    app.command()(seed_demo)


def seed_demo() -> None:
    """Seed the demo campus, unless it is there, and say how to sign in to it."""
    from sqlmodel import Session

    from lms_app.adapters import clock, storage
    from lms_app.adapters.passwords import hash_password
    from lms_app.database import engine, transaction
    from lms_app.demo import seed
    from lms_app.demo.people import SIGN_INS
    from lms_app.domain.analytics.fold import fold
    from lms_app.domain.analytics.partitions import make_partitions

    with Session(engine()) as session:
        there = seed.is_seeded(session)
    if not there:
        hashes = {email: hash_password(password) for email, password in SIGN_INS.items()}
        # While nobody reads it, the table of events is to be had at once; what works on eight weeks of them keeps the worker waiting that makes room.
        with transaction() as session:
            make_partitions(session)
        # Not `transaction()`: of eight weeks of hints and wake-ups none is to be sent today.
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            seed.seed(session, until=clock.now(), password_hashes=hashes, store=storage.put)
        more = True
        while more:
            with transaction() as session:
                more = fold(session)
    typer.echo("\n".join(["The demo campus, to sign in to:", *(f"  {email:<24} {password}" for email, password in SIGN_INS.items())]))
