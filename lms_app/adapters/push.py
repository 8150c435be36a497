"""Messages to browsers that are closed: sealed for the browser (RFC 8291), signed by our key (VAPID, RFC 8292), given to the browser's service.

The address of that service comes from a browser, so from anybody: nothing is sent but by HTTPS to a public address, which is looked up once and
then connected to, so that a name cannot mean another machine a moment later. Redirects are not followed.
"""

import base64
import ipaddress
import os
import socket
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

import http_ece
import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lms_app.adapters import clock
from lms_app.errors import Undelivered
from lms_app.settings import LOOPBACK, get_settings

TIMEOUT = 10
LIFE = 12 * 3600
"""Seconds for which a service keeps a message for a browser that is away, and for which a signature is good."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""

_DISGUISES = tuple(map(ipaddress.ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "fec0::/10")))
"""IPv6 addresses that stand for an IPv4 address, which may be one of ours; and those that once were for a house alone."""


def public_key() -> str:
    """Our public key as browsers want it, base64url; "" where there is none and nothing can be sent."""
    key = _key()
    if key is None:
        return ""
    return _base64url(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def post(address: str, key: str, auth: str, payload: bytes, *, topic: str) -> None:
    """Gives a browser's service one message. `key` and `auth` are the browser's, base64url; of waiting messages with the same `topic` the last
    counts. Raises Undelivered; `gone` when the browser takes none any more."""
    signer = _key()
    if signer is None:
        raise Undelivered("There is no VAPID_KEY.", for_good=True)
    try:
        url, host, headers = _target(address)
    except ValueError:
        # No address at all: a bracket that is not closed, a port beyond all ports, a name that no name server takes.
        raise Undelivered("The address of the browser's service cannot be read.", for_good=True, gone=True) from None
    sealed = _sealed(payload, key, auth)
    headers |= {
        "Authorization": f"vapid t={_token(signer, address)}, k={public_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(LIFE),
        "Topic": topic,
        "Urgency": "normal",
    }
    try:
        # What a service answers with is not read: it may have no end.
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=sealed, headers=headers, extensions={"sni_hostname": host}) as answer,
        ):
            status = answer.status_code
    except (httpx.InvalidURL, UnicodeError):
        raise Undelivered("The address of the browser's service cannot be read.", for_good=True, gone=True) from None
    except httpx.HTTPError as away:
        raise Undelivered(f"The service of the browser cannot be reached ({type(away).__name__}).") from None
    _judge(status)


def _judge(status: int) -> None:
    if status in (404, 410):
        raise Undelivered(f"The browser takes no messages any more ({status}).", for_good=True, gone=True)
    if status == 429 or status >= 500:
        raise Undelivered(f"The service of the browser is busy ({status}).")
    if status >= 300:
        raise Undelivered(f"The service of the browser refuses the message ({status}).", for_good=True)


def _target(address: str) -> tuple[str, str, dict[str, str]]:
    """Where to connect to: the address with its host looked up, the host's name, and the header that says it."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    to_ourselves = get_settings().push_to_loopback and host in LOOPBACK
    if not host or parts.username or (parts.scheme != "https" and not to_ourselves):
        raise Undelivered("The address of the browser's service is not one of HTTPS.", for_good=True, gone=True)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        raise Undelivered("The service of the browser is not found.") from None
    numbers = [str(entry[4][0]) for entry in found]
    if not to_ourselves and not all(is_public(number) for number in numbers):
        raise Undelivered("The address of the browser's service is not a public one.", for_good=True, gone=True)
    number = f"[{numbers[0]}]" if ":" in numbers[0] else numbers[0]
    return urlunsplit((parts.scheme, f"{number}:{port}", parts.path, parts.query, "")), host, {"Host": parts.netloc}


def is_public(number: str) -> bool:
    """Whether an IP address is one that the whole internet knows, and stands for no other."""
    address = ipaddress.ip_address(number.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    if mapped is not None:
        return is_public(str(mapped))
    return address.is_global and not address.is_multicast and not any(address in each for each in _DISGUISES if each.version == address.version)


def _sealed(payload: bytes, key: str, auth: str) -> bytes:
    try:
        return http_ece.encrypt(
            payload,
            salt=os.urandom(16),
            private_key=ec.generate_private_key(ec.SECP256R1()),
            dh=_from_base64url(key),
            auth_secret=_from_base64url(auth),
            version="aes128gcm",
        )
    except (ValueError, http_ece.ECEException):
        raise Undelivered("The keys of the browser are not usable.", for_good=True, gone=True) from None


def _token(signer: ec.EllipticCurvePrivateKey, address: str) -> str:
    parts = urlsplit(address)
    settings = get_settings()
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int(clock.now().timestamp()) + LIFE,
        "sub": settings.vapid_contact or settings.public_url,
    }
    return jwt.encode(claims, signer, algorithm="ES256")


def _key() -> ec.EllipticCurvePrivateKey | None:
    given = get_settings().vapid_key.get_secret_value()
    return _derived(given) if given else None


@lru_cache(maxsize=2)
def _derived(given: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(base64.b64decode(given)) % (_ORDER - 1) + 1, ec.SECP256R1())


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _from_base64url(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
