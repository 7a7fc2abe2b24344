"""Letters that a fund's staff wrote to everybody who had a draft in a round."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.models.funds import Round


class RoundLetter(models.Model):
    """One letter: what it said, who sent it and when, and to how many people. Whom it reached is not kept here."""

    round = models.ForeignKey(Round, models.CASCADE, related_name="letters")
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("letter"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(_("sent"))
    people = models.PositiveIntegerField(_("people"))

    objects: ClassVar[models.Manager[RoundLetter]] = models.Manager()

    class Meta:
        verbose_name = _("letter to drafts")
        verbose_name_plural = _("letters to drafts")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject
