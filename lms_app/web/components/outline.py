"""The outline of a course: modules that open and shut, steps with their ticks."""

from typing import Any

import reflex as rx

from lms_app.web.components.icons import icon
from lms_app.web.components.links import link, plain_link
from lms_app.web.components.meters import meter_line, tick


def outline_head(title: Any, percent: Any, sentence: Any, *, href: Any = None) -> rx.Component:
    """The course, its meter, and the sentence under it."""
    name = link(title, href=href, class_name="") if href is not None else title
    return rx.el.div(rx.el.h2(name, class_name="ly-outline-title"), meter_line(percent, "Progress", sentence), class_name="ly-outline-head")


def outline_module(title: Any, *steps: Any, opened: Any = False, count: Any = None, locked: Any = None) -> rx.Component:
    """A module as native details; `steps` are list items, or an `rx.foreach` of them. `locked` says when it opens, "" where it is open."""
    return rx.el.details(
        rx.el.summary(
            icon("chevron-right"),
            rx.el.span(title, *_lock(locked)),
            *([rx.el.small(count)] if count is not None else []),
        ),
        rx.el.ul(*steps),
        open=opened,
        class_name="ly-module",
    )


def lesson_name(title: Any, *, locked: Any = None) -> rx.Component:
    """The name of a lesson that has several pages; a lesson with one page shows only its step."""
    return rx.el.li(title, *_lock(locked), class_name="ly-lesson-name")


def step(
    title: Any, href: Any, *, state: Any = "none", current: Any = False, length: Any = "", locked: Any = None, sub: bool = False, **props: Any
) -> rx.Component:
    """One step: tick, title, length. `state` is none, started, done or locked; `current` is this page; `locked` says when it opens."""
    here = rx.cond(current, "page", rx.Var("undefined"))
    said = rx.match(state, ("done", ", done"), ("started", ", started"), ("locked", ", not open yet"), "")
    return rx.el.li(
        link(
            tick(state),
            rx.el.span(title, rx.el.span(said, class_name="ly-sr"), *_lock(locked)),
            rx.el.small(length),
            href=href,
            class_name="ly-step",
            custom_attrs={"aria-current": here, **({"data-sub": ""} if sub else {})},
        ),
        **props,
    )


def _lock(sentence: Any) -> list[rx.Component]:
    return [] if sentence is None else [rx.cond(sentence, rx.el.span(sentence, class_name="ly-opens"), rx.fragment())]


def contents(items: rx.Var | list[tuple[str, str]]) -> rx.Component:
    """The headings on this page. Items are (anchor, words), or a variable of such pairs."""

    def entry(item: Any) -> rx.Component:
        return rx.el.li(plain_link(item[1], href="#" + item[0], class_name=""))

    listed = rx.foreach(items, entry) if isinstance(items, rx.Var) else rx.fragment(*[entry(item) for item in items])
    return rx.el.nav(rx.el.p("On this page", class_name="ly-caption"), rx.el.ul(listed), aria_label="On this page", class_name="ly-toc")
