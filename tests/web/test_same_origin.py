"""The rewriting of Reflex's client. That it does what it should is shown in a browser by test_built_pages.py."""

from pathlib import Path

import pytest
import reflex_base

from lms_app.web.same_origin import ANCHOR, CLIENT, REWRITTEN, follow_page_address

SHIPPED = Path(reflex_base.__file__).parent / ".templates" / "web" / CLIENT


def test_the_client_of_the_installed_reflex_is_rewritten_once() -> None:
    client = SHIPPED.read_text()
    rewritten = follow_page_address(client)
    assert rewritten.count(REWRITTEN) == 1
    assert follow_page_address(rewritten) == rewritten
    assert rewritten.replace(REWRITTEN, ANCHOR) == client


def test_another_client_fails_the_build() -> None:
    with pytest.raises(ValueError, match="has changed"):
        follow_page_address("const getBackendURL = () => new URL(env.EVENT);")
