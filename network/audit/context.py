"""Who is acting and why, told to Postgres so that the trigger can write it down.

Each writing statement carries its actor in the same round trip (`SELECT set_config(..., true); INSERT ...`), local to
the transaction: nothing is left on a pooled connection, and a rollback can't separate the actor from the change.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction

WRITES = re.compile(r"\s*(insert|update|delete|with)\b", re.IGNORECASE)


@contextmanager
def acting(who: int | Callable[[], int | None] | None, request_id: str = "") -> Iterator[None]:
    """Changes inside this block are recorded as made by that account (an id, or a function asked at the first write)."""
    safe_request = re.sub(r"[^0-9a-zA-Z-]", "", request_id)[:32]

    def carry(execute, sql, params, many, context):
        if not WRITES.match(sql):
            return execute(sql, params, many, context)
        user_id = who() if callable(who) else who
        settings = f"SELECT set_config('koine.actor', '{int(user_id) if user_id else ''}', true), set_config('koine.request', '{safe_request}', true)"
        if many:
            # executemany sends its statement once per row: the settings go ahead of it, in the same transaction.
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute(settings)
                return execute(sql, params, many, context)
        return execute(f"{settings}; {sql}", params, many, context)

    with connection.execute_wrapper(carry):
        yield


def because(reason: str) -> None:
    """Record `reason` on every history row written by the rest of the running transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a reason belongs to a transaction")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('koine.reason', %s, true)", [reason])
