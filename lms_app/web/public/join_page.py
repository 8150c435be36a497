"""Where an invitation link leads: which course it is, and the way in."""

import reflex as rx

from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.links import link
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import plain_shell
from lms_app.web.public.join_state import JoinState
from lms_app.web.public.required_part import required_part

invitation = JoinState.invitation


def join_page() -> rx.Component:
    """The course's words, and one thing to do next."""
    return plain_shell(
        rx.cond(JoinState.ready & (invitation != None), _invitation(), loading(skeleton_rows(3))),  # noqa: E711 - becomes JavaScript
    )


def _invitation() -> rx.Component:
    course = rx.Var.create("/courses/") + invitation.slug
    return rx.el.div(
        rx.el.header(
            rx.el.p("You are invited to a course", class_name="ly-caption"),
            rx.el.h1(invitation.title, class_name="ly-door-title"),
            rx.el.p(invitation.summary, class_name="ly-door-sub"),
        ),
        rx.cond(invitation.notice != "", rx.el.p(invitation.notice, class_name="ly-strong"), rx.fragment()),
        rx.match(
            invitation.step,
            (
                "sign_in",
                rx.fragment(
                    link_button("Create an account", JoinState.register, kind="primary", size="l", wide=True),
                    link_button("Sign in", JoinState.sign_in, size="l", wide=True),
                ),
            ),
            ("enroll", button("Join course", kind="primary", size="l", wide=True, on_click=JoinState.join)),
            ("full", button("Join waiting list", kind="primary", size="l", wide=True, on_click=JoinState.wait)),
            (
                "waiting",
                rx.fragment(
                    rx.el.p("You are number ", invitation.position, " on the waiting list.", class_name="ly-strong"),
                    link_button("Look at the course", course),
                ),
            ),
            ("missing", required_part(invitation.prerequisites)),
            ("closed", link_button("Look at the course", course)),
            link_button("Open course", course, kind="primary", size="l", wide=True),
        ),
        rx.cond(
            invitation.step == "sign_in",
            rx.el.p("Want to know more first? ", link("Look at the course", href=course), class_name="ly-small"),
            rx.fragment(),
        ),
        class_name="ly-stack",
        data_gap="16",
    )
