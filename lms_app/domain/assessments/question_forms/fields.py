"""Reading the fields of a form, and gathering what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from lms_app.domain.assessments.types.number_reading import read_number
from lms_app.domain.content.comparison import differs
from lms_app.domain.content.document import Document, QuizBlock, RichText
from lms_app.domain.content.editing import from_editor, to_editor
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.rich_text import check, from_markdown, is_empty, to_markdown
from lms_app.errors import Invalid

Form = dict[str, Any]

WEIGHT_PLACES = Decimal("0.000000000001")
SUMMARY = "This question cannot be saved yet."


@dataclass(frozen=True)
class Row:
    """One row of a form: its place there, and what stands in it."""

    place: str
    values: Mapping[str, Any]

    def text(self, name: str) -> str:
        """What is written in a field, without space around it."""
        return _text(self.values.get(name))

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return _flag(self.values.get(name))

    def named(self, name: str) -> str:
        """The field's full name."""
        return f"{self.place}.{name}"


@dataclass
class FormReader:
    """Reads a form field by field. What is wrong is noted by field, once each, and refused at the end."""

    form: Mapping[str, Any]
    wrong: dict[str, str] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)

    def note(self, name: str, sentence: str) -> None:
        """Notes what is wrong with a field; the first note on a field stays."""
        self.wrong.setdefault(name, sentence)

    def refuse_if_wrong(self) -> None:
        """Raises Invalid where anything was noted."""
        if self.wrong:
            raise Invalid(SUMMARY, fields=self.wrong)

    def refusal(self, fault: ValidationError) -> Invalid:
        """The refusal of what the body's own rules found, by the fields of the form."""
        for error in fault.errors(include_url=False, include_context=False):
            self.note(self._name(error["loc"]), error["msg"].removeprefix("Value error, "))
        return Invalid(SUMMARY, fields=self.wrong)

    def text(self, name: str) -> str:
        """What is written in a field, without space around it."""
        return _text(self.form.get(name))

    def flag(self, name: str) -> bool:
        """Whether a box is ticked."""
        return _flag(self.form.get(name))

    def rows(self, name: str, written: Sequence[str], *, ticked: str = "") -> list[Row]:
        """The rows in which any of the fields `written` has something in it, or the box `ticked` is."""
        listed = self.form.get(name)
        values = listed if isinstance(listed, list | tuple) else []
        every = [Row(f"{name}.{number}", row) for number, row in enumerate(values) if isinstance(row, Mapping)]
        kept = [row for row in every if row.flag(ticked) or any(row.text(field) for field in written)]
        self.places[name] = [row.place for row in kept]
        return kept

    def document(self, name: str, before: Document | None) -> Document:
        """What the block editor holds, or Markdown says, which must be something. Where that is what `before` says, it is `before`."""
        held = self.form.get(name)
        try:
            if before and held == to_editor(before):
                return before
            document = from_editor(held) if isinstance(held, dict) else document_from_markdown(self.text(name), previous=before)
        except Invalid as refusal:
            self.note(name, refusal.sentence)
            return Document()
        if not document.blocks:
            self.note(name, "Write the question.")
        elif any(isinstance(block, QuizBlock) for block in document.blocks):
            self.note(name, "A question cannot hold a quiz.")
        return before if before and not differs(before, document) else document

    def rich_text(self, name: str, held: object = None) -> RichText | None:
        """A rich text, or one written in Markdown; None where it says nothing. `held` is what a row has under that name."""
        held = self.form.get(name) if held is None else held
        try:
            read = check(held) if isinstance(held, dict) else from_markdown(_text(held))
        except Invalid as refusal:
            self.note(name, refusal.sentence)
            return None
        return None if is_empty(read) else read

    def row_text(self, row: Row, name: str) -> RichText | None:
        """The same of a row's field."""
        return self.rich_text(row.named(name), row.values.get(name) or "")

    def rich_texts(self, name: str) -> list[RichText]:
        """A list of them, empty ones left out."""
        listed = self.form.get(name)
        texts: list[object] = list(listed) if isinstance(listed, list | tuple) else []  # pyright: ignore[reportUnknownArgumentType]
        read = [self.rich_text(f"{name}.{number}", text or "") for number, text in enumerate(texts)]
        return [text for text in read if text]

    def weight(self, row: Row, *, default: str, lowest: int = 0) -> Decimal:
        """The weight in a row's field `weight`, which is written in percent."""
        name = row.named("weight")
        share = read_number(row.text("weight") or default, "%")
        if share is None or not lowest <= share <= 100:
            self.note(name, f"Write a percentage from {lowest} to 100." if lowest >= 0 else "Write a percentage from −100 to 100.")
            return Decimal(0)
        return decimal_of(share / 100).quantize(WEIGHT_PLACES).normalize()

    def part(self, name: str, default: Decimal) -> Decimal:
        """A part of the points, written in percent; `default` where nothing is."""
        return self.share(name, self.text(name), default)

    def share(self, name: str, written: str, default: Decimal) -> Decimal:
        """The same for what is written in a row's field of that full name."""
        share = read_number(written, "%") if written else Fraction(default) * 100
        if share is None or not 0 <= share <= 100:
            self.note(name, "Write a percentage from 0 to 100.")
            return default
        return decimal_of(share / 100).quantize(WEIGHT_PLACES).normalize()

    def whole(self, name: str, *, lowest: int, highest: int) -> int | None:
        """A whole number, None where nothing is written."""
        return self.count(name, self.text(name), lowest=lowest, highest=highest)

    def count(self, name: str, written: str, *, lowest: int, highest: int) -> int | None:
        """The same for what is written in a row's field of that full name."""
        if not written:
            return None
        if not written.isdecimal() or not lowest <= int(written[:9]) <= highest:
            self.note(name, f"Write a whole number from {lowest:,} to {highest:,}.")
            return None
        return int(written)

    def number(self, name: str, text: str, *, lowest: int | None = None) -> Decimal:
        """An exact decimal number, zero where it cannot be read, which is noted."""
        read = read_number(text)
        if read is None or (lowest is not None and read < lowest):
            self.note(name, "Write a number." if lowest is None else f"Write a number from {lowest}.")
            return Decimal(0)
        number = decimal_of(read)
        if Fraction(number) != read:
            self.note(name, "Write a decimal number; a fraction that does not end can only be near.")
        return number

    def _name(self, place: tuple[int | str, ...]) -> str:
        """The form's name of a place in the body. Rows left blank are not in the body."""
        if len(place) > 1 and isinstance(place[1], int) and place[0] in self.places:
            row = self.places[str(place[0])][place[1]]
            return f"{row}.{place[2]}" if len(place) > 2 else row
        return str(place[0]) if place else "stem"


def rich_of(text: RichText | None) -> RichText | str:
    """A rich text as a form holds it, "" of none."""
    return text or ""


def percent_of(fraction: Decimal) -> str:
    """A fraction as a percentage without its sign: 0.5 is "50"."""
    return plain(fraction * 100)


def plain(number: Decimal) -> str:
    """A number as a person writes it: no exponent while it is of everyday size, no zeros at the end."""
    with localcontext() as context:
        context.prec = 60
        short = number.normalize()
        return f"{short:f}" if -12 <= short.adjusted() <= 15 else str(short)


def decimal_of(number: Fraction) -> Decimal:
    """The number as a decimal, to sixty digits."""
    with localcontext() as context:
        context.prec = 60
        return Decimal(number.numerator) / Decimal(number.denominator)


def _text(value: object) -> str:
    """What is written, without space around it. Of a rich text its Markdown: two are the same if that is."""
    if isinstance(value, dict):
        try:
            return to_markdown(value).strip()  # pyright: ignore[reportUnknownArgumentType]
        except Invalid:
            # What is none is refused where it is read.
            return "?"
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""


def _flag(value: object) -> bool:
    return value is True or value in ("true", "on", "1")
