"""The door for archives: who may send, what, and how much."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from sqlmodel import select

from lms_app.database import transaction
from lms_app.domain.courses import imports
from lms_app.errors import LimitReached
from lms_app.models import ImportJob, StoredFile
from lms_app.settings import get_settings
from lms_app.words import Role
from tests.interchange.olx_builder import build_short_course
from tests.support.apps import browser_app
from tests.support.people import sign_in

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url", "storage_folder")


@pytest.fixture
def storage_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    monkeypatch.setenv("UPLOAD_LIMIT_MB", "1")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


async def send(data: bytes, *roles: Role, name: str = "sky.tar.gz", in_pieces: bool = False) -> httpx.Response:
    headers = {"Cookie": sign_in(*roles).cookie} if roles else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(browser_app()), base_url="http://localhost:8000") as client:
        return await client.post("/imports", params={"name": name}, content=pieces(data) if in_pieces else data, headers=headers)


async def pieces(data: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(data), 100):
        yield data[start : start + 100]


def stored_files() -> list[Path]:
    return [path for path in get_settings().storage.rglob("*") if path.is_file()]


def rows() -> tuple[int, int]:
    with transaction() as session:
        return len(session.exec(select(ImportJob)).all()), len(session.exec(select(StoredFile)).all())


@pytest.mark.parametrize("in_pieces", [False, True])
async def test_an_instructors_archive_is_taken_in(tmp_path: Path, in_pieces: bool) -> None:
    answer = await send(build_short_course(tmp_path).read_bytes(), Role.INSTRUCTOR, name="C:\\courses\\sky.tar.gz", in_pieces=in_pieces)
    assert answer.status_code == 202, answer.text
    with transaction() as session:
        row = session.exec(select(ImportJob)).one()
        assert (str(row.id), row.filename) == (answer.json()["import_id"], "sky.tar.gz")


@pytest.mark.parametrize(("roles", "status"), [((), 401), ((Role.STUDENT,), 403), ((Role.ADMIN,), 403)])
async def test_nobody_else_may_send_one(tmp_path: Path, roles: tuple[Role, ...], status: int) -> None:
    answer = await send(build_short_course(tmp_path).read_bytes(), *roles)
    assert answer.status_code == status
    assert rows() == (0, 0)


@pytest.mark.parametrize("in_pieces", [False, True])
async def test_a_file_over_the_limit_is_refused_with_the_limit(in_pieces: bool) -> None:
    answer = await send(b"\x1f\x8b" + bytes(1 << 20), Role.INSTRUCTOR, in_pieces=in_pieces)
    assert answer.status_code == 413
    assert "1 MB" in answer.json()["title"]
    assert rows() == (0, 0)
    assert stored_files() == []


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"MZ" + bytes(2000)])
async def test_what_is_no_archive_is_refused(data: bytes) -> None:
    answer = await send(data, Role.INSTRUCTOR)
    assert answer.status_code == 422
    assert answer.json()["title"].endswith((".", "zip."))
    assert rows() == (0, 0)
    assert stored_files() == []


async def test_an_archive_whose_import_is_not_taken_on_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_more(*_: object, **__: object) -> None:
        raise LimitReached("Three of your imports are still under way. Wait until one is done.")

    monkeypatch.setattr(imports, "request", no_more)
    answer = await send(build_short_course(tmp_path).read_bytes(), Role.INSTRUCTOR)
    assert answer.status_code == 409
    assert stored_files() == []
