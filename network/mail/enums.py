"""States of an outgoing mail (after `reminders.md`): one table says what may follow what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    """Where a mail is. `sent`, `superseded`, `failed` and `aborted` are ends; the others wait for somebody or something."""

    QUEUED = "queued", _("queued")
    HELD = "held", _("held for a person")
    INFLIGHT = "inflight", _("being sent")
    SENT = "sent", _("sent")
    SUPERSEDED = "superseded", _("superseded")
    UNCERTAIN = "uncertain", _("outcome unclear")
    FAILED = "failed", _("failed")
    ABORTED = "aborted", _("stopped by a person")


NEXT: dict[Status, tuple[Status, ...]] = {
    Status.QUEUED: (Status.INFLIGHT, Status.HELD, Status.SUPERSEDED, Status.ABORTED),
    Status.HELD: (Status.QUEUED, Status.ABORTED),
    Status.INFLIGHT: (Status.SENT, Status.QUEUED, Status.FAILED, Status.UNCERTAIN, Status.SUPERSEDED),
    Status.UNCERTAIN: (Status.QUEUED, Status.SENT, Status.ABORTED),
    Status.FAILED: (Status.QUEUED, Status.ABORTED),
    Status.SENT: (),
    Status.SUPERSEDED: (),
    Status.ABORTED: (),
}
