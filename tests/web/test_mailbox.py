import pytest

from lms_app.web.public.mailbox_state import is_from_here


def test_the_mailbox_opens_on_its_own_machine() -> None:
    assert is_from_here("127.0.0.1", {"host": "localhost:8000"})
    assert is_from_here("::1", {"host": "[::1]:8000"})


@pytest.mark.parametrize(
    ("network", "headers"),
    [
        ("203.0.113.9", {"host": "localhost:8000"}),
        ("127.0.0.1", {"host": "localhost:8000", "x-forwarded-for": "203.0.113.9"}),
        ("127.0.0.1", {"host": "localhost:8000", "Forwarded": "for=203.0.113.9"}),
        ("127.0.0.1", {"host": "campus.example"}),
        ("127.0.0.1", {"host": "[::1"}),
        ("127.0.0.1", {}),
    ],
)
def test_it_stays_shut_to_other_machines_and_to_names_that_lead_here(network: str, headers: dict[str, str]) -> None:
    assert not is_from_here(network, headers)
