"""What the pages of one's own grades make of a total."""

import reflex as rx

from lms_app.web.student.grades_page import _passed


def test_a_total_with_nothing_to_pass_is_not_called_not_passed():
    drawn = str(_passed(rx.Var("total.passed", _var_type=bool | None).guess_type()).render())
    assert "Not passed yet" in drawn
    assert "Number(" not in drawn, "In the browser a number made of nothing is 0, and 0 is taken for False."
