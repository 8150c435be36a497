"""The groups of a course on its people page: made, named, filled."""

import reflex as rx

from lms_app.domain.enrollments.groups import Candidate, GroupSummary
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.dialogs import confirm_dialog, dialog
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import form, form_actions, text_field
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import row, rows, section
from lms_app.web.components.pills import pill
from lms_app.web.components.search_boxes import search_box
from lms_app.web.instructor.groups_state import GroupsState

course_groups = GroupsState.course_groups
sheet = GroupsState.sheet
NAMING, REMOVING = "name-group", "remove-group"


def groups_part() -> rx.Component:
    """A list of groups; the one that is open shows its members."""
    return rx.fragment(
        section(
            "Groups",
            rx.cond(
                course_groups.groups,
                rx.fragment(rows(rx.foreach(course_groups.groups, _group)), pages(course_groups, GroupsState.turn)),
                empty("No groups yet", "A quiz may have other dates or more time for a group."),
            ),
            sentence="Somebody may be in several groups. A quiz's exceptions hold for everybody in a group.",
            action=rx.cond(
                course_groups.may_edit, button("Add group", kind="primary", icon="plus", opens=NAMING, on_click=GroupsState.ask_add), rx.fragment()
            ),
        ),
        _naming(),
        confirm_dialog(
            REMOVING,
            rx.fragment("Remove the group “", GroupsState.leaving, "”?"),
            "The exceptions that were made for it go with it. Its members take the course as before, and attempts under way keep their rules.",
            verb="Remove",
            on_confirm=GroupsState.remove,
        ),
    )


def _group(group: GroupSummary) -> rx.Component:
    opened = (sheet != None) & (sheet.id == group.id)  # noqa: E711 - becomes JavaScript

    def named(verb: str) -> rx.Var:
        return rx.Var.create(f"{verb} ") + group.name

    return rx.el.div(
        row(
            group.name,
            rx.el.span(group.members, rx.cond(group.members == 1, " member", " members")),
            end=[
                rx.cond(
                    opened,
                    button("Close", size="s", on_click=GroupsState.close, aria_label=named("Close"), custom_attrs={"aria-expanded": "true"}),
                    button(
                        "Members",
                        size="s",
                        on_click=GroupsState.open(group.id),
                        aria_label=named("Members of"),
                        custom_attrs={"aria-expanded": "false"},
                    ),
                ),
                rx.cond(
                    course_groups.may_edit,
                    rx.el.span(
                        icon_button("pencil", named("Rename"), size="s", opens=NAMING, on_click=GroupsState.ask_rename(group.id)),
                        icon_button("trash-2", named("Remove"), size="s", opens=REMOVING, on_click=GroupsState.ask_remove(group.id)),
                        class_name="ly-build-acts",
                    ),
                    rx.fragment(),
                ),
            ],
        ),
        rx.cond(opened, _members(), rx.fragment()),
        class_name="ly-section",
        key=group.id,
    )


def _members() -> rx.Component:
    words = rx.cond(course_groups.may_edit, "Find a student to put in or take out", "Find a student")
    return rx.el.div(
        search_box(words, on_search=GroupsState.find, picks=True, key=sheet.id),
        rx.cond(
            sheet.people,
            rows(rx.foreach(sheet.people, _person)),
            rx.el.p(
                rx.cond(GroupsState.search != "", "Nobody of that name. Try fewer or shorter words.", "Nobody is in this group yet."),
                class_name="ly-help",
                role="status",
            ),
        ),
        pages(sheet, GroupsState.turn_people),
        class_name="ly-section-form",
    )


def _person(person: Candidate) -> rx.Component:
    return row(
        person.name,
        end=[
            rx.cond(person.inside & (GroupsState.search != ""), pill("In the group", "ok", icon="check"), rx.fragment()),
            rx.cond(
                course_groups.may_edit,
                rx.cond(
                    person.inside,
                    button(
                        "Take out",
                        size="s",
                        on_click=GroupsState.take_out(person.id),
                        aria_label=rx.Var.create("Take out ") + person.name,
                    ),
                    button(
                        "Put in",
                        size="s",
                        icon="plus",
                        on_click=GroupsState.put_in(person.id),
                        aria_label=rx.Var.create("Put in ") + person.name,
                    ),
                ),
                rx.fragment(),
            ),
        ],
        key=person.id,
    )


def _naming() -> rx.Component:
    named = dialog(
        NAMING,
        rx.cond(GroupsState.naming, GroupsState.naming, "Name"),
        form(
            text_field("Name", name="name", id="group-name", default_value=GroupsState.name, error=GroupsState.name_error, max_length=120),
            form_actions(button("Cancel", closes=NAMING), button("Save name", kind="primary", type="submit")),
            on_submit=GroupsState.save_name,
            key=GroupsState.asked.to_string(),
        ),
    )
    # A native dialog is closed by whoever opened it; a new key takes it away once the name is saved.
    return rx.el.div(named, key=GroupsState.answered.to_string())
