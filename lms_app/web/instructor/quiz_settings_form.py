"""The settings of a quiz, as one form in groups; the rarer ones folded away."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.settings_form import BandRow
from lms_app.web.components.buttons import button
from lms_app.web.components.callouts import callout
from lms_app.web.components.fields import checkbox, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.links import link
from lms_app.web.components.tables import cell, head_cell, table, table_row
from lms_app.web.instructor.quiz_settings_state import QuizSettingsState

sheet = QuizSettingsState.sheet
errors = QuizSettingsState.errors

BEHAVIOURS = [
    ("deferred", "All told after submission"),
    ("immediate", "Each told once it is checked"),
    ("interactive", "Checked, and tried again with hints"),
    ("certainty", "Weighed by how sure one is"),
    ("manual", "Marked by hand"),
]
NEGATIVES = [
    ("none", "Wrong answers cost nothing"),
    ("question", "A question may cost, the total stops at 0"),
    ("total", "The total may fall below 0"),
]
COUNTINGS = [("best", "The best"), ("last", "The last"), ("first", "The first"), ("mean", "The mean of all")]
EXPIRIES = [
    ("submit", "What is answered is submitted by itself"),
    ("grace", "It may still be submitted by hand, for a while"),
    ("discard", "What is not submitted in time does not count"),
]
NAVIGATIONS = [("free", "Back and forth"), ("one_way", "One way: a page left does not open again")]
RELEASES = [("automatic", "As soon as they are made"), ("manual", "When a teacher releases them")]
MOMENTS = [("during", "While it is taken"), ("after", "After submission"), ("closed", "Once the quiz has closed")]
SEEN = [("marks", "Marks"), ("correctness", "Right or wrong"), ("feedback", "Feedback"), ("solution", "Right answer")]


def quiz_settings_form() -> rx.Component:
    """Everything that a quiz can be told, saved as one."""
    return rx.cond(
        sheet != None,  # noqa: E711 - becomes JavaScript
        form(
            rx.cond(
                QuizSettingsState.wrong,
                callout(
                    "These settings cannot be saved yet",
                    rx.el.ul(rx.foreach(QuizSettingsState.wrong, lambda sentence: rx.el.li(sentence)), class_name="ly-list"),
                    tone="bad",
                    live=True,
                ),
                rx.fragment(),
            ),
            text_field("Title", name="title", id="quiz-title", default_value=sheet.title, error=errors["title"], max_length=200),
            text_area(
                "Introduction",
                name="introduction",
                default_value=sheet.introduction,
                error=errors["introduction"],
                optional=True,
                help="Read before one begins.",
            ),
            _group("Answers", *_answers()),
            _group("Attempts", *_attempts()),
            _group("Time", *_time()),
            _folded("Order and pages", _pages(), "questions_per_page"),
            _folded("What students see, and when", _review(), "bands"),
            _folded("Password and marking", _access(), "password"),
            form_actions(button("Save settings", type="submit")),
            on_submit=QuizSettingsState.save,
            label="Settings",
            key=QuizSettingsState.serial.to_string(),
        ),
        rx.fragment(),
    )


def _group(title: str, *children: Any) -> rx.Component:
    return rx.el.fieldset(rx.el.legend(title), *children, class_name="ly-settings-group")


def _folded(title: str, children: list[Any], wrong: str) -> rx.Component:
    """A group that opens by itself when something in it needs another look."""
    return rx.el.details(
        rx.el.summary(title),
        rx.el.div(*children, class_name="ly-settings-group"),
        class_name="ly-settings-fold",
        open=rx.cond(errors[wrong], True, rx.Var("undefined")),
    )


def _number(words: str, name: str, help: str = "", **props: Any) -> rx.Component:
    return text_field(words, name=name, default_value=getattr(sheet, name), error=errors[name], input_mode="decimal", help=help, **props)


def _one_of(words: str, name: str, options: list[tuple[str, str]], **props: Any) -> rx.Component:
    return select_field(words, name=name, options=options, default_value=getattr(sheet, name), error=errors[name], **props)


def _answers() -> list[Any]:
    return [
        select_field(
            "How answers are treated",
            name="behaviour",
            id="quiz-behaviour",
            options=BEHAVIOURS,
            default_value=sheet.behaviour,
            error=errors["behaviour"],
            help="Weighed: how sure one is, from 1 to 3, decides what a right answer earns and a wrong one costs.",
        ),
        form_row(
            _number("Tries for each question", "tries", "From 2 to 10. Counts where answers are tried again."),
            _one_of("Wrong answers", "negative", NEGATIVES, help="What one costs stands at the question."),
        ),
    ]


def _attempts() -> list[Any]:
    return [
        form_row(
            _number("Attempts allowed", "attempts_allowed", "Empty for as many as one likes.", optional=True),
            _number("Wait between attempts, in minutes", "wait", optional=True),
        ),
        form_row(
            _one_of("Which attempt counts", "counting", COUNTINGS),
            _number("Pass mark in percent", "pass_mark", "Empty where nothing is to be passed.", optional=True),
        ),
    ]


def _time() -> list[Any]:
    zone = rx.el.p(
        "Dates are in your time zone, ",
        sheet.zone,
        ". ",
        link("Make exceptions", href=rx.Var.create("/teach/quizzes/") + sheet.quiz_id + "/exceptions"),
        " for students and groups.",
        class_name="ly-help",
    )
    return [
        form_row(
            text_field("Opens", name="opens_at", type="datetime-local", default_value=sheet.opens_at, error=errors["opens_at"], optional=True),
            text_field("Closes", name="closes_at", type="datetime-local", default_value=sheet.closes_at, error=errors["closes_at"], optional=True),
        ),
        zone,
        form_row(
            _number("Time limit in minutes", "time_limit", "Empty for no limit.", optional=True),
            _number("Time to submit by hand, in minutes", "grace", "Where it may still be submitted when the time is over.", optional=True),
        ),
        _one_of("When the time is over", "on_expiry", EXPIRIES),
    ]


def _pages() -> list[Any]:
    return [
        form_row(
            _one_of("Moving through the quiz", "navigation", NAVIGATIONS),
            _number("Questions on a page", "questions_per_page", "0 puts each section on one page."),
        ),
        checkbox("Shuffle the questions", name="shuffle_questions", default_checked=sheet.shuffle_questions),
        checkbox(
            "Shuffle the choices",
            name="shuffle_choices",
            default_checked=sheet.shuffle_choices,
            help="Of every question that lets its own be shuffled.",
        ),
    ]


def _review() -> list[Any]:
    return [
        table(
            "What students see of their answers",
            ["When", *[words for _, words in SEEN]],
            [
                table_row(
                    head_cell(said, wide=True),
                    *[cell(_tick(f"{moment}_{thing}", f"{words}, {said.lower()}"), name=words) for thing, words in SEEN],
                )
                for moment, said in MOMENTS
            ],
        ),
        rx.el.p("While it is taken: only where answers are checked one by one.", class_name="ly-help"),
        _one_of("Marks reach students", "release", RELEASES),
        rx.el.fieldset(
            rx.el.legend("What is said of a result", class_name="ly-label"),
            rx.el.p("The highest line that a result reaches is shown. A line left empty is taken out.", class_name="ly-help"),
            rx.foreach(QuizSettingsState.bands, _band),
            rx.cond(errors["bands"], rx.el.p(errors["bands"], class_name="ly-error"), rx.fragment()),
            button("Add line", size="s", icon="plus", on_click=QuizSettingsState.add_band),
            class_name="ly-question-rows",
        ),
    ]


def _tick(name: str, words: str) -> rx.Component:
    return rx.el.label(
        rx.el.span(words, class_name="ly-sr"),
        rx.el.input(type="checkbox", name=f"review_{name}", value="on", default_checked=sheet.review[name]),
        class_name="ly-room-tick",
    )


def _band(band: BandRow) -> rx.Component:
    place = band.place.to_string()
    return rx.el.div(
        rx.el.label(
            rx.el.span("From percent", class_name="ly-caption"),
            rx.el.input(name=rx.Var.create("band_percent_") + place, default_value=band.percent, class_name="ly-input", input_mode="decimal"),
            class_name="ly-field",
        ),
        rx.el.label(
            rx.el.span("Words", class_name="ly-caption"),
            rx.el.input(name=rx.Var.create("band_text_") + place, default_value=band.text, class_name="ly-input", max_length=1000),
            class_name="ly-field",
        ),
        class_name="ly-settings-band",
        key=place,
    )


def _access() -> list[Any]:
    return [
        text_field(
            "Password",
            name="password",
            id="quiz-own-password",
            error=errors["password"],
            optional=True,
            auto_complete="off",
            help="Students give it before they begin. It is kept so that nobody can read it; write a new one to change it.",
        ),
        rx.cond(
            sheet.has_password,
            checkbox("Take the password away", name="remove_password", help="A password is set."),
            rx.el.p("No password is set.", class_name="ly-help"),
        ),
        checkbox("Mark without names", name="anonymous", default_checked=sheet.anonymous, help="Whoever marks sees numbers in the place of names."),
    ]
