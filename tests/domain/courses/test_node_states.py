"""What the state of a lesson or module is made of."""

import pytest

from lms_app.domain.courses.node_state_rules import state_made_of, state_of, state_with_quizzes


@pytest.mark.parametrize(
    ("inside", "state"),
    [
        ([], "empty"),
        (["empty", "empty"], "empty"),
        (["published", "published"], "published"),
        (["published", "empty"], "published"),
        (["published", "held_back"], "published"),
        (["held_back"], "held_back"),
        (["draft", "held_back", "draft"], "draft"),
        (["published", "draft"], "changed"),
        (["published", "changed"], "changed"),
    ],
)
def test_a_lesson_stands_as_what_is_in_it(inside: list[str], state: str) -> None:
    assert state_made_of(inside) == state


def test_a_page_that_students_see_has_changes_where_its_quiz_has() -> None:
    assert state_with_quizzes("published", ["published", "changed"]) == "changed"
    assert state_with_quizzes("published", ["published"]) == "published"
    assert [state_with_quizzes(state, ["draft"]) for state in ("draft", "held_back", "changed")] == ["draft", "held_back", "changed"]


def test_what_is_held_back_is_neither_draft_nor_published() -> None:
    assert state_of(published=False, newest_is_shown=False, held_back=True) == "held_back"
    assert state_of(published=True, newest_is_shown=False) == "changed"
    assert state_of(published=False, newest_is_shown=True) == "draft"
