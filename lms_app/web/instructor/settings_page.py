"""The settings of a course: what it says of itself, what it is for, who works on it, what it gives at the end."""

import reflex as rx

from lms_app.domain.certificates.template_rules import COLOURS
from lms_app.domain.certificates.template_rules import LONGEST as LONGEST_WORDS
from lms_app.domain.courses.course_settings import LONGEST_SLUG
from lms_app.domain.courses.objectives import LONGEST, ObjectiveLine
from lms_app.web.components.buttons import button, icon_button
from lms_app.web.components.cover import cover
from lms_app.web.components.empties import empty
from lms_app.web.components.fields import checkbox, error_summary, form, form_actions, form_row, select_field, text_area, text_field
from lms_app.web.components.links import link
from lms_app.web.components.panels import page_header, row, rows, section, stack
from lms_app.web.components.pills import status_pill
from lms_app.web.components.skeletons import loading, skeleton_rows
from lms_app.web.instructor.certificate_rule_part import certificate_rule_part
from lms_app.web.instructor.export_part import export_part
from lms_app.web.instructor.picture_choice import choose_picture
from lms_app.web.instructor.places import course_tabs
from lms_app.web.instructor.settings_state import SettingsState
from lms_app.web.instructor.staff_part import staff_part
from lms_app.web.layout import app_shell
from lms_app.words import StaffRole

state = SettingsState
settings = SettingsState.settings
LABELS = {"title": "Title", "slug": "Address", "summary": "Summary", "language": "Language", "level": "Level", "tags": "Tags"}


def settings_page() -> rx.Component:
    """One section under the other, each saved by itself."""
    known = state.ready & (settings != None)  # noqa: E711 - becomes JavaScript
    return app_shell(
        rx.cond(known, _settings(), loading(skeleton_rows(8))),
        active="teach",
        area="teach",
        crumbs=[
            ("Teach", "/teach"),
            (rx.cond(known, settings.title, "Course"), rx.cond(known, rx.Var.create("/teach/courses/") + settings.id, "/teach")),
            ("Settings", ""),
        ],
    )


def _settings() -> rx.Component:
    owns = settings.role == StaffRole.OWNER.value
    may_edit = owns | (settings.role == StaffRole.EDITOR.value)
    return rx.fragment(
        page_header(settings.title, status_pill(settings.status)),
        stack(
            course_tabs(settings.id, settings.role, "settings"),
            rx.cond(
                may_edit,
                stack(
                    section("About the course", _about(), sentence="This is what people see in the catalogue and before they enrol."),
                    section("Cover", _cover(), sentence="It stands in the catalogue, on the page of the course, and on the home of its students."),
                    section("Objectives", _objectives(), sentence="What somebody can do who has taken it. The page of the course lists them."),
                    gap=48,
                ),
                rx.fragment(),
            ),
            staff_part(owns),
            rx.cond(may_edit, stack(certificate_rule_part(), section("Certificate", _certificate()), export_part(), gap=48), rx.fragment()),
            gap=48,
        ),
    )


def _about() -> rx.Component:
    errors = state.errors
    return form(
        error_summary(errors, LABELS),
        text_field("Title", name="title", default_value=settings.title, error=errors["title"], max_length=200),
        rx.el.div(
            text_field("Address", name="slug", default_value=settings.slug, error=errors["slug"], max_length=LONGEST_SLUG),
            rx.el.p(
                settings.address,
                rx.el.strong(settings.slug),
                ". Links to an address that the course had before go on leading here.",
                class_name="ly-help",
            ),
            class_name="ly-stack",
            data_gap="8",
        ),
        text_area("Summary", name="summary", default_value=settings.summary, error=errors["summary"], optional=True, rows=4),
        form_row(
            text_field(
                "Language",
                name="language",
                default_value=settings.language,
                error=errors["language"],
                help="A short code such as en or pt-BR.",
                max_length=35,
            ),
            text_field("Level", name="level", default_value=settings.level, optional=True, help="Such as Beginner.", max_length=60),
        ),
        text_field(
            "Tags",
            name="tags",
            default_value=settings.tags,
            error=errors["tags"],
            optional=True,
            help="With commas between them. The search of the catalogue finds them.",
        ),
        form_actions(button("Save settings", kind="primary", type="submit")),
        on_submit=state.save_about,
        key=settings.id,
    )


def _cover() -> rx.Component:
    return rx.el.div(
        cover(settings.cover),
        rx.el.div(
            form_actions(
                choose_picture("Choose a picture", settings.id, state.choose_cover),
                rx.cond(settings.cover_is_drawn, rx.fragment(), button("Use the drawing", on_click=state.draw_cover)),
            ),
            rx.el.p(
                "A wide picture is best: what does not fit 16 to 9 is cut off. Anybody sees it once the course is published.", class_name="ly-help"
            ),
            class_name="ly-stack",
            data_gap="12",
        ),
        class_name="ly-sample-beside",
    )


def _objectives() -> rx.Component:
    return stack(
        rx.cond(
            state.objectives,
            rows(rx.foreach(state.objectives, _objective)),
            empty("No objectives yet", "Begin with a verb: explain, compare, calculate, build."),
        ),
        form(
            text_field(
                "New objective",
                name="text",
                id="new-objective",
                error=rx.cond(state.rewording == "", state.objective_error, ""),
                max_length=LONGEST,
            ),
            form_actions(button("Add objective", icon="plus", type="submit")),
            on_submit=state.add_objective,
            key=state.written.to_string(),
        ),
        gap=24,
    )


def _objective(objective: ObjectiveLine) -> rx.Component:
    def named(verb: str) -> rx.Var:
        return rx.Var.create(f"{verb} ") + objective.text

    return rx.cond(
        state.rewording == objective.id,
        form(
            text_field(
                "Objective",
                name="text",
                id="reworded-objective",
                default_value=objective.text,
                error=state.objective_error,
                max_length=LONGEST,
                auto_focus=True,
            ),
            form_actions(button("Cancel", on_click=state.leave_reword), button("Save objective", kind="primary", type="submit")),
            on_submit=state.reword,
            key=objective.id + "-open",
        ),
        row(
            objective.text,
            end=[
                rx.el.span(
                    icon_button("arrow-up", named("Move up:"), size="s", on_click=state.move_objective(objective.id, -1), disabled=objective.first),
                    icon_button("arrow-down", named("Move down:"), size="s", on_click=state.move_objective(objective.id, 1), disabled=objective.last),
                    icon_button("pencil", named("Reword:"), size="s", on_click=state.ask_reword(objective.id)),
                    icon_button("archive", named("Take out:"), size="s", on_click=state.archive_objective(objective.id)),
                    class_name="ly-build-acts",
                )
            ],
            key=objective.id,
        ),
    )


def _certificate() -> rx.Component:
    return rx.el.div(
        form(
            checkbox("Offer a certificate", name="certificate_offered", default_checked=settings.certificate_offered),
            text_field(
                "Signed by",
                name="signatory_name",
                default_value=settings.signatory_name,
                optional=True,
                max_length=120,
                on_blur=lambda words: state.try_certificate("signatory_name", words),
            ),
            text_field(
                "Position of the signer",
                name="signatory_title",
                default_value=settings.signatory_title,
                optional=True,
                max_length=120,
                on_blur=lambda words: state.try_certificate("signatory_title", words),
            ),
            _own_words("Heading", "heading", "Certificate of completion"),
            _own_words("Words before the name", "certifies", "This certifies that"),
            _own_words("Words before the course", "completed", "has completed the course"),
            select_field(
                "Colour",
                name="colour",
                options=[(colour, colour.capitalize()) for colour in COLOURS],
                default_value=settings.template.colour,
                on_change=lambda colour: state.try_certificate("colour", colour),
            ),
            form_actions(button("Save certificate", kind="primary", type="submit")),
            on_submit=state.save_certificate,
            key=settings.id,
        ),
        rx.el.figure(
            rx.el.iframe(
                src=state.sample + "#toolbar=0&view=FitH",
                title="The certificate as it would be made for you now",
                loading="lazy",
                class_name="ly-sample",
            ),
            rx.el.figcaption(
                "Made for you now, as students would get it. ",
                link("Open the PDF", href=state.sample, custom_attrs={"target": "_blank"}),
                class_name="ly-help",
            ),
        ),
        class_name="ly-sample-beside",
    )


def _own_words(label: str, name: str, ours: str) -> rx.Component:
    """A line of the certificate in the author's words, or in another language."""
    return text_field(
        label,
        name=name,
        default_value=getattr(settings.template, name),
        placeholder=ours,
        optional=True,
        max_length=LONGEST_WORDS,
        on_blur=lambda words: state.try_certificate(name, words),
    )
