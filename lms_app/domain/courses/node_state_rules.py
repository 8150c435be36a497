"""How pages, quizzes, lessons and modules stand for students. Pure."""

from collections.abc import Iterable
from typing import Final

from lms_app.words import CompletionRule

PUBLISHED: Final = "published"
CHANGED: Final = "changed"
DRAFT: Final = "draft"
HELD_BACK: Final = "held_back"
EMPTY: Final = "empty"

STATES = (PUBLISHED, CHANGED, DRAFT, HELD_BACK)
"""How a page or quiz stands: as students see it; with changes that they do not see; never published; never, and not to be with the rest."""


def waits_by_itself(*, seen: bool, required: bool, rule: CompletionRule | str) -> bool:
    """Whether a page is held back: it is optional, has something to complete, and no student has ever seen it."""
    return not seen and not required and rule != CompletionRule.NONE


def state_of(*, published: bool, newest_is_shown: bool, held_back: bool = False) -> str:
    """The state of a page or a quiz: one of STATES."""
    if held_back:
        return HELD_BACK
    if not published:
        return DRAFT
    return PUBLISHED if newest_is_shown else CHANGED


def state_with_quizzes(page: str, quizzes: Iterable[str]) -> str:
    """What a page adds to the state of its lesson: one that students see as it is has changes where a quiz on it has."""
    return CHANGED if page == PUBLISHED and any(state != PUBLISHED for state in quizzes) else page


def state_made_of(states: Iterable[str]) -> str:
    """The state of a lesson or module, made of what is in it: what all agree on; else, what is empty or held back aside, `changed` where they
    differ. EMPTY with nothing in it."""
    found = set(states) - {EMPTY}
    if not found:
        return EMPTY
    told = found - {HELD_BACK} or found
    return told.pop() if len(told) == 1 else CHANGED
