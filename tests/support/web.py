"""A web process as production runs it, and a raw client of its event socket."""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import websockets

from lms_app.launcher.migrations import PROJECT
from lms_app.launcher.ports import free_port

NAMESPACE = "/_event"
ROOT = "reflex___state____state"
SITE = f"{ROOT}.tests___wire___site____site_state"
MIXED = f"{ROOT}.tests___wire___site____mixed_state"
TOAST = f"{ROOT}.lms_app___web___errors____toast_state"
PROBLEM = f"{ROOT}.lms_app___web___errors____problem_state"


@dataclass
class WebServer:
    """A running web server and what it logged."""

    port: int
    log: Path
    process: subprocess.Popen[bytes]
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://localhost:{self.port}"

    def logged(self) -> str:
        return self.log.read_text()


@contextmanager
def web_server(
    target: str, folder: Path, *, workers: int = 1, certificate: tuple[Path, Path] | None = None, **environment: str
) -> Iterator[WebServer]:
    """Granian serving `target` on a free loopback port, answering /healthz when this returns. By HTTPS with a `certificate` (and key)."""
    port = free_port()
    scheme = "https" if certificate else "http"
    log = folder / f"web-{port}.log"
    command = [
        sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers),
        "--respawn-failed-workers", "--no-access-log", target,
    ]  # fmt: skip
    if certificate:
        command += ["--ssl-certificate", str(certificate[0]), "--ssl-keyfile", str(certificate[1])]
    defaults = {"REFLEX_ENV_MODE": "prod", "__REFLEX_SKIP_COMPILE": "true", "PUBLIC_URL": f"{scheme}://localhost:{port}", "PORT": str(port)}
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=os.environ | defaults | environment, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
    server = WebServer(port, log, process, scheme)
    try:
        _wait_until_alive(server)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def _wait_until_alive(server: WebServer) -> None:
    until = time.monotonic() + 180
    while time.monotonic() < until:
        if server.process.poll() is not None:
            raise AssertionError(f"The web server ended:\n{server.logged()}")
        try:
            if httpx.get(f"{server.url}/healthz", timeout=2, verify=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise AssertionError(f"The web server does not answer:\n{server.logged()}")


@dataclass
class Tab:
    """A tab as the server sees it: an Engine.IO v4 socket. It sends whatever it is told to, as an attacker's would."""

    server: WebServer
    cookie: str = ""
    token: str = field(default_factory=lambda: str(uuid4()))
    origin: str | None = None
    path: str = "/"
    state: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    """Every message as it came, from the first."""

    _socket: Any = None
    _reader: asyncio.Task[None] | None = None
    _moved: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> "Tab":
        headers = {"Cookie": self.cookie} if self.cookie else {}
        origin: Any = self.server.url if self.origin is None else self.origin or None
        address = f"ws://localhost:{self.server.port}{NAMESPACE}/?EIO=4&transport=websocket&token={self.token}"
        self._socket = await websockets.connect(address, additional_headers=headers, origin=origin, max_size=None)
        greeting = await self._socket.recv()
        self.heard.append(greeting)
        assert greeting.startswith("0")
        await self._socket.send(f"40{NAMESPACE},")
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._reader:
            self._reader.cancel()
        await self._socket.close()

    async def send(self, name: str, /, **payload: Any) -> None:
        """Sends an event by its full name."""
        router_data = {"pathname": self.path, "asPath": self.path, "query": {}}
        event = {"name": name, "payload": payload, "token": self.token, "router_data": router_data}
        await self._socket.send(f"42{NAMESPACE},{json.dumps(['event', event])}")

    async def arrive(self) -> None:
        """Until the server has taken in everything sent before this: it may not have come to it yet."""
        before = len(self.heard)
        await self._socket.send(f'42{NAMESPACE},["ping"]')
        await self.wait(lambda: any('"pong"' in message for message in self.heard[before:]))

    async def hydrate(self) -> dict[str, dict[str, Any]]:
        """Everything that the server shows this tab when it connects."""
        before = len(self.state)
        await self.send(f"{ROOT}.hydrate_and_load")
        await self.wait(lambda: len(self.state) > before and self.value(ROOT, "is_hydrated") is not None)
        return self.state

    def value(self, state: str, name: str) -> Any:
        """What the tab last heard of a variable."""
        return next((value for key, value in self.state.get(state, {}).items() if key.removesuffix("_rx_state_") == name), None)

    async def wait(self, is_so: Any, seconds: float = 5.0) -> None:
        """Until `is_so()`; an AssertionError after `seconds`."""
        async with asyncio.timeout(seconds):
            while not is_so():
                self._moved.clear()
                await self._moved.wait()

    async def call(self, handler: str, /, **payload: Any) -> None:
        """Sends an event of the test site's SiteState."""
        await self.send(f"{SITE}.{handler}", **payload)

    @property
    def said(self) -> Any:
        return self.value(SITE, "said")

    @property
    def count(self) -> Any:
        return self.value(SITE, "times")

    @property
    def toast(self) -> Any:
        return self.value(TOAST, "text")

    @property
    def problem(self) -> Any:
        return self.value(PROBLEM, "sentence")

    async def settle(self) -> None:
        """Until every event sent before this has been answered: the server answers a tab's events in order."""
        mark = secrets.token_hex(4)
        await self.call("say", text=mark)
        await self.wait(lambda: self.said == f"{mark} 0")

    async def _read(self) -> None:
        async for message in self._socket:
            self.heard.append(message)
            if message == "2":
                await self._socket.send("3")
                continue
            if message.startswith(f"42{NAMESPACE},"):
                kind, *rest = json.loads(message[len(f"42{NAMESPACE},") :])
                if kind == "event":
                    for state, values in (rest[0].get("delta") or {}).items():
                        self.state.setdefault(state, {}).update(values)
                    self.events += rest[0].get("events") or []
            self._moved.set()
