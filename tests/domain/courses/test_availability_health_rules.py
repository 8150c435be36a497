"""Which availabilities can never be met, and what is said of them."""

from typing import Any
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.courses.availability_health_rules import WaitingNode, never_met
from lms_app.domain.courses.availability_rules import After, Availability, Condition, Days, Match, Score
from lms_app.words import NodeKind


def name(words: str) -> UUID:
    return uuid5(UUID(int=0), words)


def node(title: str, kind: NodeKind = NodeKind.PAGE, within: str = "", **more: Any) -> WaitingNode:
    own = kind in (NodeKind.PAGE, NodeKind.ASSESSMENT)
    return WaitingNode(**{
        "id": name(title), "kind": kind, "title": title, "within": name(within) if within else None, "completes": own, "required": own, **more,
    })  # fmt: skip


def after(title: str) -> After:
    return After(kind=NodeKind.PAGE, node=name(title))


def score(title: str) -> Score:
    return Score(quiz=name(title), percent=50)


def waits(*conditions: Condition, match: Match = Match.ALL) -> Availability:
    return Availability(match=match, conditions=conditions)


COURSE = (
    node("Ground", NodeKind.MODULE),
    node("Reading", NodeKind.LESSON, "Ground"),
    node("Stones", within="Reading"),
    node("Try it", NodeKind.ASSESSMENT, "Stones"),
    node("Sand", within="Reading"),
    node("Sky", NodeKind.MODULE),
    node("Clouds", NodeKind.LESSON, "Sky"),
    node("Cirrus", within="Clouds"),
)


def said(rules: dict[str, Availability], *course: WaitingNode) -> dict[str, str]:
    titles = {each.id: each.title for each in COURSE}
    return {titles[at]: why for at, why in never_met(course or COURSE, {name(title): rule for title, rule in rules.items()}).items()}


def but(title: str, **changes: Any) -> tuple[WaitingNode, ...]:
    return tuple(WaitingNode(**{**vars(each), **changes}) if each.title == title else each for each in COURSE)


def test_a_chain_is_met_link_by_link() -> None:
    assert (
        said({"Sand": waits(after("Stones")), "Sky": waits(after("Ground")), "Try it": waits(Days(days=3)), "Cirrus": waits(score("Try it"))}) == {}
    )


def test_what_is_gone_or_hidden_or_completed_by_nothing_is_waited_for_in_vain() -> None:
    assert said({"Sand": waits(after("Lava"))}) == {"Sand": "it opens after something that is not in the course any more"}
    assert said({"Sand": waits(after("Stones"))}, *but("Stones", shown=False)) == {"Sand": "it opens after “Stones”, which students cannot see"}
    assert said({"Sand": waits(score("Try it"))}, *but("Stones", shown=False)) == {"Sand": "it opens after “Try it”, which students cannot see"}
    assert said({"Stones": waits(after("Sky"))}, *but("Cirrus", shown=False)) == {"Stones": "it opens after “Sky”, which students cannot see"}
    assert said({"Sand": waits(after("Cirrus"))}, *but("Cirrus", completes=False, required=False)) == {
        "Sand": "it opens after “Cirrus”, in which there is nothing to complete"
    }


def test_a_page_without_a_rule_is_complete_with_its_quiz() -> None:
    assert said({"Sand": waits(after("Stones"))}, *but("Stones", completes=False, required=False)) == {}


def test_circles_are_found_of_any_length_and_through_what_holds_what() -> None:
    circle = "and that cannot be done before this is open"
    assert said({"Sand": waits(after("Sand"))}) == {"Sand": f"it opens after “Sand”, {circle}"}
    assert said({"Sand": waits(after("Stones")), "Stones": waits(after("Sand"))}) == {
        "Sand": f"it opens after “Stones”, {circle}",
        "Stones": f"it opens after “Sand”, {circle}",
    }
    assert said({"Sand": waits(after("Ground"))}) == {"Sand": f"it opens after “Ground”, {circle}"}, "its own module is not complete without it"
    assert said({"Ground": waits(score("Try it"))}) == {"Ground": f"it opens after “Try it”, {circle}"}, "the quiz is in the module"
    assert said({"Ground": waits(after("Sky")), "Cirrus": waits(after("Sand"))}) == {
        "Ground": f"it opens after “Sky”, {circle}",
        "Cirrus": f"it opens after “Sand”, {circle}",
    }


def test_an_optional_page_may_wait_for_the_rest_of_its_module() -> None:
    assert said({"Sand": waits(after("Ground"))}, *but("Sand", required=False)) == {}


def test_another_way_in_breaks_a_circle() -> None:
    assert said({"Sand": waits(after("Stones")), "Stones": waits(after("Sand"), Days(days=3), match=Match.ANY)}) == {}


def test_what_waits_for_something_that_never_opens_never_opens() -> None:
    assert said({"Sand": waits(after("Lava")), "Cirrus": waits(after("Sand"))})["Cirrus"] == "it opens after “Sand”, which can never be opened itself"


PAGES = [f"page {number}" for number in range(6)]
WAITING = st.dictionaries(
    st.sampled_from(PAGES),
    st.builds(
        Availability,
        match=st.sampled_from(Match),
        conditions=st.lists(st.sampled_from([*map(after, PAGES), Days(days=1)]), min_size=1, max_size=3, unique=True).map(tuple),
    ),
)


@given(WAITING)
def test_exactly_what_doing_everything_again_and_again_does_not_open_is_told(rules: dict[str, Availability]) -> None:
    done: set[UUID] = set()
    for _ in PAGES:
        for title in PAGES:
            rule = rules.get(title, Availability())
            held = [not isinstance(each, After) or each.node in done for each in rule.conditions]
            if not held or (any(held) if rule.match is Match.ANY else all(held)):
                done.add(name(title))
    found = never_met([node(title) for title in PAGES], {name(title): rule for title, rule in rules.items()})
    assert set(found) == {name(title) for title in PAGES} - done
