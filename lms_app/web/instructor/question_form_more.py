"""The fields of calculated, matching, ordering, gap, picture, essay and file questions in the quiz editor."""

from typing import Any

import reflex as rx

from lms_app.domain.assessments.question_editor import FormRow
from lms_app.web.components.fields import checkbox, form_row, select_field, text_area, text_field
from lms_app.web.instructor.question_form_rows import MATCHES, TOLERANCES, UNIT_RULES, box, choose, named, rows_of, sheet, tick, units, wrong
from lms_app.web.instructor.quiz_editor_state import QuizEditorState


def _calculated() -> rx.Component:
    return rx.fragment(
        rows_of("Numbers that are drawn", sheet.parts, _variable, "Add number", QuizEditorState.add_part, error=wrong("variables")),
        rows_of(
            "Formulas that are taken",
            sheet.rows,
            _formula,
            "Add formula",
            QuizEditorState.add_row,
            help="Write them with the names above: sqrt(a^2 + b^2), 2*pi*r, sin(x) with x in radians.",
            error=wrong("answers"),
        ),
        form_row(
            select_field(
                "The right answer is shown with",
                name="rounding",
                options=[("figures", "So many significant figures"), ("decimals", "So many decimals")],
                default_value=sheet.rounding,
                error=wrong("rounding"),
            ),
            text_field("How many", name="places", default_value=sheet.places, error=wrong("places"), input_mode="numeric"),
        ),
        units(),
    )


def _variable(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        _fields(
            box("Name", "part_name", entry, entry.name),
            box("From", "part_low", entry, entry.low),
            box("To", "part_high", entry, entry.high),
            box("In steps of", "part_step", entry, entry.step, placeholder="1"),
        ),
    )


def _formula(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        box("Formula", "formula", entry, entry.formula),
        _fields(
            choose("Taken", "tolerance", entry, entry.tolerance, TOLERANCES[:2]),
            box("Distance or percent", "margin", entry, entry.margin),
            box("Earns, in percent", "weight", entry, entry.weight, placeholder="100"),
            box("Feedback", "feedback", entry, entry.feedback),
        ),
    )


def _matching() -> rx.Component:
    return rx.fragment(
        rx.el.input(type="hidden", name="option_order", value=sheet.option_order, read_only=True),
        rows_of(
            "Pairs",
            sheet.rows,
            _pair,
            "Add pair",
            QuizEditorState.add_row,
            help="A right side alone is one more thing to choose from that belongs to nothing. The same right side may stand in several lines.",
            error=wrong("pairs"),
        ),
        select_field(
            "Scoring",
            name="credit",
            options=[("each", "A share for each right pair"), ("all", "Full marks where all are right, else nothing")],
            default_value=sheet.credit,
            error=wrong("credit"),
        ),
        checkbox("Shuffle the left sides", name="shuffle", default_checked=sheet.shuffle),
    )


def _pair(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        _hidden("id", entry, entry.id),
        _hidden("option_id", entry, entry.option_id),
        _fields(
            box("Left side", "text", entry, entry.text),
            box("Belongs to it", "option", entry, entry.option),
            box("Feedback when wrong", "feedback", entry, entry.feedback),
        ),
    )


def _ordering() -> rx.Component:
    return rx.fragment(
        rows_of(
            "Items in their right order",
            sheet.rows,
            _item,
            "Add item",
            QuizEditorState.add_row,
            help="Students see them in another order.",
            error=wrong("items"),
        ),
        select_field(
            "Scoring",
            name="credit",
            options=[
                ("exact", "Full marks for the right order alone"),
                ("position", "A share for each item at its place"),
                ("pairs", "A share for each item that follows the right one"),
                ("run", "By the longest row of items in the right order"),
            ],
            default_value=sheet.credit,
            error=wrong("credit"),
        ),
    )


def _item(entry: FormRow) -> rx.Component:
    return _line(entry, _hidden("id", entry, entry.id), box("Item", "text", entry, entry.text))


def _cloze() -> rx.Component:
    return rx.fragment(
        rows_of("Gaps", sheet.parts, _gap, "Add gap", QuizEditorState.add_part, error=wrong("gaps")),
        rows_of(
            "Answers that are taken",
            sheet.rows,
            _gap_answer,
            "Add answer",
            QuizEditorState.add_row,
            help="Each says for which gap it is. For a menu, write the wrong choices too, with 0 percent.",
            error=wrong("answers"),
        ),
    )


def _gap(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        _hidden("part_id", entry, entry.id),
        _fields(
            box("Name in the text", "part_name", entry, entry.name),
            choose(
                "Takes", "part_kind", entry, entry.kind, [("text", "Words, typed"), ("number", "A number, typed"), ("select", "A choice from a menu")]
            ),
            box("Counts this many times", "part_share", entry, entry.share, placeholder="1", input_mode="decimal"),
        ),
        rx.el.details(
            rx.el.summary("More"),
            tick("Words: capital letters matter", "part_case_sensitive", entry, entry.case_sensitive),
            tick("Words: accents do not matter", "part_ignore_accents", entry, entry.ignore_accents),
            tick("Menu: shuffle the choices", "part_shuffle", entry, entry.shuffle),
            _fields(
                box("Letters that the field shows", "part_width", entry, entry.width, placeholder="12", input_mode="numeric"),
                box("Number: unit", "part_unit", entry, entry.unit),
                choose("Number without its unit", "part_unit_rule", entry, entry.unit_rule, UNIT_RULES),
                box("A missing unit takes, in percent", "part_unit_penalty", entry, entry.unit_penalty, placeholder="50"),
            ),
            rx.el.label(
                rx.el.span("Number: other units, one a line, as in km = 1000", class_name="ly-caption"),
                rx.el.textarea(name=named("part_units", entry), default_value=entry.units, class_name="ly-input"),
                class_name="ly-field",
            ),
        ),
    )


def _gap_answer(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        _hidden("id", entry, entry.id),
        _fields(
            box("Gap", "gap", entry, entry.gap),
            box("Words, number or choice", "text", entry, entry.text),
            box("Earns, in percent", "weight", entry, entry.weight, placeholder="100", input_mode="decimal"),
        ),
        rx.el.details(
            rx.el.summary("More"),
            _fields(
                choose("Words are compared", "match", entry, entry.match, MATCHES),
                choose("Numbers are taken", "tolerance", entry, entry.tolerance, TOLERANCES),
                box("Distance or percent", "margin", entry, entry.margin),
            ),
            _fields(
                box("From", "low", entry, entry.low),
                box("To", "high", entry, entry.high),
                box("Feedback", "feedback", entry, entry.feedback),
            ),
        ),
    )


def _dropdown() -> rx.Component:
    return rx.fragment(
        rows_of("Menus", sheet.parts, _menu, "Add menu", QuizEditorState.add_part, error=wrong("gaps")),
        rows_of(
            "Choices",
            sheet.rows,
            _menu_choice,
            "Add choice",
            QuizEditorState.add_row,
            help="All menus share the choices for which no menu is named. A menu with choices of its own shows those alone.",
            error=wrong("choices"),
        ),
        checkbox("Shuffle the choices", name="shuffle", default_checked=sheet.shuffle),
    )


def _menu(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        _hidden("part_id", entry, entry.id),
        _fields(
            box("Name in the text", "part_name", entry, entry.name),
            box("Right choice, as it is written below", "part_choice", entry, entry.choice),
            box("Feedback when wrong", "part_feedback", entry, entry.feedback),
        ),
    )


def _menu_choice(entry: FormRow) -> rx.Component:
    return _line(
        entry,
        _hidden("id", entry, entry.id),
        _fields(box("Choice", "text", entry, entry.text), box("Only in menu", "gap", entry, entry.gap, placeholder="All")),
    )


def _hotspot() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.label("Picture", html_for="field-file", class_name="ly-label"),
            rx.el.select(
                rx.el.option("Choose", value=""),
                rx.foreach(sheet.pictures, lambda picture: rx.el.option(picture.name, value=picture.id)),
                name="file",
                default_value=sheet.file,
                class_name="ly-input",
                custom_attrs={"id": "field-file"},
            ),
            rx.el.p("From the files of this course.", class_name="ly-help"),
            rx.cond(wrong("file"), rx.el.p(wrong("file"), class_name="ly-error"), rx.fragment()),
            class_name="ly-field",
        ),
        text_field(
            "What the picture shows",
            name="alt",
            default_value=sheet.alt,
            error=wrong("alt"),
            help="Read out to who cannot see it. Do not say where the right place is.",
        ),
        form_row(
            text_field("Width in pixels", name="width", default_value=sheet.width, error=wrong("width"), input_mode="numeric"),
            text_field("Height in pixels", name="height", default_value=sheet.height, error=wrong("height"), input_mode="numeric"),
            text_field("Places to mark", name="marks", default_value=sheet.marks, error=wrong("marks"), input_mode="numeric"),
        ),
        rx.cond(
            sheet.preview,
            rx.el.div(
                rx.el.p("As it was saved last", class_name="ly-label"),
                rx.html(sheet.preview),
                class_name="ly-field",
            ),
            rx.fragment(),
        ),
        rows_of(
            "Regions",
            sheet.rows,
            _region,
            "Add region",
            QuizEditorState.add_row,
            help="In pixels from the upper left corner. Circle: x, y, radius. Rectangle: x, y, width, height. Polygon: x,y x,y x,y and on.",
            error=wrong("regions"),
        ),
    )


def _region(entry: FormRow) -> rx.Component:
    shapes = [("circle", "Circle"), ("rectangle", "Rectangle"), ("polygon", "Polygon")]
    return _line(
        entry,
        _hidden("id", entry, entry.id),
        _fields(
            choose("Shape", "shape", entry, entry.shape, shapes),
            box("Numbers", "numbers", entry, entry.numbers, placeholder="120, 80, 30"),
            box("Earns, in percent", "weight", entry, entry.weight, placeholder="100"),
            box("Feedback", "feedback", entry, entry.feedback),
        ),
    )


def _essay() -> rx.Component:
    def count(label: str, name: str, value: Any, **props: Any) -> rx.Component:
        return text_field(label, name=name, default_value=value, error=wrong(name), input_mode="numeric", **props)

    return rx.fragment(
        form_row(
            count("Words at least", "words_min", sheet.words_min, optional=True),
            count("Words at most", "words_max", sheet.words_max, optional=True, help="A text outside the limits is taken; you are told."),
            count("Lines that the field shows", "lines", sheet.lines),
        ),
        text_area(
            "A good answer",
            name="sample",
            default_value=sheet.sample,
            error=wrong("sample"),
            optional=True,
            help="For you and other markers, and for students where the quiz shows solutions.",
        ),
    )


def _file_upload() -> rx.Component:
    return rx.fragment(
        form_row(
            text_field("Files at most", name="files_max", default_value=sheet.files_max, error=wrong("files_max"), input_mode="numeric"),
            text_field("Megabytes each, at most", name="megabytes", default_value=sheet.megabytes, error=wrong("megabytes"), input_mode="decimal"),
        ),
        text_field(
            "Endings of their names",
            name="kinds",
            default_value=sheet.kinds,
            error=wrong("kinds"),
            optional=True,
            placeholder=".pdf .odt",
            help="Any file, if left empty.",
        ),
    )


def _line(entry: Any, *children: Any) -> rx.Component:
    return rx.el.div(*children, class_name="ly-question-row", key=entry.place.to_string())


def _fields(*children: Any) -> rx.Component:
    return rx.el.div(*children, class_name="ly-form-row")


def _hidden(name: str, entry: FormRow, value: Any) -> rx.Component:
    return rx.el.input(type="hidden", name=named(name, entry), value=value, read_only=True)


MORE_FIELDS = {
    "calculated": _calculated,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "dropdown": _dropdown,
    "hotspot": _hotspot,
    "essay": _essay,
    "file_upload": _file_upload,
}
"""The fields of each kind, below what is asked."""
