"""Signing in by password, for a browser and for a program."""

from fastapi import Request

from lms_app.adapters import passwords
from lms_app.crossing import cross_plain
from lms_app.domain.people import signing_in
from lms_app.domain.people.signing_in import Account, Grant


async def sign_in(email: str, password: str, *, network: str, browser: str) -> Grant:
    """A new login for an address and its password. Raises Invalid for a wrong one, TooMany while tries are held back."""
    account = await cross_plain(lambda session: signing_in.account(session, email, network))
    right = await passwords.matches(password, account.password_hash)
    person_id = account.person_id
    if not right or person_id is None:
        await cross_plain(lambda session: signing_in.refuse(session, network, person_id))
        raise signing_in.wrong()
    fresh = await _fresh_hash(account, password)
    return await cross_plain(
        lambda session: signing_in.begin(session, person_id, email=email, network=network, browser=browser, version=account.version, fresh_hash=fresh)
    )


async def _fresh_hash(account: Account, password: str) -> str | None:
    if account.password_hash is None or not passwords.needs_rehash(account.password_hash):
        return None
    return await passwords.hashed(password)


def network_of(request: Request) -> str:
    """The network address that a request came from."""
    return request.client.host if request.client else "unknown"


def browser_of(request: Request) -> str:
    """What the browser or program says it is."""
    return request.headers.get("user-agent", "")[:300]
