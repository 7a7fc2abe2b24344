"""Organisations that look like one another and are not the same."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.people.models.accounts import User
from network.people.models.organisations import Organisation


class DistinctOrganisations(models.Model):
    """Staff have compared two organisations and say that they are not the same: they are not suggested as such any more.

    `first` is the one with the smaller key, so that a pair stands here once whichever way round it was said.
    """

    first = models.ForeignKey(
        Organisation, models.CASCADE, related_name="distinct_firsts", verbose_name=_("organisation")
    )
    second = models.ForeignKey(
        Organisation, models.CASCADE, related_name="distinct_seconds", verbose_name=_("other organisation")
    )
    reason = models.CharField(_("reason"), max_length=1_000)
    said_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))
    said_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[DistinctOrganisations]] = models.Manager()

    class Meta:
        verbose_name = _("organisations that are not the same")
        verbose_name_plural = _("organisations that are not the same")
        ordering = ["first_id", "second_id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="once_said_to_be_distinct"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="distinct_in_their_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"
