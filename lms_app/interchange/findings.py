"""What a reader writes down while it reads: what it met, what it could not take, which files are missing, which are used."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from lms_app.domain.content.svg import MAX_SVG, harmless_svg
from lms_app.errors import Invalid
from lms_app.interchange.asset_names import asset_name
from lms_app.interchange.neutral import Asset, Report, Unsupported

SVG = "image/svg+xml"


class Findings:
    """Collected during one reading."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.removed_scripts = 0
        self._unsupported: list[Unsupported] = []
        self._missing: set[str] = set()
        self._assets: dict[str, Asset] = {}
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()

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

    def name_for(self, path: str, plain: str = "") -> str:
        """A name that can stand in an address for a file of the source, the same each time, and of no other file. `plain` is what it is called, where
        its path does not say that."""
        if path not in self._names:
            name = plain = asset_name(plain or path)
            number = 2
            while name in self._taken:
                stem, dot, ending = plain.rpartition(".")
                name, number = f"{stem or ending}_{number}{dot if stem else ''}{ending if stem else ''}", number + 1
            self._taken.add(name)
            self._names[path] = name
        return self._names[path]

    def has_name(self, path: str) -> bool:
        """Whether a file of the source was given a name."""
        return path in self._names

    def assets(self) -> tuple[Asset, ...]:
        """All files that are used, by name: drawings without what runs or loads in them, and without those that are no drawings."""
        found = (self._harmless(self._assets[name]) for name in sorted(self._assets))
        return tuple(asset for asset in found if asset is not None)

    def _harmless(self, asset: Asset) -> Asset | None:
        if asset.media_type != SVG:
            return asset
        try:
            if asset.size > MAX_SVG:
                raise Invalid(f"The drawing is larger than {MAX_SVG >> 20} MB.")
            drawing = harmless_svg(asset.read()).data
        except Invalid as refusal:
            self.leave_out("svg", asset.name, asset.name, refusal.sentence)
            return None
        return replace(asset, size=len(drawing), content=lambda: harmless_svg(asset.read()).data, stream=None)

    def report(self) -> Report:
        """The finished report."""
        return Report(
            source_counts=dict(self.counts),
            unsupported=tuple(self._unsupported),
            missing_files=tuple(sorted(self._missing)),
            removed_scripts=self.removed_scripts,
        )
