"""A worker says that it lives for as long as it does, whether or not anybody wakes jobs."""

import time
from collections.abc import Callable
from typing import Any, cast

import redis

from lms_app.settings import get_settings
from workers.broker import HEARTBEAT, Heartbeat

NOBODY = cast(Any, None)


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_mark_that_has_faded_comes_back_without_a_scheduler(redis_url: str) -> None:
    heartbeat = Heartbeat(every=0.05)
    with redis.Redis.from_url(get_settings().cache_redis_url) as cache:
        heartbeat.after_worker_boot(NOBODY, NOBODY)
        try:
            wait_until(lambda: cache.get(HEARTBEAT))
            cache.delete(HEARTBEAT)
            wait_until(lambda: cache.get(HEARTBEAT))
        finally:
            heartbeat.before_worker_shutdown(NOBODY, NOBODY)
        assert 0 < cast(int, cache.ttl(HEARTBEAT)) <= 30
