"""What cities said, and when, of whether their practices are still as they are described."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from practices.enums import State
from practices.enums.verifying import VERIFYING, VerificationKind
from practices.models.practices import Practice


class VerificationQuerySet(models.QuerySet["Verification"]):
    def standing(self) -> VerificationQuerySet:
        """Of each public practice that is to be confirmed again the row that says by when: its newest that verified it."""
        newer = Verification.objects.filter(practice=OuterRef("practice"), kind__in=VERIFYING, pk__gt=OuterRef("pk"))
        public = Q(practice__state=State.PUBLISHED, practice__review_due_on__isnull=False)
        # As `PracticeQuerySet.visible_to`, asked across the relation.
        rows = self.filter(public, ~Exists(newer), kind__in=VERIFYING)
        return rows.exclude(practice__city__in=City.objects.filter(archived_at__isnull=False))


class Verification(models.Model):
    """One line of a practice's confirmations, never changed: it was published, its city said what is so, staff asked.

    `verified_on` is the day for which the city (or staff `on_behalf` of it) vouches; empty where the line vouches for
    nothing. `note` is for the city and those who decide, and never public; on behalf it says how staff know.
    """

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="verifications")
    kind = models.CharField(_("what was said"), max_length=12, choices=VerificationKind)
    verified_on = models.DateField(_("verified"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    on_behalf = models.BooleanField(_("by staff, for the city"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects: ClassVar[VerificationQuerySet] = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["practice_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=VerificationKind.values), name="verification_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=list(VERIFYING), verified_on__isnull=False)
                | (~Q(kind__in=list(VERIFYING)) & Q(verified_on__isnull=True)),
                name="verification_vouches_for_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.kind}"
