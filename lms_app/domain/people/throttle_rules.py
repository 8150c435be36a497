"""How long who guesses must wait. Pure."""

from datetime import timedelta

LONGEST = timedelta(minutes=15)


def delay_after(failures: int, *, free: int) -> timedelta:
    """The delay after so many failures: none for the first `free`, then 1, 2, 4, 8 … seconds, at most a quarter of an hour."""
    if failures <= free:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(failures - free - 1, 20)), LONGEST)
