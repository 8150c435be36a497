"""The container image, without a container engine."""

import subprocess
import sys

import pytest

from lms_app.launcher.places import PROJECT


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_every_step_of_the_dockerfile_and_every_command_of_the_image_works() -> None:
    tried = subprocess.run([sys.executable, "bin/try_dockerfile.py"], cwd=PROJECT, capture_output=True, text=True)
    assert tried.returncode == 0, tried.stdout[-3000:] + tried.stderr[-3000:]
    assert tried.stdout.rstrip().endswith(("works.", "needs root on Linux."))
