"""What many move at once is told at once, and then as one."""

import time
from collections.abc import Iterator

import pytest
import redis

from lms_app.adapters import pubsub
from lms_app.adapters.pubsub import CHANNEL, SPACING
from lms_app.ids import uuid7
from lms_app.settings import get_settings
from lms_app.words import Hint


@pytest.fixture
def heard(redis_url: str) -> Iterator[redis.client.PubSub]:
    with redis.Redis.from_url(get_settings().cache_redis_url) as client, client.pubsub() as subscription:
        subscription.subscribe(CHANNEL)
        confirmed = subscription.get_message(timeout=5)
        assert confirmed
        yield subscription


def until_silence(subscription: redis.client.PubSub) -> int:
    count = 0
    while subscription.get_message(timeout=SPACING * 4):
        count += 1
    return count


def test_the_first_is_told_at_once_and_what_follows_as_one(heard: redis.client.PubSub) -> None:
    exam, began = uuid7(), time.monotonic()
    pubsub.hint_of_many(Hint.EXAM, exam)
    assert heard.get_message(timeout=5)
    for _ in range(500):
        pubsub.hint_of_many(Hint.EXAM, exam)
    took = time.monotonic() - began
    assert 1 <= until_silence(heard) <= 1 + took / SPACING


def test_one_that_comes_after_a_silence_is_told_at_once_again(heard: redis.client.PubSub) -> None:
    exam = uuid7()
    for _ in range(2):
        pubsub.hint_of_many(Hint.EXAM, exam)
        assert until_silence(heard) == 1


def test_one_exam_does_not_wait_for_another(heard: redis.client.PubSub) -> None:
    for _ in range(3):
        pubsub.hint_of_many(Hint.EXAM, uuid7())
    assert until_silence(heard) == 3


def test_many_are_told_each_by_themselves(heard: redis.client.PubSub) -> None:
    pubsub.hint_each(Hint.LEARNT, [uuid7() for _ in range(20)])
    assert until_silence(heard) == 20
