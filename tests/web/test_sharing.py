"""Many who ask for the same at once are given one reading, and never one that began before they asked."""

import asyncio

import pytest

from lms_app.errors import NotFound
from lms_app.web.sharing import Shared


class Reading:
    """Readings that end when they are let go, and are numbered."""

    def __init__(self) -> None:
        self.begun = 0
        self.gates: list[asyncio.Event] = []

    async def __call__(self) -> int:
        self.begun += 1
        number, gate = self.begun, asyncio.Event()
        self.gates.append(gate)
        await gate.wait()
        return number


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_a_hall_that_asks_at_once_costs_one_reading() -> None:
    shared, read = Shared[int](), Reading()
    asked = [asyncio.ensure_future(shared.get("a", read)) for _ in range(5)]
    await settled()
    read.gates[0].set()
    assert await asyncio.gather(*asked) == [1] * 5


async def test_whoever_asks_during_a_reading_is_given_the_next() -> None:
    shared, read = Shared[int](), Reading()
    first = asyncio.ensure_future(shared.get("a", read))
    await settled()
    late = [asyncio.ensure_future(shared.get("a", read)) for _ in range(3)]
    await settled()
    assert read.begun == 1
    read.gates[0].set()
    await settled()
    read.gates[1].set()
    assert await first == 1
    assert await asyncio.gather(*late) == [2] * 3


async def test_other_keys_are_read_beside_it() -> None:
    shared, read = Shared[int](), Reading()
    asked = [asyncio.ensure_future(shared.get(key, read)) for key in "ab"]
    await settled()
    for gate in read.gates:
        gate.set()
    assert sorted(await asyncio.gather(*asked)) == [1, 2]


async def test_a_refusal_is_of_the_one_who_read_and_the_others_share_the_next_reading() -> None:
    """The first has just left the staff: that is no reason to refuse the others."""
    shared, read, refusals = Shared[int](), Reading(), 0

    async def refused() -> int:
        nonlocal refusals
        refusals += 1
        raise NotFound

    first = asyncio.ensure_future(shared.get("a", refused))
    others = [asyncio.ensure_future(shared.get("a", read)) for _ in range(3)]
    await settled()
    with pytest.raises(NotFound):
        await first
    read.gates[0].set()
    assert await asyncio.gather(*others) == [1, 1, 1]
    assert refusals == 1


async def test_where_nobody_may_each_is_refused() -> None:
    shared = Shared[int]()

    async def refused() -> int:
        raise NotFound

    asked = [asyncio.ensure_future(shared.get("a", refused)) for _ in range(3)]
    assert [type(told) for told in await asyncio.gather(*asked, return_exceptions=True)] == [NotFound] * 3


async def test_a_fault_is_everybodys_and_the_next_reads_anew() -> None:
    shared, faults = Shared[int](), 0

    async def faulty() -> int:
        nonlocal faults
        faults += 1
        raise LookupError

    asked = [asyncio.ensure_future(shared.get("a", faulty)) for _ in range(2)]
    for each in asked:
        with pytest.raises(LookupError):
            await each
    assert faults == 1
    read = Reading()
    again = asyncio.ensure_future(shared.get("a", read))
    await settled()
    read.gates[0].set()
    assert await again == 1


async def test_whoever_leaves_takes_it_from_nobody() -> None:
    shared, read = Shared[int](), Reading()
    leaving, staying = (asyncio.ensure_future(shared.get("a", read)) for _ in range(2))
    await settled()
    leaving.cancel()
    await settled()
    read.gates[0].set()
    assert await staying == 1
