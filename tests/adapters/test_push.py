"""Messages to browsers, at a service on this machine that opens them as a browser does: by RFC 8291, written out here a second time."""

import base64
import json
import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lms_app.adapters import push
from lms_app.errors import Undelivered
from lms_app.settings import get_settings


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


@dataclass
class Browser:
    """What a browser keeps of a subscription."""

    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def key(self) -> str:
        return base64url(point(self.private.public_key()))

    def open(self, body: bytes) -> bytes:
        """The message in a body of the content coding aes128gcm."""
        salt, length = body[:16], body[20]
        senders, sealed = body[21 : 21 + length], body[21 + length :]
        shared = self.private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), senders))
        about = b"WebPush: info\0" + point(self.private.public_key()) + senders
        secret = HKDF(hashes.SHA256(), 32, self.auth, about).derive(shared)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(secret)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(secret)
        padded = AESGCM(key).decrypt(nonce, sealed, None)
        return padded.rstrip(b"\0").removesuffix(b"\x02")


class Service(HTTPServer):
    """The service of a browser; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status = 201
        self.endless = False
        self.received: list[tuple[dict[str, str], bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/send/abc?x=1"


class Answer(BaseHTTPRequestHandler):
    server: Service  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/")
        self.end_headers()
        with suppress(OSError):
            while self.server.endless:
                self.wfile.write(b"x" * 65536)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("PUSH_TO_LOOPBACK", "1")
    get_settings.cache_clear()
    server = Service()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    monkeypatch.undo()
    get_settings.cache_clear()


def post(service: Service, browser: Browser, payload: bytes = b"{}") -> None:
    push.post(service.url, browser.key, base64url(browser.auth), payload, topic="t1")


def test_the_browser_opens_what_was_sealed_for_it_and_nobody_else_does(service: Service) -> None:
    browser = Browser()
    said = json.dumps({"body": "“Final quiz” was graded."}).encode()
    post(service, browser, said)
    headers, body = service.received[0]
    assert browser.open(body) == said
    assert b"graded" not in body
    assert (headers["content-encoding"], headers["topic"], headers["urgency"]) == ("aes128gcm", "t1", "normal")
    assert 0 < int(headers["ttl"]) <= push.LIFE
    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever the cipher says
        Browser(auth=browser.auth).open(body)


def test_the_example_of_rfc_8291_opens_with_what_the_tests_decrypt_by() -> None:
    private = int.from_bytes(from_base64url("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
    browser = Browser(ec.derive_private_key(private, ec.SECP256R1()), from_base64url("BTBZMqHH6r4Tts7J_aSIgg"))
    body = from_base64url(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.open(body) == b"When I grow up, I want to be a watermelon"


def test_the_service_knows_who_sends_by_a_signature_for_it_alone(service: Service) -> None:
    post(service, Browser())
    scheme, _, rest = service.received[0][0]["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme, parts["k"]) == ("vapid", push.public_key())
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(parts["k"]))
    claims = jwt.decode(parts["t"], key, algorithms=["ES256"], audience=service.url.partition("/send")[0])
    assert claims["sub"] == "http://localhost:8000"


@pytest.mark.parametrize(
    ("status", "for_good", "gone"),
    [(404, True, True), (410, True, True), (413, True, False), (301, True, False), (429, False, False), (503, False, False)],
)
def test_what_the_service_answers_says_whether_to_try_again(service: Service, status: int, for_good: bool, gone: bool) -> None:
    service.status = status
    with pytest.raises(Undelivered) as refused:
        post(service, Browser())
    assert (refused.value.for_good, refused.value.gone) == (for_good, gone)
    assert len(service.received) == 1, "no redirect is followed"


@pytest.mark.timeout(30)
def test_an_answer_without_an_end_is_not_waited_for(service: Service) -> None:
    service.endless = True
    post(service, Browser())
    assert len(service.received) == 1


@pytest.mark.parametrize(
    "address",
    [
        "https://[foo",
        "https://a:99999/",
        "https://\u2100.com/",
        f"https://{'a' * 64}.example/",
        "https://a..b/",
        "http://127.0.0.1:70000/",
    ],
)
def test_what_is_no_address_is_given_up_for_good_and_stops_no_worker(service: Service, address: str) -> None:
    with pytest.raises(Undelivered) as refused:
        push.post(address, Browser().key, base64url(os.urandom(16)), b"{}", topic="t")
    assert (refused.value.for_good, refused.value.gone) == (True, True)


@pytest.mark.parametrize(("path", "arrives"), [("/\x7f", False), ("/\u00e4 b", True), ("/a?\u2028", True)])
def test_odd_characters_in_an_address_are_sent_as_they_may_be_or_given_up_for_good(service: Service, path: str, arrives: bool) -> None:
    given_up = False
    try:
        push.post(service.url + path, Browser().key, base64url(os.urandom(16)), b"{}", topic="t")
    except Undelivered as refused:
        given_up = refused.for_good and refused.gone
    assert (len(service.received) == 1, given_up) == (arrives, not arrives)


@pytest.mark.parametrize(
    "address",
    [
        "http://push.example.org/x",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://[::1]/x",
        "https://10.1.2.3/x",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x",
        "https://user@8.8.8.8/x",
        "https://2130706433/x",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
        "https:///x",
    ],
)
def test_nothing_is_sent_but_by_https_to_a_public_address(address: str) -> None:
    with pytest.raises(Undelivered) as refused:
        push.post(address, Browser().key, base64url(os.urandom(16)), b"{}", topic="t")
    assert refused.value.for_good


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("fd00::1", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("2002:a00:1::", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("fec0::1", False),
        ("0.0.0.0", False),
    ],
)
def test_an_address_is_public_or_it_is_not(number: str, public: bool) -> None:
    assert push.is_public(number) is public


@pytest.mark.parametrize(("key", "auth"), [("AAAA", "A" * 22), ("!", "!"), (base64url(b"\x04" + b"\x01" * 64), "A" * 22)])
def test_keys_that_are_none_are_refused_for_good(service: Service, key: str, auth: str) -> None:
    with pytest.raises(Undelivered) as refused:
        push.post(service.url, key, auth, b"{}", topic="t")
    assert refused.value.gone


def test_without_a_key_of_ours_nothing_is_sent(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAPID_KEY", "")
    get_settings.cache_clear()
    assert push.public_key() == ""
    with pytest.raises(Undelivered):
        post(service, Browser())
    assert service.received == []
