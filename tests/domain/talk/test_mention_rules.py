"""Who is meant by an @name."""

import pytest

from lms_app.domain.content import rich_text
from lms_app.domain.talk.mention_rules import mentioned, set_apart

NAMES = {1: "Ada", 2: "Ada King", 3: "Grace Hopper", 4: "Émilie du Châtelet"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Thank you, @Grace Hopper!", {3}),
        ("@ada king and @Émilie du Châtelet.", {2, 4}),
        ("@Ada: look", {1}),
        ("write to me@Ada or @Adam", set()),
        ("Grace Hopper", set()),
        ("@Ada @Ada King", {1, 2}),
        ("", set()),
    ],
)
def test_a_name_after_an_at_sign_means_the_longest_name_that_it_is(text: str, meant: set[int]) -> None:
    assert mentioned(text, NAMES) == meant


def test_two_people_of_one_name_are_both_meant_and_nobody_without_a_name() -> None:
    assert mentioned("@Sam", {1: "Sam", 2: "sam", 3: ""}) == {1, 2}
    assert mentioned("@", {3: ""}) == set()


def test_mentions_are_bold_but_not_in_code() -> None:
    doc = set_apart(rich_text.from_markdown("Ask @Grace Hopper, or `@Grace Hopper`.\n\n- **@Ada** and @Ada"), NAMES.values())
    assert rich_text.to_markdown(doc) == "Ask **@Grace Hopper**, or `@Grace Hopper`.\n\n- **@Ada** and **@Ada**"
