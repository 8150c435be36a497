"""Tokens for programs."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from lms_app.adapters import tokens
from lms_app.adapters.tokens import Audience
from lms_app.api.identity import Program
from lms_app.api.sign_in import browser_of, network_of, sign_in
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross, cross_plain
from lms_app.domain.people import signing_in
from lms_app.domain.people.signing_in import Grant
from lms_app.errors import NotSignedIn

router = APIRouter(tags=["tokens"])


class Credentials(BaseModel):
    """An account's address and password."""

    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, Field(max_length=300)]
    password: Annotated[str, Field(max_length=2000)]


class Renewal(BaseModel):
    """The newest refresh token."""

    model_config = ConfigDict(extra="forbid")

    refresh_token: Annotated[str, Field(max_length=4000)]


class TokenPair(BaseModel):
    """An access token for the `Authorization: Bearer` header, good for `expires_in` seconds, and the refresh token that fetches the next pair."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - a word of RFC 6750
    expires_in: int


@router.post("/tokens", status_code=201, responses=refuses(429))
async def create(credentials: Credentials, request: Request) -> TokenPair:
    """Signs a program in."""
    return _pair(await sign_in(credentials.email, credentials.password, network=network_of(request), browser=browser_of(request) or "a program"))


@router.post("/tokens/refresh", responses=refuses(401))
async def refresh(renewal: Renewal) -> TokenPair:
    """The next pair. A refresh token that was used more than 30 seconds ago ends the login."""
    claims = tokens.verify(renewal.refresh_token, audience=Audience.RENEWAL, allow_expired=True)
    grant = await cross_plain(lambda session: signing_in.renew(session, claims.login_id, claims.token_id))
    if grant is None:
        raise NotSignedIn("This login has ended.")
    return _pair(grant)


@router.delete("/tokens/current", status_code=204, responses=refuses(401))
async def end(actor: Program) -> None:
    """Ends the login that the token belongs to."""
    await cross(signing_in.sign_out, actor)


def _pair(grant: Grant) -> TokenPair:
    chain = {"login_id": grant.login_id, "person_id": grant.person_id, "issued_at": grant.issued_at}
    return TokenPair(
        access_token=tokens.sign(audience=Audience.PROGRAM, **chain),
        refresh_token=tokens.sign(audience=Audience.RENEWAL, token_id=grant.token_id, life=signing_in.LOGIN_LIFE, **chain),
        expires_in=int(tokens.LIFE.total_seconds()),
    )
