"""The form of an exception: for whom, then what is different."""

import reflex as rx

from lms_app.web.components.buttons import button
from lms_app.web.components.callouts import refusal
from lms_app.web.components.fields import form, form_actions, form_row, text_field
from lms_app.web.components.icons import icon
from lms_app.web.components.panels import line, row, rows, section, stack
from lms_app.web.components.search_boxes import search_box
from lms_app.web.components.segmented import segmented
from lms_app.web.instructor.exceptions_state import ExceptionsState

quiz = ExceptionsState.quiz
sheet = ExceptionsState.sheet
errors = ExceptionsState.errors
KINDS = [("student", "A student"), ("group", "A group"), ("run", "Everybody")]


def exception_form() -> rx.Component:
    """A new exception asks for whom it is; one that stands says so."""
    # A new key is a new element, which takes the focus and comes into view, from however far down the list it was asked for.
    return rx.el.div(_section(), tab_index=-1, key=ExceptionsState.serial.to_string(), class_name="ly-opened", custom_attrs={"data-focus-here": ""})


def _section() -> rx.Component:
    return section(
        rx.cond(sheet.id, rx.fragment("Exception for ", sheet.who), "New exception"),
        stack(
            rx.cond(sheet.id, rx.fragment(), _subject()),
            form(
                refusal(ExceptionsState.wrong),
                form_row(
                    _text("Opens", "opens_at", sheet.opens_at, type="datetime-local"),
                    _text("Closes", "closes_at", sheet.closes_at, type="datetime-local"),
                ),
                rx.el.p("Dates are in the course's time zone, ", quiz.zone, ". What is left empty stays as it is.", class_name="ly-help"),
                form_row(
                    _text("More time in percent", "more", sheet.more, help="50 is one and a half times the time limit.", input_mode="decimal"),
                    _text("Added minutes", "extra", sheet.extra, help="On top of the percentage.", input_mode="decimal"),
                ),
                rx.cond(
                    quiz.timed,
                    rx.el.p("Whoever has an accommodation has the larger of the two percentages.", class_name="ly-help"),
                    rx.el.p("This quiz has no time limit now. More time counts once it has one.", class_name="ly-help"),
                ),
                _text("Attempts", "attempts_allowed", sheet.attempts_allowed, help="In all, those that were taken counted.", input_mode="numeric"),
                rx.cond(
                    quiz.limited, rx.fragment(), rx.el.p("Everybody has any number of attempts now: a number here is a limit.", class_name="ly-help")
                ),
                rx.cond(
                    errors,
                    rx.el.p(icon("circle-alert"), rx.el.span("Not saved yet: look at what is marked above."), class_name="ly-error", role="alert"),
                    rx.fragment(),
                ),
                form_actions(
                    button("Save exception", kind="primary", type="submit", icon="check"),
                    button("Cancel", kind="ghost", on_click=ExceptionsState.close),
                ),
                on_submit=ExceptionsState.save,
                label="Exception",
            ),
            gap=24,
        ),
    )


def _text(label: str, name: str, value: rx.Var, **props) -> rx.Component:
    return text_field(label, name=name, id=f"exception-{name}", default_value=value, error=errors[name], optional=True, **props)


def _subject() -> rx.Component:
    return stack(
        line(
            rx.el.span("For", class_name="ly-strong"),
            segmented("For whom", KINDS, sheet.kind, lambda kind: ExceptionsState.choose_kind(kind)),
        ),
        rx.cond(
            sheet.kind == "run",
            rx.fragment(),
            rx.cond(
                sheet.who,
                line(
                    rx.el.span(sheet.who, class_name="ly-strong"),
                    button("Choose another", size="s", kind="ghost", on_click=ExceptionsState.choose_another),
                ),
                _picker(),
            ),
        ),
        rx.cond(errors["who"], rx.el.p(icon("circle-alert"), rx.el.span(errors["who"]), class_name="ly-error"), rx.fragment()),
        gap=12,
    )


def _picker() -> rx.Component:
    what = rx.cond(sheet.kind == "group", "Find a group by name", "Find a student by name")
    return rx.el.div(
        search_box(what, on_search=ExceptionsState.find, picks=True, key=sheet.kind),
        rx.cond(
            ExceptionsState.found,
            rows(rx.foreach(ExceptionsState.found, _choice)),
            rx.el.p(
                rx.cond(
                    ExceptionsState.search != "",
                    "Nobody of that name. Try fewer or shorter words.",
                    rx.cond(
                        sheet.kind == "group",
                        "This course has no groups yet. They are made on its page of students.",
                        "Nobody takes this course yet.",
                    ),
                ),
                class_name="ly-help",
                role="status",
            ),
        ),
    )


def _choice(found: rx.Var) -> rx.Component:
    return row(
        found[1],
        end=[button("Choose", size="s", on_click=ExceptionsState.choose(found[0]), aria_label=rx.Var.create("Choose ") + found[1].to(str))],
        key=found[0],
    )
