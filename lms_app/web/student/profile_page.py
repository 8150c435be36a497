"""One's own account: who one is, password, log-ins, teaching, and the way out."""

import reflex as rx

from lms_app.domain.people.views import LoginLine
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.fields import error_summary, form, form_actions, text_area, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import page_header, row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.post_form import NEW_PASSWORD, post_form
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.zone_field import ZoneField
from lms_app.web.layout import app_shell
from lms_app.web.student.profile_state import ProfileState

ERASE = "erase-account"

CURRENT = {"name": "current", "label": "Present password", "type": "password", "autocomplete": "current-password"}
CHANGED = {**NEW_PASSWORD, "label": "New password"}


def profile_page() -> rx.Component:
    """Everything of the account on one page; the one primary action saves the form."""
    mine = ProfileState.mine
    return app_shell(
        page_header("Profile", rx.cond(ProfileState.ready, rx.fragment(mine.email, " · here since ", mine.since), "Your account")),
        rx.cond(
            ProfileState.ready,
            rx.el.div(
                _about(),
                _notifications(),
                _password(),
                _logins(),
                _teaching(),
                _keys(),
                _knowledge(),
                _erasing(),
                class_name="ly-stack",
                data_gap="48",
            ),
            loading(skeleton_rows(8)),
        ),
        active="profile",
        narrow=True,
    )


def _about() -> rx.Component:
    mine, errors = ProfileState.mine, ProfileState.errors
    return section(
        "About you",
        form(
            error_summary(errors, {"name": "Name", "bio": "Bio", "time_zone": "Time zone"}),
            text_field(
                "Name",
                name="name",
                default_value=mine.name,
                auto_complete="name",
                help="As it should stand on certificates. Those you have keep the name they were awarded to.",
                error=errors["name"],
            ),
            text_area("Bio", name="bio", default_value=mine.bio, optional=True, help="A few words about you.", error=errors["bio"]),
            ZoneField.create(name="time_zone", chosen=mine.time_zone, error=errors["time_zone"], help="Dates and times are shown in it."),
            form_actions(button("Save changes", kind="primary", type="submit")),
            on_submit=ProfileState.save,
            label="About you",
        ),
    )


def _notifications() -> rx.Component:
    return section(
        "Notifications",
        rx.el.div(link_button("Choose what you get", "/profile/notifications", icon="bell")),
        sentence="In the app, by mail or from the browser; quiet hours; muted courses.",
    )


def _password() -> rx.Component:
    return section(
        "Password",
        post_form("/v/password", [CURRENT, CHANGED], "Change password", prefix="change", kind="default"),
        sentence="Changing it ends your other log-ins.",
    )


def _logins() -> rx.Component:
    return section(
        "Where you are signed in",
        rows(rx.foreach(ProfileState.logins, _login)),
        sentence="A login that is not used for 30 days ends by itself.",
    )


def _login(login: LoginLine) -> rx.Component:
    return row(
        rx.cond(login.browser, login.browser, "A browser or program"),
        rx.fragment(login.network, " · since ", login.began, " · last seen ", login.seen),
        start=icon("monitor"),
        end=[
            rx.cond(
                login.current,
                pill("This browser", "accent"),
                button("End", size="s", on_click=ProfileState.end_login(login.id), aria_label=rx.Var.create("End the login of ") + login.browser),
            )
        ],
        key=login.id,
    )


def _teaching() -> rx.Component:
    mine = ProfileState.mine
    asked = callout("You asked to teach", rx.el.p("You can as soon as whoever runs this installation approves it."))
    invited = rx.el.p("Whoever runs this installation invites those who teach.", class_name="ly-second")
    ask = rx.el.div(button("I want to teach", icon="presentation", on_click=ProfileState.ask_to_teach))
    return section(
        "Teaching",
        rx.cond(
            mine.is_instructor,
            rx.el.p("You may make courses and teach them.", class_name="ly-second"),
            rx.cond(mine.asked_to_teach, asked, rx.cond(mine.teaching_policy == "invited", invited, ask)),
        ),
    )


def _keys() -> rx.Component:
    return section(
        "Keyboard",
        rx.el.div(button("Keyboard shortcuts", icon="keyboard", custom_attrs={"data-opens-keys": ""})),
        sentence="Single-letter shortcuts can be switched off for this browser.",
    )


def _knowledge() -> rx.Component:
    return section(
        "Your data",
        rx.el.div(link_button("What Lyceum knows about you", "/profile/data", icon="file-search")),
        sentence="Everything that is kept of you, why, and what you have done here, to read and to take along.",
    )


def _erasing() -> rx.Component:
    return section(
        "Erase your account",
        rx.el.div(button("Erase account", icon="trash-2", opens=ERASE)),
        dialog(
            ERASE,
            "Erase your account?",
            stack(
                rx.el.p(
                    "Your name, address, bio, log-ins and certificates become unreadable for everybody, for good. "
                    "Your scores stay in the course's figures without a name.",
                    class_name="ly-second",
                ),
                post_form("/v/account/erase", [CURRENT], "Erase account", outcome="enter", prefix="erase", kind="danger"),
            ),
            actions=[button("Keep account", closes=ERASE)],
        ),
        sentence="Nobody can bring it back, and certificates of yours can no longer be checked.",
    )
