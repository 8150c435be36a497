"""Writes requirements.txt and requirements-dev.txt from the *.in files and from what is installed: every package, each at its version.

Run it with the project's Python after installing a package or a newer version: `.venv/bin/python bin/pin_requirements.py`.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
SYSTEMS = (("linux", "Linux", "x86_64"), ("linux", "Linux", "aarch64"), ("darwin", "Darwin", "arm64"))
PYTHONS = ("3.11.2", "3.11.9", "3.12.9", "3.13.5", "3.14.0")


def main() -> None:
    """Write both files."""
    product = closure(read("requirements.in"))
    write("requirements.txt", "What the product needs", product)
    tests = closure(read("requirements-dev.in"))
    write("requirements-dev.txt", "What tests need beyond requirements.txt", tests - product)


def read(name: str) -> list[Requirement]:
    lines = (PROJECT / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line.strip() and not line.startswith("#")]


def closure(wanted: list[Requirement]) -> set[str]:
    """Every package that these need on any system and Python that we support, as lines."""
    lines: set[str] = set()
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = list(wanted)
    while waiting:
        requirement = waiting.pop()
        name, extras = canonicalize_name(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            found = distribution(name)
        except PackageNotFoundError:
            if requirement.marker is None or "==" not in str(requirement.specifier):
                raise SystemExit(f"{requirement} is not installed here. Name it in an *.in file with its version and its marker.") from None
            lines.add(f"{name}{requirement.specifier} ; {requirement.marker}")
            continue
        lines.add(f"{name}=={found.version}")
        inner = [Requirement(text) for text in found.requires or ()]
        pinned_elsewhere = {canonicalize_name(other.name) for other in wanted}
        waiting += [other for other in inner if _applies(other.marker, extras) and not _is_pinned(other, pinned_elsewhere)]
    return lines


def _is_pinned(requirement: Requirement, names: set[str]) -> bool:
    """Whether the *.in file already names this package, which then says all about it."""
    return canonicalize_name(requirement.name) in names and not requirement.extras


def _applies(marker: Marker | None, extras: frozenset[str]) -> bool:
    if marker is None:
        return True
    here = default_environment()
    return any(
        marker.evaluate(
            {
                **here,
                "python_full_version": python,
                "python_version": ".".join(python.split(".")[:2]),
                "sys_platform": platform,
                "platform_system": system,
                "platform_machine": machine,
                "extra": extra,
            }
        )
        for python in PYTHONS
        for platform, system, machine in SYSTEMS
        for extra in extras or {""}
    )


def write(name: str, heading: str, lines: set[str]) -> None:
    (PROJECT / name).write_text(f"# {heading}, pinned. Made by bin/pin_requirements.py from requirements*.in.\n" + "\n".join(sorted(lines)) + "\n")


if __name__ == "__main__":
    main()
