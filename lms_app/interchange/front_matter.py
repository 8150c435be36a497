"""Front matter: what a text says of itself before it begins, in YAML between lines of dashes or in TOML between lines of plus signs."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any, Final

import yaml

MOST: Final = 20_000
_FENCED = re.compile(r"\A\ufeff?(?P<fence>---|\+\+\+)[ \t]*\r?\n(?P<inside>.*?)(?:\r?\n)?^(?P=fence)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


class _Plain(yaml.SafeLoader):
    """YAML without references from one part to another, which can make a few lines very large."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


def read_front_matter(text: str) -> tuple[dict[str, Any], str]:
    """What the text says of itself, and the text after it. What cannot be read as YAML or TOML is left where it stands."""
    found = _FENCED.match(text)
    if not found or len(found["inside"]) > MOST:
        return {}, text
    try:
        said: object = yaml.load(found["inside"], _Plain) if found["fence"] == "---" else tomllib.loads(found["inside"])  # noqa: S506 - a safe one
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError, RecursionError, OverflowError):
        return {}, text
    if said is None:
        return {}, text[found.end() :]
    if not isinstance(said, dict):
        return {}, text
    return {str(name): value for name, value in said.items()}, text[found.end() :]


def write_front_matter(said: Mapping[str, Any]) -> str:
    """The lines that say this before a text; nothing for nothing."""
    if not said:
        return ""
    return f"---\n{yaml.safe_dump(dict(said), allow_unicode=True, sort_keys=False, width=140)}---\n\n"


def text_of(said: Mapping[str, Any], *names: str) -> str:
    """The first of these that is said in one line of text, "" where none is."""
    for name in names:
        value = said.get(name)
        if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
            return " ".join(str(value).split())
    return ""


def lines_of(said: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The texts of a list, or those with commas between them."""
    value = said.get(name)
    listed = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(line for entry in listed if isinstance(entry, str | int | float) and (line := " ".join(str(entry).split())))
