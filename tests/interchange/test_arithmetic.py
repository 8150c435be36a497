"""Numbers as authors write them have the value they mean; nothing else has one, and nothing is executed."""

import pytest

from lms_app.interchange.arithmetic import decimal_text, value_of


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("600", "600"), (" -1.5 ", "-1.5"), ("1.3e-5", "0.000013"), ("5%", "0.05"), ("3k", "3000"), ("2.5M", "2500000"), ("7m", "0.007"),
        ("10/4", "2.5"), ("2^10", "1024"), ("-2^2", "-4"), ("2*(3+4)", "14"), ("sqrt(16)", "4"), ("pi", "3.14159265358979"),
        ("1e-30", "0." + "0" * 29 + "1"),
    ],
)  # fmt: skip
def test_a_number_has_its_value(written: str, value: str) -> None:
    found = value_of(written)
    assert found is not None
    assert decimal_text(found) == value


@pytest.mark.parametrize(
    "written",
    ["", "x", "$x", "1 2", "9^9^9^9", "1/0", "sqrt(-1)", "1e999", "__import__('os')", "().__class__", "(lambda: 1)()", "1 if 1 else 2", "True",
     "'a'", "1j", "exp(exp(exp(9)))", "(" * 150 + "1" + ")" * 150, "1+" * 90 + "1" * 50, "open('/etc/passwd')", "2**3", "[1]"],
)  # fmt: skip
def test_anything_else_has_none(written: str) -> None:
    assert value_of(written) is None
