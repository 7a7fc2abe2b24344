"""What the outbox forgets: mails of long ago, and at once what was private to a mail that has ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from network.mail.enums import Status
from network.mail.models import OutgoingMail
from network.outgoing import KINDS

KEPT = timedelta(days=400)
# By then every link that a mail carries is dead (invitations last longest, 14 days), and a letter is no news.
SECRETS_WAIT = timedelta(days=30)
BATCH = 1_000
ENDED = (Status.SENT, Status.SUPERSEDED, Status.ABORTED)


def sweep(now: datetime) -> dict[str, int]:
    """Remove mails that ended more than 400 days ago; returns how many were wiped and removed. Safe to run at any time.

    Failed ones count as ended by then. A mail with secrets keeps them only while it may still go out, for 30 days at
    most: after its end they are wiped with the answer address, and one that could not be delivered is removed. Mails of
    a deadline that is still ahead stay, however old: they are how the planner knows that it reminded.
    """
    plain = [kind for kind, message in KINDS.items() if not message.secret]
    secret = OutgoingMail.objects.exclude(kind__in=plain)
    wiped = secret.filter(status__in=ENDED).exclude(context={}, reply_to="").update(context={}, reply_to="")
    wiped += OutgoingMail.objects.filter(status__in=ENDED, kind__in=plain).exclude(reply_to="").update(reply_to="")
    stuck = secret.filter(status__in=[Status.FAILED, Status.UNCERTAIN, Status.HELD], created_at__lt=now - SECRETS_WAIT)
    removed = stuck.delete()[0]
    return {"wiped": wiped, "removed": removed + _forget(now - KEPT, now)}


def _forget(before: datetime, now: datetime) -> int:
    """Remove what ended before then, the oldest first, in small transactions."""
    # `due` begins with the wall time; a day more than any zone is apart from UTC.
    behind = Q(deadline="") | Q(due__lt=f"{now - timedelta(days=2):%Y-%m-%d}")
    ended = Q(status__in=[*ENDED, Status.FAILED]) & (Q(sent_at=None) | Q(sent_at__lt=before))
    removed, last = 0, 0
    # By their number, which grows with time: no index on the date is needed, and what is young is not looked at.
    while batch := list(
        OutgoingMail.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "created_at")[:BATCH]
    ):
        old = [pk for pk, created_at in batch if created_at < before]
        if old:
            removed += OutgoingMail.objects.filter(ended & behind, pk__in=old, next_try_at__lt=before).delete()[0]
        last = batch[-1][0]
        if len(old) < len(batch):
            break
    return removed
