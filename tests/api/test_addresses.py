"""Where a request comes from, with and without proxies that we trust."""

from collections.abc import Iterator
from typing import Any

import pytest

from lms_app.api import addresses
from tests.support.servers import forget_connections


def request(client: str = "198.51.100.7", scheme: str = "http", **headers: str) -> dict[str, Any]:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in {"host": "campus.example", **headers}.items()]
    return {"type": "http", "scheme": scheme, "client": (client, 4000), "headers": raw}


@pytest.fixture
def behind_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8")
    forget_connections()
    yield
    monkeypatch.undo()
    forget_connections()


def test_a_strangers_forwarding_headers_are_not_believed() -> None:
    forwarded = request(x_forwarded_for="1.2.3.4", x_forwarded_proto="https", x_forwarded_host="evil.example")
    assert addresses.resolve(forwarded) is forwarded


@pytest.mark.usefixtures("behind_proxy")
def test_a_trusted_proxys_words_are_believed() -> None:
    resolved = addresses.resolve(
        request("10.1.1.1", x_forwarded_for="6.6.6.6, 203.0.113.9, 10.2.2.2", x_forwarded_proto="https", x_forwarded_host="lms.example")
    )
    assert resolved["client"][0] == "203.0.113.9"
    assert addresses.is_secure(resolved)
    assert (b"host", b"lms.example") in resolved["headers"]


@pytest.mark.parametrize(
    ("origin", "scheme", "is_ours"),
    [
        ("http://campus.example", "http", True),
        ("http://Campus.Example", "http", True),
        ("https://campus.example", "https", True),
        ("https://campus.example", "http", False),
        ("http://campus.example:8080", "http", False),
        ("http://campus.example.evil.example", "http", False),
        ("http://localhost:8000", "http", True),
        ("null", "http", False),
        ("", "http", False),
    ],
)
def test_an_origin_is_ours_when_it_is_where_the_request_went_or_our_public_address(origin: str, scheme: str, is_ours: bool) -> None:
    assert addresses.has_our_origin(request(scheme=scheme, origin=origin)) is is_ours


def test_only_a_request_from_this_machine_through_no_proxy_is_from_here() -> None:
    assert addresses.is_from_here(request("127.0.0.1"))
    assert addresses.is_from_here(request("::1"))
    assert not addresses.is_from_here(request())
    assert not addresses.is_from_here(request("127.0.0.1", x_forwarded_for="127.0.0.1"))
