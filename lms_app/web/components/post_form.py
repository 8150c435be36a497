"""Forms that post to a route of ours: those with a password, which is hashed off the event loop, or that set the cookie."""

from typing import Any, Literal

import reflex as rx

from lms_app.web.island_files import beside

_ISLAND = beside("post_form_island.jsx")

EMAIL = {"name": "email", "label": "E-mail address", "type": "email", "autocomplete": "username"}
PASSWORD = {"name": "password", "label": "Password", "type": "password", "autocomplete": "current-password"}
NEW_PASSWORD = {
    "name": "password",
    "label": "Password",
    "type": "password",
    "autocomplete": "new-password",
    "help": "At least 10 characters. A few words you can remember are best.",
}


class PostFormIsland(rx.NoSSRComponent):
    """Posts its fields as JSON; shows the sentence that comes back, or errors beside the fields."""

    library = _ISLAND.importable_path
    tag = "PostFormIsland"

    action: rx.Var[str]
    fields: rx.Var[list[dict[str, str]]]
    verb: rx.Var[str]
    outcome: rx.Var[str]
    with_secret: rx.Var[bool]
    with_zone: rx.Var[bool]
    with_invitation: rx.Var[bool]
    prefix: rx.Var[str]
    kind: rx.Var[str]


def post_form(
    action: str,
    fields: list[dict[str, Any]],
    verb: str,
    *,
    outcome: Literal["say", "enter"] = "say",
    with_secret: bool = False,
    with_zone: bool = False,
    with_invitation: bool = False,
    prefix: str = "field",
    kind: Literal["primary", "default", "danger"] = "primary",
) -> rx.Component:
    """A form of `fields` (name, label, type, autocomplete, help) whose button says `verb`.

    `outcome`: say the sentence that comes back, or enter the page that the answer names by a full load. `with_secret` adds what stands behind the #
    of the address, `with_zone` the browser's time zone, `with_invitation` what stands in the link that led here. `prefix` begins the ids of the
    fields.
    """
    return rx.el.div(
        PostFormIsland.create(
            action=action,
            fields=fields,
            verb=verb,
            outcome=outcome,
            with_secret=with_secret,
            with_zone=with_zone,
            with_invitation=with_invitation,
            prefix=prefix,
            kind=kind,
        ),
        class_name="ly-door-form",
    )
