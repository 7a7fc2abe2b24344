"""Queueing and sending. A mail is queued in the transaction that causes it and sent after commit by a worker.

What is guaranteed: a mail whose cause is committed is a row, and a row is sent at least once; the same key is never
queued twice. A worker that dies between the server's yes and our commit leaves a lease that runs out; its reminder or
notice is sent again with the same Message-ID, its decision waits as `uncertain` for a person.
"""

from __future__ import annotations

import contextlib
import logging
import random
from datetime import timedelta
from smtplib import SMTPException, SMTPServerDisconnected
from typing import Any

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from network.mail.documents import compose
from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.outgoing import KINDS, MessageClass

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
RETRY_MINUTES = (1, 5, 15, 60, 240)
BATCH = 20
KEY_LENGTH = 200


def claim(limit: int = BATCH) -> list[int]:
    """Take a lease on up to `limit` due mails and return their ids; other workers skip what is locked."""
    now = timezone.now()
    due = Q(status=Status.QUEUED, next_try_at__lte=now) | Q(status=Status.INFLIGHT, lease_until__lt=now)
    with transaction.atomic():
        rows = list(
            OutgoingMail.objects.select_for_update(skip_locked=True).filter(due).order_by("next_try_at", "id")[:limit]
        )
        for row in rows:
            if row.status == Status.INFLIGHT and row.smtp_started_at and row.klass == MessageClass.DECISION:
                row.status, row.lease_until = Status.UNCERTAIN, None
            else:
                row.status, row.lease_until = Status.INFLIGHT, now + LEASE
            row.save(update_fields=["status", "lease_until"])
    return [row.pk for row in rows if row.status == Status.INFLIGHT]


def send_due(limit: int = BATCH) -> int:
    """Send what is due, one commit per mail; returns how many went out. One failing mail does not stop the others.

    A server that does not answer costs no mail one of its tries: what was claimed goes back and waits a minute.
    """
    claimed = claim(limit)
    if not claimed:
        return 0
    smtp = get_connection()
    try:
        smtp.open()
    except (OSError, SMTPException) as error:
        log.warning("no mail server: %s", error)
        _give_back(claimed)
        return 0
    try:
        return sum(send_one(mail_id, smtp) for mail_id in claimed)
    finally:
        smtp.close()


def _give_back(ids: list[int]) -> None:
    OutgoingMail.objects.filter(pk__in=ids, status=Status.INFLIGHT).update(
        status=Status.QUEUED, lease_until=None, next_try_at=timezone.now() + timedelta(minutes=1)
    )


def send_one(mail_id: int, smtp: Any) -> bool:
    """Send one claimed mail over an open connection and record the outcome; True where it was accepted.

    Rendering comes before the hand-over is noted: what fails there was certainly not sent. After it, a decision whose
    outcome is unclear (the line broke) waits for a person instead of being sent twice.
    """
    row = OutgoingMail.objects.get(pk=mail_id)
    if row.status != Status.INFLIGHT:
        return False
    if row.not_after and timezone.now() >= row.not_after:
        _finish(row, Status.SUPERSEDED)
        return False
    row.attempts += 1
    row.message_id = row.message_id or f"<mail.{row.pk}.{row.created_at:%Y%m%d%H%M%S}@koine.invalid>"
    row.save(update_fields=["attempts", "message_id"])
    try:
        message = compose(row)
    except Exception as error:
        log.exception("mail %s can't be rendered", row.pk)
        _retry_or_fail(row, f"{type(error).__name__}: {error}")
        return False
    row.subject, row.smtp_started_at = message.subject[:250], timezone.now()
    row.save(update_fields=["subject", "smtp_started_at"])
    try:
        smtp.send_messages([message])
    except Exception as error:
        log.warning("mail %s failed: %s", row.pk, error)
        # A broken line stays broken: the next mail of the batch opens a new one.
        with contextlib.suppress(Exception):
            smtp.close()
        refused = isinstance(error, SMTPException) and not isinstance(error, SMTPServerDisconnected)
        if row.klass == MessageClass.DECISION and not refused:
            row.status, row.lease_until, row.error = Status.UNCERTAIN, None, f"{type(error).__name__}: {error}"[:2000]
            row.save(update_fields=["status", "lease_until", "error"])
        else:
            _retry_or_fail(row, f"{type(error).__name__}: {error}")
        return False
    _finish(row, Status.SENT)
    return True


def _finish(row: OutgoingMail, status: Status) -> None:
    row.status, row.lease_until, row.error = status, None, ""
    row.sent_at = timezone.now() if status == Status.SENT else None
    kind = KINDS.get(row.kind)
    if kind is None or kind.secret:
        row.context = {}
    row.save(update_fields=["status", "lease_until", "error", "sent_at", "subject", "context"])


def _retry_or_fail(row: OutgoingMail, error: str) -> None:
    row.error, row.lease_until, row.smtp_started_at = error[:2000], None, None
    if row.attempts > len(RETRY_MINUTES):
        row.status = Status.FAILED
    else:
        minutes = RETRY_MINUTES[row.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311  (spreads retries, hides nothing)
        row.status, row.next_try_at = Status.QUEUED, timezone.now() + timedelta(minutes=minutes)
    row.save(update_fields=["status", "error", "lease_until", "smtp_started_at", "next_try_at"])
