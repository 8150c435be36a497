"""A real SMTP server that keeps what it receives."""

import asyncio
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from lms_app.launcher.ports import free_port


def plain(message: EmailMessage) -> str:
    """The plain words of a mail, whatever else it brings."""
    body = message.get_body(("plain",))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


class Mailbox:
    """Listens on loopback while open. `url` fits the setting SMTP_URL."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.return_paths: list[str] = []
        """Where each of them is returned to."""
        self.refuses: dict[str, str] = {}
        """Replies to a `recipient` or to the `content`, in the place of a yes."""
        self._arrived = threading.Condition()
        self.port = free_port()
        self.url = f"smtp://127.0.0.1:{self.port}"
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def open(self) -> None:
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    def reopen(self) -> None:
        """Listens again at the same address, with what it has."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.open()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if reply := self.refuses.get("recipient"):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if reply := self.refuses.get("content"):
            return reply
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self._arrived:
            self.messages.append(message)
            self.return_paths.append(envelope.mail_from or "")
            self._arrived.notify_all()
        return "250 OK"

    def wait_for(self, recipient: str, *, count: int = 1, seconds: float = 60) -> EmailMessage:
        """The `count`-th message to that address, as soon as it is there."""
        deadline = time.monotonic() + seconds
        with self._arrived:
            while True:
                found = [message for message in self.messages if recipient in str(message["To"])]
                if len(found) >= count:
                    return found[count - 1]
                if not self._arrived.wait(deadline - time.monotonic()):
                    raise AssertionError(f"No mail number {count} came for {recipient} within {seconds} s; {len(self.messages)} came in all.")

    async def wait(self, recipient: str, *, count: int = 1, seconds: float = 60) -> EmailMessage:
        """`wait_for` in an async test."""
        return await asyncio.to_thread(self.wait_for, recipient, count=count, seconds=seconds)
