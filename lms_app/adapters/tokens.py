"""Signed tokens: JWT with Ed25519. They name a login and never say what its person may do: that is looked up."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lms_app.adapters import clock
from lms_app.errors import NotSignedIn
from lms_app.ids import uuid7
from lms_app.settings import get_settings

ALGORITHM = "EdDSA"
ISSUER = "lyceum"
LIFE = timedelta(minutes=15)
_REQUIRED = ["iss", "aud", "sub", "sid", "jti", "iat", "exp"]


class Audience(StrEnum):
    """Who a token is for. A program's token opens no page, a browser's none of the API; a renewal token only fetches the next two."""

    BROWSER = "browser"
    PROGRAM = "program"
    RENEWAL = "renewal"


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What a verified token says."""

    token_id: UUID
    login_id: UUID
    person_id: UUID
    issued_at: datetime
    expires_at: datetime

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return clock.now() >= self.expires_at


def sign(
    *,
    login_id: UUID,
    person_id: UUID,
    audience: Audience = Audience.BROWSER,
    life: timedelta = LIFE,
    token_id: UUID | None = None,
    issued_at: datetime | None = None,
) -> str:
    """A new token for a login, good for `life`. With `token_id` and `issued_at` (a link of the login's chain) it is the same each time."""
    key_id, key = next(iter(_keys().items()))
    now = issued_at or clock.now()
    claims = {
        "iss": ISSUER,
        "aud": str(audience),
        "sub": str(person_id),
        "sid": str(login_id),
        "jti": str(token_id or uuid7()),
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM, headers={"kid": key_id})


def verify(token: str, *, audience: Audience = Audience.BROWSER, allow_expired: bool = False) -> Claims:
    """What `token` says. Raises NotSignedIn when it is not ours, not for `audience`, or expired (unless `allow_expired`)."""
    claims = _verified(token, audience)
    if claims is None or (claims.expired and not allow_expired):
        raise NotSignedIn
    return claims


def cookie_name() -> str:
    """Name of the sign-in cookie: with the `__Host-` prefix wherever people reach us by HTTPS."""
    return "__Host-lyceum" if get_settings().secure_cookies else "lyceum"


def token_in_cookies(header: str) -> str:
    """The token in a Cookie header, or an empty text. A token has no character that would be quoted."""
    name, found = cookie_name(), ""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            found = value
    return found


@lru_cache(maxsize=1)
def _keys() -> dict[str, Ed25519PrivateKey]:
    """Signing keys by id, newest first."""
    keys: dict[str, Ed25519PrivateKey] = {}
    for entry in get_settings().signing_keys.get_secret_value().split(","):
        key_id, _, seed = entry.strip().partition(":")
        keys[key_id] = Ed25519PrivateKey.from_private_bytes(base64.b64decode(seed))
    return keys


@lru_cache(maxsize=8192)
def _verified(token: str, audience: Audience) -> Claims | None:
    """A token's claims with its signature, issuer and audience checked, kept so that each is checked once. Its time is not checked here."""
    try:
        key = _keys()[jwt.get_unverified_header(token).get("kid", "")]
        said = jwt.decode(
            token,
            key.public_key(),
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            audience=str(audience),
            # The clock of the tests moves; PyJWT's does not.
            options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
        )
        return Claims(
            token_id=UUID(said["jti"]),
            login_id=UUID(said["sid"]),
            person_id=UUID(said["sub"]),
            issued_at=datetime.fromtimestamp(said["iat"], UTC),
            expires_at=datetime.fromtimestamp(said["exp"], UTC),
        )
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError, RecursionError):  # the last: a header of a thousand brackets
        return None
