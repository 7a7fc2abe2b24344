"""Bank details of organisations, encrypted, and who read them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.enums import BankState
from network.people.models.accounts import User
from network.people.models.organisations import Organisation


class BankDetails(models.Model):
    """Where money for an organisation goes, as one person entered it and another confirmed it.

    Holder, IBAN, BIC and contact stand in `sealed` only, encrypted (`gateways.vault`); the history leaves that column out.
    `last_four` and `country` are what everybody else sees. What was refused or taken back is emptied at once.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="bank_details")
    state = models.CharField(_("state"), max_length=12, choices=BankState, default=BankState.PENDING, editable=False)
    sealed = models.TextField(editable=False)
    last_four = models.CharField(_("account ends in"), max_length=4, editable=False)
    country = models.CharField(_("country"), max_length=2, editable=False)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("entered by"))
    asked_at = models.DateTimeField(_("entered"), default=timezone.now, editable=False)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    note = models.TextField(_("how it was checked, or why it was refused"), blank=True)

    objects: ClassVar[models.Manager[BankDetails]] = models.Manager()

    class Meta:
        verbose_name = _("bank details")
        verbose_name_plural = _("bank details")
        ordering = ["organisation_id", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "state"],
                condition=models.Q(state__in=[BankState.PENDING, BankState.CONFIRMED]),
                name="one_account_waits_and_one_counts",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[BankState.CONFIRMED, BankState.REPLACED, BankState.REFUSED])
                | models.Q(decided_by=None)
                | models.Q(asked_by=None)
                | ~models.Q(decided_by=models.F("asked_by")),
                name="bank_details_have_a_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state=BankState.PENDING, decided_at=None)
                | (~models.Q(state=BankState.PENDING) & models.Q(decided_at__isnull=False)),
                name="bank_details_decided_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[BankState.REFUSED, BankState.WITHDRAWN]) | models.Q(sealed=""),
                name="bank_details_refused_are_emptied",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} … {self.last_four}"


class BankReading(models.Model):
    """Somebody saw an account number in full: who, which, when."""

    details = models.ForeignKey(BankDetails, models.CASCADE, related_name="readings")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects: ClassVar[models.Manager[BankReading]] = models.Manager()

    class Meta:
        verbose_name = _("reading of bank details")
        verbose_name_plural = _("readings of bank details")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.details_id} {self.at:%Y-%m-%d %H:%M}"
