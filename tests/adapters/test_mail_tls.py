"""Mail over TLS, to a real server with a certificate of its own."""

import datetime
import ipaddress
import ssl
from collections.abc import Iterator
from email import message_from_bytes

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lms_app.adapters import mail
from lms_app.errors import Undelivered
from lms_app.launcher.ports import free_port
from lms_app.settings import get_settings


class Keeper:
    def __init__(self) -> None:
        self.received: list[str] = []

    async def handle_DATA(self, _server, _session, envelope) -> str:
        self.received.append(message_from_bytes(envelope.content)["Subject"])
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory):
    """A certificate for 127.0.0.1 and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture(params=["smtps", "smtp+starttls"])
def server(request: pytest.FixtureRequest, certificate, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """A server that takes mail over TLS alone, and only from ada:p@ss."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    keeper, port = Keeper(), free_port()
    at_once = request.param == "smtps"

    def authenticate(_server, _session, _envelope, _mechanism, given) -> AuthResult:
        return AuthResult(success=given == LoginPassword(b"ada", b"p@ss"), handled=False)

    controller = Controller(
        keeper,
        hostname="127.0.0.1",
        port=port,
        ssl_context=context if at_once else None,
        **{"authenticator": authenticate, "auth_required": True, "auth_require_tls": not at_once}
        | ({} if at_once else {"tls_context": context, "require_starttls": True}),
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    controller.start()
    monkeypatch.setenv("SMTP_URL", f"{request.param}://ada:p%40ss@127.0.0.1:{port}")
    get_settings.cache_clear()
    yield keeper
    controller.stop()
    monkeypatch.undo()
    get_settings.cache_clear()


def test_mail_goes_out_over_tls_with_the_password_of_the_setting(server: Keeper) -> None:
    mail.send_by_smtp("ada@example.org", "Welcome", "Hello")
    assert server.received == ["Welcome"]


def test_a_server_whose_certificate_nobody_vouches_for_gets_no_mail(server: Keeper, monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    (tmp_path / "none.pem").touch()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    with pytest.raises(Undelivered, match="SSLCertVerificationError"):
        mail.send_by_smtp("ada@example.org", "Welcome", "Hello")
    assert server.received == []


def test_a_wrong_password_is_an_error(server: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", get_settings().smtp_url.replace("p%40ss", "guess"))
    get_settings.cache_clear()
    with pytest.raises(Undelivered, match="535"):
        mail.send_by_smtp("ada@example.org", "Welcome", "Hello")
    assert server.received == []
