"""One frozen Settings from the environment, validated at start. Secrets are never printed."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit, urlunsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from lms_app.words import InstructorPolicy

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Settings(BaseSettings):
    """Everything that may differ between two installations. Names of the environment are the field names in capitals."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    database_url: str
    redis_url: str = ""
    state_redis_url: str = ""
    broker_redis_url: str = ""
    cache_redis_url: str = ""
    allow_plaintext_backends: bool = False

    var_dir: Path = Path("var")
    storage_dir: Path | None = None
    port: int = 8000
    public_url: str = ""
    """Address that people use, without a trailing slash; mails and certificates carry it. Empty: http://localhost:PORT."""

    master_keys: SecretStr
    """Key-encryption keys, newest first: `id:base64(32 bytes)`, comma-separated. They wrap every person's key."""
    blind_index_key: SecretStr
    state_key: SecretStr
    password_key: SecretStr
    signing_keys: SecretStr
    """Ed25519 seeds, newest first: `kid:base64(32 bytes)`, comma-separated. The first signs, all verify."""

    instructors: InstructorPolicy = InstructorPolicy.APPROVED
    smtp_url: str = ""
    """`smtp://user:password@host:port`, `smtps://…`; `smtp+starttls://…`. Empty: mail is caught in the mailbox page."""
    mail_from: str = "Lyceum <no-reply@localhost>"
    bounce_address: str = ""
    """Where mail servers return what they could not deliver, as `bounces@example.org`: each mail says it with the delivery's id, as
    `bounces+ID@example.org`. Empty: they return it to the address of `mail_from`."""
    mails_per_minute: int = Field(default=600, ge=1)
    """Notifications that are mailed in a minute, to all people; more wait."""
    vapid_key: SecretStr = SecretStr("")
    """base64 of 32 bytes: the key by which services of browsers know who sends. Empty: nothing is sent to browsers that are closed."""
    vapid_contact: str = ""
    """`mailto:` or `https:` address at which those services find whoever runs this. Empty: `public_url`."""
    push_to_loopback: bool = False
    """For tests: messages to browsers may go to this machine, by plain HTTP."""
    demo: bool = False
    """The demo campus is seeded and the mailbox page is open to everybody on this machine."""

    bcrypt_rounds: int = Field(default=12, ge=4, le=16)
    upload_limit_mb: int = Field(default=200, ge=1)
    media_limit_mb: int = Field(default=500, ge=1)
    """The largest file of a course that an author may upload."""
    embed_hosts: str = "www.youtube-nocookie.com,player.vimeo.com"
    log_level: str = "INFO"
    trusted_proxies: str = ""
    """Networks whose X-Forwarded-For and X-Forwarded-Proto are believed, comma-separated."""
    database_pool_size: int = Field(default=20, ge=1)
    sockets_per_network: int = Field(default=4000, ge=1)
    """Sockets that one network address may hold open in a web process: a school of a thousand behind one address, a few tabs each."""
    sockets_per_login: int = Field(default=100, ge=1)

    @field_validator("database_url")
    @classmethod
    def _name_the_driver(cls, url: str) -> str:
        scheme, _, rest = url.partition("://")
        if scheme not in {"postgres", "postgresql", "postgresql+psycopg2"}:
            raise ValueError("DATABASE_URL must begin with postgresql://")
        return f"postgresql+psycopg2://{rest}"

    @field_validator("bounce_address")
    @classmethod
    def _name_one_mailbox(cls, address: str) -> str:
        if address and not re.fullmatch(r"[A-Za-z0-9._-]{1,20}@[A-Za-z0-9.-]{1,200}", address):
            raise ValueError("BOUNCE_ADDRESS is an address without a plus sign, of twenty characters at most before the @.")
        return address

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for name, number in (("state_redis_url", 0), ("broker_redis_url", 1), ("cache_redis_url", 2)):
            if not getattr(self, name):
                if not self.redis_url:
                    raise ValueError(f"Set REDIS_URL, or {name.upper()}.")
                parts = urlsplit(self.redis_url)
                object.__setattr__(self, name, urlunsplit(parts._replace(path=f"/{number}")))
        if not self.allow_plaintext_backends:
            self._refuse_plaintext()
        if self.storage_dir is None:
            object.__setattr__(self, "storage_dir", self.var_dir / "storage")
        if not self.public_url:
            object.__setattr__(self, "public_url", f"http://localhost:{self.port}")
        object.__setattr__(self, "public_url", self.public_url.rstrip("/"))
        return self

    def _refuse_plaintext(self) -> None:
        database = urlsplit(self.database_url)
        if (database.hostname or "") not in LOOPBACK and parse_qs(database.query).get("sslmode") != ["verify-full"]:
            raise ValueError("DATABASE_URL is not on loopback: add ?sslmode=verify-full, or set ALLOW_PLAINTEXT_BACKENDS=1.")
        for name in ("state_redis_url", "broker_redis_url", "cache_redis_url"):
            parts = urlsplit(getattr(self, name))
            if (parts.hostname or "") not in LOOPBACK and parts.scheme != "rediss":
                raise ValueError(f"{name.upper()} is not on loopback: use rediss://, or set ALLOW_PLAINTEXT_BACKENDS=1.")

    @property
    def storage(self) -> Path:
        """Folder of stored files."""
        assert self.storage_dir is not None
        return self.storage_dir

    @property
    def shows_mailbox(self) -> bool:
        """Whether caught mail may be looked at: in a demo without a mail server that says it lives on this machine alone."""
        return self.demo and not self.smtp_url and (urlsplit(self.public_url).hostname or "") in LOOPBACK

    @property
    def secure_cookies(self) -> bool:
        """Whether people reach us by HTTPS."""
        return self.public_url.startswith("https://")


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Tests call `get_settings.cache_clear()` after changing the environment."""
    return Settings()  # pyright: ignore[reportCallIssue]
