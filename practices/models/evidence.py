"""What speaks for a practice: results and documents. Peers: `reviews`; cities that took it up: `adoptions`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from practices.enums import EvidenceKind
from practices.models.files import PracticeFile
from practices.models.parts import Part
from practices.models.practices import Practice


class Result(Part):
    """A measured result: indicator, unit, value before and after, how many were measured, and how."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="results")
    indicator = models.CharField(_("indicator"), max_length=300)
    unit = models.CharField(_("unit"), max_length=80, blank=True)
    baseline = models.DecimalField(_("before"), max_digits=14, decimal_places=2, null=True, blank=True)
    value = models.DecimalField(_("after"), max_digits=14, decimal_places=2)
    sample = models.PositiveIntegerField(_("number measured"), null=True, blank=True)
    method = models.CharField(_("method"), max_length=300, blank=True)

    class Meta(Part.Meta):
        verbose_name = _("result")
        verbose_name_plural = _("results")


class Evidence(Part):
    """A document or study that speaks for or against the practice; `independent` of those who ran it or not.

    `side_effects` are what else happened that nobody meant. The document itself is a `file` here or stands at `url`.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="evidence")
    kind = models.CharField(_("kind"), max_length=24, choices=EvidenceKind)
    independent = models.BooleanField(_("independent"), default=False)
    title = models.CharField(_("title"), max_length=300)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    file = models.ForeignKey(
        PracticeFile, models.RESTRICT, null=True, blank=True, related_name="evidence", verbose_name=_("document")
    )
    side_effects = models.TextField(_("side effects"), blank=True)

    class Meta(Part.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
