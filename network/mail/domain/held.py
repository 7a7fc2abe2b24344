"""What the circuit breaker held back, let go or stopped all at once. Single mails move by `outbox.move`."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.jobs import enqueue
from network.mail.enums import NEXT, Status
from network.mail.models import OutgoingMail
from network.mail.rules.staff import can_run_mail
from network.people.models import User
from network.text import clean_line


@transaction.atomic
def move_held(to: Status, *, reason: str, by: User, newest: int) -> int:
    """Let all held mails go (`queued`) or stop them (`aborted`); answers how many. All of them, or on an error none.

    Those up to the id `newest` only: what was held after a person looked is not what they decided about. A mail that
    somebody else moved in the meantime is left as it is, and not counted.
    """
    insist(can_run_mail(by))
    if to not in NEXT[Status.HELD]:
        raise DomainError(_("Held mail can only be let go or stopped."), code="state")
    told = clean_line(reason)
    if not told:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    because(told)
    held = OutgoingMail.objects.filter(status=Status.HELD, pk__lte=newest)
    # Locked in one order, so that two who do this at once take turns instead of each other's rows.
    taken = held.order_by("pk").select_for_update().values("pk")
    moved = OutgoingMail.objects.filter(pk__in=taken).update(
        status=to, next_try_at=timezone.now(), attempts=0, held_for=""
    )
    if to == Status.QUEUED and moved:
        enqueue("mail.send")
    return moved
