"""What the public page of a certificate knows."""

import reflex as rx

from lms_app.domain.actor import Actor
from lms_app.domain.certificates import queries
from lms_app.domain.certificates.views import Verification
from lms_app.web.labels import allow, anyone
from lms_app.web.perform import perform


class CertificateState(rx.State):
    """Whether a code is good, and what it certifies."""

    ready: bool = False
    checked: Verification | None = None

    @rx.event
    @allow(anyone)
    async def load(self):
        """Checks the code in the address."""
        code = self.router.url.path.strip("/").split("/")[-1][:60]
        self.checked = await perform(self, _verify, code)
        self.ready = True


def _verify(session, _: Actor | None, code: str) -> Verification:  # pyright: ignore[reportMissingParameterType]
    return queries.verify(session, code)
