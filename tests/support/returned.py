"""Mails as mail servers return them: delivery status notifications after RFC 3464, as Postfix and Exim write them."""

from uuid import UUID

HUMAN = "This is the mail system. I'm sorry to have to inform you that your message could not be delivered."


def returned(
    delivery_id: UUID | str, *, action: str = "failed", status: str = "5.1.1", said: str = "", to: str = "no-reply@example.org", whole: bool = True
) -> bytes:
    """A report about the mail of one delivery. `whole` gives the mail back, otherwise its headers alone; `said` is what the other server replied."""
    said = said or "550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown in local recipient table"
    original = (
        f"Message-ID: <{delivery_id}@lyceum.example.org>\nFrom: Lyceum <no-reply@example.org>\nTo: ada@example.net\nSubject: News\n\n"
        f"{'It has opened.' if whole else ''}\n"
    )
    return (
        "Return-Path: <>\n"
        "From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\n"
        f"To: {to}\n"
        "Subject: Undelivered Mail Returned to Sender\n"
        "Auto-Submitted: auto-replied\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status;\n boundary="4F2A.1732/mx.example.org"\n\n'
        "This is a MIME-encapsulated message.\n\n"
        f"--4F2A.1732/mx.example.org\nContent-Description: Notification\nContent-Type: text/plain; charset=us-ascii\n\n{HUMAN}\n\n"
        "--4F2A.1732/mx.example.org\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.org\nX-Postfix-Queue-ID: 4F2A\nArrival-Date: Thu, 26 Nov 2026 10:00:00 +0000 (UTC)\n\n"
        f"Final-Recipient: rfc822; ada@example.net\nAction: {action}\nStatus: {status}\nRemote-MTA: dns; mx.example.net\n"
        f"Diagnostic-Code: smtp; {said}\n\n"
        f"--4F2A.1732/mx.example.org\nContent-Description: Undelivered Message\n"
        f"Content-Type: {'message/rfc822' if whole else 'text/rfc822-headers'}\n\n{original}\n--4F2A.1732/mx.example.org--\n"
    ).encode()
