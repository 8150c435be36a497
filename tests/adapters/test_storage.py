import secrets

import pytest

from lms_app.adapters import storage
from lms_app.crypto import Unreadable
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
    for forged in (bytes(16), bytes(16 + 29)):
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
