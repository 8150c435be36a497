"""A page that moves by itself sends what has changed and leaves the rest alone."""

from dataclasses import dataclass

import reflex as rx

from lms_app.web.changes import put


@dataclass(frozen=True)
class Part:
    words: str
    rows: list[list[str]]


class MovingState(rx.State):
    """A page of three parts."""

    part: Part = Part("", [])
    counts: dict[str, int] = {}
    name: str = ""


def test_only_what_differs_is_sent() -> None:
    state = MovingState(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    put(state, part=Part("a", [["1"]]), counts={"a": 1}, name="b")
    assert state.dirty_vars == {"part", "counts", "name"}
    state._clean()
    put(state, part=Part("a", [["1"]]), counts={"a": 2}, name="b")
    assert state.dirty_vars == {"counts"}
    assert state.counts == {"a": 2}
