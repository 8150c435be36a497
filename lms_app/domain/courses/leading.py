"""Leads the references in blocks, question bodies and settings to other names: on the way in to new ids, on the way out to names."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms_app.words import NodeKind

_ATTRIBUTE = re.compile(r'(?P<attribute>\b(?:src|href|poster)=")(?P<address>(?:file|page):[^"]*)"')
_IN_MARKDOWN = re.compile(r"(?<![\w.])(?:file|page):[^\s()<>\"']+")


@dataclass(frozen=True, kw_only=True)
class Leading:
    """`file` and `assessment` give the name in place of one; `address` does so for `file:…` and `page:…`, and leaves others alone."""

    file: Callable[[str], str]
    assessment: Callable[[str], str]
    address: Callable[[str], str]

    def lead(self, value: Any, key: str = "") -> Any:
        """The same values with every reference led."""
        if isinstance(value, dict):
            return {name: self.lead(entry, name) for name, entry in value.items()}
        if isinstance(value, list | tuple):
            return [self.lead(entry, key) for entry in value]
        if not isinstance(value, str):
            return value
        match key:
            case "file":
                return self.file(value)
            case "assessment":
                return self.assessment(value)
            case "href":
                return self.address(value)
            case "html":
                return _ATTRIBUTE.sub(self._in_attribute, value)
            case "introduction":
                return _IN_MARKDOWN.sub(lambda found: self.address(found[0]), value)
        return value

    def _in_attribute(self, found: re.Match[str]) -> str:
        return f'{found["attribute"]}{html.escape(self.address(html.unescape(found["address"])))}"'


def availability_led(rule: dict[str, Any], lead: Callable[[NodeKind, str], str]) -> dict[str, Any]:
    """An availability with the nodes that it waits for led to other names. KeyError or TypeError for what is none."""
    conditions: list[dict[str, Any]] = []
    for condition in rule["conditions"]:
        match condition["kind"]:
            case "after":
                condition = {**condition, "node": lead(NodeKind(condition["node_kind"]), condition["node"])}
            case "score":
                condition = {**condition, "quiz": lead(NodeKind.ASSESSMENT, condition["quiz"])}
            case _:
                pass
        conditions.append(condition)
    return {**rule, "conditions": conditions}
