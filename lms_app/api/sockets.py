"""How many sockets one network address, and one login, may hold open in this web process: each costs memory here and page state in Valkey."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.datastructures import Headers

from lms_app.adapters import tokens
from lms_app.api.addresses import Scope
from lms_app.errors import NotSignedIn
from lms_app.settings import get_settings


class OpenSockets:
    """The sockets of this process, counted by where they come from and by the login that they were opened with."""

    def __init__(self) -> None:
        self._networks: Counter[str] = Counter()
        self._logins: Counter[str] = Counter()

    def refusal(self, scope: Scope) -> str | None:
        """Why one more socket like this may not be opened; None when it may."""
        settings = get_settings()
        if self._networks[network_of(scope)] >= settings.sockets_per_network:
            return "Too many open pages from this network."
        login = _login_of(scope)
        if login and self._logins[login] >= settings.sockets_per_login:
            return "Too many open pages of one login."
        return None

    @contextmanager
    def counted(self, scope: Scope) -> Iterator[None]:
        """Counts a socket as long as it is open."""
        held = [(self._networks, network_of(scope))]
        if login := _login_of(scope):
            held.append((self._logins, login))
        for counter, name in held:
            counter[name] += 1
        try:
            yield
        finally:
            for counter, name in held:
                counter[name] -= 1
                if not counter[name]:
                    del counter[name]


def network_of(scope: Scope) -> str:
    """What counts as one network address. Whoever has one IPv6 address has 2^64 of them, so there it is the /64."""
    client = scope.get("client")
    name = client[0] if client else ""
    try:
        address = ip_address(name)
    except ValueError:
        return name
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else str(address)


def _login_of(scope: Scope) -> str:
    try:
        return str(tokens.verify(tokens.token_in_cookies("; ".join(Headers(scope=scope).getlist("cookie"))), allow_expired=True).login_id)
    except NotSignedIn:
        return ""
