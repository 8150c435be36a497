"""Pages in front of the door: sign in, register, confirm, ask for a reset, set a new password."""

import reflex as rx

from lms_app.web.components.links import link
from lms_app.web.components.post_form import EMAIL, NEW_PASSWORD, PASSWORD, post_form
from lms_app.web.layout import plain_shell


def sign_in_page() -> rx.Component:
    """E-mail address and password."""
    return _door(
        "Sign in",
        "Welcome back. Your courses are where you left them.",
        post_form("/v/sign-in", [EMAIL, PASSWORD], "Sign in", outcome="enter"),
        rx.el.p("No account yet? ", link("Register", href="/register")),
        rx.el.p(link("Forgot your password?", href="/reset")),
    )


def register_page() -> rx.Component:
    """A new account, confirmed by mail."""
    name = {"name": "name", "label": "Name", "type": "text", "autocomplete": "name", "help": "As it should stand on your certificates."}
    teach = {"name": "teach", "label": "I want to teach", "type": "checkbox", "help": "You can also say so later, in your profile."}
    return _door(
        "Create your account",
        "It takes a minute. We send you a mail with a link, and you choose a password there.",
        post_form("/v/register", [name, EMAIL, teach], "Register", with_zone=True, with_invitation=True),
        rx.el.p("You have an account? ", link("Sign in", href="/sign-in")),
    )


def confirm_page() -> rx.Component:
    """Where the link in the confirmation mail leads."""
    return _door(
        "Choose a password",
        "One last step: your address is confirmed when you choose a password.",
        post_form("/v/confirm", [NEW_PASSWORD], "Create account", outcome="enter", with_secret=True),
        rx.el.p("The link does not work? ", link("Register again", href="/register")),
    )


def reset_page() -> rx.Component:
    """Somebody forgot a password."""
    return _door(
        "Reset your password",
        "Tell us your address. We send you a link that works for 30 minutes.",
        post_form("/v/reset", [EMAIL], "Send link"),
        rx.el.p(link("Back to sign-in", href="/sign-in")),
    )


def new_password_page() -> rx.Component:
    """Where the link in the reset mail leads."""
    return _door(
        "Set a new password",
        "You are signed out everywhere when you set it.",
        post_form("/v/reset/new", [NEW_PASSWORD], "Set password", with_secret=True),
        rx.el.p(link("Sign in", href="/sign-in")),
    )


def _door(title: str, sentence: str, form: rx.Component, *foot: rx.Component) -> rx.Component:
    return plain_shell(
        rx.el.header(rx.el.h1(title, class_name="ly-door-title"), rx.el.p(sentence, class_name="ly-door-sub")),
        form,
        rx.el.div(*foot, class_name="ly-door-foot ly-stack", data_gap="4"),
    )
