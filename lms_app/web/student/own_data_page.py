"""What Lyceum knows about somebody: what is kept and why, and their own events. A reading page."""

import reflex as rx

from lms_app.domain.analytics.goals import KeptGoal
from lms_app.domain.analytics.own_events import OwnEvent
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.empties import empty
from lms_app.web.components.links import link
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import line, page_header, row, rows, section, stack
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.layout import app_shell
from lms_app.web.student.own_data_state import OwnDataState

KEPT = (
    ("Your account", "Name, e-mail address, bio, time zone. So that you can sign in, be written to, and have your name on certificates."),
    ("Log-ins", "When, from which network address and with which browser. So that you see where you are signed in, and can end it."),
    (
        "What you do in courses",
        "Pages that you opened, seconds at a page while it was in use, films, answers, submissions, completions, marks: the events below. So that "
        "your progress and grades are right, and the staff of a course sees where help is needed. Other students do not see them: your score so "
        "far is counted among at least ten others, without a name.",
    ),
    (
        "Your goals",
        "What you mean to reach in a course, and whether your weeks in a row are shown. For you alone: the staff does not see it either. Deleted "
        "when you remove it, and with your account.",
    ),
    (
        "What you hand in and write",
        "Answers, files, posts in discussions, and comments of markers. The staff of the course reads them; posts are read by its students too.",
    ),
    ("Notifications", "What you were told and how you wish to be told. So that nothing comes twice."),
    ("Certificates", "What you were awarded. Whoever has the address of a certificate can check it."),
    ("A record of security", "Such as changes of a password. So that misuse can be found. Only administrators see it."),
)


def own_data_page() -> rx.Component:
    """What is kept and why, then every event in words."""
    sheet = OwnDataState.sheet
    known = OwnDataState.ready & (sheet != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        page_header(
            "What Lyceum knows about you", "Everything that is kept of you, why, and what you have done here. Nothing is sold or given away."
        ),
        stack(
            section(
                "What is kept, and why",
                rows(*[row(title, words) for title, words in KEPT]),
                sentence="Names, addresses and texts are sealed under a key of your own. It is kept until you erase your account.",
                action=link("Erase your account", href="/profile"),
            ),
            rx.cond(
                OwnDataState.goals,
                section(
                    "Your goals",
                    rows(rx.foreach(OwnDataState.goals, _goal)),
                    sentence="Sealed under your key. Set and change them on the page of your progress.",
                ),
                rx.fragment(),
            ),
            section(
                "What you have done",
                rx.cond(
                    known,
                    rx.cond(
                        sheet.lines,
                        stack(rows(rx.foreach(sheet.lines, _event)), pages(sheet, OwnDataState.turn)),
                        empty("Nothing yet", "What you do in a course appears here, in the order in which it happened."),
                    ),
                    loading(skeleton_rows(8)),
                ),
                sentence=rx.cond(
                    known & (sheet.total > 0),
                    rx.fragment(sheet.total, " events, the newest first. Marks that a quiz does not show you yet are left out."),
                    "The newest first.",
                ),
            ),
            section(
                "Take it along",
                line(
                    link_button("JSON", "/v/my-events/json.zip", icon="download", reload=True, aria_label="Download your events as JSON"),
                    link_button("CSV", "/v/my-events/csv.zip", icon="download", reload=True, aria_label="Download your events as CSV"),
                    link_button("xAPI", "/v/my-events/xapi.zip", icon="download", reload=True, aria_label="Download your events as xAPI"),
                ),
                sentence="All your events in a file, and your goals beside it: JSON for programs, CSV for spreadsheets, xAPI 1.0.3 statements for "
                "other learning systems. You are named in it by a pseudonym.",
            ),
            gap=48,
        ),
        active="profile",
        crumbs=[("Profile", "/profile"), ("Your data", "")],
        narrow=True,
    )


def _goal(goal: KeptGoal) -> rx.Component:
    words = rx.Var.create("Remove goal in ") + goal.course
    return row(
        goal.course,
        rx.el.span(goal.words, " · since ", goal.since),
        end=[button("Remove", size="s", on_click=OwnDataState.remove_goal(goal.course_id), aria_label=words)],
        key=goal.course_id,
    )


def _event(event: OwnEvent) -> rx.Component:
    return row(event.sentence, rx.el.span(event.course, " · ", event.when), key=event.id)
