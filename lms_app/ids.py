"""Identifiers: UUIDv7 made in Python before insert (RFC 9562 §5.7), so that a repeat has the same id and rows sort by time."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7(at_ms: int | None = None) -> UUID:
    """A new UUIDv7. `at_ms` (Unix milliseconds) places it in time, as the seed does; without it ids of one process only grow."""
    global _last
    milliseconds = int(time.time() * 1000) if at_ms is None else at_ms
    if at_ms is None:
        with _lock:
            # 12 bits of sub-millisecond counter keep ids of one process in order.
            stamp = max(milliseconds << 12, _last + 1)
            _last = stamp
        milliseconds, counter = stamp >> 12, stamp & 0xFFF
    else:
        counter = secrets.randbits(12)
    value = (milliseconds & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62)
    return UUID(int=value)
