"""One's certificates, to be downloaded and shown around."""

import reflex as rx

from lms_app.domain.certificates.views import OwnCertificate
from lms_app.web.components.buttons import link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import page_header, row, rows
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.certificates_state import CertificatesState


def certificates_page() -> rx.Component:
    """One row each."""
    return app_shell(
        page_header("Certificates", "Anybody can check one at its public address."),
        rx.cond(
            CertificatesState.ready,
            rx.cond(
                CertificatesState.certificates,
                rows(rx.foreach(CertificatesState.certificates, _certificate)),
                empty(
                    "No certificates yet",
                    "One appears here by itself when you complete a course.",
                    link_button("Browse catalogue", "/catalogue", kind="primary"),
                ),
            ),
            loading(skeleton_rows(3)),
        ),
        active="certificates",
        narrow=True,
    )


def _certificate(certificate: OwnCertificate) -> rx.Component:
    return row(
        certificate.course,
        rx.cond(
            certificate.revoked,
            rx.el.span("Withdrawn, so its file can no longer be downloaded. ", certificate.revoked_because),
            rx.el.span("Issued ", certificate.issued_on),
        ),
        start=icon("award"),
        end=[
            rx.cond(certificate.revoked, pill("Withdrawn", "bad", icon="x"), rx.fragment()),
            link_button("Public page", certificate.address, size="s"),
            rx.cond(
                certificate.revoked,
                rx.fragment(),
                link_button("Download PDF", certificate.download, size="s", icon="download", reload=True),
            ),
        ],
        key=certificate.id,
    )
