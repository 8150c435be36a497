"""Tries every step of the Dockerfile on a machine without Docker, then the image's commands.

Each stage is this machine's own root folder with a layer of its own above it (an overlay), entered by chroot: what a step
writes stays in the layer. That needs root on Linux. Where it cannot be had, the file is only read, and that is said.
What is not tried: the base image itself (our Python stands in for its), the volume, published ports.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CHROOT = shutil.which("chroot", path=SYSTEM_PATH) or "chroot"
BIND = ("/proc", "/sys", "/dev")
COMMANDS = (["worker", "certificates", "notifications", "default"], ["worker", "analytics"], ["scheduler"])


@dataclass
class Stage:
    """An image in the making."""

    layer: Path
    env: dict[str, str] = field(default_factory=dict)
    folder: str = "/"
    user: str = "root"
    entry: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)

    def words(self, command: list[str]) -> list[str]:
        """The command line that runs `command` inside this stage."""
        root, work = self.layer.with_suffix(".root"), self.layer.with_suffix(".work")
        for place in (self.layer, root, work):
            place.mkdir(exist_ok=True)
        user, group = self._numbers()
        mounts = [f"mount -t overlay overlay -o lowerdir=/,upperdir={self.layer},workdir={work} {root}"]
        mounts += [f"mount --rbind {place} {root}{place}" for place in BIND]
        inside = f"cd {shlex.quote(self.folder)} && exec {shlex.join(command)}"
        enter = [CHROOT, f"--userspec={user}:{group}", "--groups=", str(root), "/bin/sh", "-c", inside]
        return ["unshare", "-m", "--propagation", "slave", "sh", "-c", " && ".join([*mounts, f"exec {shlex.join(enter)}"])]

    def environment(self, **more: str) -> dict[str, str]:
        """This machine's way to its packages, then what the image says."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV", "LYCEUM"))}
        return inherited | self.env | more

    def run(self, command: list[str]) -> None:
        """Run a step to its end."""
        subprocess.run(self.words(command), env=self.environment(), stdin=subprocess.DEVNULL, check=True)

    def inside(self, path: str) -> Path:
        """Where a path of the image is in its layer."""
        return self.layer / os.path.normpath(os.path.join("/", self.folder, path)).lstrip("/")

    def _numbers(self) -> tuple[int, int]:
        if self.user == "root":
            return 0, 0
        for line in (self.layer / "etc/passwd").read_text().splitlines():
            name, _, user, group = line.split(":")[:4]
            if name == self.user:
                return int(user), int(group)
        raise SystemExit(f"USER {self.user}: no step has made that account.")


def main() -> None:
    """Read, then try, then run."""
    steps = list(read((PROJECT / "Dockerfile").read_text()))
    if sys.platform != "linux" or os.geteuid() != 0:
        print(f"The Dockerfile reads well: {len(steps)} steps. They are not tried: that needs root on Linux.")
        return
    with tempfile.TemporaryDirectory(prefix="lyceum-image-") as folder:
        Path(folder).chmod(0o755)
        image = build(steps, Path(folder))
        assert image.user != "root", "The image must not run as root."
        serve(image)
    print("Every step and every command of the image works.")


def read(text: str) -> Iterator[tuple[str, str]]:
    """Instructions and what follows them."""
    for line in text.replace("\\\n", " ").splitlines():
        if line.strip() and not line.startswith("#"):
            instruction, _, rest = line.partition(" ")
            yield instruction, rest.strip()


def build(steps: list[tuple[str, str]], folder: Path) -> Stage:
    """The last stage."""
    stages: dict[str, Stage] = {}
    stage = Stage(folder)
    for instruction, rest in steps:
        started = time.monotonic()
        print(f"{instruction} {rest}", flush=True)
        if instruction == "FROM":
            base, _, name = rest.partition(" AS ")
            stage = stages[name or "last"] = Stage(folder / (name or "last"))
            put_python(stage, base)
        elif instruction == "RUN":
            stage.run(["/bin/sh", "-c", rest])
        elif instruction == "COPY":
            copy(stage, stages, rest.split())
        elif instruction == "ENV":
            stage.env |= dict(word.split("=", 1) for word in shlex.split(rest))
        elif instruction == "WORKDIR":
            stage.folder = rest
            stage.inside(rest).mkdir(parents=True, exist_ok=True)
        elif instruction == "USER":
            stage.user = rest
        elif instruction == "ENTRYPOINT":
            stage.entry = json.loads(rest)
        elif instruction == "CMD":
            stage.command = json.loads(rest)
        elif instruction == "HEALTHCHECK":
            json.loads(rest.partition("CMD ")[2])
        elif instruction not in ("VOLUME", "EXPOSE"):
            raise SystemExit(f"{instruction} is not known here.")
        print(f"    {time.monotonic() - started:.1f} s", flush=True)
    return stage


def put_python(stage: Stage, base: str) -> None:
    """Our Python in the place of the base image's, where every account may run it."""
    if not base.startswith("python:"):
        raise SystemExit(f"FROM {base}: only Python images can be stood in for.")
    program = Path(sys.executable).resolve()
    stage.env["PATH"] = f"{program.parent}:{SYSTEM_PATH}"
    for parent in program.parents:
        if parent != Path("/") and not parent.stat().st_mode & 0o001:
            (stage.layer / parent.relative_to("/")).mkdir(parents=True, exist_ok=True)
            stage.run(["chmod", "a+x", str(parent)])


def copy(stage: Stage, stages: dict[str, Stage], words: list[str]) -> None:
    """COPY, from the project or from a stage."""
    source_stage = stages[words.pop(0).removeprefix("--from=")] if words[0].startswith("--from=") else None
    *sources, target = words
    for source in sources:
        if source_stage is not None:
            shutil.copytree(source_stage.inside(source), stage.inside(target), symlinks=True, dirs_exist_ok=True)
        elif (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, stage.inside(target), symlinks=True, dirs_exist_ok=True, ignore=ignored)
        else:
            stage.inside(target).mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / source, stage.inside(target))


def ignored(folder: str, names: list[str]) -> set[str]:
    """Names that .dockerignore leaves out."""
    patterns = (PROJECT / ".dockerignore").read_text().split()
    below = Path(folder).relative_to(PROJECT)
    return {
        name
        for name in names
        for pattern in patterns
        if fnmatch(str(below / name), pattern) or (pattern.startswith("**/") and fnmatch(name, pattern.removeprefix("**/")))
    }


def serve(image: Stage) -> None:
    """Start every command of the image against real servers, and ask it whether it is well."""
    from lms_app.launcher import keys
    from lms_app.launcher.ports import free_port
    from lms_app.launcher.postgres import Postgres
    from lms_app.launcher.valkey import Valkey

    with tempfile.TemporaryDirectory(prefix="lyceum-servers-") as var:
        Path(var).chmod(0o711)
        postgres, valkey = Postgres(Path(var), durable=False), Valkey(Path(var))
        running: list[subprocess.Popen[bytes]] = []
        try:
            postgres.start()
            valkey.start()
            port = str(free_port())
            settings = keys.make() | {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url, "PORT": port}
            env = image.environment(**settings)
            print("migrate", flush=True)
            subprocess.run(image.words([*image.entry, "migrate"]), env=env, check=True)
            for command in (image.command, *COMMANDS):
                print(shlex.join(command), flush=True)
                running.append(subprocess.Popen(image.words([*image.entry, *command]), env=env, stdin=subprocess.DEVNULL))
            await_readiness(f"http://127.0.0.1:{port}/readyz", running)
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)
            valkey.stop()
            postgres.stop()


def await_readiness(address: str, running: list[subprocess.Popen[bytes]]) -> None:
    """Until `/readyz` says 200."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in running):
            raise SystemExit("A command of the image has ended.")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                print(f"/readyz: {answer.read().decode()}")
                return
        except OSError:
            time.sleep(0.3)
    raise SystemExit("The image's processes were not ready within 90 s.")


if __name__ == "__main__":
    main()
