"""Who sends an HTTP request. The pages' routes believe the cookie alone, the REST API a Bearer token alone."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.requests import Request

from lms_app.adapters import tokens
from lms_app.crossing import actor_by_login
from lms_app.domain.actor import Actor
from lms_app.errors import NotSignedIn


async def visitor(request: Request) -> Actor | None:
    """Who is signed in by the cookie; None for a visitor. An expired token counts as none: the page refreshes it."""
    try:
        return await actor_by_login(_claims(request).login_id)
    except NotSignedIn:
        return None


def named(request: Request) -> Actor:
    """Whom the cookie names, with its signature and time checked but not the login: for a use case that looks at the login by itself. Without roles,
    so that it opens nothing else. Raises NotSignedIn."""
    claims = _claims(request)
    return Actor(person_id=claims.person_id, roles=frozenset(), login_id=claims.login_id)


def login_named(request: Request) -> UUID:
    """The login that the cookie names, with its signature and time checked but not whether it has ended. Raises NotSignedIn."""
    return _claims(request).login_id


def _claims(request: Request) -> tokens.Claims:
    token = tokens.token_in_cookies(request.headers.get("cookie", ""))
    if not token:
        raise NotSignedIn
    return tokens.verify(token)


async def signed_in(actor: Annotated[Actor | None, Depends(visitor)]) -> Actor:
    """Who is signed in by the cookie. Raises NotSignedIn for a visitor."""
    if actor is None:
        raise NotSignedIn
    return actor


_bearer = HTTPBearer(scheme_name="bearer", bearerFormat="JWT", description="An access token from `POST /tokens`.", auto_error=False)


async def program(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Actor:
    """Whose Bearer token came with the request. Raises NotSignedIn; cookies are ignored."""
    if sent is None or not sent.credentials:
        raise NotSignedIn("Send a Bearer token.")
    actor = await actor_by_login(tokens.verify(sent.credentials.strip(), audience=tokens.Audience.PROGRAM).login_id)
    if actor is None:
        raise NotSignedIn("This login has ended.")
    return actor


Visitor = Annotated[Actor | None, Depends(visitor)]
SignedIn = Annotated[Actor, Depends(signed_in)]
Program = Annotated[Actor, Depends(program)]
