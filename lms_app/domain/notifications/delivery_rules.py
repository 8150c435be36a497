"""By which ways a notification leaves the app, and when: choices, mutes, quiet hours, digests, pauses after failures. Pure; moments are aware."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from lms_app.domain.notifications.kind_rules import Choice
from lms_app.words import DeliveryChannel, MailTiming, NotificationKind

DIGEST_AT: Final = time(7)
"""When digests go out, by the person's clock; the weekly one on Mondays."""

FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=30)
GIVEN_UP_AFTER: Final = timedelta(days=2)
"""A delivery that was in vain so long after it was due has failed."""

STALE_AFTER: Final = {NotificationKind.OVERDUE: timedelta(days=2), NotificationKind.OPENED: timedelta(days=2)}
STALE_AFTER_ALL: Final = timedelta(days=9)
"""What nobody could send for so long is told in the app alone."""

_DIGESTS = {MailTiming.DAILY: DeliveryChannel.DAILY, MailTiming.WEEKLY: DeliveryChannel.WEEKLY}


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """The hours in which nothing is sent, in minutes after midnight. They may go over midnight."""

    start: int
    end: int

    def holds(self, wall: time) -> bool:
        """Whether a wall time is in them."""
        minute = wall.hour * 60 + wall.minute
        return self.start <= minute < self.end if self.start <= self.end else minute >= self.start or minute < self.end


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a person wants of one kind from one course. `mailable`: they have an address, want mail at all, and it is not paused."""

    choice: Choice
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    quiet: Quiet | None = None
    muted: bool = False
    mailable: bool = True
    has_browsers: bool = False

    @property
    def by_mail(self) -> MailTiming:
        """When it comes by mail."""
        return self.choice.mail if self.mailable and not self.muted else MailTiming.OFF

    @property
    def by_push(self) -> bool:
        """Whether it comes to browsers."""
        return self.choice.push and self.has_browsers and not self.muted


def ways(wishes: Wishes, now: datetime) -> Iterator[tuple[DeliveryChannel, datetime]]:
    """The channels by which a notification of now leaves the app, and from when on."""
    match wishes.by_mail:
        case MailTiming.AT_ONCE:
            yield DeliveryChannel.MAIL, after_quiet(now, wishes.zone, wishes.quiet)
        case MailTiming.DAILY | MailTiming.WEEKLY as timing:
            yield _DIGESTS[timing], after_quiet(next_digest(_DIGESTS[timing], now, wishes.zone), wishes.zone, wishes.quiet)
        case MailTiming.OFF:
            pass
    if wishes.by_push:
        yield DeliveryChannel.PUSH, after_quiet(now, wishes.zone, wishes.quiet)


def is_wanted(channel: DeliveryChannel, wishes: Wishes) -> bool:
    """Whether what was queued for a channel is still to go out by it."""
    return wishes.by_push if channel is DeliveryChannel.PUSH else wishes.by_mail is not MailTiming.OFF


def after_quiet(moment: datetime, zone: ZoneInfo, quiet: Quiet | None) -> datetime:
    """`moment`, or the end of the quiet hours that it falls into."""
    local = moment.astimezone(zone)
    if quiet is None or not quiet.holds(local.time()):
        return moment
    ends = time(quiet.end // 60, quiet.end % 60)
    day = local.date() if ends > local.time() else local.date() + timedelta(days=1)
    return max(_instant(day, ends, zone), moment)


def next_digest(channel: DeliveryChannel, now: datetime, zone: ZoneInfo) -> datetime:
    """When the next digest goes out: at seven by the person's clock, the weekly one on a Monday."""
    day = now.astimezone(zone).date()
    if _instant(day, DIGEST_AT, zone) <= now:
        day += timedelta(days=1)
    if channel is DeliveryChannel.WEEKLY:
        day += timedelta(days=-day.weekday() % 7)
    return _instant(day, DIGEST_AT, zone)


def pause(tries: int) -> timedelta:
    """How long to wait after so many sendings in vain: each time twice as long, half an hour at most."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 20), LONGEST_PAUSE)


def is_stale(kind: NotificationKind, meant_for: datetime, due: datetime | None, now: datetime) -> bool:
    """Whether what was meant to go out then is not worth sending any more: what it tells is past, or everybody was down for too long. `due` is the
    moment that it warns of."""
    if kind is NotificationKind.DUE_SOON and due is not None:
        return now >= due
    return now - meant_for > STALE_AFTER.get(kind, STALE_AFTER_ALL)


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)
