from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lms_app.domain.notifications.delivery_rules import (
    GIVEN_UP_AFTER,
    LONGEST_PAUSE,
    Quiet,
    Wishes,
    after_quiet,
    is_stale,
    is_wanted,
    next_digest,
    pause,
    ways,
)
from lms_app.domain.notifications.kind_rules import GROUP, GROUP_OF, GROUPS, Choice, group_of
from lms_app.words import DeliveryChannel, MailTiming, NotificationGroup, NotificationKind

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
NIGHT = Quiet(start=22 * 60, end=7 * 60)
THURSDAY = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
"""Three in the afternoon in Berlin."""

zones = some.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC"]).map(ZoneInfo)
moments = some.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
minutes = some.integers(0, 24 * 60 - 1)


def test_every_kind_belongs_to_a_group_and_every_group_has_a_kind() -> None:
    assert set(GROUP_OF) == set(NotificationKind)
    assert set(GROUP_OF.values()) == {group.id for group in GROUPS} == set(NotificationGroup)
    assert group_of(NotificationKind.DUE_SOON) is GROUP[NotificationGroup.DUE]


@pytest.mark.parametrize(
    ("mail", "channel", "local"),
    [
        (MailTiming.AT_ONCE, DeliveryChannel.MAIL, datetime(2026, 11, 26, 15, 0, tzinfo=BERLIN)),
        (MailTiming.DAILY, DeliveryChannel.DAILY, datetime(2026, 11, 27, 7, 0, tzinfo=BERLIN)),
        (MailTiming.WEEKLY, DeliveryChannel.WEEKLY, datetime(2026, 11, 30, 7, 0, tzinfo=BERLIN)),
    ],
)
def test_a_choice_of_mail_says_by_which_channel_and_when(mail: MailTiming, channel: DeliveryChannel, local: datetime) -> None:
    wishes = Wishes(choice=Choice(mail=mail), zone=BERLIN)
    assert list(ways(wishes, THURSDAY)) == [(channel, local)]


def test_a_digest_in_quiet_hours_waits_until_they_end() -> None:
    wishes = Wishes(choice=Choice(mail=MailTiming.DAILY), zone=BERLIN, quiet=Quiet(start=22 * 60, end=8 * 60))
    assert list(ways(wishes, THURSDAY)) == [(DeliveryChannel.DAILY, datetime(2026, 11, 27, 8, 0, tzinfo=BERLIN))]


def test_what_is_off_muted_stopped_or_has_no_browser_goes_nowhere() -> None:
    wishes = Wishes(choice=Choice(mail=MailTiming.AT_ONCE, push=True), has_browsers=True)
    assert [channel for channel, _ in ways(wishes, THURSDAY)] == [DeliveryChannel.MAIL, DeliveryChannel.PUSH]
    assert list(ways(replace(wishes, muted=True), THURSDAY)) == []
    assert [channel for channel, _ in ways(replace(wishes, mailable=False), THURSDAY)] == [DeliveryChannel.PUSH]
    assert [channel for channel, _ in ways(replace(wishes, has_browsers=False), THURSDAY)] == [DeliveryChannel.MAIL]
    assert list(ways(replace(wishes, choice=Choice()), THURSDAY)) == []


def test_what_was_queued_is_wanted_by_what_holds_when_it_is_sent() -> None:
    wishes = Wishes(choice=Choice(mail=MailTiming.DAILY, push=True), has_browsers=True)
    assert all(is_wanted(channel, wishes) for channel in DeliveryChannel)
    assert not any(is_wanted(channel, replace(wishes, muted=True)) for channel in DeliveryChannel)
    assert not is_wanted(DeliveryChannel.WEEKLY, replace(wishes, choice=Choice(push=True)))
    assert not is_wanted(DeliveryChannel.PUSH, replace(wishes, choice=Choice(mail=MailTiming.AT_ONCE)))


@pytest.mark.parametrize(
    ("local", "ends"),
    [
        (datetime(2026, 11, 26, 21, 59, tzinfo=NEW_YORK), None),
        (datetime(2026, 11, 26, 22, 0, tzinfo=NEW_YORK), datetime(2026, 11, 27, 7, 0, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 27, 3, 30, tzinfo=NEW_YORK), datetime(2026, 11, 27, 7, 0, tzinfo=NEW_YORK)),
        (datetime(2026, 11, 27, 7, 0, tzinfo=NEW_YORK), None),
    ],
)
def test_quiet_hours_over_midnight_hold_back_until_they_end(local: datetime, ends: datetime | None) -> None:
    assert after_quiet(local, NEW_YORK, NIGHT) == (ends or local)


@given(moments, zones, minutes, minutes)
def test_quiet_hours_put_nothing_off_by_more_than_a_day_nor_into_themselves(moment: datetime, zone: ZoneInfo, start: int, end: int) -> None:
    quiet = Quiet(start=start, end=end)
    then = after_quiet(moment, zone, quiet)
    # An hour more on the day on which the clocks go back.
    assert moment <= then <= moment + timedelta(hours=25)
    assert then == moment or (then.astimezone(zone).hour, then.astimezone(zone).minute) == (end // 60, end % 60) or _is_left_out(zone, then)


def _is_left_out(zone: ZoneInfo, moment: datetime) -> bool:
    """Whether the clocks jumped forward within the day, so that a wall time may not exist."""
    return (moment - timedelta(days=1)).astimezone(zone).utcoffset() != (moment + timedelta(days=1)).astimezone(zone).utcoffset()


@given(moments, zones, some.sampled_from([DeliveryChannel.DAILY, DeliveryChannel.WEEKLY]))
def test_the_next_digest_is_at_seven_by_the_persons_clock(moment: datetime, zone: ZoneInfo, channel: DeliveryChannel) -> None:
    at = next_digest(channel, moment, zone)
    local = at.astimezone(zone)
    days = 7 if channel is DeliveryChannel.WEEKLY else 1
    assert moment < at <= moment + timedelta(days=days, hours=1)
    assert (local.hour, local.minute) == (7, 0)
    assert channel is DeliveryChannel.DAILY or local.weekday() == 0


def test_pauses_double_up_to_half_an_hour() -> None:
    pauses = [pause(tries) for tries in range(1, 200)]
    assert pauses[:4] == [timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE < GIVEN_UP_AFTER


def test_a_warning_is_stale_once_its_moment_has_come_and_other_news_after_days() -> None:
    due = THURSDAY + timedelta(hours=3)
    assert not is_stale(NotificationKind.DUE_SOON, THURSDAY, due, due - timedelta(seconds=1))
    assert is_stale(NotificationKind.DUE_SOON, THURSDAY, due, due)
    assert is_stale(NotificationKind.OVERDUE, THURSDAY, None, THURSDAY + timedelta(days=3))
    assert not is_stale(NotificationKind.CERTIFICATE_ISSUED, THURSDAY, None, THURSDAY + timedelta(days=3))
    assert is_stale(NotificationKind.CERTIFICATE_ISSUED, THURSDAY, None, THURSDAY + timedelta(days=10))
