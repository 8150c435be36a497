"""Places among siblings: fractional-index text keys, so that a move writes one row."""

from collections.abc import Iterator, Sequence

from fractional_indexing import generate_key_between, generate_n_keys_between


def last(existing: Sequence[str]) -> str:
    """A place after all of `existing`, which need not be sorted."""
    return generate_key_between(max(existing, default=None), None)


def first_n(count: int) -> Iterator[str]:
    """`count` places in order, for siblings made at once."""
    return iter(generate_n_keys_between(None, None, count))


def moved(siblings: Sequence[str], index: int, step: int) -> str | None:
    """The new place of the sibling at `index` moved by `step` (−1 up, 1 down); None at the end of the row. `siblings` are sorted places."""
    target = index + step
    if not 0 <= target < len(siblings):
        return None
    if step < 0:
        return generate_key_between(siblings[target - 1] if target else None, siblings[target])
    return generate_key_between(siblings[target], siblings[target + 1] if target + 1 < len(siblings) else None)
