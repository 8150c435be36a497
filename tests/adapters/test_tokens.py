"""Tokens: who can make them, what they are good for, and for how long."""

import base64
from datetime import timedelta
from uuid import uuid4

import jwt
import pytest

from lms_app.adapters import clock, tokens
from lms_app.errors import NotSignedIn
from lms_app.settings import get_settings
from tests.support.servers import forget_connections


def made(**options: object) -> str:
    return tokens.sign(login_id=uuid4(), person_id=uuid4(), **options)  # pyright: ignore[reportArgumentType]


def test_a_token_says_what_was_signed() -> None:
    login, person = uuid4(), uuid4()
    claims = tokens.verify(tokens.sign(login_id=login, person_id=person))
    assert (claims.login_id, claims.person_id) == (login, person)
    assert claims.expires_at - claims.issued_at == tokens.LIFE


def test_a_token_ends_by_our_clock() -> None:
    token = made()
    with clock.moved_by(tokens.LIFE + timedelta(seconds=1)):
        with pytest.raises(NotSignedIn):
            tokens.verify(token)
        assert tokens.verify(token, allow_expired=True).expired
    assert not tokens.verify(token).expired


def test_a_token_is_for_one_audience() -> None:
    with pytest.raises(NotSignedIn):
        tokens.verify(made(), audience=tokens.Audience.PROGRAM)
    with pytest.raises(NotSignedIn):
        tokens.verify(made(audience=tokens.Audience.PROGRAM))


def test_an_altered_token_is_nobodys() -> None:
    header, claims, signature = made().split(".")
    other = made().split(".")[1]
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"x"}').decode().rstrip("=")
    for token in (f"{header}.{other}.{signature}", f"{header}.{claims}.", f"{none}.{claims}.", f"{none}.{claims}.{signature}", "", "a.b.c"):
        with pytest.raises(NotSignedIn):
            tokens.verify(token)


def test_a_token_signed_by_another_algorithm_with_our_key_is_nobodys() -> None:
    key_id, key = next(iter(tokens._keys().items()))
    said = jwt.decode(made(), options={"verify_signature": False})
    forged = jwt.encode(said, key.public_key().public_bytes_raw(), algorithm="HS256", headers={"kid": key_id})
    with pytest.raises(NotSignedIn):
        tokens.verify(forged)


@pytest.mark.parametrize("missing", ["iss", "aud", "sub", "sid", "jti", "iat", "exp"])
def test_a_token_without_one_of_its_claims_is_nobodys(missing: str) -> None:
    key_id, key = next(iter(tokens._keys().items()))
    said = jwt.decode(made(), options={"verify_signature": False})
    del said[missing]
    with pytest.raises(NotSignedIn):
        tokens.verify(jwt.encode(said, key, algorithm="EdDSA", headers={"kid": key_id}))


def test_an_older_key_still_verifies_until_it_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    old = get_settings().signing_keys.get_secret_value()
    token = made()
    new = f"new:{base64.b64encode(b'n' * 32).decode()}"
    monkeypatch.setenv("SIGNING_KEYS", f"{new},{old}")
    forget_connections()
    assert tokens.verify(token)
    assert jwt.get_unverified_header(made())["kid"] == "new"
    monkeypatch.setenv("SIGNING_KEYS", new)
    forget_connections()
    with pytest.raises(NotSignedIn):
        tokens.verify(token)
    monkeypatch.undo()
    forget_connections()


def test_the_cookies_name_is_tied_to_the_host_on_https(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tokens.cookie_name() == "lyceum"
    assert tokens.token_in_cookies("theme=dark; lyceum=abc; other=1") == "abc"
    monkeypatch.setenv("PUBLIC_URL", "https://campus.example")
    forget_connections()
    assert tokens.cookie_name() == "__Host-lyceum"
    assert tokens.token_in_cookies("lyceum=abc") == ""
    monkeypatch.undo()
    forget_connections()
