"""The secrets of an installation."""

import stat
from pathlib import Path

from lms_app.launcher import keys
from lms_app.settings import Settings


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    made = keys.load_or_make(tmp_path)
    assert keys.load_or_make(tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600


def test_secrets_satisfy_the_settings() -> None:
    needed = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()} - {"DATABASE_URL"}
    optional = {"VAPID_KEY"}
    assert needed | optional == set(keys.make())


def test_a_secret_that_the_file_lacks_is_added_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text("# mine\nSTATE_KEY=abc=\n")
    made = keys.load_or_make(tmp_path)
    assert made["STATE_KEY"] == "abc="
    assert keys.load_or_make(tmp_path) == made
