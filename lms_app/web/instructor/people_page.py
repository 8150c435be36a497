"""The students of a course: the table, the roster in which they get more time or are taken out, and their groups."""

import reflex as rx

from lms_app.domain.enrollments.roster import RosterLine
from lms_app.web.components.buttons import icon_button
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.meters import meter
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import line, page_header, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.search_boxes import search_box
from lms_app.web.components.segmented import segmented
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.components.tables import Column, cell, head_cell, table, table_row
from lms_app.web.instructor.accommodation_part import accommodation_button, accommodation_dialog
from lms_app.web.instructor.groups_part import groups_part
from lms_app.web.instructor.groups_state import GroupsState
from lms_app.web.instructor.people_state import PeopleState
from lms_app.web.instructor.places import course_tabs
from lms_app.web.instructor.students import matrix_island, risk_island, students_island
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

roster = PeopleState.roster
TAKING_OUT = "take-out-student"
VIEWS = [("table", "Students"), ("risk", "At risk"), ("matrix", "Matrix"), ("students", "Roster"), ("groups", "Groups")]


def people_page() -> rx.Component:
    """The table of students; or the roster; or the groups."""
    known = PeopleState.ready & (roster != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(
            known,
            rx.fragment(
                page_header(roster.course, rx.el.span(roster.learners, rx.cond(roster.learners == 1, " student", " students"))),
                stack(
                    course_tabs(roster.course_id, roster.role, "people"),
                    line(segmented("What is shown", VIEWS, GroupsState.showing, lambda what: GroupsState.show(what))),
                    rx.match(
                        GroupsState.showing,
                        ("groups", rx.cond(GroupsState.course_groups != None, groups_part(), rx.fragment())),  # noqa: E711 - becomes JavaScript
                        ("risk", risk_island(roster.course_id, PeopleState.revision)),
                        ("matrix", matrix_island(roster.course_id, PeopleState.revision)),
                        ("students", _students()),
                        students_island(roster.course_id, PeopleState.revision),
                    ),
                    gap=24,
                ),
                accommodation_dialog(),
                confirm_dialog(
                    TAKING_OUT,
                    rx.fragment("Take ", PeopleState.leaving, " out of the course?"),
                    "They are told, and what they did is kept. Whoever waits longest gets the seat.",
                    verb="Take out",
                    on_confirm=PeopleState.take_out,
                ),
            ),
            loading(skeleton_rows(8)),
        ),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, roster.course, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + roster.course_id, "/teach")),
            ("Students", ""),
        ],
    )


def _students() -> rx.Component:
    return rx.cond(
        roster.learners > 0,
        rx.fragment(
            _search(),
            rx.cond(roster.lines, _table(), empty("Nobody has that name", "Try fewer or shorter words.")),
            pages(roster, PeopleState.turn),
        ),
        empty("Nobody takes this course yet", "Students appear here when they enrol."),
    )


def _search() -> rx.Component:
    return rx.el.div(
        search_box("Search students", on_search=PeopleState.find, default_value=PeopleState.search),
        role="search",
    )


def _table() -> rx.Component:
    return table(
        "Students",
        ["Name", "Progress", Column("Steps done", numeric=True), "Last visit", "Enrolled"],
        rx.foreach(roster.lines, _line),
    )


def _line(entry: RosterLine) -> rx.Component:
    return table_row(
        head_cell(
            line(
                entry.name,
                rx.cond(entry.more, pill(rx.Var.create("+ ") + entry.more + " % time", icon="clock"), rx.fragment()),
                accommodation_button(entry.id, entry.name, roster.role),
                rx.cond(
                    (roster.role == StaffRole.OWNER.value) | (roster.role == StaffRole.EDITOR.value),
                    icon_button(
                        "user-minus",
                        rx.Var.create("Take out of the course: ") + entry.name,
                        size="s",
                        opens=TAKING_OUT,
                        on_click=PeopleState.ask_take_out(entry.id),
                    ),
                    rx.fragment(),
                ),
            ),
            wide=True,
        ),
        cell(
            rx.cond(entry.completed, pill("Completed", "ok", icon="check"), meter(entry.percent, rx.Var.create("Progress of ") + entry.name)),
            name="Progress",
        ),
        cell(rx.fragment(entry.done, " of ", entry.total), name="Steps done", numeric=True),
        cell(rx.cond(entry.active, entry.active, "Not yet"), name="Last visit"),
        cell(entry.enrolled, name="Enrolled"),
        key=entry.id,
    )
