"""What is to mend in a course: findings of its checks, what its blocks need of one another, and who has set which finding aside."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from lms_app.models.columns import Row, document, moment, no_facts, primary_id, refers, word
from lms_app.words import NodeKind


class CourseFinding(Row, table=True):
    """Something to mend at a node, by the code of a check (`health_rules.CHECKS`); `block_id` is "" for the whole node.

    `course_wide` ones are found by looking at the whole course, the others when the node is saved. `id` is made of node, check and block, so that the
    same finding has it again. `version` is what was looked at: the node's revision, or the words it has where it has none.
    """

    __tablename__ = "course_findings"
    __table_args__ = (Index("ix_course_findings_node", "node_id", "course_wide"), Index("ix_course_findings_course", "course_id", "course_wide"))

    id: UUID = Field(primary_key=True)
    course_id: UUID = refers("courses.id", index=False)
    course_wide: bool
    node_kind: NodeKind = word()
    node_id: UUID
    block_id: str = ""
    code: str
    version: str
    details: dict[str, Any] = document(default_factory=no_facts)


class NodeReference(Row, table=True):
    """That a block of a page or a question, in its newest state, needs a file, a page or a quiz. `target` is None where the name leads nowhere."""

    __tablename__ = "node_references"
    __table_args__ = (Index("ix_node_references_target", "target"),)

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    node_kind: NodeKind = word()
    node_id: UUID = Field(index=True)
    block_id: str = ""
    needs: str
    target: UUID | None = None


class DismissedFinding(Row, table=True):
    """That somebody of the staff has set a finding aside. It holds for this version of its node alone."""

    __tablename__ = "dismissed_findings"
    __table_args__ = (UniqueConstraint("finding_id"),)

    id: UUID = primary_id()
    course_id: UUID = refers("courses.id")
    finding_id: UUID
    version: str
    reason: str
    person_id: UUID = refers("people.id", index=False)
    at: datetime = moment()


class CourseCheck(Row, table=True):
    """When a course was looked through as a whole, and by which version of the checks its nodes were (`health_rules.RULES_VERSION`). `waiting` says
    that a job is on its way that has not begun."""

    __tablename__ = "course_checks"

    course_id: UUID = Field(foreign_key="courses.id", primary_key=True)
    waiting: bool = False
    rules: int = 0
    checked_at: datetime | None = moment(default=None)
