"""States of an outgoing mail (after `reminders.md`): one table says what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a mail is. `sent`, `superseded` and `aborted` are ends, though a sent mail may
    bounce; the others wait for somebody or something."""

    QUEUED = "queued", _("queued")
    HELD = "held", _("held for a person")
    INFLIGHT = "inflight", _("being sent")
    SENT = "sent", _("sent")
    SUPERSEDED = "superseded", _("superseded")
    UNCERTAIN = "uncertain", _("outcome unclear")
    FAILED = "failed", _("failed")
    ABORTED = "aborted", _("stopped by a person")


class HeldFor(models.TextChoices):
    """Why the tick held reminders back for a person."""

    VOLUME = "volume", _("unusually many at once")
    CLOCK = "clock", _("a jump of the clock")


NEXT: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (Status.INFLIGHT, Status.HELD, Status.SUPERSEDED, Status.ABORTED),
    Status.HELD: (Status.QUEUED, Status.ABORTED),
    Status.INFLIGHT: (Status.SENT, Status.QUEUED, Status.FAILED, Status.UNCERTAIN, Status.SUPERSEDED),
    Status.UNCERTAIN: (Status.QUEUED, Status.SENT, Status.ABORTED),
    Status.FAILED: (Status.QUEUED, Status.ABORTED),
    # A bounce comes after the server's yes.
    Status.SENT: (Status.FAILED,),
    Status.SUPERSEDED: (),
    Status.ABORTED: (),
}
