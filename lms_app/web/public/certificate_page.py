"""The public page of a certificate: is it good, and what does it say?"""

import reflex as rx

from lms_app.web.components.icons import icon
from lms_app.web.components.pills import pill
from lms_app.web.components.skeletons import loading, skeleton_lines
from lms_app.web.layout import plain_shell
from lms_app.web.public.certificate_state import CertificateState

checked = CertificateState.checked


def certificate_page() -> rx.Component:
    """One answer, in words."""
    return plain_shell(
        rx.cond(
            CertificateState.ready & (checked != None),  # noqa: E711 - becomes JavaScript
            rx.cond(checked.found, _certificate(), _unknown()),
            rx.fragment(rx.el.h1("Certificate", class_name="ly-door-title"), loading(skeleton_lines(5))),
        ),
        wide=True,
    )


def _certificate() -> rx.Component:
    return rx.el.article(
        rx.cond(
            checked.valid,
            pill("This certificate is genuine", "ok", icon="badge-check"),
            pill("This certificate was withdrawn", "bad", icon="x"),
        ),
        rx.el.p("This certifies that", class_name="ly-caption"),
        rx.el.h1(checked.person, class_name="ly-door-title"),
        rx.el.p("has completed the course", class_name="ly-caption"),
        rx.el.p(checked.course, class_name="ly-feature-title"),
        rx.el.dl(
            rx.el.div(rx.el.dt("Issued"), rx.el.dd(checked.issued_on)),
            rx.cond(checked.signatory, rx.el.div(rx.el.dt("Signed by"), rx.el.dd(checked.signatory)), rx.fragment()),
            rx.el.div(rx.el.dt("Code"), rx.el.dd(rx.el.code(checked.code))),
            class_name="ly-facts-list",
        ),
        rx.cond(checked.revoked_because, rx.el.p(checked.revoked_because), rx.fragment()),
        class_name="ly-stack",
        data_gap="16",
    )


def _unknown() -> rx.Component:
    return rx.el.article(
        icon("search-x"),
        rx.el.h1("No certificate has this code", class_name="ly-door-title"),
        rx.el.p("Compare it with the one on the certificate: it has 26 letters and digits."),
        class_name="ly-stack",
        data_gap="16",
    )
