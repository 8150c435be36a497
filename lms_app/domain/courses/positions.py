"""Places among siblings: fractional-index text keys, so that a move writes one row."""

from collections.abc import Iterator, Sequence

from fractional_indexing import generate_key_between, generate_n_keys_between


def last(existing: Sequence[str]) -> str:
    """A place after all of `existing`, which need not be sorted."""
    return generate_key_between(max(existing, default=None), None)


def first_n(count: int) -> Iterator[str]:
    """`count` places in order, for siblings made at once."""
    return iter(generate_n_keys_between(None, None, count))


def behind(place: str | None, existing: Sequence[str]) -> str:
    """A place right behind `place` (None: before all) that none of `existing` has. Those need not be sorted."""
    return generate_key_between(place, min((other for other in existing if place is None or other > place), default=None))
