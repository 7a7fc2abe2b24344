"""What harvesters (OAI-PMH) have to know of a practice besides the record: that it was public once, and when it changed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from practices.models.practices import Practice


class HarvestRecord(models.Model):
    """One row for every practice that is or was public: it stays for ever, so that harvesters learn of what is gone.

    Triggers write it (migration `harvest`), nobody else: whatever changes what is told of a public practice moves its
    `datestamp`, by whichever way it was changed. A practice that was never published has none.

    `datestamp` is the second from which lists tell the change. It lies some seconds after the change, so that what was
    being committed while somebody harvested carries a later one than that visit.
    """

    practice = models.OneToOneField(
        Practice, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="harvest_record"
    )
    uuid = models.UUIDField(unique=True)
    datestamp = models.DateTimeField(_("told from"))

    objects: ClassVar[models.Manager[HarvestRecord]] = models.Manager()

    class Meta:
        verbose_name = _("harvest record")
        verbose_name_plural = _("harvest records")
        ordering = ["datestamp", "practice_id"]
        indexes = [models.Index(fields=["datestamp", "practice"], name="harvest_in_order")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.datestamp:%Y-%m-%dT%H:%M:%SZ}"
