from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.assessments.types.number_reading import read_number, reading_remark

decimals = st.decimals(min_value=-(10**12), max_value=10**12, places=5)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", "12"),
        (" +12 ", "12"),
        ("- 12", "-12"),
        ("007", "7"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        (".5", "0.5"),
        (",5", "0.5"),
        ("5.", "5"),
        ("\N{MINUS SIGN}1.5", "-1.5"),
        ("\N{EN DASH}1.5", "-1.5"),
        ("\N{FULLWIDTH HYPHEN-MINUS}１．５", "-1.5"),
        ("٣٫١٤", "3.14"),
        ("१२", "12"),
        ("1 234 567", "1234567"),
        ("1\N{NARROW NO-BREAK SPACE}234,5", "1234.5"),
        ("12'345.5", "12345.5"),
        ("12\N{RIGHT SINGLE QUOTATION MARK}345", "12345"),
        ("1,234.5", "1234.5"),
        ("1.234,5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1٬234٬567", "1234567"),
        ("1.5e3", "1500"),
        ("1,5E-3", "0.0015"),
        ("1.5e+3", "1500"),
        ("1.5 × 10³", "1500"),
        ("1.5·10^-3", "0.0015"),
        ("1.5*10**3", "1500"),
        ("1.5 x 10⁻³", "0.0015"),
        ("-10^3", "-1000"),
        ("10⁶", "1000000"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, number: str) -> None:
    assert read_number(text) == Fraction(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1/3", "1/3"), ("-2 / 4", "-1/2"), ("2½", "5/2"), ("2 1/2", "5/2"), ("¾", "3/4"), ("1⁄8", "1/8"), ("1.5/2", "3/4")],
)
def test_a_fraction_is_exact(text: str, number: str) -> None:
    assert read_number(text) == Fraction(number)


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "-", "e", ".", ",", "abc", "12a", "1 2", "1..2", "1.2.3", "1,23,456", "12,34.5", "1 2345", "0,123,456", "1,234,", "--1", "+-1"],
        *[
            "1/0",
            "1/2/3",
            "/2",
            "2 3/2",
            "1/",
            "2³",
            "10**",
            "1e",
            "e5",
            "1e5.5",
            "1e401",
            "1e-9999",
            "1e99999",
            "NaN",
            "inf",
            "0x10",
            "1_000",
            "5 km",
        ],
        *["5 km", "ⅷ", "五", "1=1", "≈3", "1;2", "1,234.567,8", "9" * 101],
    ],
)
def test_what_is_no_number_or_may_be_two_is_not_read(text: str) -> None:
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("5 m/s", "m/s", "5"),
        ("5m/s", "m / s", "5"),
        ("5 m²", "m^2", "5"),
        ("5 m2", "m²", "5"),
        ("5 µm", "\N{GREEK SMALL LETTER MU}m", "5"),
        ("20 ℃", "°C", "20"),
        ("50 %", "%", "50"),
        ("$5", "$", "5"),
        ("-$5.50", "$", "-5.5"),
        ("5e3 kg", "kg", "5000"),
        ("1/3 kg", "kg", "1/3"),
        ("5", "kg", "5"),
        ("5 N·m", "N·m", "5"),
        ("5 px", "px", "5"),
    ],
)
def test_the_questions_unit_may_be_typed(text: str, unit: str, number: str) -> None:
    assert read_number(text, unit) == Fraction(number)


@pytest.mark.parametrize(("text", "unit"), [("5 km", "m"), ("5 m", "km"), ("5 M", "m"), ("kg", "kg"), ("5 kg kg", "kg"), ("50 %", "")])
def test_another_unit_is_not_taken_for_the_questions(text: str, unit: str) -> None:
    assert read_number(text, unit) is None


@given(decimals)
def test_a_point_a_comma_groups_and_an_exponent_are_ways_to_write_one_number(number: Decimal) -> None:
    plain = f"{number:f}"
    grouped = f"{number:,f}"
    spaced = grouped.replace(",", " ")
    swapped = grouped.replace(",", "_").replace(".", ",").replace("_", ".")
    for text in (plain, plain.replace(".", ","), grouped, spaced, swapped, f"{number:e}", plain.replace("-", "\N{MINUS SIGN}")):
        assert read_number(text) == Fraction(number), text


@given(st.fractions(min_value=-1000, max_value=1000, max_denominator=1000))
def test_every_fraction_is_read_as_itself(number: Fraction) -> None:
    assert read_number(f"{number.numerator}/{number.denominator}") == number


@given(st.text(max_size=120) | st.text(alphabet="0123456789.,'/-+eEx×^ ½³%m", max_size=120), st.text(max_size=30))
def test_no_text_and_no_unit_is_too_odd_to_be_looked_at(text: str, unit: str) -> None:
    number = read_number(text, unit)
    assert number is None or abs(number) < Fraction(10) ** 600


def test_a_lone_comma_separates_decimals_and_the_learner_is_told() -> None:
    assert read_number("1,234") == Fraction("1.234")
    assert reading_remark("1,234") == "This was read as 1.234: a comma on its own separates decimals."
    assert reading_remark("1,2345") == reading_remark("1.234") == reading_remark("0,234") == reading_remark("1,234.5") == ""


def test_what_cannot_be_read_is_said_and_nothing_is_said_of_a_blank() -> None:
    assert reading_remark("five") == "This could not be read as a number. Write digits, such as 1234.5, 1/3 or 2e-3."
    assert reading_remark("  ") == ""
