"""Taking a lease on mails that are due. Which, is one statement's answer; who gets them, a row lock's.

No domain gets more than KOINE_MAIL_PER_DOMAIN mails in any minute, and one that has had them holds nobody else up, however
many of its mails wait.
"""

# ruff: noqa: S608  (composed of constants; every value is a parameter)

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.outgoing import MessageClass

LEASE = timedelta(minutes=5)
BATCH = 20
TRIES = 8
# So many more are looked at than taken: others hold locks on the first ones.
LOOK = 5
DIED = "its worker ended"

# What the last minute left of a domain's number. What is leased and not begun counts as sent. A mail without a domain was
# queued before domains were kept: nothing holds it back.
ROOM = """
    CASE WHEN %(most)s = 0 OR domain = '' THEN %(look)s ELSE %(most)s
        - (SELECT count(*) FROM (SELECT FROM mail_outgoingmail
            WHERE to_domain = domain AND smtp_started_at > %(minute_ago)s LIMIT %(most)s) begun)
        - coalesce((SELECT number FROM leased WHERE leased.domain = mails.domain), 0) END AS room"""
DUE = "status IN ('queued', 'inflight') AND next_try_at <= %(now)s AND (status = 'queued' OR lease_until < %(now)s)"
# `front` are the oldest due mails, `open` those whose domain has room. Where that is none, because one domain's mails fill
# the front, `waiting` jumps along an index from domain to domain, and `behind` are the oldest of those that have room. Of
# those due at the same moment any comes first: half a million with one moment are an index of a few pages, without their ids.
CLAIM = f"""
WITH RECURSIVE leased AS MATERIALIZED (
    SELECT to_domain AS domain, count(*) AS number FROM mail_outgoingmail
    WHERE status = 'inflight' AND lease_until >= %(now)s AND smtp_started_at IS NULL
    GROUP BY to_domain
), front AS MATERIALIZED (
    SELECT id, to_domain AS domain, next_try_at FROM mail_outgoingmail WHERE {DUE}
    ORDER BY next_try_at LIMIT %(look)s
), front_room AS MATERIALIZED (
    SELECT domain, {ROOM} FROM (SELECT DISTINCT domain FROM front) mails
), open AS MATERIALIZED (
    SELECT id, next_try_at FROM (
        SELECT front.*, row_number() OVER (PARTITION BY domain ORDER BY next_try_at, id) AS place FROM front) placed
    JOIN front_room USING (domain) WHERE place <= room
), waiting(domain) AS (
    (SELECT to_domain FROM mail_outgoingmail WHERE status IN ('queued', 'inflight') ORDER BY to_domain LIMIT 1)
    UNION ALL
    SELECT (SELECT to_domain FROM mail_outgoingmail WHERE status IN ('queued', 'inflight') AND to_domain > domain
            ORDER BY to_domain LIMIT 1)
    FROM waiting WHERE domain IS NOT NULL
), roomy AS MATERIALIZED (
    SELECT domain, room FROM (SELECT domain, {ROOM} FROM waiting mails WHERE domain IS NOT NULL) rooms
    CROSS JOIN LATERAL (
        SELECT next_try_at FROM mail_outgoingmail WHERE to_domain = domain AND {DUE}
        ORDER BY next_try_at LIMIT 1) oldest
    WHERE room > 0 AND NOT EXISTS (SELECT FROM open)
    ORDER BY oldest.next_try_at LIMIT %(look)s
), behind AS (
    SELECT due.* FROM roomy CROSS JOIN LATERAL (
        SELECT id, next_try_at FROM mail_outgoingmail WHERE to_domain = domain AND {DUE}
        ORDER BY next_try_at LIMIT least(room, %(look)s)) due
    ORDER BY due.next_try_at, due.id LIMIT %(look)s
), pick(mail_id, since) AS MATERIALIZED (
    SELECT * FROM open UNION ALL SELECT * FROM behind
)
SELECT mail.* FROM mail_outgoingmail mail JOIN pick ON id = mail_id
WHERE {DUE} AND NOT EXISTS (SELECT FROM mail_mailpause WHERE ended_at IS NULL)
ORDER BY since, id LIMIT %(limit)s
FOR UPDATE OF mail SKIP LOCKED
"""


def claim(limit: int = BATCH) -> list[OutgoingMail]:
    """Take a lease on up to `limit` due mails; other workers skip what is locked or leased. Nothing while mail is paused.

    A mail whose lease ran out comes alone, so that one which kills its worker takes no others with it; after so many
    tries it fails. A decision whose worker ended during the hand-over waits as `uncertain` for a person.
    """
    while True:
        with transaction.atomic():
            rows = _lock_due(limit)
            again = [row for row in rows if row.status == Status.INFLIGHT]
            taken = _take_again(again) if again else _take(rows)
        if taken or not rows:
            return taken


def _lock_due(limit: int) -> list[OutgoingMail]:
    now = timezone.now()
    return list(
        OutgoingMail.objects.raw(
            CLAIM,
            {
                "now": now,
                "minute_ago": now - timedelta(minutes=1),
                "most": settings.KOINE_MAIL_PER_DOMAIN,
                "limit": limit,
                "look": limit * LOOK,
            },
        )
    )


def _take(rows: list[OutgoingMail], tries: int = 0) -> list[OutgoingMail]:
    until = timezone.now() + LEASE
    OutgoingMail.objects.filter(pk__in=[row.pk for row in rows]).update(
        status=Status.INFLIGHT, lease_until=until, smtp_started_at=None, attempts=F("attempts") + tries
    )
    for row in rows:
        row.status, row.lease_until, row.smtp_started_at = Status.INFLIGHT, until, None
        row.attempts += tries
    return rows


def _take_again(rows: list[OutgoingMail]) -> list[OutgoingMail]:
    """The first of those whose lease ran out, unless it waits for a person now; the others' turn comes."""
    row = rows[0]
    # A try that never came to the hand-over was not counted.
    tries = 0 if row.smtp_started_at else 1
    if row.smtp_started_at and row.klass == MessageClass.DECISION:
        status = Status.UNCERTAIN
    elif row.attempts + tries >= TRIES:
        status = Status.FAILED
    else:
        return _take([row], tries)
    OutgoingMail.objects.filter(pk=row.pk).update(
        status=status, lease_until=None, error=DIED, attempts=F("attempts") + tries
    )
    return []
