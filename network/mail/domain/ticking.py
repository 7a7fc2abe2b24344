"""The minute's run."""

from __future__ import annotations

from django.db import connection as database
from django.utils import timezone

from network.mail.domain.sending import send_due
from network.mail.models import TickLog


def tick() -> int:
    """The minute's run: send until nothing is due, and note that we were alive. Safe to run at any time, in any number."""
    started = timezone.now()
    sent = 0
    while batch := send_due():
        sent += batch
    TickLog.objects.create(
        started_at=started, sent=sent, duration_ms=int((timezone.now() - started).total_seconds() * 1000)
    )
    with database.cursor() as cursor:
        cursor.execute("DELETE FROM mail_ticklog WHERE started_at < now() - interval '7 days'")
    return sent
