"""Asking people into a course: by a link, or by a list of their addresses that is looked at first."""

import reflex as rx

from lms_app.domain.enrollments.address_invitations import InvitedLine
from lms_app.domain.enrollments.enrolling_many import Look
from lms_app.domain.enrollments.invitation_links import LONGEST_LABEL, LinkLine
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.callouts import callout
from lms_app.web.components.dialogs import confirm_dialog
from lms_app.web.components.fields import form, form_actions, form_row, text_area, text_field
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import row, rows, section, stack
from lms_app.web.components.pills import pill
from lms_app.web.components.tables import cell, head_cell, table, table_row
from lms_app.web.instructor.invitations_state import InvitationsState
from lms_app.web.island_files import beside

state = InvitationsState
preview = InvitationsState.preview
invited = InvitationsState.invited
REVOKING = "revoke-link"
LIST = "field-addresses"

_FILE = beside("list_file_island.jsx")


class ListFile(rx.NoSSRComponent):
    """Puts what is in a file of addresses into the field with the id `into`."""

    library = _FILE.importable_path
    tag = "ListFile"

    into: rx.Var[str]


def invitations_part() -> rx.Component:
    """Links, then lists, then the addresses that have not come yet."""
    return rx.fragment(
        _links(),
        section(
            "Enrol by e-mail address",
            rx.cond(preview != None, _preview(), _list()),  # noqa: E711 - becomes JavaScript
            sentence="Whoever has an account is enrolled at once; others get an invitation by mail, and are enrolled when they register with "
            "that address. You see first what will happen.",
        ),
        rx.cond((invited != None) & (invited.total > 0), _invited(), rx.fragment()),  # noqa: E711 - becomes JavaScript
        confirm_dialog(
            REVOKING,
            rx.fragment("Revoke ", state.revoking, "?"),
            "It lets nobody in any more. Who came by it stays.",
            verb="Revoke",
            on_confirm=state.revoke,
        ),
    )


def _links() -> rx.Component:
    errors = state.link_errors
    return section(
        "Invitation links",
        stack(
            rx.cond(state.links, rows(rx.foreach(state.links, _link)), rx.fragment()),
            rx.cond(
                state.fresh != "",
                callout(
                    "Copy the link now: it is not shown again.",
                    rx.el.input(
                        value=state.fresh,
                        read_only=True,
                        class_name="ly-input ly-mono",
                        aria_label="Invitation link",
                        custom_attrs={"id": "fresh-link"},
                    ),
                    tone="ok",
                    live=True,
                ),
                rx.fragment(),
            ),
            form(
                form_row(
                    text_field("What it is for", name="label", id="link-label", error=errors["label"], optional=True, max_length=LONGEST_LABEL),
                    text_field(
                        "Days", name="days", id="link-days", default_value="14", error=errors["days"], help="It works for so long.", max_length=9
                    ),
                    text_field(
                        "Places",
                        name="uses",
                        id="link-uses",
                        error=errors["uses"],
                        optional=True,
                        help="Empty: as many as there are seats.",
                        max_length=9,
                    ),
                ),
                form_actions(button("Make link", icon="link", type="submit")),
                on_submit=state.make,
                key=state.made.to_string(),
                label="New link",
            ),
            gap=24,
        ),
        sentence="Whoever opens a link can enrol, without a code, also where only invited people may; newcomers register first.",
    )


def _link(link: LinkLine) -> rx.Component:
    return row(
        rx.cond(link.label != "", link.label, "Link"),
        rx.fragment(
            link.uses,
            rx.cond(link.uses_allowed != None, rx.fragment(" of ", link.uses_allowed), rx.fragment()),  # noqa: E711 - becomes JavaScript
            " came by it · until ",
            link.until,
        ),
        end=[
            rx.match(
                link.state,
                (
                    "open",
                    button(
                        "Revoke",
                        size="s",
                        opens=REVOKING,
                        on_click=state.ask_revoke(link.id),
                        aria_label=rx.Var.create("Revoke ") + rx.cond(link.label != "", link.label, "link"),
                    ),
                ),
                ("revoked", pill("Revoked")),
                ("expired", pill("Expired")),
                pill("All places taken"),
            )
        ],
        key=link.id,
    )


def _list() -> rx.Component:
    return form(
        text_area(
            "Addresses",
            name="text",
            id=LIST,
            error=state.text_error,
            default_value=state.text,
            rows=6,
            mono=True,
            help="One on each line, up to 1,000; with commas between them a name and a group may follow: ada@example.org, Ada Lovelace, Evening.",
        ),
        form_actions(ListFile.create(into=LIST), button("Look at the list", type="submit")),
        on_submit=state.look,
        key=state.done.to_string(),
        label="List of people",
    )


def _preview() -> rx.Component:
    return stack(
        rx.el.p(
            "Enrolled or invited: ",
            preview.enrols,
            ". Waiting for a seat: ",
            preview.waits,
            ". In already: ",
            preview.stays,
            ". No address: ",
            preview.bad,
            ".",
            rx.cond(preview.new_groups, rx.fragment(" New groups: ", preview.new_groups.join(", "), "."), rx.fragment()),
            role="status",
        ),
        table("What would happen", ["Line", "Address", "Name", "Group", "What happens"], rx.foreach(preview.lines, _look)),
        pages(preview, state.turn_look),
        rx.cond(preview.bad > 0, callout("Nothing is done yet. Mend the lines that are no addresses, then look again.", tone="warn"), rx.fragment()),
        form_actions(
            button("Change the list", on_click=state.change_list),
            button("Enrol them", icon="user-plus", on_click=state.carry_out, disabled=~preview.fine),
        ),
    )


def _look(look: Look) -> rx.Component:
    return table_row(
        cell(look.number, name="Line"),
        head_cell(look.email, wide=True),
        cell(look.name, name="Name"),
        cell(look.group, name="Group"),
        cell(
            rx.match(
                look.outcome,
                ("bad", pill(look.sentence, "bad", icon="circle-alert")),
                ("new_waiting", pill(look.sentence, "warn", icon="clock")),
                rx.el.span(look.sentence),
            ),
            name="What happens",
            wide=True,
        ),
        key=look.number.to_string(),
    )


def _invited() -> rx.Component:
    return section(
        "Invited by mail",
        rows(rx.foreach(invited.lines, _address)),
        pages(invited, state.turn_invited),
        sentence="They have not registered yet. Their seats are kept until the invitation ends.",
    )


def _address(line: InvitedLine) -> rx.Component:
    return row(
        line.email,
        rx.fragment(
            rx.cond(line.name != "", rx.fragment(line.name, " · "), rx.fragment()),
            "until ",
            line.until,
            rx.cond(line.waits, " · waits for a seat", ""),
        ),
        end=[icon_button("x", rx.Var.create("Take back the invitation of ") + line.email, size="s", on_click=state.take_back(line.id))],
        key=line.id,
    )
