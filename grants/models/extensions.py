"""More time for one application."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application


class Extension(models.Model):
    """Staff give one application until another moment, for a reason. The newest counts; none is ever changed."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="extensions")
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=300)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[Extension]] = models.Manager()

    class Meta:
        verbose_name = _("extension")
        verbose_name_plural = _("extensions")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.until:%Y-%m-%d %H:%M}"
