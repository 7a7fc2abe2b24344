"""Emptying the database after a test that wrote for good.

Django's way, `flush`, truncates every table with all its indexes and makes content types and permissions anew: for the few
rows that a test leaves, that takes longer than the test. Here only what was written is deleted, and what `migrate` filled
is looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.core.management import call_command
from django.db import connection, transaction

# What `migrate` fills: their rows belong to the empty database.
KEPT = ("auth_permission", "django_content_type")

_tables: list[str] = []
_kept: list[str] = []


def learn() -> None:
    """Look at the empty database of this process: which tables there are, and what is in those that keep their rows."""
    _tables[:] = sorted(set(connection.introspection.django_table_names(only_existing=True, include_views=False)))
    _kept[:] = fingerprints()


def fingerprints() -> list[str]:
    """What tells the kept tables, as they are, from others."""
    found = []
    with connection.cursor() as cursor:
        for table in KEPT:
            cursor.execute(f'SELECT md5(string_agg(kept::text, chr(10) ORDER BY id)) FROM "{table}" kept')
            found += cursor.fetchone()
    return found


def filled() -> Sequence[str]:
    """The tables that hold rows, besides the kept ones. Their size tells the most of those that hold none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE oid = ANY(%s::regclass[]) AND pg_relation_size(oid) > 0",
            [[f'"{table}"' for table in _tables if table not in KEPT]],
        )
        grown = [table for (table,) in cursor.fetchall()]
        if not grown:
            return []
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM \"{table}\" LIMIT 1)" for table in grown))
        return [table for (table,) in cursor.fetchall()]


def empty() -> None:
    """Leave the database as it was when it was new. Like TRUNCATE, it waits for whoever still writes in another connection."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE".format(", ".join(f'"{table}"' for table in _tables)))
        # No triggers: history refuses DELETE, and what refers to what does not matter where all goes.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in filled():
            cursor.execute(f'DELETE FROM "{table}"')
        same = fingerprints() == _kept
    if not same:
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)
        _kept[:] = fingerprints()
