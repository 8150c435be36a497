"""What a reader writes down while it reads: what it met, what it could not take, which files are missing, which are used."""

from collections import Counter
from collections.abc import Callable

from lms_app.interchange.neutral import Asset, Report, Unsupported


class Findings:
    """Collected during one reading."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.removed_scripts = 0
        self._unsupported: list[Unsupported] = []
        self._missing: set[str] = set()
        self._assets: dict[str, Asset] = {}

    def leave_out(self, kind: str, title: str, place: str, reason: str = "") -> None:
        """Something that the course will not hold, or not whole."""
        self._unsupported.append(Unsupported(kind=kind, title=" ".join(title.split())[:200] or kind, place=place, reason=reason))

    def miss(self, name: str) -> None:
        """A file that the course names and the archive lacks."""
        self._missing.add(name)

    def use(self, name: str, make: Callable[[], Asset]) -> None:
        """A file that a page needs. Made once."""
        if name not in self._assets:
            self._assets[name] = make()

    def assets(self) -> tuple[Asset, ...]:
        """All files that are used, by name."""
        return tuple(self._assets[name] for name in sorted(self._assets))

    def report(self) -> Report:
        """The finished report."""
        return Report(
            source_counts=dict(self.counts),
            unsupported=tuple(self._unsupported),
            missing_files=tuple(sorted(self._missing)),
            removed_scripts=self.removed_scripts,
        )
