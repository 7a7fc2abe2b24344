"""Files of a record: its pictures and the documents beside its evidence, in private storage until they are public."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.scanner import Scan
from practices.enums import FileKind
from practices.models.parts import Part
from practices.models.practices import Practice


def storage_name(file: PracticeFile, name: str) -> str:
    """Where a file is kept: by month, under a random name without an ending, so that its own name can do no harm."""
    return f"practices/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


class PracticeFile(models.Model):
    """A file that somebody who writes for the city put into a version. Its bytes never change; another file has another id.

    Public where a published practice shows it (`PracticeImage`, `Evidence.file`); else for those who write, and for nobody
    until the scanner calls it clean. `mime` is what its bytes say. `width` and `height` are a picture's pixels.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="files")
    kind = models.CharField(_("kind"), max_length=8, choices=FileKind)
    file = models.FileField(upload_to=storage_name)
    name = models.CharField(_("name"), max_length=200)
    mime = models.CharField(_("type"), max_length=120)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    scan = models.CharField(_("virus check"), max_length=8, choices=Scan, default=Scan.PENDING)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[PracticeFile]] = models.Manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["practice_id", "id"]

    def __str__(self) -> str:
        return self.name


class PracticeImage(Part):
    """A picture on a practice's page: what it shows in words (for those who do not see it), its caption and its maker."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="images")
    file = models.ForeignKey(PracticeFile, models.RESTRICT, related_name="images", verbose_name=_("picture"))
    alt = models.CharField(_("description for those who do not see it"), max_length=300)
    caption = models.CharField(_("caption"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200)

    class Meta(Part.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
