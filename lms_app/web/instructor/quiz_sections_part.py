"""The sections of a quiz and what they draw from the bank."""

import reflex as rx

from lms_app.domain.assessments.quiz_sections import PoolLine, SectionLine
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.panels import row, rows, section
from lms_app.web.instructor.quiz_sections_state import QuizSectionsState

errors = QuizSectionsState.errors
several = QuizSectionsState.sections.length() > 1


def quiz_sections_part() -> rx.Component:
    """A list of sections, each with its pools; one form at a time."""
    return section(
        "Sections and pools",
        rows(rx.foreach(QuizSectionsState.sections, _section)),
        sentence="A section begins a page and may be introduced. A pool draws other questions for each attempt.",
        action=button("Add section", icon="plus", on_click=QuizSectionsState.add),
    )


def section_chooser(question_id: rx.Var, number: rx.Var, here: rx.Var) -> rx.Component:
    """Moves a question to another section, where there are several."""
    return rx.cond(
        several,
        rx.el.label(
            rx.el.span("Section of question ", number, class_name="ly-sr"),
            rx.el.select(
                rx.foreach(QuizSectionsState.sections, lambda entry: rx.el.option(entry.words, value=entry.number.to_string())),
                value=here.to_string(),
                on_change=lambda value: QuizSectionsState.put(question_id, value),
                class_name="ly-input ly-section-chooser",
            ),
        ),
        rx.fragment(),
    )


def _section(entry: SectionLine) -> rx.Component:
    return rx.el.div(
        row(
            entry.words,
            rx.el.span(
                entry.questions,
                rx.cond(entry.questions == 1, " question", " questions"),
                rx.cond(entry.shuffle, " · shuffled", ""),
                rx.cond(entry.introduction, " · introduced", ""),
            ),
            end=[
                button(
                    "Add pool",
                    size="s",
                    icon="plus",
                    on_click=QuizSectionsState.write_pool(entry.number),
                    aria_label=rx.Var.create("Add pool to ") + entry.words,
                ),
                rx.el.span(
                    icon_button("pencil", rx.Var.create("Edit ") + entry.words, size="s", on_click=QuizSectionsState.edit(entry.number)),
                    rx.cond(
                        several,
                        icon_button("trash-2", rx.Var.create("Remove ") + entry.words, size="s", on_click=QuizSectionsState.remove(entry.number)),
                        rx.fragment(),
                    ),
                    class_name="ly-build-acts",
                ),
            ],
        ),
        rx.foreach(entry.pools, _pool),
        rx.cond(QuizSectionsState.editing == entry.number, _section_form(entry), rx.fragment()),
        rx.cond(QuizSectionsState.pooling == entry.number, _pool_form(), rx.fragment()),
        class_name="ly-section",
        key=entry.number.to_string(),
    )


def _pool(pool: PoolLine) -> rx.Component:
    return row(
        rx.fragment(
            "Draws ",
            pool.count,
            rx.cond(pool.count == 1, " question", " questions"),
            " from ",
            rx.cond(pool.category, pool.category, "the whole bank"),
        ),
        rx.el.span(
            rx.cond(pool.tags, rx.fragment("Tagged ", pool.tags, " · "), rx.fragment()),
            pool.points,
            rx.cond(pool.points == "1", " point each · ", " points each · "),
            rx.cond(
                pool.enough,
                rx.fragment("finds ", pool.finds, " now"),
                rx.el.strong("finds only ", pool.finds, " now", class_name="ly-warn-words"),
            ),
        ),
        end=[
            icon_button(
                "trash-2", rx.Var.create("Remove pool of ") + pool.count.to_string(), size="s", on_click=QuizSectionsState.remove_pool(pool.id)
            )
        ],
        key=pool.id,
    )


def _section_form(entry: SectionLine) -> rx.Component:
    return rx.el.div(
        form(
            text_field(
                "Title of the section",
                name="title",
                id="section-title",
                default_value=entry.title,
                error=errors["title"],
                optional=True,
                max_length=200,
            ),
            text_area(
                "Introduction of the section",
                name="introduction",
                id="section-introduction",
                default_value=entry.introduction,
                error=errors["introduction"],
                optional=True,
                help="Markdown, shown where the section begins.",
            ),
            checkbox("Shuffle the questions of this section", name="shuffle", default_checked=entry.shuffle),
            form_actions(button("Save section", type="submit", icon="check"), button("Cancel", kind="ghost", on_click=QuizSectionsState.close)),
            on_submit=QuizSectionsState.save,
            label="Section",
        ),
        class_name="ly-section-form",
    )


def _pool_form() -> rx.Component:
    return rx.el.div(
        form(
            form_row(
                select_field(
                    "Category",
                    name="category",
                    id="pool-category",
                    options=QuizSectionsState.categories,
                    on_change=QuizSectionsState.choose_category,
                ),
                text_field(
                    "Tags",
                    name="tags",
                    id="pool-tags",
                    error=errors["tags"],
                    optional=True,
                    help="With commas. A question must have all of them.",
                    on_change=QuizSectionsState.type_tags.debounce(300),
                ),
            ),
            form_row(
                text_field("How many", name="count", id="pool-count", default_value="1", error=errors["count"], input_mode="numeric"),
                text_field("Points each", name="points", id="pool-points", default_value="1", error=errors["points"], input_mode="decimal"),
            ),
            rx.el.p(
                "Finds ",
                QuizSectionsState.finds,
                rx.cond(QuizSectionsState.finds == 1, " question", " questions"),
                " of this course now, those that the quiz asks anyhow left out.",
                class_name="ly-second",
                role="status",
            ),
            form_actions(button("Add pool", type="submit", icon="check"), button("Cancel", kind="ghost", on_click=QuizSectionsState.close)),
            on_submit=QuizSectionsState.add_pool,
            label="Pool",
        ),
        class_name="ly-section-form",
    )
