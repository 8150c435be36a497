"""The catalogue: every published course, found by words."""

import reflex as rx

from lms_app.domain.courses.views import CourseCard
from lms_app.web.components.buttons import button
from lms_app.web.components.cover import cover
from lms_app.web.components.empties import empty
from lms_app.web.components.icons import icon
from lms_app.web.components.meters import meter
from lms_app.web.components.pagination import pages
from lms_app.web.components.panels import card, cards, facts, page_header
from lms_app.web.components.pills import pill
from lms_app.web.components.search_boxes import search_box
from lms_app.web.components.skeletons import loading, skeleton_cards
from lms_app.web.layout import app_shell
from lms_app.web.public.catalogue_state import CatalogueState


def catalogue_page() -> rx.Component:
    """Search above, cards below."""
    return app_shell(
        page_header("Catalogue", rx.cond(CatalogueState.ready, CatalogueState.sentence, "Every course that is open now")),
        _search(),
        rx.cond(
            CatalogueState.ready,
            rx.cond(
                CatalogueState.cards,
                rx.fragment(cards(rx.foreach(CatalogueState.cards, _card)), pages(CatalogueState, CatalogueState.turn)),
                rx.cond(
                    CatalogueState.search,
                    empty("No course has these words", "Try fewer or shorter words.", button("Show all", on_click=CatalogueState.find(""))),
                    empty("No courses yet", "They appear here when an instructor publishes one."),
                ),
            ),
            loading(skeleton_cards(6)),
        ),
        active="catalogue",
    )


def _search() -> rx.Component:
    return rx.el.div(
        search_box("Search courses", on_search=CatalogueState.find, default_value=CatalogueState.search),
        role="search",
    )


def _card(course: CourseCard) -> rx.Component:
    return card(
        course.title,
        rx.Var.create("/courses/") + course.slug,
        course.summary,
        cover=cover(course.cover),
        top=rx.cond(course.level, rx.el.p(course.level, class_name="ly-caption"), rx.fragment()),
        foot=[
            rx.cond(
                course.enrolled,
                rx.cond(
                    course.percent == 100,
                    pill("Completed", "ok", icon="check"),
                    meter(course.percent, "Your progress"),
                ),
                facts(
                    [icon("clock"), rx.el.span(course.minutes, " min")],
                    [icon("layers"), rx.el.span(course.modules, rx.cond(course.modules == 1, " module", " modules"))],
                ),
            ),
        ],
        level=2,
    )
