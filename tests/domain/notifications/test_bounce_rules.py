"""Reports of mail servers, and whatever else comes to where they are read."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_app.domain.notifications import bounce_rules
from lms_app.domain.notifications.bounce_rules import LONGEST_WORDS
from lms_app.ids import uuid7
from tests.support.returned import returned

DELIVERY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.mark.parametrize("whole", [True, False])
def test_a_mail_is_known_by_the_id_in_the_mail_that_is_given_back(whole: bool) -> None:
    found = bounce_rules.read(returned(DELIVERY, whole=whole))
    assert found is not None
    assert (found.deliveries, found.hard, found.lost) == ((DELIVERY,), True, True)


def test_a_mail_is_known_by_the_address_that_it_was_returned_to_before_anything_else() -> None:
    found = bounce_rules.read(returned(uuid7(), to=f"bounces+{DELIVERY}@example.org"))
    assert found is not None
    assert found.deliveries[0] == DELIVERY


@pytest.mark.parametrize(
    ("action", "status", "said", "hard", "lost"),
    [
        ("failed", "5.1.1", "550 5.1.1 No such user", True, True),
        ("Failed", "5.0.0", "550 No such user", True, True),
        ("failed", "", "550 No such user", True, True),
        ("failed", "4.4.1", "connect to mx.example.net[192.0.2.1]:25: Connection timed out", False, True),
        ("failed", "", "no reply", False, True),
        ("delayed", "4.4.1", "connect to mx.example.net[192.0.2.1]:25: Connection timed out", False, False),
        ("delayed", "5.1.1", "550 odd", False, False),
    ],
)
def test_what_failed_for_good_what_did_not_arrive_and_what_is_late_are_told_apart(
    action: str, status: str, said: str, hard: bool, lost: bool
) -> None:
    found = bounce_rules.read(returned(DELIVERY, action=action, status=status, said=said))
    assert found is not None
    assert (found.hard, found.lost) == (hard, lost)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "", "nonsense"])
def test_that_a_mail_arrived_is_no_failure(action: str) -> None:
    assert bounce_rules.read(returned(DELIVERY, action=action)) is None


@pytest.mark.parametrize(
    "raw", [b"", b"Subject: Out of office\n\nI am away.", b"\xff\xfe\0", returned("nothing"), returned("01890a5d-ac96-474b-bcce-b302099a8057")]
)
def test_what_is_no_report_or_about_no_mail_of_ours_is_nothing(raw: bytes) -> None:
    assert bounce_rules.read(raw) is None


def test_words_hold_no_address_no_control_characters_and_are_short() -> None:
    said = "550-5.1.1 The account <ada.lovelace@example.net> and ada@example.net\x1b[31m do not exist. " + "Very long. " * 100
    found = bounce_rules.read(returned(DELIVERY, said=said))
    assert found is not None
    assert found.words.startswith("550-5.1.1 The account an address and an address [31m do not exist.")
    assert len(found.words) <= LONGEST_WORDS


def test_without_words_the_status_stands() -> None:
    found = bounce_rules.read(returned(DELIVERY).replace(b"Diagnostic-Code", b"X-Else"))
    assert found is not None
    assert found.words == "5.1.1"


PIECES = [
    b"Content-Type: multipart/report; boundary=x\n",
    b"--x\n",
    b"--x--\n",
    b"Content-Type: message/delivery-status\n\n",
    b"Action: failed\n",
    b"Status: 5.1.1\n",
    b"Content-Type: message/rfc822\n\n",
    b"Message-ID: <01890a5d-ac96-774b-bcce-b302099a8057@x>\n",
    b"\n",
    b" folded\n",
    b"\xff\xfe\n",
    b"Content-Transfer-Encoding: base64\n",
    b"=?utf-8?b?////?=\n",
    b"Content-Type: text/rfc822-headers; charset=nonsense\n\n",
    b"\r",
    b"\0",
    b"Diagnostic-Code: smtp; =?x?q?=ff?=\n",
]


@given(st.one_of(st.binary(max_size=400), st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8)), max_size=40).map(b"".join)))
def test_any_bytes_are_read_without_a_fault(raw: bytes) -> None:
    found = bounce_rules.read(raw)
    assert found is None or (found.deliveries and len(found.words) <= LONGEST_WORDS)


@given(st.data())
def test_a_report_with_bytes_changed_is_read_without_a_fault_and_names_no_other_mail(data: st.DataObject) -> None:
    raw = bytearray(returned(DELIVERY, to=f"bounces+{DELIVERY}@example.org"))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    found = bounce_rules.read(bytes(raw))
    assert found is None or any(str(each)[:4] == "0189" or str(each)[-4:] == "8057" for each in found.deliveries)


@pytest.mark.parametrize(
    "raw",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number) for number in range(20_000)),
        b"Content-Type: message/rfc822\n\n" * 30_000,
        b"Content-Type: multipart/report; boundary=x\n\n" + b"--x\nContent-Type: message/delivery-status\n\n" * 20_000,
        returned(DELIVERY, said="<" * 500_000),
        returned(DELIVERY, said="a@" * 400_000),
        returned(DELIVERY, said="a.b" * 300_000),
        b"Subject: " + b"x\n " * 300_000,
        returned(DELIVERY, to="+" * 900_000),
    ],
)
def test_nothing_that_is_sent_keeps_the_reader_for_long(raw: bytes) -> None:
    began = time.process_time()
    bounce_rules.read(raw)
    assert time.process_time() - began < 5
