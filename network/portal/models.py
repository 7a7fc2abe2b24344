"""What the roof itself keeps: which lists were taken out of the portal."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SheetForm(models.TextChoices):
    """As what a list leaves the portal."""

    XLSX = "xlsx", _("Spreadsheet (XLSX)")
    CSV = "csv", _("Table (CSV)")


class Download(models.Model):
    """A list that somebody took out: which (`app.model`), with which filters in words, how many rows. Written once."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("person")
    )
    model = models.CharField(_("list"), max_length=80)
    filters = models.CharField(_("filters"), max_length=500, blank=True)
    rows = models.PositiveIntegerField(_("rows"))
    form = models.CharField(_("format"), max_length=4, choices=SheetForm)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[Download]] = models.Manager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.model} {self.at:%Y-%m-%d}"
