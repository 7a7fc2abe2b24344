"""How other systems know our records."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cities.models import City
from network.people.models import ApiToken
from practices.models.practices import Practice
from practices.models.versions import PracticeVersion


class ExternalId(models.Model):
    """What a city's own system or spreadsheet calls a practice: the same name finds the same practice again."""

    city = models.ForeignKey(City, models.CASCADE, related_name="external_ids", verbose_name=_("city"))
    name = models.CharField(_("name elsewhere"), max_length=120)
    practice = models.ForeignKey(Practice, models.CASCADE, related_name="external_ids", verbose_name=_("practice"))
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    objects: ClassVar[models.Manager[ExternalId]] = models.Manager()

    class Meta:
        verbose_name = _("name elsewhere")
        verbose_name_plural = _("names elsewhere")
        ordering = ["city_id", "name"]
        constraints = [
            models.UniqueConstraint(fields=["city", "name"], name="one_practice_per_external_id"),
            models.CheckConstraint(condition=~models.Q(name=""), name="external_id_not_empty"),
        ]

    def __str__(self) -> str:
        return self.name


class CreationKey(models.Model):
    """The key with which a program asked for a new record (`Idempotency-Key`): the same request again makes no second one.

    `fingerprint` is a hash of what was asked for. Kept for some days (`domain.outside.forget_creation_keys`).
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    version = models.ForeignKey(PracticeVersion, models.CASCADE, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager[CreationKey]] = models.Manager()

    class Meta:
        verbose_name = _("creation key")
        verbose_name_plural = _("creation keys")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_creation_per_key")]

    def __str__(self) -> str:
        return self.key
