"""Databases that are lent to one test after another, and emptied in between: to clone one takes longer than most tests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg2
from psycopg2 import sql
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

END_OTHERS = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

# What a test may have changed besides rows.
SHAPE = """
SELECT md5(string_agg(thing, ' ' ORDER BY thing)) FROM (
    SELECT concat_ws('.', 'class', oid, relname, relkind, relnatts, relowner, reloptions) AS thing FROM pg_class WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', 'column', attrelid, attname, atttypid, attnotnull, atthasdef) FROM pg_attribute WHERE attrelid >= 16384
    UNION ALL SELECT concat_ws('.', 'constraint', oid, conname, convalidated) FROM pg_constraint WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', 'trigger', oid, tgname, tgenabled) FROM pg_trigger
    UNION ALL SELECT concat_ws('.', 'function', oid, proname, md5(prosrc)) FROM pg_proc WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', 'schema', oid, nspname) FROM pg_namespace WHERE oid >= 16384
    UNION ALL SELECT concat_ws('.', 'extension', oid, extname) FROM pg_extension
    UNION ALL SELECT concat_ws('.', 'setting', setrole, setconfig) FROM pg_db_role_setting
    UNION ALL SELECT concat_ws('.', 'migration', version_num) FROM alembic_version
) AS things
"""

TABLES = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relpersistence <> 't' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
"""


@dataclass(frozen=True)
class Lent:
    """A database, and what its tables were like when it was fresh."""

    name: str
    url: str
    shape: str
    connection: Connection
    """The one that empties it. It stays, with what it has learnt of all the tables: that takes longer than to empty them."""


class Lending:
    """Lends databases that are like a fresh clone. One that a test has changed more in than rows is dropped."""

    def __init__(self, clone: Callable[[str], str], drop: Callable[[str], None]) -> None:
        self._clone, self._drop = clone, drop
        self._ready: list[Lent] = []
        self._made = 0

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Address of an empty database. Whoever is connected to it at the end is cut off."""
        lent = self._ready.pop() if self._ready else self._make()
        try:
            yield lent.url
        finally:
            if _emptied(lent):
                self._ready.append(lent)
            else:
                lent.connection.close()
                self._drop(lent.name)

    def _make(self) -> Lent:
        self._made += 1
        name = f"lent_{self._made}"
        url = self._clone(name)
        connection = psycopg2.connect(url)
        with connection, connection.cursor() as cursor:
            return Lent(name, url, _shape(cursor), connection)


def _emptied(lent: Lent) -> bool:
    """Deletes every row; False where rows are not all that has changed, and where the server was started anew."""
    try:
        with lent.connection, lent.connection.cursor() as cursor:
            cursor.execute(END_OTHERS)
            if _shape(cursor) != lent.shape:
                return False
            # Without foreign keys and triggers: any order will do.
            cursor.execute("SET LOCAL session_replication_role = replica")
            if with_rows := tables_with_rows(cursor):
                cursor.execute(sql.SQL("; ").join(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in with_rows))
            return True
    except (psycopg2.OperationalError, psycopg2.InterfaceError):
        return False


def _shape(cursor: Cursor) -> str:
    cursor.execute(SHAPE)
    return cursor.fetchone()[0]


def tables_with_rows(cursor: Cursor) -> list[str]:
    """Names of the tables that are not empty."""
    cursor.execute(TABLES)
    one = "(SELECT {} FROM {} LIMIT 1)"
    each = [sql.SQL(one).format(sql.Literal(name), sql.Identifier(name)) for (name,) in cursor.fetchall()]
    cursor.execute(sql.SQL(" UNION ALL ").join(each))
    return [name for (name,) in cursor.fetchall()]
