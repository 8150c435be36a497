"""A gradebook's table in a spreadsheet that divides cells by another sign than we do."""

import re

import pytest

from lms_app.domain.gradebook.tables import _plain, harmless


@pytest.mark.parametrize("name", ["Ada;=1+1", "Ada; =1+1;", "Ada;\t@SUM(A1)", "Ada\t+1", "Ada\r\n-1", "=1;=2", "Ada; Byron", "Ada-Lovelace"])
def test_no_cell_begins_a_formula_whichever_sign_divides_cells_and_the_name_reads_back(name: str) -> None:
    written = harmless(name)
    assert [part for part in re.split(r"[;\t\r\n]", written) if part.strip()[:1] in tuple("=+-@")] == []
    assert _plain(written) == name
