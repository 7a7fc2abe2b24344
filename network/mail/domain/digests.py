"""Digests: somebody with many reminders due at the same moment gets one mail that holds them all."""

# ruff: noqa: S608  (composed of constants and of SQL that Django compiled; every value is a parameter)
from __future__ import annotations

from datetime import datetime

from django.db import connection

from network.mail.messages import DIGEST
from network.mail.queries import due

# So many come one by one.
MOST_ALONE = 3
CROWDED = """crowded AS MATERIALIZED (
    SELECT recipient_id FROM mail_outgoingmail, clock
    WHERE status = 'queued' AND rule_id IS NOT NULL AND digest_id IS NULL AND attempts = 0 AND recipient_id IS NOT NULL
    GROUP BY recipient_id, greatest(next_try_at, clock.now) HAVING count(*) > %s)"""
# `IN ... IS TRUE` is looked up in a hash: the database can't know how many they are, and would guess too few to join well.
# Waiting reminders with the moment at which they go out. Locked in one order: a second ticker waits, then finds them
# folded; a sender has them, or they are in the digest, never both.
WAITING = """waiting AS MATERIALIZED (
    SELECT mail.id, mail.recipient_id, greatest(mail.next_try_at, clock.now) AS leaves_at, mail.not_after
    FROM mail_outgoingmail mail, clock
    WHERE mail.status = 'queued' AND mail.rule_id IS NOT NULL AND mail.digest_id IS NULL AND mail.attempts = 0
        AND (mail.recipient_id IN (SELECT id FROM account)) IS TRUE
    ORDER BY mail.id FOR UPDATE OF mail)"""


def fold(now: datetime | None = None) -> tuple[int, int]:
    """Put the reminders of everybody who has more than three for one moment into a digest: (digests made, mails folded).

    For one moment: due now, or waiting for the same end of quiet hours. Runs in the transaction that planned them, so
    that no sender sees the single ones in between. What is held, tried already or with a sender is left alone. `now`
    stands for the database's clock in tests.
    """
    into = due.columns("key", "kind", "klass", *due.RECIPIENT, "next_try_at", "not_after")
    sql = f"""
        WITH clock AS MATERIALIZED (SELECT coalesce(%s::timestamptz, statement_timestamp()) AS now),
        {CROWDED},
        {due.ACCOUNT.format(of="crowded", column="recipient_id")},
        {WAITING},
        heap AS MATERIALIZED (
            SELECT nextval(pg_get_serial_sequence('mail_outgoingmail', 'id')) AS id, grouped.* FROM (
                SELECT recipient_id, leaves_at, array_agg(id) AS parts, min(id) AS first_id, max(not_after) AS not_after
                FROM waiting GROUP BY recipient_id, leaves_at HAVING count(*) > %s ORDER BY first_id) grouped),
        made AS (
            INSERT INTO mail_outgoingmail (id, {into.names})
            SELECT heap.id, concat('digest:u', reader.id, ':', first_id), %s, %s, {due.FROM_READER},
                leaves_at, heap.not_after{into.holes}
            FROM heap JOIN people_user reader ON reader.id = recipient_id
            ORDER BY first_id ON CONFLICT (key) DO NOTHING RETURNING id),
        folded AS (
            UPDATE mail_outgoingmail mail SET status = 'superseded', digest_id = part.digest_id
            FROM (SELECT id AS digest_id, unnest(parts) AS id FROM heap
                WHERE (id IN (SELECT id FROM made)) IS TRUE ORDER BY 2 OFFSET 0) part
            WHERE mail.id = part.id RETURNING mail.id)
        SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM folded)"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, MOST_ALONE, MOST_ALONE, DIGEST.kind, DIGEST.klass, *into.defaults])
        made, folded = cursor.fetchone()
    return int(made), int(folded)
