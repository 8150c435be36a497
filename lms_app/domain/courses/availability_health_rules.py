"""Which availabilities can never be met, and why: what waits for something that is gone, that students do not see, that nothing completes, or that
waits for it in turn. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from lms_app.domain.courses.availability_rules import After, Availability, Match, Score
from lms_app.words import NodeKind


@dataclass(frozen=True, kw_only=True)
class WaitingNode:
    """A node that is in the course. `completes`: something completes it by itself, which of modules and lessons is never so; `shown`: students see
    it, once they see what it stands in."""

    id: UUID
    kind: NodeKind
    title: str
    within: UUID | None = None
    shown: bool = True
    completes: bool = False
    required: bool = False


def never_met(nodes: Iterable[WaitingNode], rules: Mapping[UUID, Availability]) -> dict[UUID, str]:
    """Why the availability of a node can never be met, by the node: half a sentence, "it opens after “Sand”, which …"."""
    return _Course(nodes, rules).never_met()


class _Course:
    """What opens when everything that can be done is done: it grows, round by round, from what waits for nothing."""

    def __init__(self, nodes: Iterable[WaitingNode], rules: Mapping[UUID, Availability]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self.rules = {node: rule for node, rule in rules.items() if node in self.nodes and rule.opening}
        self.inside: dict[UUID, list[WaitingNode]] = defaultdict(list)
        for node in self.nodes.values():
            if node.within is not None:
                self.inside[node.within].append(node)
        self.met: set[UUID] = set()
        while True:
            more = {node for node, rule in self.rules.items() if node not in self.met and self._can_be_met(rule)}
            if not more:
                break
            self.met |= more

    def never_met(self) -> dict[UUID, str]:
        return {node: self._why(node) for node in self.rules if node not in self.met}

    def _can_be_met(self, rule: Availability) -> bool:
        held = [self._holds(each) for each in rule.opening]
        return any(held) if rule.match is Match.ANY else all(held)

    def _holds(self, condition: object) -> bool:
        if not isinstance(condition, After | Score):
            return True
        target = self.nodes.get(_target(condition))
        if target is None or not self._is_shown(target):
            return False
        if isinstance(condition, Score):
            return self._opens(target)
        asked = self._asked(target)
        return bool(asked) and all(self._opens(each) for each in asked)

    def _opens(self, node: WaitingNode) -> bool:
        return all(each not in self.rules or each in self.met for each in self._way_to(node))

    def _way_to(self, node: WaitingNode) -> Iterator[UUID]:
        at: WaitingNode | None = node
        while at is not None:
            yield at.id
            at = self.nodes.get(at.within) if at.within else None

    def _is_shown(self, node: WaitingNode) -> bool:
        if node.kind in (NodeKind.MODULE, NodeKind.LESSON):
            return any(self._is_shown(each) for each in self.inside[node.id])
        holder = self.nodes.get(node.within) if node.kind == NodeKind.ASSESSMENT and node.within else None
        return node.shown and (holder is None or holder.shown)

    def _asked(self, target: WaitingNode) -> list[WaitingNode]:
        """What is to be done for a node to be complete."""
        if target.completes:
            return [target]
        below = [each for each in self._below(target) if each.completes and self._is_shown(each)]
        required = [each for each in below if each.required]
        return required or ([] if target.kind in (NodeKind.PAGE, NodeKind.ASSESSMENT) else below)

    def _below(self, node: WaitingNode) -> Iterator[WaitingNode]:
        for each in self.inside[node.id]:
            yield each
            yield from self._below(each)

    def _why(self, node: UUID) -> str:
        condition = next(each for each in self.rules[node].opening if isinstance(each, After | Score) and not self._holds(each))
        target = self.nodes.get(_target(condition))
        if target is None:
            return "it opens after something that is not in the course any more"
        named = f"it opens after “{target.title}”, "
        if not self._is_shown(target):
            return f"{named}which students cannot see"
        asked = [target] if isinstance(condition, Score) else self._asked(target)
        if not asked:
            return f"{named}in which there is nothing to complete"
        if node in self._waits_for(asked):
            return f"{named}and that cannot be done before this is open"
        return f"{named}which can never be opened itself"

    def _waits_for(self, asked: list[WaitingNode]) -> set[UUID]:
        """Every node that must be open before some can be done."""
        found: set[UUID] = set()
        waiting = list(asked)
        while waiting:
            for holder in self._way_to(waiting.pop()):
                if holder in found:
                    continue
                found.add(holder)
                for condition in self.rules[holder].opening if holder in self.rules else ():
                    target = self.nodes.get(_target(condition)) if isinstance(condition, After | Score) else None
                    if target is not None:
                        waiting += [target] if isinstance(condition, Score) else self._asked(target)
        return found


def _target(condition: After | Score) -> UUID:
    return condition.node if isinstance(condition, After) else condition.quiz
