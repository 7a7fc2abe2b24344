"""Whether the portal lives, and whether it can work. No secrets, no versions, no counts."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from kombu import Connection
from kombu.exceptions import OperationalError

from network.doors import public
from network.mail.enums import Status
from network.mail.models import MailPause, OutgoingMail, TickLog

TICK_LATE = timedelta(minutes=3)
MAIL_LATE = timedelta(minutes=10)


@public
def alive(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return True
    except DatabaseError:
        return False


def _broker() -> bool:
    try:
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=2) as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            return True
    except (OperationalError, OSError):
        return False


def _ticked() -> bool:
    try:
        last = TickLog.objects.order_by("-id").values_list("started_at", flat=True).first()
    except DatabaseError:
        return False
    return last is not None and timezone.now() - last < TICK_LATE


def _mail_leaves() -> bool:
    """Whether nothing that is due has waited for long: a tick that lives is no proof of mail that leaves."""
    try:
        late = OutgoingMail.objects.filter(status=Status.QUEUED, next_try_at__lt=timezone.now() - MAIL_LATE)
        return MailPause.objects.filter(ended_at__isnull=True).exists() or not late.exists()
    except DatabaseError:
        return False


@public
def ready(request: HttpRequest) -> JsonResponse:
    """Database, broker, the last tick, and mail that leaves; 503 where one is missing (a live process is no proof of work)."""
    parts = {"database": _database(), "broker": _broker(), "tick": _ticked(), "mail": _mail_leaves()}
    return JsonResponse(
        {
            "status": "ok" if all(parts.values()) else "not ready",
            **{name: "ok" if fine else "missing" for name, fine in parts.items()},
        },
        status=200 if all(parts.values()) else 503,
    )
