"""Who would like to hear about a fund: other cities that want one of their own, companies that want to pay into it."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.enums import InterestKind
from grants.models.funds import Fund


class Interest(models.Model):
    """Somebody's interest in a fund, under the address they confirmed. Until then nobody sees it, and it goes by itself.

    Its history keeps that it was there, never whose it was: it can be taken back without a trace of the person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    fund = models.ForeignKey(Fund, models.CASCADE, related_name="interests", verbose_name=_("fund"))
    kind = models.CharField(_("who"), max_length=8, choices=InterestKind)
    name = models.CharField(_("name"), max_length=200)
    organisation = models.CharField(_("organisation"), max_length=200)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=8)
    message = models.TextField(_("message"), blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager[Interest]] = models.Manager()

    class Meta:
        verbose_name = _("interest")
        verbose_name_plural = _("interests")
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint("fund", Lower("email"), name="one_interest_per_address")]

    def __str__(self) -> str:
        return self.organisation or self.name
