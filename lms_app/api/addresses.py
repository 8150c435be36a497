"""Where a request comes from and what it was sent to, believing the words of trusted proxies alone."""

from collections.abc import MutableMapping
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from lms_app.settings import get_settings

Scope = MutableMapping[str, Any]


def resolve(scope: Scope) -> Scope:
    """The request as its sender made it: scheme, host and network address set from the forwarding headers where a trusted proxy sent it."""
    headers = Headers(scope=scope)
    client = scope.get("client")
    if client is None or not _is_trusted(client[0]):
        return scope
    resolved = dict(scope)
    hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
    sender = next((hop for hop in reversed(hops) if not _is_trusted(hop)), hops[0] if hops else None)
    if sender:
        resolved["client"] = (sender, 0)
    if headers.get("x-forwarded-proto", "").strip() == "https":
        resolved["scheme"] = "wss" if scope["type"] == "websocket" else "https"
    if host := headers.get("x-forwarded-host", "").split(",")[0].strip():
        resolved["headers"] = [(name, value) for name, value in scope["headers"] if name != b"host"] + [(b"host", host.encode("latin-1"))]
    return resolved


def is_secure(scope: Scope) -> bool:
    """Whether the request came by HTTPS."""
    return scope.get("scheme") in {"https", "wss"}


def is_from_here(scope: Scope) -> bool:
    """Whether the request came from this machine and through no proxy."""
    client = scope.get("client")
    return bool(client) and _is_loopback(client[0]) and "x-forwarded-for" not in Headers(scope=scope)


def has_our_origin(scope: Scope) -> bool:
    """Whether the page that sent the request is ours: its Origin names the host that the request was sent to, or our public address."""
    headers = Headers(scope=scope)
    origin = headers.get("origin", "")
    if not origin or origin == "null":
        return False
    said = urlsplit(origin)
    if origin == get_settings().public_url:
        return True
    expected = "https" if is_secure(scope) else "http"
    return said.scheme == expected and said.netloc.lower() == headers.get("host", "").lower()


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _is_trusted(address: str) -> bool:
    try:
        place = ip_address(address)
    except ValueError:
        return False
    return any(place in network for network in _trusted())


@lru_cache(maxsize=1)
def _trusted() -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(name.strip(), strict=False) for name in get_settings().trusted_proxies.split(",") if name.strip())
