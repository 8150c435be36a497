"""Who acts in an event.

A socket keeps the headers that it was opened with, so an event checks the signature of its cookie and the Login row, not the token's time: an
open page goes on working while its browser refreshes the cookie. HTTP routes check the time too (lms_app/api/identity.py).
"""

from contextvars import ContextVar

from lms_app.adapters import tokens
from lms_app.crossing import actor_by_login
from lms_app.domain.actor import Actor, known
from lms_app.errors import NotSignedIn

_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)


def actor() -> Actor | None:
    """Who acts in the present event, as the Guard found out; None for a visitor."""
    return _actor.get()


def known_actor() -> Actor:
    """Who acts in the present event. Raises NotSignedIn for a visitor."""
    return known(_actor.get())


def let_act(who: Actor | None) -> None:
    """Sets who acts for the rest of this event. The Guard calls it; nothing else does."""
    _actor.set(who)


def claims_in(cookies: str) -> tokens.Claims | None:
    """What the sign-in cookie in a Cookie header says, signature checked, time not; None without a cookie of ours."""
    token = tokens.token_in_cookies(cookies)
    if not token:
        return None
    try:
        return tokens.verify(token, allow_expired=True)
    except NotSignedIn:
        return None


async def actor_in(cookies: str) -> Actor | None:
    """Who is signed in by the cookie in a Cookie header, if the Login row still stands."""
    claims = claims_in(cookies)
    return await actor_by_login(claims.login_id) if claims else None
