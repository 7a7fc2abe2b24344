"""The minute's run: plan what is due, send it, note that we were alive. Beat and `manage.py tick` call the same function.

Planning is one transaction: reminders, notices of moved deadlines, digests, the circuit breaker and the pulse are there
together or not at all. How many tickers run, and when, changes nothing: the outbox's unique key decides.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import translation

from network.deadlines import DEADLINES, DeadlineKind
from network.locks import try_lock
from network.mail.domain.digests import fold
from network.mail.domain.planning import add_default_rules, plan, tell_moved
from network.mail.domain.sending import send_all
from network.mail.enums import HeldFor, Status
from network.mail.messages import HELD
from network.mail.models import OutgoingMail, TickLog
from network.outgoing import Addressee, send
from network.people.queries.operators import operators

log = logging.getLogger(__name__)
# A tick that would queue more than this, and more than three times the most of the last 30 days, holds it for a person.
USUAL_AT_MOST = 200
USUAL_TIMES = 3
USUAL_DAYS = 30
KEPT_DAYS = 31
# A clock further from the last tick than this was set wrong, or the portal stood still: a person decides.
CLOCK_JUMP = timedelta(hours=26)


def tick(now: datetime | None = None) -> int:
    """Plan, then send what is due; returns how many went out. Safe to run at any time, in any number.

    Where planning fails, what is queued is sent all the same; then the failure is raised. `now` stands for the
    database's clock in tests: it moves the planning, never the sending.
    """
    began = clock()
    failure: Exception | None = None
    pulse: TickLog | None = None
    try:
        pulse = plan_all(now)
    except Exception as error:
        log.exception("planning failed")
        failure = error
    sent = send_all()
    if pulse is not None:
        took = clock() - began
        TickLog.objects.filter(pk=pulse.pk).update(sent=sent, duration_ms=max(0, took // timedelta(milliseconds=1)))
    if failure is not None:
        raise failure
    return sent


def clock() -> datetime:
    """What the database's clock shows: the one clock of all planners."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@transaction.atomic
def plan_all(now: datetime | None = None) -> TickLog | None:
    """Plan every kind of deadline; returns the tick's row. None where another ticker is planning this very moment.

    `pg_try_advisory_xact_lock` saves work and keeps the pulse true: who plans nothing writes none.
    """
    if not try_lock("mail.plan"):
        return None
    at = now or clock()
    last = TickLog.objects.order_by("-pk").values_list("started_at", flat=True).first()
    jumped = last is not None and abs(at - last) > CLOCK_JUMP
    most = TickLog.objects.filter(started_at__gt=at - timedelta(days=USUAL_DAYS)).aggregate(most=Max("planned"))["most"]
    before = OutgoingMail.objects.aggregate(newest=Max("pk"))["newest"] or 0
    add_default_rules()
    queued = sum(_planned(DEADLINES[name], at) for name in sorted(DEADLINES))
    pulse = TickLog(started_at=at, planned=queued)
    if queued and (jumped or queued > max(USUAL_AT_MOST, USUAL_TIMES * (most or 0))):
        cause = HeldFor.CLOCK if jumped else HeldFor.VOLUME
        planned = OutgoingMail.objects.filter(pk__gt=before, status=Status.QUEUED).exclude(deadline="")
        pulse.planned, pulse.held = 0, planned.update(status=Status.HELD, held_for=cause)
        pulse.save()
        log.error("%s reminders are held for a person: %s", pulse.held, cause.value)
        _tell_operators(pulse, cause)
    else:
        fold(at)
        pulse.save()
    if not jumped:
        # A clock that went wrong must not empty the memory that it is judged by.
        TickLog.objects.filter(started_at__lt=at - timedelta(days=KEPT_DAYS)).delete()
    return pulse


def _planned(kind: DeadlineKind, at: datetime) -> int:
    """What one kind adds. A kind whose queries fail is logged and costs the others nothing."""
    try:
        with transaction.atomic():
            return tell_moved(kind, at) + plan(kind, at)
    except Exception:
        log.exception("deadlines of %s can't be planned", kind.name)
        return 0


def _tell_operators(pulse: TickLog, cause: HeldFor) -> None:
    """One mail to each operator, for this event."""
    for person in operators():
        with translation.override(person.preferred_language):
            path = reverse("admin:mail_outgoingmail_changelist") + "?ask=held"
        send(
            HELD,
            key=f"mail.held:{pulse.pk}:u{person.pk}",
            to=Addressee(person.email, person.preferred_language, person.display_name, person.pk),
            context={"number": pulse.held, "cause": cause.value, "path": path},
        )
