"""`python -m lms_app parked-jobs` and `resend-jobs`: what was given up is seen and sent again."""

import os
import subprocess
import sys

import pytest

from lms_app.adapters import clock, jobs
from lms_app.database import transaction
from lms_app.launcher.places import PROJECT
from lms_app.models import OutboxMessage
from lms_app.words import JobQueue

pytestmark = pytest.mark.usefixtures("committed_database", "redis_url")


def run(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lms_app", *arguments]
    written = given.decode(errors="surrogateescape")
    return subprocess.run(
        command, cwd=PROJECT, env=os.environ, input=written, capture_output=True, encoding="utf-8", errors="surrogateescape", timeout=120, check=False
    )


def test_a_parked_job_is_listed_with_its_error_and_sent_again_by_its_id() -> None:
    now = clock.now()
    with transaction() as session:
        row = OutboxMessage(
            job="certificates.issue", queue=JobQueue.CERTIFICATES, arguments={"enrollment_id": "e1"}, created_at=now, not_before=now, sendings=16,
            parked_at=now, last_error="builtins.OSError at pdf.py:12",
        )  # fmt: skip
        session.add(row)
    listed = run("parked-jobs").stdout
    for word in (str(row.id), 'certificates.issue {"enrollment_id": "e1"}', "after 16 sendings: builtins.OSError at pdf.py:12"):
        assert word in listed
    assert run("resend-jobs").returncode == 2
    assert run("resend-jobs", str(row.id)).stdout == "Jobs to be sent again: 1.\n"
    assert run("parked-jobs").stdout == "No job is parked.\n"
    with transaction() as session:
        assert jobs.sweep(session) == 1
