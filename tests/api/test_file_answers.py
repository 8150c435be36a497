import pytest

from lms_app.api.file_answers import _span


@pytest.mark.parametrize(
    ("wanted", "span"),
    [("bytes=0-9", (0, 10)), ("bytes=90-", (90, 100)), ("bytes=-10", (90, 100)), ("bytes=100-", (0, 0)), ("", None)],
)
def test_a_range_is_the_part_that_was_asked_for(wanted: str, span: tuple[int, int] | None) -> None:
    assert _span(wanted, 100) == span


@pytest.mark.parametrize("wanted", [f"bytes={'9' * 5000}-", f"bytes=-{'9' * 5000}", "bytes=a-b", "bytes=-"])
def test_a_range_that_cannot_be_read_asks_for_the_whole_file(wanted: str) -> None:
    assert _span(wanted, 100) is None
