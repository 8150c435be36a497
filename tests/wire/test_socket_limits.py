"""Nobody opens sockets without end: a cap per network address and per login, told by the close."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import websockets

from lms_app.api.sockets import network_of
from lms_app.words import Role
from tests.support.people import sign_in
from tests.support.servers import TestServers, forget_connections
from tests.support.web import NAMESPACE, WebServer, web_server

LIMITS = {"SOCKETS_PER_NETWORK": "3", "SOCKETS_PER_LOGIN": "2", "TRUSTED_PROXIES": "127.0.0.1"}
GREETING = "0"


@pytest.fixture(scope="module")
def small(servers: TestServers, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """The test site with room for few, on a database of its own."""
    with servers.lend() as url, pytest.MonkeyPatch.context() as environment:
        environment.setenv("DATABASE_URL", url)
        forget_connections()
        with web_server("tests.wire.site:app", tmp_path_factory.mktemp("web"), **LIMITS) as server:
            yield server
        forget_connections()
    forget_connections()


@asynccontextmanager
async def socket(site: WebServer, network: str, cookie: str = "") -> AsyncIterator[websockets.ClientConnection]:
    headers = {"X-Forwarded-For": network} | ({"Cookie": cookie} if cookie else {})
    address = f"ws://localhost:{site.port}{NAMESPACE}/?EIO=4&transport=websocket&token=t"
    async with websockets.connect(address, additional_headers=headers, origin=site.url) as opened:  # pyright: ignore[reportArgumentType]
        yield opened


async def told(site: WebServer, network: str, cookie: str = "") -> str:
    """What a new socket is told first: the greeting, or the code and reason of the close."""
    async with socket(site, network, cookie) as tried:
        try:
            return str(await asyncio.wait_for(tried.recv(), 10))[:1]
        except websockets.ConnectionClosed as closed:
            return f"{closed.rcvd.code} {closed.rcvd.reason}" if closed.rcvd else "gone"


async def test_a_network_address_opens_so_many_and_others_are_not_hindered(small: WebServer) -> None:
    async with socket(small, "198.51.100.1"), socket(small, "198.51.100.1"), socket(small, "198.51.100.1"):
        assert await told(small, "198.51.100.1") == "1013 Too many open pages from this network."
        assert await told(small, "198.51.100.2") == GREETING
    for _ in range(10):
        assert await told(small, "198.51.100.1") == GREETING


async def test_a_login_opens_so_many_from_wherever(small: WebServer) -> None:
    cookie, other = sign_in(Role.STUDENT).cookie, sign_in(Role.STUDENT).cookie
    async with socket(small, "198.51.100.3", cookie), socket(small, "198.51.100.4", cookie):
        assert await told(small, "198.51.100.5", cookie) == "1013 Too many open pages of one login."
        assert await told(small, "198.51.100.5", other) == GREETING


@pytest.mark.parametrize(
    ("client", "counts_as"),
    [("198.51.100.7", "198.51.100.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("unix", "unix")],
)
def test_one_network_is_an_address_or_the_sixty_four_bits_of_one(client: str, counts_as: str) -> None:
    assert network_of({"client": (client, 0)}) == counts_as
