"""Advisory locks for work that must not run twice at once but has no row to lock."""

from __future__ import annotations

import zlib

from django.db import connection


def try_lock(name: str) -> bool:
    """Take the transaction-wide Postgres advisory lock `name`; False where another transaction holds it.

    Released by Postgres at the end of the transaction. Used to save work, never for correctness.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
        return bool(cursor.fetchone()[0])


def hold_lock(name: str) -> None:
    """Wait for the transaction-wide Postgres advisory lock `name`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(name.encode())])
