"""Sealing history into a hash chain, and proving that nobody touched it.

Writers never wait for one another: they only append rows. Once a minute `seal` links every committed row that has no
link yet onto the one before: hash = SHA-256(previous hash, canonical text of the row). A transaction that commits late
finds its place in a later batch, so no long transaction holds the chain up.
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
    """Seal up to `limit` committed rows; returns how many. Two sealers take turns by an advisory lock; no writer waits.

    A batch that leaves nothing behind notes its snapshot: what was visible in it must have been sealed by then.
    """
    hold_lock("audit.seal")
    with connection.cursor() as cursor:
        cursor.execute("SELECT position, hash FROM audit_seal ORDER BY position DESC LIMIT 1")
        position, previous = cursor.fetchone() or (0, GENESIS)
        # One statement, so that the rows and the snapshot are those of the same moment.
        cursor.execute(
            f"SELECT e.id, {CANONICAL}, pg_current_snapshot()::text FROM audit_event e "  # noqa: S608  (constant text)
            "WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id) ORDER BY e.id LIMIT %s",
            [limit],
        )
        rows = cursor.fetchall()
        links = []
        for event_id, canonical, snapshot in rows:
            position, previous = position + 1, link(previous, canonical)
            whole = len(rows) < limit and event_id == rows[-1][0]
            links.append((position, event_id, previous, snapshot if whole else ""))
        if links:
            cursor.execute(
                "INSERT INTO audit_seal (position, event_id, hash, snapshot, sealed_at) SELECT p, e, h, x, now() "
                "FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[]) AS t(p, e, h, x)",
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
    inserted where a row is unsealed although its transaction was over when a batch last left nothing behind.
    What can't be seen: rows added at the end by somebody who writes as the portal does.
    """
    previous, expected, snapshot = GENESIS, 1, ""
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT s.position, s.event_id, s.hash, s.snapshot, e.id, {CANONICAL} FROM audit_seal s "  # noqa: S608
            "LEFT JOIN audit_event e ON e.id = s.event_id ORDER BY s.position"
        )
        for position, event_id, sealed, seen, present, canonical in cursor:
            if position != expected:
                return Verification(expected - 1, previous, "removed link", event_id)
            if present is None:
                return Verification(expected - 1, previous, "removed", event_id)
            if link(previous, canonical) != sealed:
                return Verification(expected - 1, previous, "altered", event_id)
            previous, expected, snapshot = sealed, expected + 1, seen or snapshot
    inserted = _inserted(snapshot) if snapshot else None
    if inserted is not None:
        return Verification(expected - 1, previous, "inserted", inserted)
    return Verification(expected - 1, previous)


def _inserted(snapshot: str) -> int | None:
    """The first unsealed row that claims a transaction which the snapshot had seen end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(e.id) FROM audit_event e WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event_id = e.id) "
            "AND pg_visible_in_snapshot(e.xid::text::xid8, %s::pg_snapshot)",
            [snapshot],
        )
        found: int | None = cursor.fetchone()[0]
    return found
