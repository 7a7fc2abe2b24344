"""What people look for and don't find: counts by day, of nobody in particular."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from practices.models.practices import LANGUAGE_CHOICES, Practice

LONGEST_ASKED = 100


class AskedQuery(models.Model):
    """A search as it was asked on a day: the folded words, the language of the page, which filters were used.

    `filters` names them, sorted, without what was chosen. `times` counts how often, `without` how often nothing was
    found, `results` is how many there were last (10,001: more). Who asked is written down nowhere.
    """

    day = models.DateField(_("day"))
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGE_CHOICES)
    query = models.CharField(_("search"), max_length=LONGEST_ASKED, blank=True)
    filters = models.CharField(_("filters"), max_length=200, blank=True)
    times = models.PositiveIntegerField(_("times"), default=0)
    without = models.PositiveIntegerField(_("times without results"), default=0)
    results = models.PositiveIntegerField(_("results"), default=0)

    objects: ClassVar[models.Manager[AskedQuery]] = models.Manager()

    class Meta:
        verbose_name = _("search that was asked")
        verbose_name_plural = _("searches that were asked")
        ordering = ["-day", "query", "language", "filters"]
        constraints = [models.UniqueConstraint(fields=["day", "language", "query", "filters"], name="asked_on_a_day")]
        indexes = [models.Index(fields=["query", "language"], name="asked_before")]

    def __str__(self) -> str:
        return f"{self.day} {self.language} {self.query}"


class MissedTranslation(models.Model):
    """How often a practice was opened on a day by readers of a language in which it can't be read."""

    day = models.DateField(_("day"))
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="missed_translations")
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGE_CHOICES)
    views = models.PositiveIntegerField(_("views"), default=0)

    objects: ClassVar[models.Manager[MissedTranslation]] = models.Manager()

    class Meta:
        verbose_name = _("translation that was missed")
        verbose_name_plural = _("translations that were missed")
        ordering = ["-day", "practice_id", "language"]
        constraints = [models.UniqueConstraint(fields=["day", "practice", "language"], name="missed_on_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.practice_id} {self.language}"
