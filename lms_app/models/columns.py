"""Shapes of columns that every table shares."""

from typing import Any, ClassVar

from sqlalchemy import Column, Computed, DateTime, LargeBinary, Numeric, String, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeDecorator, UserDefinedType
from sqlmodel import Field, SQLModel

from lms_app.ids import uuid7


class Row(SQLModel):
    """What every table derives from: it lets a table say its name in the plainest way."""

    __tablename__: ClassVar[Any]


class Xid8(UserDefinedType[int]):
    """Postgres' 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """The type's name in DDL."""
        return "xid8"


def primary_id() -> Any:
    """A UUIDv7 primary key made before insert."""
    return Field(default_factory=uuid7, primary_key=True)


def refers(target: str, *, index: bool = True, **options: Any) -> Any:
    """A foreign key, indexed unless an index of several columns begins with it."""
    return Field(foreign_key=target, index=index, **options)


def moment(**options: Any) -> Any:
    """A `timestamptz`."""
    return Field(sa_type=DateTime(timezone=True), **options)  # pyright: ignore[reportArgumentType]


# A row's default is looked at with `inspect` each time one is made: a builtin costs ten times what a function does.


def no_entries() -> list[Any]:
    """The default of a list."""
    return []


def no_facts() -> dict[str, Any]:
    """The default of a JSON object."""
    return {}


def word(**options: Any) -> Any:
    """One of an enum's words, stored as text, so that adding a word needs no migration of a type."""
    return Field(sa_type=String, **options)


def document(**options: Any) -> Any:
    """A JSON document."""
    return Field(sa_type=JSONB, **options)


def files_in(column: str) -> Any:
    """The ids of the files that the JSON document in `column` refers to, kept by Postgres."""
    return Field(default=None, sa_column=Column("files", ARRAY(Uuid()), Computed(f"files_in({column})", persisted=True)))


def ciphertext(**options: Any) -> Any:
    """Sealed bytes."""
    return Field(sa_type=LargeBinary, **options)


class Whole(TypeDecorator[int]):
    """A whole number of any size: `numeric` without places, an int in Python."""

    impl = Numeric
    cache_ok = True

    def process_result_value(self, value: Any, dialect: Any) -> int | None:
        """The number as it was written."""
        return None if value is None else int(value)


def whole(**options: Any) -> Any:
    """A sum that may grow beyond 64 bits."""
    return Field(sa_type=Whole, **options)


def scored(**options: Any) -> Any:
    """A score: `numeric(12,6)`."""
    return Field(sa_type=Numeric(12, 6), **options)  # pyright: ignore[reportArgumentType]
