"""Words that nobody means to type, given to every handler that takes words or a choice, by the author of a course and by somebody who has nothing to
do with it: each is answered by a sentence or taken, and none by a reference number. The long run gives every word to every place, the ordinary one a
few to each, by turns."""

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from itertools import cycle, islice
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from uuid import uuid4

import pytest
from reflex_base.event import EventHandler
from typing_extensions import is_typeddict

from lms_app.words import Role
from tests.support.every_handler import arguments, handlers
from tests.support.foreign_course import Ids, course_of_all
from tests.support.people import sign_in
from tests.support.web import ROOT, Tab, WebServer

NINE = "\N{FULLWIDTH DIGIT NINE}"
ODD = ("", "\0", "\ud800", "-1", NINE, "9" * 19, "1e999", "NaN", "0001-01-01", "9999-12-31", "../../etc", "\u202e<b>", str(uuid4()))
FORM = "__reflex_form_data__"
EACH = len(ODD) if os.environ.get("LYCEUM_LONG") == "1" else 3
"""Words for each place."""


@pytest.mark.parametrize("who", ["author", "stranger"])
async def test_no_word_breaks_a_handler(lyceum: WebServer, who: str) -> None:
    author = sign_in(Role.INSTRUCTOR, Role.STUDENT)
    ids = defaultdict(lambda: str(uuid4()), course_of_all(f"odd-words-of-{who}", author))
    caller = author if who == "author" else sign_in(Role.INSTRUCTOR, Role.STUDENT)
    before = set(_faults(lyceum))
    async with Tab(lyceum, caller.cookie, path=f"/teach/courses/{ids['course_id']}/reports") as tab:
        odd = cycle(ODD)
        calls = [(name, call) for name, handler in handlers().items() for call in _calls(handler, ids, odd)]
        assert len(calls) > 40 * EACH
        for name, call in calls:
            await tab.send(name, **call)
        # The server answers a tab's events in order, and nothing before this one says that a tab is hydrated.
        await tab.send(f"{ROOT}.hydrate_and_load")
        await tab.wait(lambda: tab.value(ROOT, "is_hydrated") is not None, 200)
    assert [fault for fault in _faults(lyceum) if fault not in before] == []


def _calls(handler: EventHandler, ids: Ids, odd: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Calls with the next odd words in the place of each, beside each choice that there is. What loads a page is called as it is."""
    good = arguments(handler, ids)
    if handler.fn.__name__ == "load":
        yield good
    hints = {name: hint for name, hint in get_type_hints(handler.fn, include_extras=True).items() if name != "return"}
    plain = {name: get_args(hint)[0] if get_origin(hint) is Annotated else hint for name, hint in hints.items()}
    choices = [{name: choice} for name, hint in plain.items() if get_origin(hint) is Literal for choice in get_args(hint)] or [{}]
    for name, hint in plain.items():
        if is_typeddict(hint):
            fields = get_type_hints(hint)
            for field in fields:
                for word in islice(odd, EACH):
                    yield good | {name: {FORM: [[each, word if each == field else ""] for each in fields]}}
        elif hint is str:
            yield from (good | choice | {name: word} for choice in choices for word in islice(odd, EACH))


def _faults(lyceum: WebServer) -> list[str]:
    """What was logged as an error."""
    lines = [json.loads(line) for line in lyceum.logged().splitlines() if line.startswith("{")]
    return [json.dumps(line) for line in lines if line.get("level") in ("error", "critical")]
