"""Page heads, sections, panels, cards and rows. A box only where a thing can be opened, moved or compared; never a box in a box."""

from typing import Any

import reflex as rx

from lms_app.web.components.links import link


def page_header(title: Any, subtitle: Any = None, actions: Any = None) -> rx.Component:
    """The title of a page in serif, a line under it, its actions at the right."""
    return rx.el.header(
        rx.el.div(
            rx.el.h1(title, class_name="ly-page-title"),
            *([rx.el.div(subtitle, class_name="ly-page-sub")] if subtitle is not None else []),
        ),
        *([rx.el.div(*_many(actions), class_name="ly-page-actions")] if actions is not None else []),
        class_name="ly-page-head",
    )


def section(title: Any, *children: Any, sentence: Any = None, action: Any = None) -> rx.Component:
    """A named part of a page, without a box."""
    return rx.el.section(
        rx.el.header(
            rx.el.div(
                rx.el.h2(title, class_name="ly-section-title"),
                *([rx.el.p(sentence, class_name="ly-panel-sentence")] if sentence is not None else []),
            ),
            *([action] if action is not None else []),
        ),
        *children,
        class_name="ly-section",
    )


def panel(title: Any, sentence: Any = None, *children: Any, action: Any = None, footer: Any = None, span: int = 12) -> rx.Component:
    """What (title), the finding (one sentence), then the thing itself. `span` counts columns of `grid`."""
    return rx.el.section(
        rx.el.header(
            rx.el.div(
                rx.el.h2(title, class_name="ly-panel-title"),
                *([rx.el.p(sentence, class_name="ly-panel-sentence")] if sentence is not None else []),
            ),
            *([action] if action is not None else []),
        ),
        *children,
        *([rx.el.footer(footer)] if footer is not None else []),
        class_name="ly-panel",
        data_span=str(span),
    )


def grid(*children: Any) -> rx.Component:
    """Twelve columns for panels: 7 + 5, 5 + 7, 12."""
    return rx.el.div(*children, class_name="ly-grid")


def stack(*children: Any, gap: int = 16) -> rx.Component:
    """Things one under the other, with a gap from the scale: 4, 8, 16, 24, 32 or 48."""
    return rx.el.div(*children, class_name="ly-stack", data_gap=str(gap))


def line(*children: Any, between: bool = False) -> rx.Component:
    """Things side by side that may wrap; `between` pushes them apart."""
    return rx.el.div(*children, class_name="ly-line", custom_attrs={"data-between": ""} if between else {})


def card(title: Any, href: Any, text: Any = None, *, cover: Any = None, foot: Any = None, top: Any = None, level: int = 3) -> rx.Component:
    """One thing that can be opened: the whole card is its link."""
    heading = {2: rx.el.h2, 3: rx.el.h3}[level]
    return rx.el.article(
        *([cover] if cover is not None else []),
        rx.el.div(
            *([top] if top is not None else []),
            heading(link(title, href=href, class_name=""), class_name="ly-card-title"),
            *([rx.el.p(text, class_name="ly-card-text")] if text is not None else []),
            *([rx.el.div(*_many(foot), class_name="ly-card-foot")] if foot is not None else []),
            class_name="ly-card-body",
        ),
        class_name="ly-card",
    )


def feature(title: Any, *, cover: Any, kicker: Any, sentence: Any, action: Any, meter: Any = None) -> rx.Component:
    """The one thing to go on with: its cover, what it is, and the primary button of the page."""
    return rx.el.article(
        cover,
        rx.el.div(
            rx.el.p(kicker, class_name="ly-caption"),
            rx.el.h2(title, class_name="ly-feature-title"),
            rx.el.p(sentence, class_name="ly-second"),
            *([meter] if meter is not None else []),
            class_name="ly-feature-words",
        ),
        action,
        class_name="ly-feature",
    )


def cards(*children: Any) -> rx.Component:
    """Cards in as many columns as fit."""
    return rx.el.div(*children, class_name="ly-cards")


def rows(*children: Any, wide: bool = False) -> rx.Component:
    """A list of rows in one box, divided by hairlines. The words of `wide` ones have the whole width of a phone, with what can be done under them."""
    return rx.el.div(*children, class_name="ly-rows", custom_attrs={"data-wide": ""} if wide else {})


def row(title: Any, sub: Any = None, *, href: Any = None, start: Any = None, end: Any = None, new: Any = None, **props: Any) -> rx.Component:
    """One row: something before, title and line, something at the end. With `href` the whole row is a link."""
    marked = {} if new is None else {"data-new": rx.cond(new, "", rx.Var("undefined"))}
    return rx.el.div(
        *([start] if start is not None else []),
        rx.el.div(
            rx.el.p(link(title, href=href, class_name="") if href is not None else title, class_name="ly-row-title"),
            *([rx.el.div(sub, class_name="ly-row-sub")] if sub is not None else []),
            class_name="ly-row-main",
        ),
        *([rx.el.div(*_many(end), class_name="ly-row-end")] if end is not None else []),
        class_name="ly-row",
        custom_attrs=marked,
        **props,
    )


def facts(*children: Any) -> rx.Component:
    """A line of small facts, each perhaps with an icon: length, author, date."""
    return rx.el.div(*[rx.el.span(*_many(child)) for child in children], class_name="ly-facts")


def dot(tone: Any = "accent") -> rx.Component:
    """A coloured dot before words that say the same."""
    return rx.el.span(class_name="ly-dot", data_tone=tone, aria_hidden="true")


def _many(children: Any) -> list[Any]:
    return list(children) if isinstance(children, (list, tuple)) else [children]
