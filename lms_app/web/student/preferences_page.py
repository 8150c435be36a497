"""How one hears of things: a row for each kind of news, a column for each way, then quiet hours, this browser, courses and mail as a whole."""

import reflex as rx

from lms_app.domain.notifications.preferences import ChoiceRow, MutableCourse
from lms_app.web.components.browser_messages import BrowserMessages
from lms_app.web.components.buttons import button
from lms_app.web.components.callouts import callout
from lms_app.web.components.fields import form, form_actions, form_row, text_field
from lms_app.web.components.panels import page_header, row, rows, section
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import cell, head_cell, table, table_row
from lms_app.web.layout import app_shell
from lms_app.web.student.preferences_state import PreferencesState

mine, errors = PreferencesState.mine, PreferencesState.errors

QUIET = "In quiet hours nothing is mailed or shown by a browser; it comes when they end. "
WHEN = [("off", "No mail"), ("at_once", "At once"), ("daily", "Daily, at 7:00"), ("weekly", "Mondays, at 7:00")]


def preferences_page() -> rx.Component:
    """The one primary action saves the table and the quiet hours; the rest takes effect at once."""
    known = PreferencesState.ready & (mine != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        page_header("Notifications", rx.cond(known, rx.fragment("Mail goes to ", mine.email), "How you hear of things")),
        rx.cond(
            known,
            rx.el.div(_mail_notice(), _choices(), _this_browser(), _courses(), _all_mail(), class_name="ly-stack", data_gap="48"),
            loading(skeleton_rows(10)),
        ),
        active="profile",
        narrow=True,
        crumbs=[("Profile", "/profile"), ("Notifications", "")],
    )


def _mail_notice() -> rx.Component:
    again = button("Let mail come again", on_click=PreferencesState.resume_mail)
    return rx.match(
        mine.mail,
        ("off", callout("Mail is off", rx.el.p("You get none of these mails. Everything stands in your inbox."), actions=again)),
        (
            "paused",
            callout(
                "Mail is paused",
                rx.el.p("Your address refused our mail three times in a row. Look whether it is right and takes mail, then let it come again."),
                actions=again,
                tone="careful",
            ),
        ),
        rx.fragment(),
    )


def _choices() -> rx.Component:
    return section(
        "What you hear of",
        form(
            _table("Ways in which you hear of your courses", mine.learning),
            rx.cond(mine.teaching.length() > 0, _table("Ways in which you hear of the courses that you teach", mine.teaching), rx.fragment()),
            form_row(_hour("Quiet from", "quiet_from", mine.quiet_from), _hour("Quiet until", "quiet_until", mine.quiet_until)),
            rx.el.p(QUIET, "Times are those of ", mine.time_zone, ".", class_name="ly-help"),
            form_actions(button("Save changes", kind="primary", type="submit")),
            on_submit=PreferencesState.save,
            label="What you hear of",
        ),
        sentence="Mail about your account itself, such as a new password, always comes.",
    )


def _hour(label: str, name: str, value: rx.Var) -> rx.Component:
    return text_field(label, name=name, type="time", default_value=value, error=errors[name], optional=True, key=value)


def _table(caption: str, choices: rx.Var) -> rx.Component:
    return table(caption, ["News", "In the app", "By mail", "Browser"], rx.foreach(choices, _choice))


def _choice(choice: ChoiceRow) -> rx.Component:
    title = rx.Var.create(": ") + choice.title
    return table_row(
        head_cell(rx.fragment(choice.title, rx.el.small(choice.about, class_name="ly-choice-about")), wide=True),
        cell(_tick("app_", choice.id, choice.in_app, rx.Var.create("In the app") + title), name="In the app"),
        cell(_when(choice, rx.Var.create("By mail") + title), name="By mail"),
        cell(_tick("push_", choice.id, choice.push, rx.Var.create("By browser") + title), name="Browser"),
        # Fields keep what they began with: where it was changed elsewhere, the row begins anew.
        key=choice.id + choice.mail + rx.cond(choice.in_app, " app", "") + rx.cond(choice.push, " push", ""),
    )


def _tick(prefix: str, group: rx.Var, ticked: rx.Var, label: rx.Var) -> rx.Component:
    box = rx.el.input(type="checkbox", name=rx.Var.create(prefix) + group, value="on", default_checked=ticked, aria_label=label)
    return rx.el.label(box, class_name="ly-check ly-choice-tick")


def _when(choice: ChoiceRow, label: rx.Var) -> rx.Component:
    return rx.el.select(
        *[rx.el.option(words, value=value) for value, words in WHEN],
        name=rx.Var.create("mail_") + choice.id,
        default_value=choice.mail,
        class_name="ly-input",
        aria_label=label,
    )


def _this_browser() -> rx.Component:
    return section(
        "This browser",
        BrowserMessages.create(on_moved=PreferencesState.load),
        sentence=rx.match(
            mine.browsers,
            (0, rx.fragment("No browser shows messages for you yet.")),
            (1, rx.fragment("One browser shows messages for you while Lyceum is closed.")),
            rx.fragment(mine.browsers, " browsers show messages for you while Lyceum is closed."),
        ),
    )


def _courses() -> rx.Component:
    return rx.cond(
        mine.courses.length() > 0,
        section(
            "Courses",
            rows(rx.foreach(mine.courses, _course)),
            sentence="What a muted course says lies in your inbox. It is neither counted nor mailed nor shown.",
        ),
        rx.fragment(),
    )


def _course(course: MutableCourse) -> rx.Component:
    return row(
        course.title,
        rx.cond(course.muted, "Muted", "You hear of it as chosen above"),
        end=[
            rx.cond(course.muted, _turn(course, "Unmute", "bell", muted=False), _turn(course, "Mute", "bell-off", muted=True)),
        ],
        key=course.id,
    )


def _turn(course: MutableCourse, verb: str, sign: str, *, muted: bool) -> rx.Component:
    label = rx.Var.create(f"{verb} ") + course.title
    return button(verb, size="s", icon=sign, on_click=PreferencesState.mute(course.id, muted), aria_label=label)


def _all_mail() -> rx.Component:
    return rx.cond(
        mine.mail == "on",
        section(
            "All mail",
            rx.el.div(button("Stop all mail", icon="mail-x", on_click=PreferencesState.stop_mail)),
            sentence="Everything stands in your inbox all the same.",
        ),
        rx.fragment(),
    )
