import secrets
import tracemalloc
from datetime import timedelta

import pytest

from lms_app.adapters import storage
from lms_app.crypto import Unreadable, seal
from lms_app.settings import get_settings

KEY = secrets.token_bytes(32)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path))
    get_settings.cache_clear()
    yield
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.mark.parametrize("size", [0, 1, storage.PIECE - 1, storage.PIECE, storage.PIECE + 1, 3 * storage.PIECE + 7])
def test_what_was_put_is_got(size: int) -> None:
    data = secrets.token_bytes(size)
    assert storage.get(storage.put(data, key=KEY), key=KEY) == data


@pytest.mark.parametrize(("start", "end"), [(0, 10), (storage.PIECE - 5, storage.PIECE + 5), (10, None), (150_000, 10**9), (0, 0)])
def test_a_range_is_what_lies_between(start: int, end: int | None) -> None:
    data = secrets.token_bytes(200_000)
    kept = storage.put(data, key=KEY)
    assert b"".join(storage.read_range(kept, start, end, key=KEY)) == data[start:end]


def test_nothing_readable_lies_on_disk(tmp_path) -> None:
    storage.put(b"marker-of-a-secret" * 100, key=KEY)
    assert not any(b"marker" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_another_key_opens_nothing() -> None:
    kept = storage.put(b"secret", key=KEY)
    with pytest.raises(Unreadable):
        storage.get(kept, key=secrets.token_bytes(32))


def test_a_changed_or_shortened_file_is_not_read(tmp_path) -> None:
    kept = storage.put(secrets.token_bytes(200_000), key=KEY)
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(Unreadable):
        storage.get(kept, key=KEY)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Unreadable):
        storage.get(kept, key=KEY)


def test_what_a_killed_process_left_of_a_file_is_swept_once_it_is_old(tmp_path) -> None:
    kept = storage.put(b"whole", key=KEY)
    left = storage.Sealing(key=KEY)
    storage.sweep_unfinished(older_than=timedelta(minutes=1))
    assert list(tmp_path.glob(".unfinished-*"))
    storage.sweep_unfinished(older_than=timedelta(minutes=-1))
    assert not list(tmp_path.glob(".unfinished-*"))
    assert storage.get(kept, key=KEY) == b"whole"
    left.discard()


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 64, "." * 64])
def test_a_key_that_is_none_finds_nothing(name: str) -> None:
    with pytest.raises(storage.Missing):
        storage.get(name, key=KEY)


def test_deleting_twice_is_no_error() -> None:
    kept = storage.put(b"x", key=KEY)
    storage.delete(kept)
    storage.delete(kept)
    with pytest.raises(storage.Missing):
        storage.get(kept, key=KEY)


@pytest.mark.parametrize("size", [0, 5])
def test_a_file_that_pretends_to_be_empty_is_not_read(tmp_path, size: int) -> None:
    kept = storage.put(secrets.token_bytes(size), key=KEY)
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    for forged in (b"", bytes(16), bytes(16 + 29), storage._MAGIC, storage._MAGIC + bytes(32), storage._MAGIC + bytes(32 + 16)):
        path.write_bytes(forged)
        with pytest.raises(Unreadable):
            storage.get(kept, key=KEY)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        storage.put(b"x" * 100, key=KEY)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def sealed_pieces(whole: bytes) -> tuple[bytes, list[bytes]]:
    """The header of a stored file and its pieces."""
    header = len(storage._MAGIC) + 32
    size = storage.PIECE + 16
    return whole[:header], [whole[start : start + size] for start in range(header, len(whole), size)]


def test_pieces_cannot_be_dropped_doubled_swapped_or_taken_from_another_file(tmp_path) -> None:
    kept = storage.put(b"a" * (3 * storage.PIECE), key=KEY)
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    other = storage.put(b"b" * (3 * storage.PIECE), key=KEY)
    header, (first, second, third) = sealed_pieces(path.read_bytes())
    _, (foreign, *_) = sealed_pieces((tmp_path / other[:2] / other).read_bytes())
    for forged in (
        [first, second],
        [first, third],
        [second, first, third],
        [first, first, third],
        [first, second, third, third],
        [foreign, second, third],
    ):
        path.write_bytes(header + b"".join(forged))
        with pytest.raises(Unreadable):
            storage.get(kept, key=KEY)


def test_a_file_cut_short_between_two_pieces_is_refused_before_its_first_byte(tmp_path) -> None:
    kept = storage.put(b"a" * (3 * storage.PIECE), key=KEY)
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    header, pieces = sealed_pieces(path.read_bytes())
    path.write_bytes(header + b"".join(pieces[:2]))
    with pytest.raises(Unreadable):
        next(storage.read_range(kept, 0, 10, key=KEY))


@pytest.mark.parametrize("size", [0, 1, storage.PIECE, 3 * storage.PIECE + 7])
def test_a_file_of_the_first_format_is_still_read_and_still_protected(tmp_path, size: int) -> None:
    data, random = secrets.token_bytes(size), secrets.token_bytes(8)
    numbers = range(max(1, -(-size // storage.PIECE)))
    pieces = [seal(KEY, f"file:{random.hex()}:{size}:{n}", data[n * storage.PIECE : (n + 1) * storage.PIECE]) for n in numbers]
    path = tmp_path / "aa" / ("a" * 64)
    path.parent.mkdir()
    path.write_bytes(size.to_bytes(8, "big") + random + b"".join(pieces))
    assert storage.get("a" * 64, key=KEY) == data
    assert b"".join(storage.read_range("a" * 64, size // 2, size, key=KEY)) == data[size // 2 :]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(Unreadable):
        storage.get("a" * 64, key=KEY)


def test_a_part_is_read_without_opening_the_rest(tmp_path) -> None:
    data = secrets.token_bytes(5 * storage.PIECE)
    kept = storage.put(data, key=KEY)
    path = next(path for path in tmp_path.rglob("*") if path.is_file())
    header, pieces = sealed_pieces(path.read_bytes())
    path.write_bytes(header + bytes(len(pieces[0])) + b"".join(pieces[1:]))
    begin = 2 * storage.PIECE
    assert b"".join(storage.read_range(kept, begin, begin + 100, key=KEY)) == data[begin : begin + 100]


def test_two_hundred_megabytes_come_in_without_being_held(tmp_path) -> None:
    arriving = bytes(1 << 20)
    with storage.Sealing(key=KEY) as sealing:
        sealing.write(arriving)
        tracemalloc.start()
        for _ in range(199):
            sealing.write(arriving)
        kept = sealing.finish()
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert most < 1 << 20
    assert sealing.size == 200 << 20
    assert b"".join(storage.read_range(kept, (200 << 20) - 5, None, key=KEY)) == bytes(5)


def test_a_file_that_was_not_finished_leaves_nothing_behind(tmp_path) -> None:
    with storage.Sealing(key=KEY) as sealing:
        sealing.write(bytes(100_000))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
