"""A browser's two connections to the server, as cheap as they can be made: the machine that is measured also carries whoever measures.

HTTP/1.1 kept alive, one request at a time; and Engine.IO 4 over a websocket, which Reflex's pages speak.
"""

import asyncio
import base64
import os
import secrets
import struct
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import orjson

NAMESPACE = "/_event"
PATIENCE = 30.0
"""Seconds after which an answer counts as missing."""
BROWSER = (
    'sec-ch-ua: "Chromium";v="140"\r\nsec-ch-ua-mobile: ?0\r\nsec-ch-ua-platform: "Linux"\r\n'
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
    "Accept: */*\r\nAccept-Language: en\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n"
)
"""What a browser tells of itself with every request, and the server has to read."""


class Broken(Exception):
    """The other side closed a connection before it had answered."""


class HttpConnection:
    """One kept connection. The server may close it between two requests: then the next opens another, as browsers do."""

    def __init__(self, url: str, cookie: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        self._address = parts.hostname, parts.port
        self._head = f"Host: {parts.netloc}\r\nOrigin: {url}\r\nCookie: {cookie}\r\nX-Lyceum: 1\r\n{BROWSER}"
        self._link: _HttpLink | None = None
        self._free = asyncio.Lock()

    async def ask(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of the answer. Raises Broken, TimeoutError, OSError."""
        typed = "Content-Type: application/json\r\n" if body else ""
        request = f"{method} {path} HTTP/1.1\r\n{self._head}{typed}Content-Length: {len(body)}\r\n\r\n".encode() + body
        async with self._free, asyncio.timeout(PATIENCE):
            link = self._link
            if link is not None and link.is_open:
                try:
                    return await link.ask(request)
                except Broken:
                    pass  # closed while the request was on its way: it is sent once more, by a new connection
            _, self._link = await asyncio.get_running_loop().create_connection(_HttpLink, *self._address)
            return await self._link.ask(request)

    def close(self) -> None:
        """Ends it."""
        if self._link is not None:
            self._link.close()


class _HttpLink(asyncio.Protocol):
    def __init__(self) -> None:
        self.is_open = False
        self._received = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.is_open = True

    def ask(self, request: bytes) -> "asyncio.Future[tuple[int, bytes]]":
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waiting

    def close(self) -> None:
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._received += data
        end = self._received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._received[:end]).lower()
        at = head.find(b"\r\ncontent-length:")
        if at >= 0:
            length = int(head[at + 17 :].split(b"\r\n", 1)[0])
            body, left = self._received[end + 4 : end + 4 + length], end + 4 + length
            if len(self._received) < left:
                return
        elif b"\r\ntransfer-encoding: chunked" in head:
            if not self._received.endswith(b"0\r\n\r\n"):
                return
            body, left = self._received[end + 4 :], len(self._received)
        else:
            body, left = b"", end + 4
        answer = int(head[9:12]), bytes(body)
        del self._received[:left]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)
        self._waiting = None

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_open = False
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(Broken())


class EventSocket(asyncio.Protocol):
    """A page's socket. `on_update` is given each update of the page's state; `lost` is set once the server has closed it."""

    def __init__(self, on_update: Callable[[dict[str, Any]], None]) -> None:
        self._on_update = on_update
        self._received = bytearray()
        self._message = bytearray()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_upgraded = False
        self._is_ending = False
        self.lost = False

    @classmethod
    async def connect(cls, url: str, cookie: str, token: str, first: dict[str, Any], on_update: Callable[[dict[str, Any]], None]) -> "EventSocket":
        """A socket that has sent its first event, as Reflex's script does: together with the greeting."""
        parts = urlsplit(url)
        assert parts.hostname
        assert parts.port
        _, socket = await asyncio.get_running_loop().create_connection(lambda: cls(on_update), parts.hostname, parts.port)
        key = base64.b64encode(os.urandom(16)).decode()
        socket._transport.write(
            f"GET {NAMESPACE}/?EIO=4&transport=websocket&token={token} HTTP/1.1\r\nHost: {parts.netloc}\r\nOrigin: {url}\r\nCookie: {cookie}\r\n"
            f"{BROWSER}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n".encode()
        )
        async with asyncio.timeout(PATIENCE):
            await socket._ready
        socket._say(b"40" + NAMESPACE.encode() + b"," + orjson.dumps({"event": first}))
        return socket

    def send(self, event: dict[str, Any]) -> None:
        """Sends an event of the page."""
        self._say(b"42" + NAMESPACE.encode() + b"," + orjson.dumps(["event", event]))

    def close(self) -> None:
        """Ends it."""
        self._is_ending = True
        self._transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = not self._is_ending
        if not self._ready.done():
            self._ready.set_exception(Broken())

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not self._is_upgraded:
            head, found, rest = bytes(self._received).partition(b"\r\n\r\n")
            if not found:
                return
            if not head.startswith(b"HTTP/1.1 101"):
                self._transport.close()
                return
            self._is_upgraded = True
            self._received = bytearray(rest)
        while (frame := self._next_frame()) is not None:
            kind, is_last, payload = frame
            if kind == 9:
                self._frame(10, payload)
            elif kind == 8:
                self._transport.close()
            elif kind in {0, 1}:
                self._message += payload
                if is_last:
                    message, self._message = bytes(self._message), bytearray()
                    self._hear(message)

    def _next_frame(self) -> tuple[int, bool, bytes] | None:
        received = self._received
        if len(received) < 2:
            return None
        length, start = received[1] & 127, 2
        if length > 125:
            start = 4 if length == 126 else 10
            if len(received) < start:
                return None
            (length,) = struct.unpack(">H" if start == 4 else ">Q", received[2:start])
        if len(received) < start + length:
            return None
        kind, is_last, payload = received[0] & 15, received[0] > 127, bytes(received[start : start + length])
        del received[: start + length]
        return kind, is_last, payload

    def _hear(self, message: bytes) -> None:
        if message == b"2":
            self._say(b"3")
        elif message[:1] == b"0" and not self._ready.done():
            self._ready.set_result(None)
        elif message.startswith(b"42"):
            kind, *said = orjson.loads(message[message.index(b",") + 1 :])
            if kind == "event":
                self._on_update(said[0])

    def _say(self, text: bytes) -> None:
        self._frame(1, text)

    def _frame(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        head = bytes((0x80 | kind, 0x80 | size)) if size < 126 else struct.pack(">BBH", 0x80 | kind, 0xFE, size)
        mask = secrets.token_bytes(4)
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes((mask * (size // 4 + 1))[:size], "big")).to_bytes(size, "big")
        self._transport.write(head + mask + masked)
