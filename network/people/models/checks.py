"""What staff looked into before money goes to an organisation."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.enums import CheckKind, CheckResult
from network.people.models.accounts import User
from network.people.models.organisations import Organisation


class DueDiligenceCheckQuerySet(models.QuerySet["DueDiligenceCheck"]):
    def standing(self) -> Self:
        """The newest check of each kind of an organisation, without those that were taken back."""
        kept = self.filter(withdrawn_at=None)
        later = DueDiligenceCheck.objects.filter(
            organisation=models.OuterRef("organisation"),
            kind=models.OuterRef("kind"),
            withdrawn_at=None,
            pk__gt=models.OuterRef("pk"),
        )
        return kept.filter(~models.Exists(later))


class DueDiligenceCheck(models.Model):
    """One check: what was looked into, what came of it, by what evidence, until when it holds.

    It is never changed: a later one of its kind takes its place, and a mistaken one is taken back with a reason. That it
    has expired is read from the day; nothing is written then.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="checks")
    kind = models.CharField(_("kind"), max_length=16, choices=CheckKind)
    result = models.CharField(_("result"), max_length=12, choices=CheckResult)
    evidence = models.TextField(_("evidence"))
    checked_on = models.DateField(_("checked on"))
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(_("taken back"), null=True, blank=True, editable=False)
    withdrawn_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    withdrawn_reason = models.TextField(_("reason"), blank=True)

    objects: ClassVar[DueDiligenceCheckQuerySet] = DueDiligenceCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("due-diligence check")
        verbose_name_plural = _("due-diligence checks")
        ordering = ["organisation_id", "-id"]
        indexes = [models.Index(fields=["expires_on"], name="check_by_expiry")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_on=None) | models.Q(expires_on__gte=models.F("checked_on")),
                name="check_ends_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | ~models.Q(withdrawn_reason=""),
                name="check_taken_back_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_result_display()}"

    def expired_on(self, day: date) -> bool:
        """Whether its last day is over on that day."""
        return self.expires_on is not None and self.expires_on < day
