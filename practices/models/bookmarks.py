"""What a person keeps for themselves: practices to come back to."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices.models.practices import Practice


class Bookmark(models.Model):
    """A practice that a person keeps. Nobody else sees it, and no history is kept: what one reads is one's own business."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bookmarks")
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="bookmarks", verbose_name=_("practice"))
    since = models.DateTimeField(_("since"), default=timezone.now)

    objects: ClassVar[models.Manager[Bookmark]] = models.Manager()

    class Meta:
        verbose_name = _("bookmark")
        verbose_name_plural = _("bookmarks")
        ordering = ["-since", "-id"]
        constraints = [models.UniqueConstraint(fields=["user", "practice"], name="bookmarked_once")]
        indexes = [models.Index(fields=["user", "-since", "-id"], name="bookmark_newest")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.practice_id}"
