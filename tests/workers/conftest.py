"""What tests of jobs begin with: a folder for files, and a course."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_app.database import transaction
from lms_app.settings import get_settings
from tests.support.campus import Campus, new_campus


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A storage folder of the test's own."""
    monkeypatch.setenv("STORAGE_DIR", str(tmp_path / "storage"))
    get_settings.cache_clear()
    yield tmp_path / "storage"
    get_settings.cache_clear()


@pytest.fixture
def campus(committed_database: str) -> Campus:
    with transaction() as session:
        return new_campus(session)
