"""The places of the site: side navigation, phone tabs, and what the palette offers."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lms_app.web.components.icons import icon
from lms_app.web.components.links import link


@dataclass(frozen=True, kw_only=True)
class Place:
    """One destination. `key` follows g on the keyboard."""

    name: str
    words: str
    href: str
    icon: str
    key: str = ""


LEARN = (
    Place(name="home", words="Home", href="/home", icon="house", key="h"),
    Place(name="catalogue", words="Catalogue", href="/catalogue", icon="library", key="c"),
    Place(name="calendar", words="Calendar", href="/calendar", icon="calendar-days", key="d"),
    Place(name="grades", words="Grades", href="/grades", icon="notebook-tabs", key="r"),
    Place(name="certificates", words="Certificates", href="/my/certificates", icon="award", key="e"),
    Place(name="inbox", words="Inbox", href="/inbox", icon="inbox", key="i"),
)
TEACH = (
    Place(name="teach", words="Teach", href="/teach", icon="presentation", key="t"),
    Place(name="import", words="Import", href="/teach/import", icon="package-open", key="m"),
)
ADMINISTER = (Place(name="mail", words="Mail", href="/admin/mail", icon="mail-warning"),)
PROFILE = Place(name="profile", words="Profile", href="/profile", icon="circle-user-round", key="p")
VISITORS_HOME = Place(name="landing", words="Welcome", href="/", icon="house")


def side_nav_items(viewer: Any, active: str, area: str) -> list[rx.Component]:
    """The groups of the side navigation. The group of the page's own area is there from the first paint, the other once it is known."""
    learn = rx.el.div(rx.el.p("Learn", class_name="ly-caption"), *[_item(place, viewer, active) for place in LEARN], class_name="ly-nav-group")
    teach = rx.el.div(rx.el.p("Teaching", class_name="ly-caption"), *[_item(place, viewer, active) for place in TEACH], class_name="ly-nav-group")
    visitors = rx.el.div(*[_item(place, viewer, active) for place in (VISITORS_HOME, LEARN[1])], class_name="ly-nav-group")
    places = [_item(place, viewer, active) for place in ADMINISTER]
    administer = rx.el.div(rx.el.p("Administration", class_name="ly-caption"), *places, class_name="ly-nav-group")
    running = rx.cond(viewer.is_admin, administer, rx.fragment())
    if area == "teach":
        return [teach, rx.cond(viewer.is_student, learn, rx.fragment()), running]
    return [
        rx.cond(viewer.ready & ~viewer.signed_in, visitors, learn),
        rx.cond(viewer.is_instructor, teach, rx.fragment()),
        running,
    ]


def phone_tabs(viewer: Any, active: str, area: str) -> rx.Component:
    """The same places at the bottom of a phone: five at most, so the way to certificates is on the page of grades, and that to
    the calendar on the home page."""
    learn = [_item(place, viewer, active, class_name="ly-tab") for place in LEARN if place.name not in ("calendar", "certificates")]
    teach = _item(TEACH[0], viewer, active, class_name="ly-tab")
    if area == "teach":
        tabs = [teach, _item(TEACH[1], viewer, active, class_name="ly-tab"), learn[3], rx.cond(viewer.is_student, learn[0], rx.fragment())]
    else:
        tabs = [*learn, rx.cond(viewer.is_instructor, teach, rx.fragment())]
    bar = rx.el.nav(*tabs, aria_label="Main", class_name="ly-phone-bar ly-tabs-bar")
    return rx.cond(viewer.ready & ~viewer.signed_in, rx.fragment(), bar)


def _item(place: Place, viewer: Any, active: str, class_name: str = "ly-nav-item") -> rx.Component:
    here = {"aria_current": "page"} if place.name == active else {}
    return link(
        icon(place.icon),
        rx.el.span(place.words),
        *([_unread(viewer)] if place.name == "inbox" else []),
        href=place.href,
        class_name=class_name,
        **here,
    )


def _unread(viewer: Any) -> rx.Component:
    return rx.cond(
        viewer.unread > 0,
        rx.el.span(viewer.unread, rx.el.span(" unread", class_name="ly-sr"), class_name="ly-nav-count"),
        rx.fragment(),
    )
