"""Sealing history into a hash chain, and proving that nobody touched it.

Writers never wait for one another: they only append rows. Once a minute `seal` takes the rows whose transactions are
final, in id order, and links each onto the one before: hash = SHA-256(previous hash, canonical text of the row).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction

from network.locks import hold_lock

GENESIS = "0" * 64
CANONICAL = (
    "concat_ws('|', e.id, extract(epoch from e.at)::text, e.xid, e.\"table\", e.row, e.action, coalesce(e.before::text, '-'), "
    "coalesce(e.after::text, '-'), coalesce(e.actor_id::text, '-'), e.request_id, e.reason)"
)
BATCH = 5000


def link(previous: str, canonical: str) -> str:
    """The hash of one link."""
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


@transaction.atomic
def seal(limit: int = BATCH) -> int:
    """Seal up to `limit` final rows; returns how many. Two sealers take turns by an advisory lock; no writer waits."""
    hold_lock("audit.seal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, hash FROM audit_seal ORDER BY position DESC LIMIT 1")
        position, previous = cursor.fetchone() or (0, GENESIS)
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        horizon = cursor.fetchone()[0]
        cursor.execute(
            f"SELECT e.id, {CANONICAL} FROM audit_event e "  # noqa: S608  (constant text)
            "WHERE e.xid < %s AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id) ORDER BY e.id LIMIT %s",
            [horizon, limit],
        )
        rows = cursor.fetchall()
        links = []
        for event_id, canonical in rows:
            position, previous = position + 1, link(previous, canonical)
            links.append((position, event_id, previous, horizon))
        if links:
            cursor.execute(
                "INSERT INTO audit_seal (position, event_id, hash, horizon, sealed_at) SELECT p, e, h, x, now() "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[]) AS t(p, e, h, x)",
                [list(column) for column in zip(*links, strict=True)],
            )
    return len(rows)


@dataclass(frozen=True)
class Verification:
    """What verifying found: how many rows were checked, the last hash, and the first row that is wrong with what is wrong."""

    checked: int
    head: str
    fault: str = ""
    event_id: int | None = None

    @property
    def intact(self) -> bool:
        return not self.fault


def verify() -> Verification:
    """Walk the chain and name the first altered, removed or inserted row.

    A row is altered where its link no longer follows from it; removed where a link's row or a link itself is gone;
    inserted where a row is unsealed although its transaction claims to be older than the chain's last horizon.
    What can't be seen: rows added at the end by somebody who writes as the portal does.
    """
    previous, expected, horizon = GENESIS, 1, 0
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT s.position, s.event_id, s.hash, s.horizon, e.id, {CANONICAL} FROM audit_seal s "  # noqa: S608
            "LEFT JOIN audit_event e ON e.id = s.event_id ORDER BY s.position"
        )
        for position, event_id, sealed, seen, present, canonical in cursor:
            if position != expected:
                return Verification(expected - 1, previous, "removed link", event_id)
            if present is None:
                return Verification(expected - 1, previous, "removed", event_id)
            if link(previous, canonical) != sealed:
                return Verification(expected - 1, previous, "altered", event_id)
            previous, expected, horizon = sealed, expected + 1, max(horizon, seen)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.id) FROM audit_event e WHERE e.xid < %s AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id) "
            "AND e.id < (SELECT coalesce(max(event_id), 0) FROM audit_seal)",
            [horizon],
        )
        inserted = cursor.fetchone()[0]
    if inserted is not None:
        return Verification(expected - 1, previous, "inserted", inserted)
    return Verification(expected - 1, previous)
