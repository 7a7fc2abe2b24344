"""Searches that people keep, and in which order practices came to be seen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import MD5
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practices.enums import Alert
from practices.models.practices import LANGUAGE_CHOICES, Practice

LONGEST_NAME, LONGEST_QUERY = 120, 4000


class Appearance(models.Model):
    """A practice came to be seen by everyone: published, or its city taken out of the archive.

    Rows are written by `domain.alerts` alone, one run after the other, so that their numbers grow in the order in which
    they can be read: what has a lower number than one that was read is not written any more. `gone_at`: no longer seen.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="appearances")
    noticed_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager[Appearance]] = models.Manager()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice"], condition=models.Q(gone_at__isnull=True), name="seen_once_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.noticed_at:%Y-%m-%d}"


class SavedSearch(models.Model):
    """A search that a person keeps: its canonical query string and the language it was asked in.

    `weekday` (1 is Monday) and `at_local` say when a weekly alert comes, on the person's clock. An alert tells of
    appearances above `told_up_to`; those up to `begins_at` were there when the alerts began. `checked_at` is when a
    weekly alert last had its turn. Nobody else sees it, and no history is kept: what one looks for is one's own business.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGE_CHOICES)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True)
    alert = models.CharField(_("alerts"), max_length=8, choices=Alert, default=Alert.NONE)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), null=True, blank=True)
    at_local = models.TimeField(_("hour"), null=True, blank=True)
    begins_at = models.BigIntegerField(default=0, editable=False)
    told_up_to = models.BigIntegerField(default=0, editable=False)
    checked_at = models.DateTimeField(default=timezone.now, editable=False)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[SavedSearch]] = models.Manager()

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint("user", "language", MD5("query"), name="search_saved_once"),
            models.CheckConstraint(
                condition=models.Q(alert="weekly", weekday__range=(1, 7), at_local__isnull=False)
                | (~models.Q(alert="weekly") & models.Q(weekday__isnull=True, at_local__isnull=True)),
                name="weekly_alert_has_a_moment",
            ),
            models.CheckConstraint(condition=models.Q(alert__in=Alert.values), name="alert_known"),
        ]
        indexes = [
            models.Index(fields=["told_up_to"], condition=~models.Q(alert="none"), name="search_to_be_told"),
        ]

    def __str__(self) -> str:
        return self.name
