"""What the list of one's certificates knows."""

import reflex as rx

from lms_app.domain.certificates import queries
from lms_app.domain.certificates.views import OwnCertificate
from lms_app.web import live
from lms_app.web.identity import known_actor
from lms_app.web.labels import allow, signed_in
from lms_app.web.perform import perform
from lms_app.words import Hint


class CertificatesState(rx.State):
    """One's certificates."""

    ready: bool = False
    certificates: list[OwnCertificate] = []

    @rx.event
    @allow(signed_in)
    async def load(self):
        """Reads them, now and when one is issued."""
        live.watch(self, Hint.INBOX, known_actor().person_id, CertificatesState.load)
        self.certificates = (await perform(self, queries.own_certificates))[:50]
        self.ready = True
