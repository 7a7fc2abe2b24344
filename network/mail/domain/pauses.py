"""The lever that holds all mail back and lets it go again. A constraint keeps one open pause at a time."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.jobs import enqueue
from network.mail.models import MailPause
from network.mail.rules.staff import can_run_mail
from network.people.models import User
from network.text import clean_line

LONGEST_REASON = MailPause._meta.get_field("reason").max_length or 0


def _told(reason: str) -> str:
    told = clean_line(reason)
    if not told:
        raise DomainError(_("Give a reason: it is kept in the history."), code="reason")
    if len(told) > LONGEST_REASON:
        raise DomainError(_("Say it in at most %(count)s characters.") % {"count": LONGEST_REASON}, code="reason")
    return told


@transaction.atomic
def pause_all(reason: str, *, by: User) -> MailPause:
    """Let no mail leave from now on; what is due is queued and waits. What a worker has in hand still goes out.

    Refuses where all mail is paused already, also where somebody else did it in the same instant.
    """
    insist(can_run_mail(by))
    told = _told(reason)
    because(told)
    try:
        with transaction.atomic():
            return MailPause.objects.create(reason=told, started_by=by)
    except IntegrityError:
        raise DomainError(_("All mail is paused already."), code="state") from None


@transaction.atomic
def resume(reason: str, *, by: User) -> MailPause:
    """End the pause: mail goes out again, what waited first. Refuses where mail is going out already."""
    insist(can_run_mail(by))
    told = _told(reason)
    because(told)
    # Two people at once: the second waits here, and finds no open pause any more.
    pause = MailPause.objects.select_for_update().filter(ended_at__isnull=True).first()
    if pause is None:
        raise DomainError(_("Mail is going out already."), code="state")
    pause.ended_at, pause.ended_by = timezone.now(), by
    pause.save(update_fields=["ended_at", "ended_by"])
    enqueue("mail.send")
    return pause
