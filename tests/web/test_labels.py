"""Labels of handlers and the shapes of their arguments."""

from typing import Annotated
from uuid import UUID, uuid4

import pytest
from pydantic import Field

from lms_app.domain.actor import Actor
from lms_app.web.labels import Payload, allow, anyone, audience_of, signed_in, the_server
from lms_app.words import Role


def person(*roles: Role) -> Actor:
    return Actor(person_id=uuid4(), roles=frozenset(roles))


def test_a_label_does_not_wrap() -> None:
    def handler(self) -> None: ...

    assert allow(Role.STUDENT)(handler) is handler
    audience = audience_of(handler)
    assert audience is not None
    assert audience.roles == {Role.STUDENT}


def test_who_is_admitted() -> None:
    staff = audience_of(allow(Role.INSTRUCTOR, Role.ADMIN)(lambda self: None))
    assert staff is not None
    assert staff.admits(person(Role.INSTRUCTOR))
    assert not staff.admits(person(Role.STUDENT))
    assert not staff.admits(person())
    assert not staff.admits(None)
    assert signed_in.admits(person(Role.STUDENT))
    assert not signed_in.admits(None)
    assert anyone.admits(None)
    assert not the_server.clients


@pytest.mark.parametrize("labels", [(), (anyone, Role.STUDENT), (anyone, signed_in), ("student",)])
def test_a_label_that_says_nothing_clear_is_refused_when_the_module_is_imported(labels: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        allow(*labels)  # pyright: ignore[reportArgumentType]


def test_arguments_need_types() -> None:
    def untyped(self, text) -> None: ...

    def open_ended(self, **more: str) -> None: ...

    for handler in (untyped, open_ended):
        with pytest.raises(TypeError, match="need a type"):
            Payload(handler)


def test_only_what_was_sent_is_passed_on() -> None:
    def handler(self, subject: UUID, page: Annotated[int, Field(ge=1)] = 1, words: list[str] | None = None) -> None: ...

    subject = uuid4()
    payload = Payload(handler)
    assert payload.read({"subject": str(subject)}) == {"subject": subject}
    assert payload.read({"subject": str(subject), "page": 2, "words": None}) == {"subject": subject, "page": 2, "words": None}
    for wrong in ({"page": 0}, {"page": "2"}, {"words": "ab"}, {"words": [1]}):
        with pytest.raises(ValueError, match="validation error"):
            payload.read({"subject": str(subject), **wrong})
